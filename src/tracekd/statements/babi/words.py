"""The words of statements about bAbI stories, each with its symbol. A statement is read only if all its words are known."""

import re
from collections.abc import Mapping

from tracekd.statements.doubtful import DOUBTFUL

PERSON, PLACE, THING, SHAPE, KIND, COLOUR, STATE, TIME = (chr(0xE002 + number) for number in range(8))
SIGN_OF_MARK = {PERSON: "P", PLACE: "L", THING: "T", SHAPE: "S", KIND: "K", COLOUR: "C", STATE: "M", TIME: "D"}
UNKNOWN = "?"
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Places, people and things of the published files, so that a name of another story is read as what it is.
PLACES = "bathroom hallway garden office bedroom kitchen cinema school park".split()
PEOPLE = "mary john daniel sandra bill fred jeff julie emily jason jessica greg antoine sumit yann".split()
THINGS = "football milk apple pajamas".split()

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+|[\ue002-\ue009]|\S")


def table(silent: str, signs: Mapping[str, str]) -> dict[str, str]:
    """The symbol of each word; `silent` words have none. All are written with blanks between them."""
    known = dict.fromkeys(["s", *silent.split(), *"().:;/'\"[]{}!-–—"], "")
    known |= {word: sign for sign, words in signs.items() for word in words.split()}
    return known | SIGN_OF_MARK


def signs(body: str, known: Mapping[str, str]) -> str:
    """The symbols of the words of a statement, in order; `?` for a word that is not known."""
    return "".join([_sign(token, known) for token in _TOKEN.findall(body)])


def _sign(token: str, known: Mapping[str, str]) -> str:
    sign = known.get(token)
    if sign is None and token.endswith("'s"):
        sign = known.get(token[:-2])
    if sign is None and token.endswith("ly") and token not in DOUBTFUL:
        return ""  # `certainly`, `quickly`
    return UNKNOWN if sign is None else sign

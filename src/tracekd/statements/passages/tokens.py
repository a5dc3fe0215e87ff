"""Divides a text into tokens, and says of each what it is: a year, a number, a month, a name, or a plain word."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import Literal, NamedTuple

from tracekd.statements.passages.words import FUNCTION_WORDS, IRREGULAR, MONTHS, stem

Kind = Literal["function", "content", "name", "year", "number", "month"]
VALUES = frozenset(("year", "number", "month"))


class Word(NamedTuple):
    """A word of a text, in lower case and without accents. `capital`: it begins with a capital letter."""

    form: str
    start: int
    end: int
    capital: bool


class Token(NamedTuple):
    """A word, and what it is. `stem` is what is compared; `first`: a sentence begins with it."""

    form: str
    stem: str
    kind: Kind
    first: bool = False


# A number with commas or a point, or letters and digits with apostrophes between them.
# No word is longer than this: what is longer, is cut into several.
_WORD = re.compile(
    r"\d{1,3}(?:,\d{3}){1,9}+(?:\.\d{1,20}+)?|\d{1,40}+(?:\.\d{1,20}+)?|[^\W\d_][^\W_]{0,60}+(?:['\u2019][^\W_]{1,9}+){0,3}+"
)
# `The film came out in 1956.`
_CAME = frozenset(("come", "comes", "came"))
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")


def raw_words(text: str) -> list[str]:
    """The words of a text as they are written."""
    return _WORD.findall(text)


def matches(text: str) -> list[re.Match[str]]:
    """The words of a text as they are written, with their places."""
    return list(_WORD.finditer(text))


def words_of(text: str) -> list[Word]:
    """The words of a text with their places."""
    return [Word(plain(found[0]), found.start(), found.end(), found[0][0].isupper()) for found in _WORD.finditer(text)]


@lru_cache(maxsize=2**16)
def plain(word: str) -> str:
    """The word in lower case, without accents, without commas between digits, without `'s`."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word.replace("\u2019", "'"))
        word = "".join([part for part in parts if not unicodedata.combining(part)])
    word = word.lower()
    if word.endswith("'s"):
        word = word[:-2]
    return word.replace(",", "") if word[:1].isdigit() else word


def tokens_of(words: list[Word], text: str, name_words: Container[str]) -> list[Token]:
    """What each word is. `name_words`: words that are names even where a capital letter says nothing."""
    tokens = []
    after = -1
    for at, word in enumerate(words):
        form = word.form
        first = after < 0 or _begins_sentence(text, after, word.start)
        after = word.end
        if form[0].isdigit():
            kind: Kind = "year" if _YEAR.fullmatch(form) and text[word.end : word.end + 1] != "s" else "number"
            tokens.append(Token(form, form, kind, first))
        elif word.capital and form in MONTHS and (not first or form != "may" or _is_number(words, at + 1)):
            tokens.append(Token(form, form[:3], "month", first))
        elif form in FUNCTION_WORDS:
            tokens.append(Token(form, form, "function", first))
        elif word.capital and (not first or form in name_words or _goes_on(words, at, text)):
            tokens.append(Token(form, form, "name", first))
        else:
            found = (
                "release" if form in _CAME and [word.form for word in words[at + 1 : at + 2]] == ["out"] else stem(form)
            )
            tokens.append(Token(form, found, "number" if found[0].isdigit() else "content", first))
    return tokens


def _is_number(words: list[Word], at: int) -> bool:
    return at < len(words) and words[at].form[0].isdigit()


def _goes_on(words: list[Word], at: int, text: str) -> bool:
    """Whether a name goes on behind this word, with which the sentence begins: `Kurt Land`, but not `Director Land`."""
    following = words[at + 1] if at + 1 < len(words) else None
    return (
        following is not None
        and following.capital
        and following.form not in FUNCTION_WORDS
        and following.form not in MONTHS
        and text[words[at].end : following.start] == " "
        and words[at].form not in IRREGULAR
    )


def _begins_sentence(text: str, before: int, at: int) -> bool:
    """Whether a sentence or a quoted one begins at this place, after the word that ends at `before`."""
    between = text[before:at]
    return between != " " and any(sign in between for sign in ".!?:\n;")

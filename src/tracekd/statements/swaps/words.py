"""The words of statements about swaps, each with its sign. A statement is read only if all its words are known."""

import re

PERSON, THING = "\ue002", "\ue003"
SWAP_VERB = r"(?:swap|trade|switch|exchange)(?:s|d|ped|ed|ping|ing)?"
# P person, H thing, X swap, N not, S at the start, E at the end, 1-9 after this many swaps.
_SIGNS = {PERSON: "P", THING: "H", "not": "N", "doesn't": "N", "isn't": "N", "no": "N"}
_SILENT = frozenset(
    "has had have having gets get got holds holding hold is plays playing dancing dances ends receives with in : = the a an "
    "and , . ; ( ) - – — → > their his her they each now then next so also still up as of for at this that first second third "
    "fourth fifth finally lastly position positions partner partners ball balls book books gift gifts present presents place "
    "places game match semester dance song event does did do will be being by to who it both again currently results "
    "resulting result leaves leaving means after step".split()
)
_OF_IT = r"(?: of (?:the |a )?\w+)?"
_START = (
    rf"\b(?:at|in|from) the (?:very )?(?:start|beginning){_OF_IT}|\binitial(?:ly| state)?\b|\bto (?:start|begin)(?: with)?\b"
    r"|\bstart(?:ing)?(?: state)?(?=:)|\bbefore (?:any|the|all) (?:swaps?|trades?)\b"
)
_END = (
    rf"\b(?:at|in|by) the (?:very )?end{_OF_IT}|\bfinal (?:state|positions?|result)\b|\bend(?:ing)?(?: state)?(?=:)"
    r"|\bafter all (?:of )?(?:the |these |those )?\w+\b"
)
_TIMES = ((re.compile(_START), "S"), (re.compile(_END), "E"))
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_AFTER = re.compile(
    r"\bafter (?:the )?(?:(?P<word>" + "|".join(_ORDINALS) + r") (?:swap|trade|switch|exchange|step)|"
    r"(?:swap|trade|switch|exchange|step) (?P<number>[1-9])\b)"
)
_SWAPS = re.compile(SWAP_VERB)
_TOKEN = re.compile(r"[SE]|[a-z]+(?:'[a-z]+)?|[0-9]|\S")


def signs_of(key: str) -> str:
    """The signs of a statement, in order; `?` for a word that is not known."""
    for pattern, sign in _TIMES:
        key = pattern.sub(f" {sign} ", key)
    key = _AFTER.sub(lambda one: f" {one['number'] or _ORDINALS.index(one['word']) + 1} ", key)
    return "".join([_sign(token) for token in _TOKEN.findall(key)])


def _sign(token: str) -> str:
    if token in "SE" or token.isdigit():
        return token
    if _SWAPS.fullmatch(token):
        return "X"
    sign = _SIGNS.get(token)
    return sign if sign is not None else "" if token in _SILENT else "?"

"""The words for places in an order, and for which of two things comes first. Place 0 is the first end of an axis:
the newest, the leftmost, the most expensive, the winner.
"""

import re

from tracekd.statements.alternatives import any_of

# The two sides of each axis, first end first: what is `more` than another comes before it.
_MORE = "newer|younger|more expensive|pricier|dearer|taller|heavier|larger|bigger|faster|higher|earlier|better|longer"
_LESS = "older|less expensive|cheaper|shorter|lighter|smaller|slower|lower|later|worse"
_MOST = (
    "newest|youngest|leftmost|most expensive|priciest|tallest|heaviest|largest|biggest|fastest|highest|earliest|best"
)
_LEAST = "oldest|rightmost|least expensive|cheapest|shortest|lightest|smallest|slowest|lowest|latest|worst"
_ORDINALS = {
    word: number
    for number, words in enumerate(
        "first,1st second,2nd third,3rd fourth,4th fifth,5th sixth,6th seventh,7th eighth,8th ninth,9th tenth,10th "
        "eleventh,11th twelfth,12th".split()
    )
    for word in words.split(",")
}
ORDINAL = any_of(*_ORDINALS)
_EARLIER = re.compile(rf"(?:{_MORE}) than|(?:to the )?left of|above|before|ahead of")
_LATER = re.compile(rf"(?:{_LESS}) than|(?:to the )?right of|below|after|behind")
COMPARED = any_of(_EARLIER.pattern, _LATER.pattern)
PLACE = any_of(
    rf"(?:{ORDINAL}[- ])?(?:{_MOST}|{_LEAST})",
    rf"(?:{ORDINAL}|last) from (?:the )?(?:left|right|top|bottom|end)",
    rf"{ORDINAL}[- ]to[- ]last|{ORDINAL}[- ]from[- ]last|last|{ORDINAL}",
)
_IS_MOST, _IS_LEAST = re.compile(rf"(?:{_MOST}|left|top|most)\b"), re.compile(rf"(?:{_LEAST}|right|bottom|end|least)\b")
_NUMBER = re.compile(ORDINAL)
# `from newest to oldest`, `from left to right`, `from most to least expensive`.
DIRECTION = re.compile(
    rf"from (?:the )?(?P<first>first|{_MOST}|left|top|most) to (?:the )?(?:last|{_LEAST}|right|bottom|least)\b"
    rf"|from (?:the )?(?P<last>last|{_LEAST}|right|bottom|least) to (?:the )?(?:first|{_MOST}|left|top|most)\b"
)


def comes_first(compared: str) -> bool:
    """Whether `A <compared> B` says that A comes first."""
    return _EARLIER.match(compared) is not None


def is_forward(direction: "re.Match[str]") -> bool:
    """Whether a match of `DIRECTION` begins at the first end."""
    return direction["first"] is not None


def read_place(said: str, size: int, forward: bool | None) -> int | None:
    """The number of a place, from 0; beyond `size` if there is no such place. None if nobody knows from where it counts.

    `forward`: from which end plain ordinals count, if known.
    """
    found = _NUMBER.match(said)
    number = _ORDINALS[found[0]] if found else 0
    rest = said[found.end() :].strip(" -") if found else said
    if rest in ("to-last", "to last", "from-last", "from last", "last"):
        return None if forward is None else _counted(number, size, not forward)
    if rest.startswith(("last from", "from")):
        rest = rest.removeprefix("last ").removeprefix("from ").removeprefix("the ")
        number = size - 1 if said.startswith("last") else number
    if not rest:
        return None if forward is None else _counted(number, size, forward)
    if _IS_MOST.match(rest):
        return number
    return _counted(number, size, False) if _IS_LEAST.match(rest) else None


def _counted(number: int, size: int, forward: bool) -> int:
    """A place counted from one of the ends. Beyond the other end it is `size`, which no thing has."""
    return size if number >= size else number if forward else size - 1 - number

"""Finds the names of a context in a text, and marks them.

A marked text has the length of the original. Each name becomes one mark that tells its role, followed by filling. So
places stay exact, a full stop inside a name ends no sentence, and the grammar sees roles instead of names.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Private characters of Unicode; a text that contains them loses them.
FILL = "\ue000"
MARKS = "\ue001-\ue0ff"
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class Name(NamedTuple):
    """A name as texts write it, in lower case. `mark`: the character of its role. `value`: what it stands for.

    `first`: the capital letter with which it must begin; empty if letter case does not matter.
    """

    text: str
    mark: str
    value: object
    first: str = ""


class Mention(NamedTuple):
    """A name in a text."""

    start: int
    end: int
    mark: str
    value: object


class Marked(NamedTuple):
    """A text, in lower case and with marks for its names; the mentions are in the order of the text."""

    text: str
    mentions: list[Mention]


def lower(text: str) -> str:
    """The text in lower case and with the same length; characters that grow in lower case stay."""
    small = text.lower()
    return small if len(small) == len(text) else "".join([c if len(c.lower()) > 1 else c.lower() for c in text])


def mark(text: str, names: Sequence[Name], more: Iterable[Mention] = ()) -> Marked:
    """Mark the names in a text, the longest first where several begin at the same place. `more`: other mentions.

    Time grows with the length of the text times the number of names.
    """
    if not text.isascii():
        text = _PRIVATE.sub("\ufffd", text)
    small = lower(text)
    found = list(more)
    for name in names:
        at = small.find(name.text)
        while at >= 0:
            end = at + len(name.text)
            if _is_word(small, at, end) and (not name.first or text[at] == name.first):
                found.append(Mention(at, end, name.mark, name.value))
            at = small.find(name.text, end)
    found.sort(key=_order)
    return _written(small, found)


def _order(mention: Mention) -> tuple[int, int]:
    return mention[0], -mention[1]


def _is_word(text: str, at: int, end: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() and text[at].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _written(text: str, found: Sequence[Mention]) -> Marked:
    parts: list[str] = []
    kept: list[Mention] = []
    at = 0
    for mention in found:
        start, end, sign, _ = mention
        if start >= at:
            parts += (text[at:start], sign, FILL * (end - start - 1))
            kept.append(mention)
            at = end
    parts.append(text[at:])
    return Marked("".join(parts), kept)

"""Finds the names of a context in a text, and marks them.

A marked text has the length of the original. Each name becomes one mark that tells its role, followed by filling. So
places stay exact, a full stop inside a name ends no sentence, and the grammar sees roles instead of names.
"""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

# Private characters of Unicode; a text that contains them loses them.
FILL = "\ue000"
# The filling for a full stop with which a name ends.
FILLED_STOP = "\ue100"
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


_START = itemgetter(0)


def longest_first(names: Iterable[Name]) -> tuple[Name, ...]:
    """The names in the order in which they are looked for."""
    return tuple(sorted(names, key=lambda name: -len(name.text)))


def lower(text: str) -> str:
    """The text in lower case and with the same length; characters that grow in lower case stay."""
    small = text.lower()
    return small if len(small) == len(text) else "".join([c if len(c.lower()) > 1 else c.lower() for c in text])


def mark(text: str, names: Sequence[Name], more: Iterable[Mention] = ()) -> Marked:
    """Mark the names in a text; where several begin at the same place, the first one of `names`, so the longest must be
    first (`longest_first`). `more`: other mentions.

    Time grows with the length of the text times the number of names.
    """
    if not text.isascii():
        text = _PRIVATE.sub("\ufffd", text)
    small = lower(text)
    found = list(more)
    padded = f" {small} "
    for form, sign, value, first in names:
        at = small.find(form)
        if at < 0:
            continue
        size = len(form)
        starts_word, ends_word = form[0].isalnum(), form[-1].isalnum()
        while at >= 0:
            end = at + size
            # `padded[at]` is the character before the name.
            in_word = (starts_word and padded[at].isalnum()) or (ends_word and padded[end + 1].isalnum())
            if not in_word and (not first or text[at] == first):
                found.append(Mention(at, end, sign, value))
            at = small.find(form, end)
    found.sort(key=_START)
    return _written(small, found)


def _written(text: str, found: Sequence[Mention]) -> Marked:
    parts: list[str] = []
    kept: list[Mention] = []
    at = 0
    for mention in found:
        start, end, sign, _ = mention
        if start >= at:
            filling = FILL * (end - start - 1)
            if filling and text[end - 1] == ".":
                filling = filling[:-1] + FILLED_STOP
            parts += (text[at:start], sign, filling)
            kept.append(mention)
            at = end
    parts.append(text[at:])
    return Marked("".join(parts), kept)

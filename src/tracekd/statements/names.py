"""Finds the names of a context in a text, and marks them.

In a marked text, each name is one mark that tells its role. So a full stop inside a name ends no sentence, the grammar sees
roles instead of names, and sentences of one form are equal whatever they name.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

# Private characters of Unicode; a text that contains them loses them.
BELOW_MARKS = "\ue000"
MARKS = "\ue001-\ue0ff"
# After the mark of a name that ends with a full stop; the second one also ends a sentence.
NAME_STOP, LAST_NAME_STOP = "\ue100", "\ue101"
NAME_STOPS = NAME_STOP + LAST_NAME_STOP
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# A line break within a sentence that goes on in the next line. In a text, this character is a blank like others.
SOFT_BREAK = "\v"
_SMALL_AFTER_BREAK = re.compile("\n(?=[a-z])")
_ENDS_LINE = ".:!?;)*_`|"
# No more is looked at before a line break, so that time stays linear.
_LONGEST_BEFORE = 400


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
    """A text in lower case with one mark for each name; the mentions are in the order of the text, at their places in the
    original. `longer`: by how much the first n names are longer than their marks, for each n from 0.
    """

    text: str
    mentions: list[Mention]
    longer: list[int]


_START = itemgetter(0)
# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


def longest_first(names: Iterable[Name]) -> tuple[Name, ...]:
    """The names in the order in which they are looked for."""
    return tuple(sorted(names, key=lambda name: -len(name.text)))


def lower(text: str) -> str:
    """The text in lower case and with the same length; characters that grow in lower case stay."""
    small = text.lower()
    return small if len(small) == len(text) else "".join([c if len(c.lower()) > 1 else c.lower() for c in text])


def without_stops(marked: str) -> str:
    """A marked text without the full stops of names."""
    return marked.replace(NAME_STOP, "").replace(LAST_NAME_STOP, "")


def mark(text: str, names: Sequence[Name], more: Iterable[Mention] = ()) -> Marked:
    """Mark the names in a text; where several begin at the same place, the first one of `names`, so the longest must be
    first (`longest_first`). `more`: other mentions.

    Time grows with the length of the text times the number of names.
    """
    if not text.isascii():
        text = _PRIVATE.sub("\ufffd", text)
    small = lower(text)
    found: list[tuple[int, int, str, object]] = list(more)
    padded = f" {small} "
    find = small.find
    for form, sign, value, first in names:
        at = find(form)
        if at < 0:
            continue
        size = len(form)
        while at >= 0:
            end = at + size
            # A name is no part of a longer word. `padded[at]` is the character before it.
            if (
                not (padded[at].isalnum() and form[0].isalnum())
                and not (padded[end + 1].isalnum() and form[-1].isalnum())
                and (not first or text[at] == first)
            ):
                found.append((at, end, sign, value))
            at = find(form, end)
    found.sort(key=_START)
    return _written(text, _with_soft_breaks(text, small), found)


def _with_soft_breaks(text: str, small: str) -> str:
    """The text in lower case, with marks for line breaks after which a sentence may go on."""
    if SOFT_BREAK in small:
        small = small.replace(SOFT_BREAK, " ")
    soft = [found.start() for found in _SMALL_AFTER_BREAK.finditer(text) if _is_soft(text, found.start())]
    if not soft:
        return small
    ends = [*soft, len(small)]
    return small[: ends[0]] + "".join([SOFT_BREAK + small[at + 1 : end] for at, end in pairwise(ends)])


def _is_soft(text: str, at: int) -> bool:
    before = text[max(0, at - _LONGEST_BEFORE) : at].rstrip(" \t")
    return before != "" and not before[-1].isspace() and before[-1] not in _ENDS_LINE


def _written(text: str, small: str, found: Sequence[tuple[int, int, str, object]]) -> Marked:
    parts: list[str] = []
    kept: list[Mention] = []
    longer = [0]
    at = more = 0
    for mention in found:
        start, end, sign, _ = mention
        if start < at:
            continue  # it lies within a longer name
        more += end - start - 1
        if text[end - 1] == "." and end - start > 1:
            sign += LAST_NAME_STOP if text[end : end + 1] == " " and text[end + 1 : end + 2].isupper() else NAME_STOP
            more -= 1
        parts += small[at:start], sign
        kept.append(_new(Mention, mention))
        longer.append(more)
        at = end
    parts.append(small[at:])
    return _new(Marked, ("".join(parts), kept, longer))

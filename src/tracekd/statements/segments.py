"""Divides a marked text (`names.mark`) where a statement ends whatever stands before and after: at line breaks, quotation
marks, and the full stops that surely end a sentence. Time is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracekd.statements.names import MARKS, NAME_STOPS, SOFT_BREAK


class Segment(NamedTuple):
    """A part of a marked text. `quoted`: it stands in quotation marks. `opens_paragraph`: an empty line is before it."""

    start: int
    end: int
    quoted: bool
    opens_paragraph: bool


# A full stop after four letters is not that of an abbreviation, except these.
_STOP = (
    r"(?<=\.)(?= )(?:(?<=[a-z]{4}\.)(?<!prof\.|capt\.|sept\.|corp\.|dept\.|univ\.|assn\.|bros\.)|"
    rf"(?<=[)\]{MARKS}{NAME_STOPS}]\.))"
)
# It begins with a set of characters, so that all others are passed over quickly.
_EDGE = re.compile(rf"[\n.\"“”](?:(?<=\n)(?:[ \t]*+\n)*+|(?<=[\"“”])|{_STOP})")
_LONGEST_QUOTE = 400
_QUOTES = '"”“'
# Makes a named tuple in less time than its own class does.
_new = tuple.__new__
_LINE_BREAKS = ("\n", SOFT_BREAK)


def segments(text: str) -> Iterator[Segment]:
    """The segments of a marked text in order; the line breaks and quotation marks between them belong to none."""
    start, quoted, close, opens_paragraph = 0, False, -1, False
    for found in _EDGE.finditer(text):
        at, end = found.span()
        sign = text[at]
        is_open = False
        if sign == ".":
            at, is_open = end, quoted
        elif sign != "\n":
            is_open = not quoted and _opens_quote(text, end)
            if not is_open and at != close:
                continue
            close = _closing_quote(text, end) if is_open else -1
        if at > start:
            yield _new(Segment, (start, at, quoted, opens_paragraph))
            opens_paragraph = False
        opens_paragraph = opens_paragraph or (sign == "\n" and end - at > 1)
        start, quoted = end, is_open
    if start < len(text):
        yield Segment(start, len(text), quoted, opens_paragraph)


def _opens_quote(text: str, begin: int) -> bool:
    close = _closing_quote(text, begin)
    return close >= 0 and text.count(" ", begin, close) >= 2


def _closing_quote(text: str, begin: int) -> int:
    """The next quotation mark in the same line, within 400 characters; -1 if there is none."""
    end = min(len(text), begin + _LONGEST_QUOTE)
    for line_break in _LINE_BREAKS:
        line = text.find(line_break, begin, end)
        end = line if line >= 0 else end
    places = [at for mark in _QUOTES if (at := text.find(mark, begin, end)) >= 0]
    return min(places, default=-1)

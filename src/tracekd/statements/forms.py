"""The statements of a marked text, each with its place and its form: what it is, whatever it names.

Sentences of one form come again and again, with other names and dates. So the reading of a form is kept.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from tracekd.statements.cutting import Piece, cut
from tracekd.statements.kept import Kept
from tracekd.statements.names import MARKS, NAME_STOPS, SOFT_BREAK, Marked, Mention
from tracekd.statements.segments import segments
from tracekd.statements.talk import Talk, read_talk

# Longer statements are not read: no sentence of these tasks is nearly as long.
LONGEST = 1000
# Longer segments come once; to keep them would take memory.
_LONGEST_KEPT = 400
_MARKUP = str.maketrans(
    {"*": None, "_": None, "`": None, "\u2019": "'", "\u2018": "'", "$": None} | dict.fromkeys(NAME_STOPS)
)
_IS_MARKUP = re.compile(f"[*_`$\u2018\u2019{NAME_STOPS}]")
_MARK = re.compile(f"[{MARKS}]")
# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


class Form(NamedTuple):
    """A statement of a segment. `start` and `end`: its place in the segment; it has `marks` names, with `before` before it.

    `joint`: the word that joins it to the one before. `asks`: it belongs to a sentence that ends with a question mark.
    `quoted`: it stands in quotation marks. `talk`: see `talk`; None of a statement that is too long.
    """

    start: int
    end: int
    before: int
    marks: int
    joint: str
    asks: bool
    quoted: bool
    talk: Talk | None


class Placed(NamedTuple):
    """A statement at its place in the original text. `opens_paragraph`: an empty line is before it."""

    start: int
    end: int
    form: Form
    mentions: Sequence[Mention]
    opens_paragraph: bool


def placed_forms(marked: Marked) -> Iterator[Placed]:
    """The statements of a text in order; they do not overlap."""
    text, mentions, longer = marked
    first = 0
    opens_paragraph = False
    may_be_wrapped = SOFT_BREAK in text
    for start, end, quoted, is_new in segments(text):
        said = text[start:end]
        if len(said) > _LONGEST_KEPT or (may_be_wrapped and SOFT_BREAK in said):
            names = len(_MARK.findall(said))
            forms, count = _read(said, quoted, [b - a for a, b in pairwise(longer[first : first + names + 1])])
        else:
            forms, count = _KEPT_QUOTED[said] if quoted else _KEPT[said]
        opens_paragraph = opens_paragraph or is_new
        for form in forms:
            begins, ends, before, marks, _, _, _, _ = form
            at = first + before
            last = at + marks
            begins += start + longer[at]
            ends += start + longer[last]
            yield _new(Placed, (begins, ends, form, mentions[at:last], opens_paragraph))
            opens_paragraph = False
        first += count


def _read(said: str, quoted: bool, longer: Sequence[int]) -> tuple[tuple[Form, ...], int]:
    """The statements of a segment, and the number of its names."""
    pieces = cut(said, longer)
    asks = _of_questions(pieces, said) if "?" in said else [False] * len(pieces)
    forms = []
    at = before = 0
    for (start, end, joint), is_asked in zip(pieces, asks, strict=True):
        before += len(_MARK.findall(said, at, start))
        marks = len(_MARK.findall(said, start, end))
        talk = None if end - start > LONGEST else read_talk(_key(said[start:end]), quoted)
        forms.append(_new(Form, (start, end, before, marks, joint, is_asked, quoted, talk)))
        at, before = end, before + marks
    return tuple(forms), before + len(_MARK.findall(said, at))


_KEPT = Kept(partial(_read, quoted=False, longer=()))
_KEPT_QUOTED = Kept(partial(_read, quoted=True, longer=()))


def _key(said: str) -> str:
    """A statement with single blanks, without marks of Markdown."""
    if _IS_MARKUP.search(said):
        said = said.translate(_MARKUP)
    return " ".join(said.split())


def _of_questions(pieces: Sequence[Piece], text: str) -> list[bool]:
    """Whether each piece belongs to a sentence that ends with a question mark.

    After an arrow or a dash, the question is about what stands before it: `1990-1995 → overlap?` states the time.
    """
    asks = [False] * len(pieces)
    for at in range(len(pieces) - 1, -1, -1):
        goes_on = at + 1 < len(pieces) and pieces[at + 1].joint[-1:].isalpha() and asks[at + 1]
        asks[at] = goes_on or text[pieces[at].end - 1] == "?"
    return asks

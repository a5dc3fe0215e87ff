"""Cuts a segment of a free trace (`segments`) into statements: sentences, list items, and clauses joined by words like `so`.

It works on a marked text (`names.mark`), in which names contain no full stop. Time is linear in the length of the text.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from tracekd.statements.names import BELOW_MARKS, LAST_NAME_STOP, MARKS, SOFT_BREAK


class Piece(NamedTuple):
    """A statement's place in a segment. `joint`: the word that joins it to the one before."""

    start: int
    end: int
    joint: str = ""


# Makes a named tuple in less time than its own class does.
_new = tuple.__new__
_WORDS = r"(?:and |but |or )?(?:so|because|(?:therefore|thus|hence|consequently)(?!,)|since|which|whereas|while|meaning|implying)"
# `NAME is therefore ..` is one clause.
_BETWEEN_CLAUSES = r"(?<!is )(?<!are )(?<!was )(?<!be )(?<!must )(?<!will )(?<!would )"
_NO_VERB = r"(?!,| (?:is|are|was|must|has|have|be|would|will)\b)"
# Every branch begins with a plain character, and no branch repeats: nothing is tried twice.
_BREAK = re.compile(
    rf"[{SOFT_BREAK}.!?;…。！？→|]|{LAST_NAME_STOP}|[-=]>| ?— ?|, (?:as a result|{_WORDS}|but(?! (?:neither|none)\b)|yet|"
    rf"however(?!,)|then(?!,)|and then(?!,)|and (?=[{MARKS}] (?:is|was|are|were|has|had|did|does|went|"
    rf"moved)\b))(?![\w'])"
    rf"| (?:because|so(?= [{MARKS}a-z])|{_BETWEEN_CLAUSES}therefore{_NO_VERB}|since|whereas)(?![\w'])",
)
_NO_JOINT = re.compile(r" ?(?:far|much|many|long|that|called|on|forth|until|till|through)\b| ?(?:\d|\ue0d0)|[-–]")
_CLOSERS = frozenset("\"'”’)]}*_`")
_STOPS = frozenset(".!?…。！？")
# Signs between the cells of a row.
_BETWEEN_CELLS = frozenset(("—", ";", "→", "->", "=>"))
_MARK = re.compile(f"[{MARKS}]")
_NAMES_ONLY = re.compile(rf"[\s—;→*_\-•]*[{MARKS}][{MARKS}\s—;→>=,*_\-]*")
_TIME_MARK = "\ue0d0"
_ARROWS = frozenset(("→", "->", "=>"))
_SHORTEST_WRAPPED = 40
_LONGEST_ROW = 300
# No more is looked at before a joining word or a line break, so that time stays linear.
_LONGEST_BEFORE = 400
_WIDE = frozenset("。！？")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr vs etc e.g i.e cf al approx ca gen col capt lt sgt rev hon gov sen rep "
    "jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp dept univ assn bros mt ft "
    "a.m p.m u.s u.k".split()
)
# Abbreviations only before a number: `no. 7`.
_BEFORE_NUMBERS = frozenset("no nos fig eq sec ch vol p pp art".split())
_LONGEST_ABBREVIATION = 5
_BEFORE_WORDS = "([{\"'“”‘’*_`-–—/:,;"
_ITEM = re.compile(
    r"(?:[ \t]*+(?:[-*•·+>#▪◦‣]++(?= |\t|\*)|\(?\d{1,3}[.):](?=\s)|\[\d{1,3}\](?=\s)|\(?[a-h]\)(?=\s)|step \d{1,3} "
    r"?[:.)]|[|])){0,4}+\s*+"
)
_ITEM_STARTS = frozenset("-*•·+>#▪◦‣([|s0123456789")
# A clause with which a sentence begins, up to the comma before its main clause.
_OPENING = re.compile(
    r"(?:and |but |now,? |so,? |then,? |also,? )?"
    r"(?:since|because|given that|seeing that|considering that|"
    r"as(?=[^,]{0,120} (?:is|are|was|were|has|had|have|did|does|do|\w{2,12}ed|went|got|took|gave|left|held|began)\b)) "
    r"(?!(?:\d{4}|\ue0d0)(?! (?:is|was|comes|lies|falls|starts|ends|and)\b)|a result|for|"
    r"of|follows|well|far|stated|mentioned|"
    r"noted|given|said|described|listed|shown|usual|before|per|i |we )"
)
_MAIN_CLAUSE = re.compile(
    rf", (?=(?:then |so |we |i |he |she |it |they |this |that |there |the |both |neither |all |no |my )|[{MARKS}])"
)
_OUTSIDE = " \t\r\n*_`~#>|"
_BEFORE = _OUTSIDE + ",;:.)∴"
_SAYS_SOMETHING = re.compile(rf"[^\W\d_]|[{MARKS}]|\d{{4}}")


def cut(text: str, longer: Sequence[int] = ()) -> list[Piece]:
    """The statements of a segment in order; they do not overlap, and none is blank. `longer`: by how much each name is longer
    than its mark; only of a segment with line breaks.
    """
    pieces: list[Piece] = []
    start, joint = 0, ""
    tried = 0  # the stops before this place end no sentence
    marks = [found.start() for found in _MARK.finditer(text)] if longer else []
    for found in _BREAK.finditer(text):
        at, sign = found.start(), found[0]
        if at < start:
            continue
        if sign in _STOPS:
            if at < tried and sign not in _WIDE:
                continue
            end = _end_of_sentence(text, at, start)
            if end < 0:
                tried = _after_stops(text, at)
                continue
            _add(pieces, text, start, end, joint)
            start, joint = end, ""
        elif sign == SOFT_BREAK:
            if not _ends_line(text, start, at, marks, longer):
                continue
            _add(pieces, text, start, at, joint)
            start, joint = at + 1, ""
        elif sign == LAST_NAME_STOP:
            _add(pieces, text, start, at + 1, joint)
            start, joint = at + 1, ""
        elif _joins(text, start, found) and not (sign.strip() in _BETWEEN_CELLS and _is_in_row(text, start, at)):
            _add(pieces, text, start, at, joint)
            start, joint = found.end(), sign.strip(" ,")
    _add(pieces, text, start, len(text), joint)
    return pieces


def _joins(text: str, start: int, found: "re.Match[str]") -> bool:
    """Whether a joining word or sign begins a new statement."""
    sign = found[0]
    if sign[0] in " ," and not text[start : min(found.start(), start + _LONGEST_BEFORE)].strip(_OUTSIDE):
        return False
    if sign == "|":  # the cells of a table's row belong together
        return False
    if sign in _ARROWS and _is_between_times(text, found):
        return False
    return not (sign[-1].isalpha() or sign[-1] == " ") or not _NO_JOINT.match(text, found.end())


def _is_between_times(text: str, found: "re.Match[str]") -> bool:
    """Whether a sign stands between two times: `1990 → 1995`."""
    before, after = found.start() - 1, found.end()
    while before >= 0 and text[before] == " ":
        before -= 1
    while after < len(text) and text[after] == " ":
        after += 1
    return before >= 0 and text[before] == text[after : after + 1] == _TIME_MARK


def _is_in_row(text: str, start: int, at: int) -> bool:
    """Whether only names stand before a sign, and a time follows in the line: `NAME; NAME; 1990`."""
    if at - start > _LONGEST_ROW or not _NAMES_ONLY.fullmatch(text, start, at):
        return False
    line = text.find(SOFT_BREAK, at, at + _LONGEST_ROW)
    return text.find(_TIME_MARK, at, line if line >= 0 else at + _LONGEST_ROW) >= 0


def _add(pieces: list[Piece], text: str, start: int, end: int, joint: str) -> None:
    """Add the statement between two breaks, without marks of lists; two, if a clause with `since` comes first."""
    if end <= start or text[start:end].isspace():
        return
    begin = start
    while text[begin].isspace():
        begin += 1
    if text[begin] in _ITEM_STARTS or text[begin + 1 : begin + 2] == ")":
        begin = _ITEM.match(text, begin, end).end()  # type: ignore[union-attr]  # it matches everywhere
    while begin < end and text[begin] in _BEFORE:
        begin += 1
    while end > begin and text[end - 1] in _OUTSIDE:
        end -= 1
    if begin >= end or not (
        text[begin].isalpha() or text[begin] > BELOW_MARKS or _SAYS_SOMETHING.search(text, begin, end)
    ):
        return
    if (
        text[begin] in "abcgnst"
        and _OPENING.match(text, begin, end)
        and (main := _MAIN_CLAUSE.search(text, begin, end))
    ):
        pieces.append(Piece(begin, main.start(), joint or "since"))
        pieces.append(Piece(main.end(), end, "then"))
        return
    pieces.append(_new(Piece, (begin, end, joint)))


def _after_stops(text: str, at: int) -> int:
    while at < len(text) and text[at] in _STOPS:
        at += 1
    return at


def _end_of_sentence(text: str, at: int, start: int) -> int:
    """Where the sentence ends whose last mark may be at this place; -1 if the mark ends no sentence."""
    end = at + 1
    size = len(text)
    if text[at] == "." and end < size and not text[end].isspace() and text[end].isalnum():
        return -1
    while end < size and text[end] in _STOPS:
        end += 1
    while end < size and text[end] in _CLOSERS and not (text[end] == '"' or text[end] == "”"):
        end += 1
    if text[at] in _WIDE or end == size:
        return end
    if not (text[end].isspace() or text[end] in '"”'):
        return -1
    if text[at] != "." or end > at + 1:
        return end
    before = text[at - 1]
    if before > BELOW_MARKS or before in ")]":
        return end  # a name ends here
    last = (
        text[max(start, at - 12) : at].split()[-1].lstrip(_BEFORE_WORDS) if not before.isspace() and at > start else ""
    )
    if len(last) > _LONGEST_ABBREVIATION:
        return end
    if last.isdigit() and _ITEM.match(text, start, size).end() > at:  # type: ignore[union-attr]  # it matches everywhere
        return -1  # the number of a list item
    if last == "s" and text[at - 2] in "'\u2019":
        return end  # `it is Mary's.`
    if last in _BEFORE_NUMBERS:
        return -1 if text[end : end + 2].strip()[:1].isdigit() else end
    is_short = last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or (len(last) > 2 and last[-2] == ".")
    return -1 if is_short else end


def _ends_line(text: str, start: int, at: int, marks: Sequence[int], longer: Sequence[int]) -> bool:
    """Whether a line break ends a statement, because the statement is too short to be wrapped."""
    begin = max(start, at - _LONGEST_BEFORE)
    length = len(text[begin:at].rstrip())
    first, after = bisect_left(marks, begin), bisect_left(marks, begin + length)
    return length + sum(longer[first:after]) < _SHORTEST_WRAPPED

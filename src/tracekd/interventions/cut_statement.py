"""Takes a statement out of a text so that no broken sentence is left."""

import re
from collections.abc import Sequence

from tracekd.statements.statement import Statement

_JOINTS = "and|but|or|so|because|since|therefore|thus|hence|then|while|whereas"
_BETWEEN = re.compile(rf"[ \t]*+[,;–—-]*+[ \t]*+(?:(?:{_JOINTS})\b[ \t,]*+)*+")
_MARKER = re.compile(r"[ \t]*+(?:[-*•·+>#]++|\(?\d{1,3}[.):]|step \d{1,3} ?[:.)]|)[ \t*_]*+", re.IGNORECASE)
_ENDS = ".!?…"
_CLOSERS = "\"'”’)*_` \t"


def without_statement(text: str, statements: Sequence[Statement], at: int) -> str | None:
    """The text without the statement at this index; None if a broken sentence would be left."""
    one = statements[at]
    start, end = one.start, one.end
    before = statements[at - 1] if at and _joins(text[statements[at - 1].end : start]) else None
    after = (
        statements[at + 1]
        if at + 1 < len(statements) and text[end - 1] not in _ENDS and _joins(text[end : statements[at + 1].start])
        else None
    )
    if after is not None:
        rest = text[after.start :]
        is_first = before is None
        return text[:start] + (rest[0].upper() + rest[1:] if is_first and text[start].isupper() else rest)
    if before is not None and text[before.end - 1] not in _ENDS:
        stop = end - 1 if text[end - 1] in _ENDS else end
        return text[: before.end] + text[stop:]
    return _without_sentence(text, start, end)


def _joins(between: str) -> bool:
    """Whether two statements with this text between them belong to one sentence."""
    return "\n" not in between and _BETWEEN.fullmatch(between) is not None and between.strip() != ""


def _without_sentence(text: str, start: int, end: int) -> str | None:
    """The text without a whole sentence, or without its line if it stands alone on it."""
    begin = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    left, right = text[begin:start], text[end:line_end]
    is_opened = bool(left) and left[-1] in "\"“'*_`("
    if is_opened:  # its quotation marks go with it
        opened = len(left) - len(left.rstrip("\"“'*_`("))
        closed = len(right) - len(right.lstrip("\"”'*_`)."))
        left, right, start, end = left[:-opened], right[closed:], start - opened, end + closed
    elif right[:1] == ".":
        right, end = right[1:], end + 1
    if _MARKER.fullmatch(left) and not right.strip():
        whole = text[:begin] + text[min(line_end + 1, len(text)) :]
        return whole.rstrip("\n") if line_end == len(text) else whole
    told = left.rstrip(_CLOSERS)
    is_whole = _MARKER.fullmatch(left) is not None or (told and told[-1] in _ENDS)
    if not is_whole or (right.strip() and not right.lstrip(" \t\"“'*_`([")[:1].isupper()):
        return None
    # One blank of the two around the sentence stays.
    return text[:start].rstrip(" \t") + (
        text[end:] if left.strip() else left[len(left.rstrip()) :] + text[end:].lstrip(" \t")
    )

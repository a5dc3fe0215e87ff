"""Statements that say what the answer is: `so the answer is ..`, `.. is the answer`, a box."""

import re
from functools import lru_cache

from tracekd.statements.names import MARKS

_ARTICLES = r"(?:(?:so|the|my|our|final|correct|right|only|possible|short|full|complete|likely|best) )*+"
_INTRODUCED = re.compile(
    _ARTICLES + r"(?:answers?|ans|path|route|directions)(?: to (?:the|this) question)?(?: here| then| "
    r"therefore| thus)?"
    r"(?: is| are| was| be| would be| must be| will be| has to be| seems to be| appears to be| becomes| comes out as)?"
    r"(?: that| then| therefore| thus| simply| just| clearly| both| namely)*+"
    rf"(?=[ :=(\\{MARKS}]|\Z)[ :=]*+"
)
_BOXED = re.compile(r"\\f?boxed ?\{")
_AT_END = re.compile(
    rf"[{MARKS}][^{MARKS}]{{0,12}} (?:is|are|must be|would be) (?:then |therefore |thus )?(?:the|our|my) "
    r"(?:final |correct |right |only )*answers?\b[.! ]*\Z"
)
_MARK = re.compile(f"[{MARKS}]")
_MOST_INTRODUCTIONS = 5


@lru_cache(maxsize=2**14)
def answer_part(body: str) -> str | None:
    """What a statement gives as the answer; None if it gives none."""
    part: str | None = None
    for _ in range(_MOST_INTRODUCTIONS):
        introduced = _INTRODUCED.match(part if part is not None else body)
        if introduced is None:
            break
        part = (part if part is not None else body)[introduced.end() :]
    if part is not None:
        return part
    if _BOXED.match(body):
        return body
    if _AT_END.search(body):
        return "".join(_MARK.findall(body))
    return None

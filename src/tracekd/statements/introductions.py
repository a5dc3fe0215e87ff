"""Statements that say what the answer is: `so the answer is ..`, `.. is the answer`, a box."""

import re
from functools import lru_cache

from tracekd.statements.names import MARKS

_ARTICLES = (
    r"(?:(?:that|this|which) (?:makes|gives|leaves) (?:us )?(?:with )?)?"
    r"(?:(?:so|the|my|our|final|correct|right|only|possible|short|full|complete|likely|best) )*+"
)
_INTRODUCED = re.compile(
    _ARTICLES + r"(?:answers?|ans|path|route|directions)(?: to (?:the|this) question)?"
    r"(?:,? (?:here|then|therefore|thus|of course|finally),?)?"
    r"(?: is| are| was| be| would be| must be| will be| has to be| seems to be| appears to be| becomes| comes out as)?"
    r"(?: that| then| therefore| thus| simply| just| clearly| both| namely)*+"
    rf"(?=[ :=(\\{MARKS}]|\Z)[ :=]*+"
)
_BOXED = re.compile(r"\\f?boxed ?\{")
_AT_END = re.compile(
    r"(?P<said>[^.!?]{1,200}?) (?:is|are|must be|would be|has to be|should be|will be) (?:then |"
    r"therefore |thus )?(?:the|our|my) "
    r"(?:final |correct |right |only )*+answers?\b[.! ]*\Z"
)
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
    at_end = _AT_END.match(body) if "answer" in body[-24:] else None
    return at_end["said"] if at_end else None

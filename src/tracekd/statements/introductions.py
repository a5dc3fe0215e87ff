"""Statements that say what the answer is: `so the answer is ..`, `I'd go with ..`, `.. is the answer`, a box."""

import re
from functools import lru_cache

from tracekd.statements.alternatives import any_of
from tracekd.statements.kept import KEPT
from tracekd.statements.names import MARKS
from tracekd.statements.stretches import beginning

_ARTICLES = (
    r"(?:(?:that|this|which|it) (?:makes|gives|leaves|brings) (?:us )?(?:with |to )?)?"
    r"(?:(?:so|the|my|our|final|correct|right|only|possible|short|full|complete|likely|best|end|proper|overall|resulting|one) )*+"
)
_ANSWERS = any_of(
    "answers?|ans|path|route|directions|results?|solutions?|responses?|reply|conclusion|outcome|verdict|choice|pick|output"
)
_IS = any_of(
    "is|are|was|be|would be|must be|will be|has to be|seems to be|appears to be|becomes|comes out as|comes out to be",
    "comes to|turns out to be|should be|can only be|works out as|reads|stands as|ought to be|comes down to|has got to be",
)
_INTRODUCED = re.compile(
    _ARTICLES + _ANSWERS + r"(?: to (?:the|this|our) (?:question|problem))?"
    r"(?: (?:that )?(?:we|i|you) (?:want|need|seek|get|give|have|find|obtain|reach|look for|are looking for|were looking for))?"
    r"(?:,? (?:here|then|therefore|thus|of course|finally),?)?"
    rf"(?: {_IS})?"
    r"(?: that| then| therefore| thus| simply| just| clearly| both| namely| indeed)*+"
    rf"(?=[ :=(\\{MARKS}]|\Z)[ :=]*+"
)
_WE_ANSWER = re.compile(
    r"(?:so |thus |therefore |hence |then )?(?:"
    r"(?:i|we)(?:'d|'ll| will| would| can| could| may| shall| should| must| therefore| thus| hence| then| now| have to|"
    r" finally)*+ "
    + any_of(
        "answer(?: with| by saying)?|go(?:ing)? with|pick|choose|select|respond(?: with)?|reply(?: with)?|settle (?:on|for)",
        "conclude with|finish with|close with|arrive at|end up with|land on|am left with|are left with|opt "
        "for|name|give|put down|submit|get to|come to|get(?! that\\b| to\\b|ting)",
    )
    + r"|(?:that|this|which|it) (?:(?:leaves|gives)(?: us| me| only| just)*+(?: with)?|"
    r"(?:points|brings|leads|takes)(?: us| me)*+ to(?! (?:the )?(?:conclu|idea|belie|view|think)))"
    r"|(?:it|that|this)(?:'s|(?: has to| must| can only| has got to) be)(?! (?:[a-z']+ ){0,6}?that\b)"
    r"|the (?:only |sole )?(?:(?:correct|right|matching|valid|fitting) |(?<=only )|(?<=sole ))"
    r"(?:one|option|candidate|match|entity|name|value)(?: here)?"
    r" (?:is|must be|would be)"
    r"|final ?(?=:)"
    r"|what (?:remains|is left|results|comes out|follows) is"
    r"|what (?:(?:we|i) (?:want|need|get|seek|are after|are looking for|were asked for)"
    r"|(?:it|the question|this question|the user) (?:wants|needs|seeks|asks for|is after|is looking for|is asking for))"
    r" (?:is|are|must be|has to be)(?: therefore| thus| then| hence)?"
    r")(?: (?:the |my |our )?answer(?: of)?)?(?:: ?| = ?| )(?=\S)"
)
_WE_GET = re.compile(r"(?:i|we)(?: then| therefore| thus| finally| now)? (?:get|obtain|have|find|take|give)(?: us)? ")
_BOXED = re.compile(r"\\f?boxed ?\{")
_AT_END = re.compile(
    r"(?:it(?:'s| is) )?(?P<said>[^.!?]{1,200}?) (?:(?:(?:is|are|must be|would be|has to be|should be|will be|was|were) (?:then |"
    r"therefore |thus )?|as |(?:that|which|who) (?:is|are) )(?:the|our|my) "
    r"(?:final |correct |right |only |full )*+(?:answers?|result|solution|response)|(?:that |which |who )?answers? the question|"
    r"(?:is|are) what (?:we|i) (?:want|need|were looking for|are looking for))\b[.! ]*\Z"
)
_MAKES = re.compile(
    r"(?:so |thus |therefore )?(?:this|that|which) makes (?P<said>[^.!?]{1,200}?) (?:the|our|my) "
    r"(?:final |correct |right )*+answer[.! ]*\Z"
)
_CONCLUDES = re.compile(r"(?:so|thus|hence|therefore|consequently|accordingly)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LAST_WORDS = ("answer", "question", "result", "solution", "response", "looking for", "want", "need")
_MOST_INTRODUCTIONS = 5


def answers_at_end(body: str) -> bool:
    """Whether the end of a statement may say that it gives the answer; all other introductions stand before the first name."""
    return _says_last(body) or " makes " in body


def concluded_word(text: str) -> str | None:
    """The last word of a conclusion such as `So, NAME.`; empty if it has no other word than `so`.

    None if the text is no such sentence, or has a colon.
    """
    lead = _CONCLUDES.match(text)
    if lead is None or ":" in text:
        return None
    begin = end = lead.end()
    for word in _WORD.finditer(text, end):
        begin, end = word.span()
    return text[begin:end] if "." in text[end:] or "!" in text[end:] else None


def _says_last(body: str) -> bool:
    end = body[-26:]
    return True in [word in end for word in _LAST_WORDS]


@lru_cache(maxsize=KEPT)
def answer_part(body: str) -> str | None:
    """What a statement gives as the answer; None if it gives none."""
    if answers_at_end(body):
        return read_answer_part(body)
    start = _answer_begins(beginning(body))
    return None if start is None else body[start:]


@lru_cache(maxsize=KEPT)
def _answer_begins(begin: str) -> int | None:
    part = read_answer_part(begin)
    return None if part is None else len(begin) - len(part)


def read_answer_part(body: str) -> str | None:
    """`answer_part`, from the whole statement."""
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
    if (made := _MAKES.match(body)) is not None:
        return made["said"]
    at_end = _AT_END.match(body) if _says_last(body) else None
    if at_end:
        get = _WE_GET.match(at_end["said"]) or _WE_ANSWER.match(at_end["said"])
        return at_end["said"][get.end() :] if get else at_end["said"]
    said = _WE_ANSWER.match(body)
    return body[said.end() :] if said else None

"""What a statement gives as the answer to a question over passages. No rule says whether free text is right; gold does."""

import re
from collections.abc import Sequence

from tracekd.statements.grounding import Said
from tracekd.statements.names import MARKS

_BOX = re.compile(r"\\(?:f?boxed|text|textbf|mathrm) ?\{|[{}]")
_AROUND = " \t\r\n.,:;*_`\"'“”‘’()[]\\$="
_SO = re.compile(r"\W*(?:so|thus|hence|therefore)\b", re.I)
# A name or a number, and nothing else.
_MORE = re.compile(rf"[^\W\d{MARKS}]")
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|did|does|born|wrote|because|which|who|[a-z]{2,}ed)\b")
_LONGEST_BARE, _MOST_WORDS = 80, 8
_INTRODUCED = re.compile(
    r"(?:(?:that|simply|just|clearly|both|namely|likely|probably|therefore|should|would|must|will|be|is|are|was) )++",
    re.I,
)


def answer_text(said: Said, part: str) -> str:
    """The answer as it was written: the end of the statement that `part`, its body behind `the answer is`, tells."""
    size = len(_written(said, part))
    text = " ".join(said.text.replace("*", "").replace("_", "").replace("`", "").replace("$", "").split())
    return clean(text[-size:] if size else "")


def clean(text: str) -> str:
    """An answer without a box, quotation marks and full stop around it."""
    text = _BOX.sub("", text).strip(_AROUND)
    return _INTRODUCED.sub("", text, count=1).strip(_AROUND) if _INTRODUCED.match(text) else text


def _written(said: Said, part: str) -> str:
    """A part of the body with its names as they were written."""
    count = sum(map(is_mark, part))
    names = iter(_texts(said)[len(said.mentions) - count :])
    return "".join([next(names) if is_mark(sign) else sign for sign in part])


def _texts(said: Said) -> Sequence[str]:
    return [said.text[one.start - said.start : one.end - said.start] for one in said.mentions]


def concludes(said: Said) -> bool:
    """Whether a statement only names something after `so`: `So, Ada Brook.`"""
    return _SO.match(said.text) is not None and not _MORE.search(said.body)


def is_mark(sign: str) -> bool:
    """Whether this character of a body stands for a name."""
    return "\ue001" <= sign <= "\ue0ff"


def is_bare(text: str) -> bool:
    """Whether the text is only a value: a few words without a verb."""
    return len(text) <= _LONGEST_BARE and len(text.split()) <= _MOST_WORDS and not _VERB.search(text)

"""The wording of each relation in facts and questions (arXiv 2406.09072, appendix; its released files), and of traces."""

from dataclasses import dataclass
from typing import Literal

from tracekd.tasks.template import Template

Slot = Literal["subject", "object"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one Wikidata relation.

    A fact is `SUBJECT fact OBJECT when`; the event of a question is `While SUBJECT event OBJECT`. A question for the
    object is `which BEFORE SUBJECT AFTER`, for one of the pairs in `which`; one for the subject is `who WHO OBJECT`.
    """

    relation: str
    facts: tuple[str, ...]
    event: str
    which: tuple[tuple[str, str], ...]
    who: str


WORDINGS = (
    # Questions about the same subject omit the `hold`.
    Wording(
        "P39",
        ("holds the position of",),
        "was holding the position of",
        (("position did", "hold"), ("position did", "")),
        "also held the position of",
    ),
    Wording("P108", ("works for", "worked for"), "was working for", (("employer did", "work for"),), "also worked for"),
    # Facts put an article before every party; questions and answers have the bare name.
    Wording(
        "P102",
        ("is a member of the",),
        "was a member of",
        (("political party did", "belong to"),),
        "was also a member of",
    ),
    Wording("P69", ("attended",), "attended", (("school was", "attending"), ("school did", "attend")), "also attended"),
    Wording("P54", ("plays for",), "was playing for", (("team did", "play for"),), "was also playing for"),
    Wording("P127", ("is owned by",), "was owned by", (), "was also owned by"),
    Wording("P488", ("is the chair of",), "was the chair of", (), "was also the chair of"),
    Wording("P6", ("is the head of",), "was the head of", (), "was also the head of"),
)

# The end of every question: one of seven phrases for "at the same time".
PHRASES = (
    "simultaneously",
    "concurrently",
    "at the same time",
    "during the same time span",
    "during the same time period",
    "during the identical time period",
    "within the same time interval",
)


TEMPLATE = Template(
    prompt="Answer the question based on the context:\n{facts}\nQuestion: {question} Only return the answer.\n",
    classify="The temporal relation between the event in question and the event in context is:",
    retrieve="I need to use the following facts to answer the question:",
    context="list",
)

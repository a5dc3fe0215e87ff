"""What makes no claim: questions, plans, talk about the task, suppositions.

All patterns are for a key: lower case, single blanks, marks for names. They match from the beginning, with possessive
repetitions, so time is linear.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from tracekd.statements.alternatives import any_of
from tracekd.statements.introductions import answer_part, answers_at_end
from tracekd.statements.kept import KEPT, Kept
from tracekd.statements.leads import without_leads
from tracekd.statements.names import BELOW_MARKS, MARKS
from tracekd.statements.retractions import after_retraction, begins_retraction, ends_supposition, retracts
from tracekd.statements.stretches import beginning, stretches
from tracekd.statements.tails import without_tail

Kind = Literal["claim", "question", "plan", "task", "supposition", "case", "retraction"]
WHY_NO_CLAIM: dict[Kind, str] = {
    "question": "it asks",
    "plan": "it says what to do next",
    "task": "it talks about the task",
    "supposition": "it supposes something",
    "case": "it supposes something",
    "retraction": "it takes something back",
}


class Talk(NamedTuple):
    """What a statement is. `body` is its key without the words that lead in; `ends`: it ends a supposition before it.

    `kind` is what it is if the grammar of the task cannot read it; `is_sure`: it is that in any case. `retracts`: it
    takes back the claim before it, and may make a new one. `marks`: how many names `body` has. `about_question`: it speaks of the
    question. `answer`: what it gives as the answer; empty if the answer follows, None if it gives none.
    """

    kind: Kind
    body: str
    is_sure: bool
    retracts: bool
    ends: bool
    marks: int = 0
    about_question: bool = False
    answer: str | None = None


# `What remains is NAME` asks nothing.
_WH = re.compile(
    r"(?:so |and |but |then )?(?:what(?! (?:remains|follows|results|is left|we (?:see|have|get|find) (?:here )?is)\b)|"
    r"where|who|whom|whose|how many|how much|how|why)\b(?!ever)"
)
_AUX = re.compile(r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)\b")
# A part of a question: `which | position did NAME hold ..`.
_NOUN_DID = re.compile(rf"(?:\w+ ){{1,2}}(?:did|does) (?=[{MARKS}])")
_CAN_NOW = "can (?:now )?" + any_of(
    "check|look|compare|use|try|start|begin|go|proceed|move|work|list|examine|identify|determine"
)
_WE_WILL = (
    "(?:i|we|you)(?:'ll|'d|'m|'re)? "
    + any_of("also |now |first |then |still |just |only |should |will |must |would |might ") + "*+"
    + any_of(
        "need|have to|should|must|will|want|going to|'ll",
        _CAN_NOW,
        "look|check|compare|proceed|examine|start|begin|go through|identify|focus|try|trace|go|shall",
    )
    + r"\b"
)  # fmt: skip
_PLAN = re.compile(
    any_of(
        "let me|let's|let us|lets",
        _WE_WILL,
        "to " + any_of("answer|determine|find|solve|figure|know|see|identify|decide|get|work|do|check|be able") + r"\b",
        any_of(
            "check|look|compare|try|go|identify|find|start|begin|determine|looking|checking|going|re-?read|reading",
            "trace|tracing|list|listing|examine|verify|review",
        ) + r"\b",
        "the " + any_of("next|first|last|second|final") + " (?:step|thing) (?:is|to)",
        "the " + any_of("goal|aim|key|idea|plan|task|job") + " is",
    )
)  # fmt: skip
_ABOUT_ANSWER = "answer " + any_of("should|must|could|might|needs|may|format|has to|given|requires")
_SOURCE_SAYS = (
    "(?:the |this )?" + any_of("context|text|passage|story|list|facts?") + " "
    + any_of(
        "provides?|lists?|contains?|gives?|has|have|includes?|mentions?",
        "does|doesn't|do|don't|is|are|says?|states?|shows?",
    )
)  # fmt: skip
_TASK = re.compile(
    r"\b"
    + any_of(
        "questions?|prompt|the user|the task|the problem|instructions?|asked|asks|asking|re-?read",
        r"confus\w*+|typo|unclear",
        _ABOUT_ANSWER,
        "not clear|only return|helpful assistant|relevant|irrelevant|information|as follows|following",
        "makes sense|double.?check|step by step|carefully|explanation",
        _SOURCE_SAYS,
    )
    + r"\b"
)
_SUPPOSES = re.compile(
    any_of(
        "if|unless|in case|had|were|should|what if|whether|even if",
        "assuming|supposing|provided that|when we assume",
    )
    + r"\b(?! i(?:'m| am) not| i (?:recall|read|remember)| (?:you|we|one|i) (?:go|walk|head|move|travel)\b)"
)
_CASE = re.compile(
    any_of(
        "suppose|assume",
        "let(?:'s| us| me) (?:just )?" + any_of("say|assume|suppose|imagine|pretend|picture"),
        "imagine|picture|hypothetically|say (?:that )?",
        "(?:first |second |third |another |other )?" + any_of("case|scenario|hypothesis|possibility|assumption")
        + r"\b(?: \w{1,5})? ?[:.]",
        "(?:i|we) (?:will |could |can |might |may )?" + any_of("assume|imagine|hypothesi[sz]e|pretend"),
    "(?:we|i (?:will|could|can|might|may)) suppose",
        "for the sake of argument|under (?:the|this) assumption",
    )
)  # fmt: skip
_MODAL = re.compile(
    r"\b"
    + any_of(
        "would|could|might|may|maybe|perhaps|possibly",
        "wonder|not sure|unsure|can't tell|cannot tell|should be",
    )
    + r"\b"
)
_STEPS = ("go ", "going ", "to get ", "to go ", "looking north", "looking south", "looking east", "looking west",
          "looking left", "looking right", "looking up", "looking down")  # fmt: skip
_MARK = re.compile(f"[{MARKS}]")
# What is quoted after such words is no claim: `Let me test the idea "NAME in the garden"`.
_ABOUT_QUESTION = re.compile(
    r"question| ask|\b(?:guess|idea|hypothesis|assumption|option|possibility|suppose|whether|what if|tempting|"
    r"(?:might|could|would|may) (?:think|say|believe|expect))\b"
)
_UNTIL_COLON = re.compile(r"[^:]{0,120}+:(?: (?=\S)|\Z)")
_LOOKING = re.compile(rf"(?:looking|going|checking|scanning|reading) [^,{MARKS}]{{0,80}}+, ?")


# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


class _Begins(NamedTuple):
    """What the words of a key before its first name say; the fields are those of `Talk`, or the names of the patterns."""

    retracts: bool
    ends: bool
    supposes_case: bool
    supposes: bool
    plans: bool
    asks_noun: bool
    asks: bool
    asks_if_quoted: bool


class _Topics(NamedTuple):
    """What a stretch of words speaks of."""

    task: bool
    modal: bool
    question: bool


class _Opening(NamedTuple):
    """What comes before the first name of a key. `leads`: the length of the words that lead in; `topics`: of the words after
    them; `is_plain`: nothing before the name makes it more or less than a claim, or an answer.
    """

    is_plain: bool
    ends: bool
    leads: int
    topics: _Topics
    about_question: bool


# There are few different ones, so equal ones are one object: garbage collection looks at each object that is kept.
_shared_begins = lru_cache(maxsize=2**10)(_Begins)
_shared_topics = lru_cache(maxsize=2**10)(_Topics)
_shared_opening = lru_cache(maxsize=2**10)(_Opening)


def _read_beginning(begin: str) -> _Begins:
    return _shared_begins(
        begins_retraction(begin),
        ends_supposition(begin),
        *[pattern.match(begin) is not None for pattern in (_CASE, _SUPPOSES, _PLAN, _NOUN_DID, _WH, _AUX)],
    )


def _read_topics(words: str) -> _Topics:
    return _shared_topics(*[pattern.search(words) is not None for pattern in (_TASK, _MODAL, _ABOUT_QUESTION)])


_BEGINS = Kept(_read_beginning)
_TOPICS = Kept(_read_topics)


def _read_opening(begin: str) -> _Opening:
    body = without_leads(begin)
    begins = _BEGINS[body]
    is_plain = answer_part(body) is None and True not in begins[2:-1] and not begins_retraction(begin)
    ends = ends_supposition(begin)
    return _shared_opening(is_plain, ends, len(begin) - len(body), _TOPICS[body], _TOPICS[begin].question)


_OPENINGS = Kept(_read_opening)


@lru_cache(maxsize=KEPT)
def read_talk(key: str, quoted: bool) -> Talk:
    """What the statement with this key is; see `Talk`."""
    parts = stretches(key)
    names = len(parts) // 2
    opening = _OPENINGS["".join(parts[:2])]
    if not names or quoted or not opening.is_plain or answers_at_end(key) or _asks(key):
        return read_any_talk(key, quoted)
    # Most statements: words that lead in, and a claim.
    said = list(map(_TOPICS.__getitem__, parts[2::2]))
    about_question = opening.about_question or True in [one.question for one in said]
    kind = _topic([opening.topics, *said])
    whole = key[opening.leads :]
    body = without_tail(whole)
    answer = None if body is whole else answer_part(body)
    return _new(Talk, (kind, body, False, False, opening.ends, names, about_question, answer))


def read_any_talk(key: str, quoted: bool) -> Talk:
    """`read_talk` of a statement of any kind."""
    kind, body, is_sure, takes_back, ends, *_ = _read_talk(key, quoted)
    body = without_tail(body)
    about_question = True in [_TOPICS[words].question for words in stretches(key)]
    return Talk(kind, body, is_sure, takes_back, ends, len(_MARK.findall(body)), about_question, answer_part(body))


def _read_talk(key: str, quoted: bool) -> Talk:
    asks = _asks(key)
    if key[:1] > BELOW_MARKS and not asks:
        return _of_name(key)
    begins = _BEGINS[beginning(key)]
    takes_back, ends = begins.retracts and retracts(key), begins.ends
    body = after_retraction(key) if takes_back else key
    if asks:
        return Talk("question", body, True, takes_back, ends)
    body = without_leads(body)
    if body is not key:
        begins = _BEGINS[beginning(body)]
    if begins.supposes_case:
        return Talk("case", body, True, takes_back, ends)
    if begins.supposes:
        # `If Mary is in the office:` opens a list of what would then be so.
        return Talk("case" if body.endswith(":") else "supposition", body, True, takes_back, ends)
    plans = begins.plans and not answer_part(body)
    if plans and (said := _after_plan(body)) is not None:
        body, plans = said, False
        begins = _BEGINS[beginning(body)]
    if begins.asks_noun:
        return Talk("question", body, True, takes_back, ends)
    if begins.asks or (quoted and begins.asks_if_quoted):
        # `What she fears is ..` says something.
        return Talk("question", body, quoted or not _MARK.search(body), takes_back, ends)
    if plans:
        # `Go south from the kitchen` may be a step of a way.
        is_sure = not (body.startswith(_STEPS) and _MARK.search(body))
        return Talk("plan", body, is_sure, takes_back, ends)
    if (part := answer_part(body)) and (announced := _announced(without_leads(part))):
        return Talk(announced, body, True, takes_back, ends)
    kind = _topic([_TOPICS[words] for words in stretches(body)])
    if kind != "claim":
        return Talk(kind, body, False, takes_back, ends)
    if takes_back and not body.strip(" .!,"):
        return Talk("retraction", body, True, True, ends)
    return Talk("retraction" if takes_back else "claim", body, False, takes_back, ends)


def _after_plan(body: str) -> str | None:
    """What a plan says after a colon, or after words like `looking at the list, `; None if it says no more."""
    lead = _UNTIL_COLON.match(body)
    if lead is None or lead.end() == len(body):
        lead = _LOOKING.match(body)
    return None if lead is None else without_leads(body[lead.end() :])


def _asks(key: str) -> bool:
    return key.rstrip("\"'*_”’) ").endswith("?")


def _topic(topics: Sequence[_Topics]) -> Kind:
    """What a statement is, by the words that it has anywhere."""
    if True in [one.task for one in topics]:
        return "task"
    return "supposition" if True in [one.modal for one in topics] else "claim"


def _of_name(body: str) -> Talk:
    """What a statement is that begins with a name, so no words lead in."""
    part = answer_part(body)
    announced = _announced(without_leads(part)) if part else None
    topic = _topic([_TOPICS[words] for words in stretches(body)])
    return Talk(announced or topic, body, announced is not None, False, False)


def _announced(part: str) -> Literal["plan", "question"] | None:
    """What follows `The answer is:` if it is no answer: `To find it, we need to ..`."""
    begins = _BEGINS[beginning(part)]
    if begins.asks:
        return "question"
    return "plan" if begins.plans and not part.startswith(_STEPS) else None

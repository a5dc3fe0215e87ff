"""Comparisons: who was born, died, or was made earlier, by the dates that paragraphs give; and years against years."""

import re
from typing import NamedTuple

from tracekd.statements.alternatives import any_of
from tracekd.statements.grounding import Said
from tracekd.statements.passages.claim import Claim
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.lives import EVENTS, Date, shown
from tracekd.statements.passages.naming import NAME_MARK
from tracekd.statements.passages.words import stem

_BRACKETS = re.compile(r" ?\([^()]{0,60}\)|, ?(?:who|which) was born in \d{4},")
_EARLIER = any_of("before|earlier than|prior to|first, before|sooner than")
_LATER = any_of("after|later than|more recently than")
_KIND = (
    any_of("the |a ")
    + "?"
    + any_of("film |movie |song |album |novel |director |actor |actress |band |author |writer ")
    + "?"
)
_ALSO = "(?:actually |clearly |indeed |also |therefore |first )?"
_AGES = re.compile(
    rf"(?:the )?{_KIND}?{NAME_MARK} (?:is|was) {_ALSO}(?P<age>older|younger) than {_KIND}?{NAME_MARK}[.!]?\Z"
)
_EVENTS = re.compile(
    rf"{_KIND}?{NAME_MARK} (?:was |were |is |had been )?{_ALSO}(?P<event>\w+)(?: out| up)? "
    rf"(?:\w+ years? |\w+ days? |\w+ months? |much |long )?(?:(?P<earlier>{_EARLIER})|(?P<later>{_LATER})) "
    rf"{_KIND}?{NAME_MARK}(?:'s \w+| was| did| died)?[.!]?\Z"
)
_YEARS = re.compile(
    rf"(?P<one>\d{{4}}) (?:is|was|comes|came|falls)(?: clearly| well| much| also)? "
    rf"(?:(?P<earlier>{_EARLIER}|less than|smaller than)|(?P<later>{_LATER}|greater than|more recent than|larger than)) "
    r"(?P<other>\d{4})[.!]?\Z"
)
_CAME = frozenset(("came", "come", "premiered", "debuted"))


class Compared(NamedTuple):
    """The outcome of a comparison: whether it is true, the sentences that give the two dates, and why."""

    is_true: bool
    places: tuple[int, ...]
    reason: str


def compare(said: Said, claim: Claim, known: Known) -> Compared | None:
    """Check a comparison of two dates; None if the statement is none, or the context does not decide it."""
    body = _BRACKETS.sub("", said.body)
    if years := _YEARS.match(body):
        one, other = int(years["one"]), int(years["other"])
        is_true = one < other if years["earlier"] else one > other
        return Compared(is_true, (), f"{one} is {'before' if one < other else 'not before'} {other}")
    ages, events = _AGES.match(body), _EVENTS.match(body)
    if len(claim.names) != 2 or not (ages or events) or not claim.is_sure or claim.is_negated:
        return None
    if ages:
        event, is_earlier = "born", ages["age"] == "older"
    else:
        assert events is not None, "one of the two matched"
        event, is_earlier = _event(events["event"]), events["earlier"] is not None
    return _compare(claim, known, event, is_earlier)


def _event(word: str) -> str:
    return "release" if word in _CAME else stem(word)


def _compare(claim: Claim, known: Known, event: str, is_earlier: bool) -> Compared | None:
    titles = [name.titles[0] if len(name.titles) == 1 else "" for name in claim.names]
    given = [known.lives.of_event(title, event) for title in titles]
    if event not in EVENTS or titles[0] == titles[1] or given[0] is None or given[1] is None:
        return None
    before = _is_before(given[0].date, given[1].date)
    years = {str(one.date[0]) for one in given if one}
    if before is None or any(token.kind == "year" and token.form not in years for token in claim.tokens):
        return None
    reason = f"{shown(given[0].date)} is {'before' if before else 'after'} {shown(given[1].date)}"
    return Compared(before == is_earlier, (given[0].place, given[1].place), reason)


def _is_before(one: Date, other: Date) -> bool | None:
    """Whether a date is before another one; None if what is known of them does not tell."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            return a < b
    return None

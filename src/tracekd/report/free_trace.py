"""A free trace as the page shows it: the text as it was written, each statement with its verdict and the facts that decide."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tracekd.problem import Problem
from tracekd.report.free_shown import FreeShown
from tracekd.report.visible import Bounded, bounded
from tracekd.statements.statement import Grounding
from tracekd.tasks.template import render_answer
from tracekd.verify.free_trace import FreeTrace, JudgedStatement
from tracekd.verify.verdict import Verdict

# What one example shows at most. A trace may have megabytes, and its context any number of facts.
MOST_STATEMENTS = 128
MOST_FACTS = 200
_FACTS_OF_STATEMENT = 8
_STATEMENTS_OF_FACT = 12
_FACT_CHARS = 600
_FACT_CHARS_AGAIN = 200
_NAME_CHARS = 120

# The grounding of a statement; of one that the grammar cannot read, `unread`, whether it claims something or not.
Kind = Literal[Grounding, "unread"]


class KindWords(NamedTuple):
    """A kind of statement for people: the sign before it, its name, and what it means."""

    kind: Kind
    sign: str
    name: str
    meaning: str


KINDS = (
    KindWords("quoted", "Q", "quoted", "a sentence of the context"),
    KindWords("restated", "R", "restated", "says in other words what the context says"),
    KindWords("derived", "D", "derived", "follows from the context by the rules of the task"),
    KindWords("contradicted", "\u2717", "contradicted", "false: the context, or what follows from it, says otherwise"),
    KindWords("unsupported", "!", "unsupported", "claims something that nothing in the context says"),
    KindWords("unread", "?", "not read", "the rules cannot read it: neither right nor false"),
    KindWords("no_claim", "\u2013", "no claim", "claims nothing: a question, a plan, talk about the task"),
)
_WORDS = {words.kind: words for words in KINDS}


class FactLink(NamedTuple):
    """A fact at a statement: its place in the list of facts, from 1, and its anchor; no anchor if the list lacks it."""

    number: int
    anchor: str
    text: Bounded


class StatementLink(NamedTuple):
    """A statement, by its number from 1; no anchor if it is not on the page."""

    number: int
    anchor: str


@dataclass(frozen=True)
class StatementView:
    """One statement. `before`: the text between the statement before it and this one. `text` is as it was written."""

    number: int
    anchor: str
    words: KindWords
    before: str
    text: str
    is_cut: bool
    reason: str
    facts: tuple[FactLink, ...]
    more_facts: int
    is_answer: bool
    is_claim: bool
    taken_back_by: StatementLink | None


@dataclass(frozen=True)
class FactView:
    """A fact of the context, and the statements that it decides."""

    number: int
    anchor: str
    id: str
    text: Bounded
    gold: bool
    statements: tuple[StatementLink, ...]
    more_statements: int


@dataclass(frozen=True)
class FreeView:
    """An example ready for the page. Texts are bounded, not escaped. `after`: the text after the last statement shown;
    `cut`: the characters that are not shown. `is_blank`: nothing was written, or only white space.
    """

    anchor: str
    heading: str
    origin: str
    question: Bounded
    gold_answer: Bounded
    facts: tuple[FactView, ...]
    more_facts: int
    statements: tuple[StatementView, ...]
    after: str
    cut: int
    is_blank: bool
    more_statements: int
    rest: Bounded | None
    judged: tuple[tuple[str, str], ...]
    reason: Bounded
    is_free: bool = True


def free_view(number: int, shown: FreeShown) -> FreeView:
    """An example for the page; `number` is its place on the page, from 1. Raises ValueError for another kind of verdict."""
    problem, verdict, free = shown.problem, shown.verdict, shown.verdict.free
    if free is None:
        raise ValueError("this verdict is not on a free trace")
    anchor = f"e{number}"
    written = shown.written.text
    kept = [one for one in free.statements[:MOST_STATEMENTS] if one.start < len(written)]
    places = {fact.id: place for place, fact in enumerate(problem.context)}
    gold = _gold(problem, verdict)
    listed = _listed(problem, kept, gold, places)
    statements = tuple(_statements(anchor, shown, kept, places, listed))
    end = min(len(written), kept[-1].end) if kept else 0
    after = written[end : free.statements[len(kept)].start] if len(kept) < len(free.statements) else written[end:]
    return FreeView(
        anchor=anchor,
        heading=bounded(f"Example {number}: {verdict.student}, {verdict.regime}", _NAME_CHARS).text,
        origin=_origin(verdict),
        question=bounded(problem.question),
        gold_answer=bounded(render_answer(problem.answer)),
        facts=tuple(_facts(anchor, problem, kept, gold, listed)),
        more_facts=len(problem.context) - len(listed),
        statements=statements,
        after=after,
        cut=shown.written.cut + len(written) - end - len(after),
        is_blank=not shown.written.cut and not written.strip(),
        more_statements=free.total - len(kept),
        rest=shown.rest,
        judged=tuple(_judged(verdict, free)),
        reason=bounded(verdict.reason),
    )


def _gold(problem: Problem, verdict: Verdict) -> frozenset[str]:
    """The ids of the gold facts by the kind of support that the verdict uses."""
    return frozenset(problem.support.get(verdict.support or "") or problem.trace.facts)


def _listed(
    problem: Problem, statements: Sequence[JudgedStatement], gold: frozenset[str], places: Mapping[str, int]
) -> tuple[int, ...]:
    """The places of the facts that the page lists, in order: first of all those that are gold or decide a statement."""
    used = {places[id_] for one in statements for id_ in one.facts if id_ in places}
    first = [place for place, fact in enumerate(problem.context) if place in used or fact.id in gold]
    taken = set(first)
    others = [place for place in range(len(problem.context)) if place not in taken]
    return tuple(sorted([*first, *others][:MOST_FACTS]))


def _statements(
    anchor: str, shown: FreeShown, kept: Sequence[JudgedStatement], places: Mapping[str, int], listed: Sequence[int]
) -> Iterator[StatementView]:
    written, at, are_listed = shown.written.text, 0, frozenset(listed)
    for number, one in enumerate(kept, start=1):
        found = [places[id_] for id_ in one.facts if id_ in places]
        by = one.taken_back_by
        yield StatementView(
            number=number,
            anchor=f"{anchor}-s{number}",
            words=_WORDS[one.grounding if one.is_read else "unread"],
            before=written[at : one.start],
            text=written[one.start : one.end],
            is_cut=one.end > len(written),
            reason=one.reason.rstrip("."),
            facts=tuple(_fact_links(anchor, shown.problem, found[:_FACTS_OF_STATEMENT], are_listed)),
            more_facts=max(0, len(found) - _FACTS_OF_STATEMENT),
            is_answer=one.is_answer,
            is_claim=one.grounding != "no_claim",
            taken_back_by=None if by is None else _statement_link(anchor, by, len(kept)),
        )
        at = one.end


def _fact_links(anchor: str, problem: Problem, found: Sequence[int], listed: frozenset[int]) -> Iterator[FactLink]:
    for place in found:
        text = bounded(problem.context[place].text, _FACT_CHARS_AGAIN)
        yield FactLink(place + 1, f"{anchor}-f{place + 1}" if place in listed else "", text)


def _statement_link(anchor: str, index: int, shown: int) -> StatementLink:
    return StatementLink(index + 1, f"{anchor}-s{index + 1}" if index < shown else "")


def _facts(
    anchor: str, problem: Problem, kept: Sequence[JudgedStatement], gold: frozenset[str], listed: Sequence[int]
) -> Iterator[FactView]:
    decides: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(kept):
        for id_ in dict.fromkeys(one.facts):
            decides[id_].append(index)
    for place in listed:
        fact = problem.context[place]
        found = decides.get(fact.id, [])
        yield FactView(
            number=place + 1,
            anchor=f"{anchor}-f{place + 1}",
            id=bounded(fact.id, _NAME_CHARS).text,
            text=bounded(fact.text, _FACT_CHARS),
            gold=fact.id in gold,
            statements=tuple(_statement_link(anchor, index, len(kept)) for index in found[:_STATEMENTS_OF_FACT]),
            more_statements=max(0, len(found) - _STATEMENTS_OF_FACT),
        )


def _origin(verdict: Verdict) -> str:
    ended = "; cut off by the length limit" if verdict.finish == "length" else ""
    sample = f", sample {verdict.sample}" if verdict.sample else ""
    name = bounded(verdict.id, _NAME_CHARS).text
    return f"problem {name}, class {verdict.label}, seed {verdict.seed}{sample}{ended}"


def _judged(verdict: Verdict, free: FreeTrace) -> Iterator[tuple[str, str]]:
    """What the output is worth, from the record of its verdict: names and values."""
    yield "Answer", _answer(verdict)
    yield "Claims that hold", f"{free.holding:,} of {free.claims:,}"
    yield "Steps that hold", f"{free.holding_steps:,} of {free.steps:,}"
    yield "False steps", f"{free.false_steps:,}"
    yield "First false statement", "none" if free.first_false is None else f"number {free.first_false + 1}"
    yield "Taken back", f"{free.taken_back:,}"
    yield "Not read", f"{free.unread:,} of {free.total:,} statements"
    yield "Answer follows from the statements that hold", _follows(free.answer_follows_from_holding)
    yield "Answer follows from the statements that the trace ends on", _follows(free.answer_follows_from_standing)


def _answer(verdict: Verdict) -> str:
    if verdict.answer:
        return "right"
    if verdict.lenient_answer:
        return "right, if it is read leniently"
    return "wrong" if verdict.answer_parsed else "there is none"


def _follows(follows: bool | None) -> str:
    return "no rule can tell" if follows is None else "yes" if follows else "no"

"""The sentences on interventions. Each is made from the numbers, and claims no more than they show."""

from collections.abc import Iterator, Sequence

from tracekd.interventions.measures import Measured, Reliance, RelianceDifference, RelianceSummary
from tracekd.report.content import Interventions
from tracekd.report.layout import StudentPart, association
from tracekd.report.numbers import percent, points, span
from tracekd.report.reliance import IMPLIED, Pair, pairs
from tracekd.report.wording import direction, quoted
from tracekd.stats.intervals import Estimate, Interval, Rate
from tracekd.stats.paired import Comparison
from tracekd.stats.summary import CellSummary

_HALF = 0.5


def why_none(interventions: Interventions) -> str:
    """Why there are no numbers, where there are none."""
    if not interventions.conditions:
        return "The study names no conditions, so nothing was tried."
    if interventions.failures:
        return "No student could be intervened on; the table below says why."
    return "No regime of this study teaches its students to write a trace, so there is none to change."


def in_short(part: StudentPart, interventions: Interventions) -> str:
    """What was given after facts that imply another answer, and which regimes differ in it."""
    said = [_relied_on(cell, reliance) for cell, reliance in pairs(part, interventions)]
    return " ".join([*said, *_differences(part.student, interventions.reliance)])


def needed(part: StudentPart, interventions: Interventions) -> list[str]:
    """The first disconnect: of right traces and right answers."""
    cells = [cell for cell, _ in pairs(part, interventions)]
    tried = {cell.regime for cell in cells}
    both = [(one.first, one.second) for one in part.of("trace") if {one.first, one.second} <= tried]
    said = (_pair(part, first, second) for first, second in both)
    return [*filter(None, map(_after_wrong_traces, cells)), *filter(None, said)]


def relied_on(part: StudentPart, interventions: Interventions) -> list[str]:
    """The second disconnect: of answers that the trace explains and answers that rest on it."""
    return [_explained(pair) for pair in pairs(part, interventions)]


def again(interventions: Interventions) -> str:
    """Whether forcing alone, with nothing changed, leaves answers as they were."""
    same, of = interventions.own_again, interventions.own_traces
    if same == of:
        return f"After its own trace, forced again, every student gave the answer that it had given ({of:,} of {of:,})."
    return (
        f"After its own trace, forced again, students gave the answer that they had given {same:,} times in {of:,}. In the "
        "others, they write something else between trace and answer than what was forced, or other tokens for the same text."
    )


def _relied_on(cell: CellSummary, reliance: Reliance) -> str:
    follows = _follows(reliance)
    if follows is None or follows.value is None:
        why = f" ({follows.reason})" if follows is not None and follows.reason else ""
        return f"Whether ‘{reliance.regime}’ relies on its trace could not be tried{why}."
    rates = f"traces were right in {_rate(cell.trace)}"
    if cell.consistent is not None:
        rates += f", answers followed from the facts cited in {_rate(cell.consistent)}"
    return (
        f"With {quoted(reliance.regime)}, {rates}; after facts that imply another answer, "
        f"that answer was given in {_rate(follows)}."
    )


def _after_wrong_traces(cell: CellSummary) -> str:
    """How often the answer was right though the trace was not."""
    trace = association(cell, "trace")
    wrong = trace.answer_right_given_step_wrong
    if wrong.value is None:
        return ""
    return f"With {quoted(cell.regime)}, of the outputs whose own trace was wrong, {_rate(wrong)} had the right answer."


def _pair(part: StudentPart, first: str, second: str) -> str:
    """Whether the regime with more right traces has more right answers, too; empty where traces do not differ."""
    found = {c.outcome: c for c in part.comparisons if (c.first, c.second) == (first, second)}
    side = direction(found["trace"].difference.interval)
    if side == "none" or "answer" not in found:
        return ""
    more, fewer = (first, second) if side == "above" else (second, first)
    begin = f"{quoted(more)} had more right traces than {quoted(fewer)}"
    answers = direction(found["answer"].difference.interval)
    numbers = _numbers(found["answer"], turned=side == "below")
    if answers == "none":
        return f"{begin}, and no difference in right answers was shown ({numbers})."
    if answers == side:
        return f"{begin}, and more right answers, too ({numbers})."
    return f"{begin}, and fewer right answers ({numbers}): right traces did not make for right answers here."


def _numbers(comparison: Comparison, *, turned: bool) -> str:
    value, interval = comparison.difference.value, comparison.difference.interval
    if turned:
        value, interval = -value, Interval(low=-interval.high, high=-interval.low, method=interval.method)
    return f"{points(value)} points, 95\u00a0% interval {span(interval, 'points')}"


def _explained(pair: Pair) -> str:
    """How often an answer follows from its trace as it is, and from one that is changed."""
    cell, reliance = pair
    follows, name = _follows(reliance), quoted(reliance.regime)
    if follows is None or follows.value is None or follows.interval is None:
        return f"With {name}, nothing can be said: no facts that imply another answer could be forced."
    if cell.consistent is None:
        return (
            f"With {name}, the answer implied by changed facts was given in {_rate(follows)}{_most(follows.interval)}."
        )
    begin = (
        f"With {name}, the answer followed from the facts that the student cited itself in {_rate(cell.consistent)}. When other "
        f"facts stood there, which imply another answer, it gave that one in {_rate(follows)}{_most(follows.interval)}"
    )
    gap = _gap(cell.consistent.interval, follows.interval)
    return f"{begin}. {gap}" if gap else f"{begin}."


def _most(interval: Interval) -> str:
    """What that says of most problems."""
    if interval.low > _HALF:
        return ", so that in most problems the answer is read off the trace"
    if interval.high < _HALF:
        return ", so that in most problems the answer is not read off the trace"
    return ", so that it cannot be told whether most answers are read off the trace"


def _gap(consistent: Interval, follows: Interval) -> str:
    """Intervals that do not meet differ for certain; of others nothing is said."""
    if consistent.low > follows.high:
        return "The trace accords with the answer more often than the answer rests on it."
    if follows.low > consistent.high:
        return "The answer follows a trace that is set before it more often than it accords with the student's own."
    return ""


def _differences(student: str, summary: RelianceSummary | None) -> Iterator[str]:
    for one in summary.differences if summary else ():
        if one.student == student:
            yield _difference(one)


def _difference(found: RelianceDifference) -> str:
    value, interval = found.follows.value, found.follows.interval
    if value is None or interval is None:
        return ""
    side, first, second = direction(interval), found.first, found.second
    if side == "below":
        first, second, value = second, first, -value
        interval = Interval(low=-interval.high, high=-interval.low, method=interval.method)
    numbers = f"{points(value)} points, 95\u00a0% interval {span(interval, 'points')}"
    if side == "none":
        return f"No difference in this was shown between {quoted(first)} and {quoted(second)} ({numbers})."
    return f"{quoted(first)} did so more often than {quoted(second)} ({numbers})."


def _follows(reliance: Reliance) -> Measured | None:
    under = reliance.under(IMPLIED)
    return under.follows if under else None


def _rate(found: Rate | Estimate | Measured) -> str:
    assert found.value is not None
    return percent(found.value) + (f" ({span(found.interval, 'percent')})" if found.interval else "")


def joined(parts: Sequence[StudentPart], said: Sequence[str]) -> str:
    """What is said of each student, its name before it where there are several."""
    return " ".join(f"{part.prefix}{text}" for part, text in zip(parts, said, strict=True) if text)

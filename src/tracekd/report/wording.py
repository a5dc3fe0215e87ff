"""The sentences of the report. Each is made from the numbers, and claims no more than they show."""

from collections.abc import Callable, Sequence
from typing import Literal

from tracekd.report.content import CellTimes, ReportContent
from tracekd.report.layout import StudentPart, asks_for_trace, association, by_student
from tracekd.report.numbers import number, percent, points, span
from tracekd.stats.association import Association
from tracekd.stats.intervals import Estimate, Interval, Rate
from tracekd.stats.paired import Comparison, Difference, Outcome
from tracekd.stats.summary import FEW_GROUPS, FEW_SEEDS, CellSummary, Summary

Direction = Literal["above", "below", "none"]

# Sums of floats in another order differ in the last bits; an end that is 0 but for those is 0.
_ROUNDING = 1e-9
NAMED_PAIRS = 4

NOT_RELIANCE = (
    "This is association, not reliance: only an intervention can tell whether a student uses its trace (section 6)."
)


def direction(interval: Interval) -> Direction:
    """On which side of 0 an interval lies; `none` where it includes 0, so that no difference was shown."""
    if interval.low > _ROUNDING:
        return "above"
    return "below" if interval.high < -_ROUNDING else "none"


def in_short(content: ReportContent) -> list[tuple[str, str]]:
    """The summary of the whole report: a heading and a few sentences each."""
    parts = by_student(content)
    said = [
        ("Answers", _joined(parts, lambda part: rates_sentence("answer", part.cells))),
        ("Traces", _joined(parts, lambda part: rates_sentence("trace", part.cells))),
        ("Answers compared", _joined(parts, lambda part: differences_sentence("answer", part.of("answer")))),
        ("Traces compared", _joined(parts, lambda part: differences_sentence("trace", part.of("trace")))),
        ("Trace and answer", f"{_joined(parts, lambda part: _associations(part.cells))} {NOT_RELIANCE}"),
        ("Bear in mind", " ".join(caveats(content))),
    ]
    return [(heading, text) for heading, text in said if text]


def rates_sentence(outcome: Outcome, cells: Sequence[CellSummary]) -> str:
    """How often answers, or whole traces, were right, regime by regime."""
    shown = [c for c in cells if outcome == "answer" or asks_for_trace(c.regime)]
    silent = [quoted(c.regime) for c in cells if c not in shown]
    sentences = []
    if shown:
        what = "right answers" if outcome == "answer" else "traces with both steps right"
        rates = [f"{_estimate(getattr(c, outcome))} with {quoted(c.regime)}" for c in shown]
        sentences.append(f"The share of {what} (95\u00a0% interval) was {listed(rates)}.")
    if silent:
        sentences.append(f"{listed(silent)} {'is' if len(silent) == 1 else 'are'} not asked for a trace.")
    return " ".join(sentences)


def differences_sentence(outcome: Outcome, comparisons: Sequence[Comparison]) -> str:
    """Which pairs of regimes differ. Traces are compared only where both regimes ask for one."""
    pairs = [c for c in comparisons if outcome == "answer" or both_ask_for_trace(c)]
    without = [c for c in pairs if direction(c.difference.interval) == "none"]
    many = len(without) > NAMED_PAIRS
    shown = [c for c in pairs if not (many and c in without)]
    sentences = [difference_sentence(outcome, c.first, c.second, c.difference) for c in shown]
    if many:
        which = "the other" if shown else "all"
        sentences.append(f"No difference was shown for {which} {len(without)} pairs of regimes (section 5).")
    return " ".join(sentences)


def difference_sentence(outcome: Outcome, first: str, second: str, difference: Difference) -> str:
    """Whether two regimes differ. `difference` is the rate of the first less that of the second."""
    side = direction(difference.interval)
    if side == "below":
        first, second = second, first
    numbers = difference_in_points(difference.value, difference.interval, turned=side == "below")
    if side == "none":
        return f"No difference in right {outcome}s was shown between {quoted(first)} and {quoted(second)} ({numbers})."
    return f"{quoted(first)} had more right {outcome}s than {quoted(second)} ({numbers})."


def difference_in_points(value: float, interval: Interval, *, turned: bool) -> str:
    """A difference with its interval; turned, that of the second less the first."""
    if turned:
        value, interval = -value, Interval(low=-interval.high, high=-interval.low, method=interval.method)
    return f"{points(value)} points, 95\u00a0% interval {span(interval, 'points')}"


def association_sentence(regime: str, found: Association) -> str:
    """Whether right traces and right answers go together, and how often one comes without the other."""
    return f"{_phi(regime, found.phi)}{_conditionals(found)}"


def caveats(content: ReportContent) -> list[str]:
    """What a reader must know before believing the numbers above."""
    said = [*size_caveats(content.summary), *training_warnings(content.times)]
    if content.interventions.failures:
        n = len(content.interventions.failures)
        said.append(
            f"Interventions on {counted(n, 'cell')} failed: what is relied on rests on the other seeds, or on none (section 6)."
        )
    if content.failures:
        are = "is" if len(content.failures) == 1 else "are"
        said.append(f"{counted(len(content.failures), 'cell')} failed and {are} missing from all numbers.")
    if any(direction(c.difference.interval) != "none" for c in content.summary.comparisons):
        said.append("Each interval holds by itself; the p values of section 5 are corrected for the number of tests.")
    return said


def size_caveats(summary: Summary) -> list[str]:
    """What few seeds, and few groups, mean."""
    said = []
    fewest, groups = min(len(cell.seeds) for cell in summary.cells), summary.cells[0].groups
    if fewest == 1:
        said.append("With one seed, the intervals say nothing about how much another training would have differed.")
    elif fewest < FEW_SEEDS:
        said.append(f"With {fewest} seeds, the intervals are likely to understate how much trainings differ.")
    if groups < FEW_GROUPS:
        said.append(
            f"The test problems come from only {counted(groups, 'group')}: the intervals are likely too narrow."
        )
    return said


def training_warnings(times: Sequence[CellTimes]) -> list[str]:
    """What did not go as the study planned it, though the cell was made."""
    said = []
    late = [cell for cell in times if cell.out_of_time]
    if late:
        names = listed([f"{quoted(cell.cell)} after {counted(cell.steps, 'step')}" for cell in late])
        said.append(
            f"The time budget ended the training of {counted(len(late), 'cell')} before all steps were done: {names}. "
            "A difference from another regime may come from that."
        )
    shortened = [cell for cell in times if cell.too_long]
    if shortened:
        counts = [f"{c.too_long:,} of {c.too_long + c.trained_on:,} in {quoted(c.cell)}" for c in shortened]
        said.append(f"Examples longer than the student's limit were left out of the training: {listed(counts)}.")
    return said


def both_ask_for_trace(comparison: Comparison) -> bool:
    """Whether a comparison of traces is one of like with like."""
    return asks_for_trace(comparison.first) and asks_for_trace(comparison.second)


def quoted(name: str) -> str:
    """A name in the middle of a sentence, where `correct` would read as an ordinary word."""
    return f"\u2018{name}\u2019"


def counted(count: int, noun: str) -> str:
    """`1 cell`, `2 groups`, `1,200 cells`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def _joined(parts: Sequence[StudentPart], say: Callable[[StudentPart], str]) -> str:
    return " ".join(f"{part.prefix}{said}" for part in parts if (said := say(part)))


def _associations(cells: Sequence[CellSummary]) -> str:
    shown = [cell for cell in cells if asks_for_trace(cell.regime)]
    return " ".join(association_sentence(cell.regime, association(cell, "trace")) for cell in shown)


def _phi(regime: str, phi: Estimate) -> str:
    name = quoted(regime)
    if phi.value is None:
        return f"With {name} the association could not be computed ({phi.reason})."
    if phi.interval is None:
        return f"With {name}, phi was {number(phi.value, 'number')} ({phi.reason}), so whether it differs from 0 was not shown."
    numbers = f"phi {number(phi.value, 'number')}, 95\u00a0% interval {span(phi.interval, 'number')}"
    said = {
        "above": f"With {name}, right traces went with right answers ({numbers}).",
        "below": f"With {name}, right traces went with wrong answers ({numbers}).",
        "none": f"With {name}, no association of trace and answer was shown ({numbers}).",
    }
    return said[direction(phi.interval)]


def _conditionals(found: Association) -> str:
    """The two readings of the table that are most often confused, where both can be computed."""
    right, wrong = found.answer_right_given_step_right, found.answer_right_given_step_wrong
    back = found.step_right_given_answer_right
    said = ""
    if right.value is not None and wrong.value is not None:
        said += (
            f" With a right trace the answer was right in {_estimate(right)}, with a wrong one in {_estimate(wrong)}."
        )
    elif wrong.value is not None:
        said += f" With a wrong trace the answer was right in {_estimate(wrong)}."
    if back.value is not None:
        said += f" Of the right answers, {_estimate(back)} came with a right trace."
    return said


def _estimate(found: Rate | Estimate) -> str:
    assert found.value is not None
    return percent(found.value) + (f" ({span(found.interval, 'percent')})" if found.interval else "")

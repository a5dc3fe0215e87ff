"""The sentences of the report. Each is made from the numbers, and claims no more than they show."""

from collections.abc import Callable, Sequence
from typing import Literal

from tracekd.report.content import CellTimes, ReportContent
from tracekd.report.layout import Outcome, StudentPart, asks_for_trace, association, by_student
from tracekd.report.numbers import number, p_value, percent, points, span
from tracekd.stats.association import StepAnswer
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Measure, Share
from tracekd.stats.inference import Test
from tracekd.stats.pairs import Pair
from tracekd.stats.pivot import ALPHA
from tracekd.stats.summary import FEW_GROUPS, Summary

Direction = Literal["above", "below", "none"]

NAMED_PAIRS = 4

NOT_RELIANCE = (
    "This is association, not reliance: only an intervention can tell whether a student uses its trace (section 6)."
)
# The same on a page without interventions.
NOT_RELIANCE_HERE = (
    "This is association, not reliance: only an intervention can tell whether a model uses its trace "
    "(the command tracekd intervene)."
)


ESTIMAND = (
    "Intervals and tests are about new stories and new seeds, with the same training problems and the same base model."
)


def shown_direction(difference: Measure, test: Test) -> Direction:
    """The side of 0 on which a difference was shown to be; `none` if its corrected test shows nothing."""
    if test.p_holm is None or test.p_holm >= ALPHA or not difference.value:
        return "none"
    return "above" if difference.value > 0 else "below"


def is_as_good(pair: Pair) -> bool:
    """Whether the two rates were shown to differ by less than the declared margin."""
    p = pair.equivalence.p_holm
    return p is not None and p < ALPHA


def in_short(content: ReportContent) -> list[tuple[str, str]]:
    """The summary of the whole report: headings, each with a few sentences."""
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
    """How often answers, or whole traces, were right under each regime."""
    shown = [c for c in cells if outcome == "answer" or asks_for_trace(c.regime)]
    silent = [quoted(c.regime) for c in cells if c not in shown]
    sentences = []
    if shown:
        what = "right answers" if outcome == "answer" else _right_traces(shown)
        rates = [f"{estimate(getattr(c, outcome))} with {quoted(c.regime)}" for c in shown]
        sentences.append(f"The share of {what} (95\u00a0% interval) was {listed(rates)}.")
    if silent:
        sentences.append(f"{listed(silent)} {'is' if len(silent) == 1 else 'are'} not asked for a trace.")
    return " ".join(sentences)


def _right_traces(cells: Sequence[CellSummary]) -> str:
    if all(cell.free is None for cell in cells):
        return "traces with both steps right"
    if all(cell.free is not None and cell.free.outputs == cell.n for cell in cells):
        return "traces whose steps all hold"
    return "right traces (both steps right; of a free trace, all steps hold)"


def differences_sentence(outcome: Outcome, comparisons: Sequence[Pair]) -> str:
    """Which pairs of regimes differ. Traces are compared only where both regimes ask for one."""
    pairs = [c for c in comparisons if outcome == "answer" or both_ask_for_trace(c)]
    without = [c for c in pairs if shown_direction(c.difference, c.test) == "none" and not is_as_good(c)]
    many = len(without) > NAMED_PAIRS
    shown = [c for c in pairs if not (many and c in without)]
    sentences = [difference_sentence(outcome, pair) for pair in shown]
    if many:
        which = "the other" if shown else "all"
        sentences.append(f"No difference was shown for {which} {len(without)} pairs of regimes (section 5).")
    return " ".join(sentences)


def difference_sentence(outcome: Outcome, pair: Pair) -> str:
    """Whether two regimes differ in an outcome, or are as good as each other, by their corrected tests."""
    first, second, side = pair.first, pair.second, shown_direction(pair.difference, pair.test)
    if pair.test.scope == "student":
        numbers = difference_in_points(pair.difference, turned=False)
        return (
            f"Between the two students of {quoted(first)} and {quoted(second)} the difference in right {outcome}s was {numbers}; "
            "with one seed, this says nothing about their regimes."
        )
    if side == "below":
        first, second = second, first
    numbers = difference_in_points(pair.difference, turned=side == "below")
    if side != "none":
        more = f"{quoted(first)} had more right {outcome}s than {quoted(second)} ({numbers}; p {p_value(pair.test.p_holm)})"
        return f"{more}, by less than the declared margin of {_margin(pair)}." if is_as_good(pair) else f"{more}."
    if is_as_good(pair):
        return (
            f"{quoted(first)} and {quoted(second)} were equivalent in right {outcome}s, within the declared margin of "
            f"{_margin(pair)} ({numbers})."
        )
    return f"No difference in right {outcome}s was shown between {quoted(first)} and {quoted(second)} ({numbers})."


def _margin(pair: Pair) -> str:
    return f"{100 * pair.equivalence.margin:g} points"


def difference_in_points(difference: Measure, *, turned: bool) -> str:
    """A difference with its interval. If `turned`, it is the second minus the first."""
    value, ci = difference.value or 0.0, difference.ci
    if turned:
        value, ci = -value, ci and (-ci[1], -ci[0])
    shown = f"{points(value)} points"
    return shown if ci is None else f"{shown}, 95\u00a0% interval {span(ci, 'points')}"


def association_sentence(regime: str, found: StepAnswer) -> str:
    """Whether right traces and right answers go together, and how often one comes without the other."""
    return f"{_phi(regime, found)}{_carried(found)}{_conditionals(found)}"


def caveats(content: ReportContent) -> list[str]:
    """What limits the numbers above."""
    said = [*size_caveats(content.summary), *training_warnings(content.times)]
    if content.interventions.failures:
        n = len(content.interventions.failures)
        said.append(
            f"Interventions on {counted(n, 'cell')} failed: reliance is known from other seeds, or not at all (section 6)."
        )
    if content.failures:
        are = "is" if len(content.failures) == 1 else "are"
        said.append(f"{counted(len(content.failures), 'cell')} failed and {are} missing from all numbers.")
    said.append(
        "Each interval holds separately; a difference is called shown only after correction for the number of tests."
    )
    return [ESTIMAND, content.declared, *said]


def size_caveats(summary: Summary) -> list[str]:
    """Limits because of few seeds or few groups."""
    said = []
    fewest, groups = min(len(cell.seeds) for cell in summary.cells), summary.cells[0].groups
    if fewest == 1:
        said.append(
            "With one seed, all numbers describe only these students: how much another training would differ is unknown."
        )
    if groups < FEW_GROUPS:
        said.append(f"The test problems come from only {counted(groups, 'group')}: the intervals are rough.")
    return said


def training_warnings(times: Sequence[CellTimes]) -> list[str]:
    """Deviations from the plan of the study in finished cells."""
    said = []
    late = [cell for cell in times if cell.out_of_time]
    if late:
        names = listed([f"{quoted(cell.cell)} after {counted(cell.steps, 'step')}" for cell in late])
        said.append(
            f"The time budget ended the training of {counted(len(late), 'cell')} before all steps were done: {names}. "
            "This may explain a difference from another regime."
        )
    shortened = [cell for cell in times if cell.too_long]
    if shortened:
        counts = [f"{c.too_long:,} of {c.too_long + c.trained_on:,} in {quoted(c.cell)}" for c in shortened]
        said.append(f"Examples longer than the student's limit were left out of the training: {listed(counts)}.")
    return said


def both_ask_for_trace(comparison: Pair) -> bool:
    """Whether both regimes ask for a trace, so that their traces can be compared."""
    return asks_for_trace(comparison.first) and asks_for_trace(comparison.second)


def quoted(name: str) -> str:
    """A name in quotes: in a sentence, `correct` would look like an ordinary word."""
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


def _phi(regime: str, found: StepAnswer) -> str:
    name, phi = quoted(regime), found.phi
    whose = f"With the only student of {name}" if found.test.scope == "student" else f"With {name}"
    if phi.value is None:
        return f"With {name} the association could not be computed ({phi.reason})."
    if phi.ci is None:
        return f"With {name}, phi was {number(phi.value, 'number')} ({phi.reason}), so no difference from 0 was shown."
    numbers = f"phi {number(phi.value, 'number')}, 95\u00a0% interval {span(phi.ci, 'number')}"
    said = {
        "above": f"{whose}, right traces went with right answers ({numbers}).",
        "below": f"{whose}, right traces went with wrong answers ({numbers}).",
        "none": f"{whose}, no association of trace and answer was shown ({numbers}).",
    }
    return said[shown_direction(phi, found.test)]


def _carried(found: StepAnswer) -> str:
    """The class of question that an association comes from, if it comes from a single class."""
    carried = found.carried_by
    if carried is None or shown_direction(found.phi, found.test) == "none":
        return ""
    phi = carried.phi
    if phi.value is None:
        return f" It comes only from the questions of {quoted(carried.label)}: in the other classes {phi.reason}."
    interval = "" if phi.ci is None else f", 95\u00a0% interval {span(phi.ci, 'number')}"
    rest = f"phi {number(phi.value, 'number')}{interval}"
    return f" It comes from the questions of {quoted(carried.label)}: without them, no association is shown ({rest})."


def _conditionals(found: StepAnswer) -> str:
    """The two conditional shares, which are often confused, as far as they can be computed."""
    given = found.conditional
    right, wrong = given["answer_right_given_step_right"], given["answer_right_given_step_wrong"]
    back = given["step_right_given_answer_right"]
    said = ""
    if right.value is not None and wrong.value is not None:
        said += f" With a right trace the answer was right in {estimate(right)}, with a wrong one in {estimate(wrong)}."
    elif wrong.value is not None:
        said += f" With a wrong trace the answer was right in {estimate(wrong)}."
    if back.value is not None:
        said += f" Of the right answers, {estimate(back)} came with a right trace."
    return said


def estimate(found: Share | Measure) -> str:
    """A share with its interval, in words."""
    assert found.value is not None
    return percent(found.value) + (f" ({span(found.ci, 'percent')})" if found.ci else "")

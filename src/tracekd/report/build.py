"""The report as one HTML file that opens offline: it has no script and loads nothing."""

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from tracekd.report import comparing, examples, free_tables, reliance, reliance_wording, tables, wording
from tracekd.report.content import ReportContent, Shown
from tracekd.report.figures import Bar, Group, Mosaic, Series, bar_of, intervals, mosaic
from tracekd.report.free_shown import FreeShown
from tracekd.report.free_trace import KINDS, FreeView, free_view
from tracekd.report.layout import Outcome, Step, StudentPart, asks_for_trace, association, by_student, teaches_gold
from tracekd.report.numbers import number, percent, points, span
from tracekd.report.page import environment
from tracekd.report.tables import Table
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Measure
from tracekd.stats.pairs import Pair
from tracekd.transcript.transcript import Transcript

_OUTCOMES: tuple[Outcome, ...] = ("answer", "trace")
_STEPS: tuple[Step, ...] = ("class", "retrieval")


def render_report(content: ReportContent) -> str:
    """The report as HTML text: the same content gives the same bytes.

    All strings of the content are escaped. Strings from a model or a data set are bounded, and invisible characters are
    replaced by visible signs. Raises ValueError if the summary has no cell.
    """
    if not content.summary.cells:
        raise ValueError("a report needs at least one finished cell")
    parts = by_student(content)
    template = environment().get_template("report.html.j2")
    return template.render(
        content=content,
        in_short=_in_short(content, parts),
        not_reliance=wording.NOT_RELIANCE,
        estimand=wording.ESTIMAND,
        warnings=wording.training_warnings(content.times),
        runs=[_runs(part) for part in parts],
        rates_figure=rates_figure(parts),
        mosaics=[_mosaics(i, part) for i, part in enumerate(parts)],
        difference_figures=[figure for outcome in _OUTCOMES if (figure := _difference_figure(parts, outcome))],
        tables=_tables(content),
        rates=[tables.rates(part) for part in parts],
        by_class=[tables.by_class(part) for part in parts],
        trace_and_answer=_association_tables(parts, "trace"),
        steps=[(comparing.STEPS[s], _association_tables(parts, s)) for s in _STEPS],
        differences=_comparison_tables(parts),
        reliance=_reliance(content, parts),
        other_answers=[name for name in content.regimes if not teaches_gold(name)],
        not_asked=sorted({cell.regime for cell in content.summary.cells if not asks_for_trace(cell.regime)}),
        free=_free(parts),
        examples=[_example(i, shown) for i, shown in enumerate(content.examples, start=1)],
    )


def _free(parts: Sequence[StudentPart]) -> dict[str, object] | None:
    """What sections 3 and 7 say about free traces; None if no trace was judged as one."""
    found = [free for part in parts if (free := free_tables.with_free(part)) is not None]
    if not found:
        return None
    return {
        "right": free_tables.RIGHT,
        "in_short": list(free_tables.sentences(found)),
        "rates": [free_tables.free_rates(part) for part in found],
        "steps": [free_tables.steps_and_answer(part) for part in found],
        "kinds": KINDS,
    }


def _example(number: int, shown: Shown) -> examples.ExampleView | FreeView:
    """An example in the layout of its kind of trace."""
    if shown.verdict.free is None:
        return examples.view(number, shown)
    transcript = Transcript.of(shown.output.text, finish=shown.output.finish)
    return free_view(number, FreeShown.of(shown.problem, transcript, shown.verdict))


def _in_short(content: ReportContent, parts: Sequence[StudentPart]) -> list[tuple[str, str]]:
    *said, bear_in_mind = wording.in_short(content)
    found = [reliance_wording.in_short(part, content.interventions) for part in parts]
    text = reliance_wording.joined(parts, found) or reliance_wording.why_none(content)
    return [*said, ("Right, consistent, relied on", text), bear_in_mind]


def _reliance(content: ReportContent, parts: Sequence[StudentPart]) -> dict[str, object]:
    """The content of section 6."""
    found = content.interventions
    shown = [part for part in parts if reliance.pairs(part, found)]
    return {
        "why_none": "" if shown else reliance_wording.why_none(content),
        "figure": reliance.side_by_side_figure(shown, found),
        "needed": [f"{part.prefix}{text}" for part in shown for text in reliance_wording.needed(part, found)],
        "relied_on": [f"{part.prefix}{text}" for part in shown for text in reliance_wording.relied_on(part, found)],
        "again": reliance_wording.again(found) if found.own_traces else "",
        "side_by_side": [reliance.side_by_side(part, found) for part in shown],
        "every": [table for part in shown for table in reliance.every_intervention(part, found)],
        "by_step": [reliance.by_step(part, found) for part in shown],
        "by_class": [table for part in shown if (table := reliance.by_class(part, found))],
        "published": [table for part in shown if (table := reliance.published(part, found))],
        "failures": tables.failures(found.failures) if found.failures else None,
    }


def _runs(part: StudentPart) -> str:
    """A student's regimes and seeds."""
    shown = [tables.column(cell) for cell in part.cells]
    first = part.cells[0]
    asked = f"each answered {wording.counted(first.problems, 'problem')} of {wording.counted(first.groups, 'group')}"
    return f"{part.student}: {wording.listed(shown)}; {asked}"


def _tables(content: ReportContent) -> dict[str, Table]:
    """The tables of sections 2 and 8."""
    return {
        "regimes": tables.named("Regimes: the trace that a student is taught", "Regime", "in words", content.regimes),
        "problems": tables.problems(content),
        "left_out": tables.left_out(content.left_out),
        "failures": tables.failures(content.failures),
        "times": tables.times(content.times),
        "versions": tables.named("Versions", "Name", "version", content.versions),
        "hashes": tables.named("Hashes", "Name", "hash", content.hashes),
    }


def _association_tables(parts: Sequence[StudentPart], step: Step) -> list[tuple[Table, Table]]:
    return [(comparing.table_of(part, step), comparing.seeds_of(part, step)) for part in parts]


def _comparison_tables(parts: Sequence[StudentPart]) -> list[tuple[Table, Table]]:
    """For each outcome and student: the differences with their tests, and the counts of each seed."""
    return [
        (comparing.differences(part, outcome), comparing.pairs_by_seed(part, outcome))
        for outcome in _OUTCOMES
        for part in parts
        if part.of(outcome)
    ]


def rates_figure(parts: Sequence[StudentPart]) -> Markup:
    """Answers and traces by regime: a point with its interval, and the values of the seeds."""
    groups = [
        Group(f"{part.prefix}{cell.regime}", (_rate_bar("answer", cell), _rate_bar("trace", cell)))
        for part in parts
        for cell in part.cells
    ]
    said = "; ".join(f"{g.label}: " + ", ".join(f"{bar.series} {bar.text}" for bar in g.bars) for g in groups)
    title = f"Right answers and right traces by regime, with 95 % intervals. {said}."
    return intervals("rates", title, groups, limits=(0, 1), label="right, % of outputs")


def _rate_bar(series: Series, cell: CellSummary) -> Bar:
    rate = cell.answer if series == "answer" else cell.trace
    asked = series == "answer" or asks_for_trace(cell.regime)
    return bar_of(series, rate, percent(rate.value or 0.0) if asked else "not asked for", hollow=not asked)


def _limit(groups: Sequence[Group]) -> float:
    """The end of the axis of differences, on both sides of 0."""
    ends = [abs(end) for group in groups for bar in group.bars for end in (bar.low, bar.high, *bar.seeds)]
    return min(1.0, math.ceil(10 * max(0.05, *ends)) / 10)


def _difference_figure(parts: Sequence[StudentPart], outcome: Outcome) -> Markup | None:
    groups = [
        Group(f"{part.prefix}{c.first} \u2212 {c.second}", (_difference_bar(c),))
        for part in parts
        for c in part.of(outcome)
        if outcome == "answer" or wording.both_ask_for_trace(c)
    ]
    if not groups:
        return None
    limit = _limit(groups)
    said = "; ".join(f"{group.label}: {bar.text} points" for group in groups for bar in group.bars)
    title = f"Differences of right {outcome}s between regimes, with 95 % intervals. {said}."
    label = f"difference of right {outcome}s, percentage points"
    return intervals(f"differences-{outcome}", title, groups, limits=(-limit, limit), label=label)


def _difference_bar(pair: Pair) -> Bar:
    series: Series = "answer" if pair.outcome == "answer" else "trace"
    return bar_of(series, pair.difference, points(pair.difference.value or 0.0))


def _mosaics(at: int, part: StudentPart) -> list[tuple[str, bool, str, Markup]]:
    """For each regime: its name, whether it asks for a trace, phi in words, and the figure."""
    found = []
    for i, cell in enumerate(part.cells):
        trace = association(cell, "trace")
        counts = comparing.mosaic_counts(trace)
        title = f"{part.prefix}{cell.regime}. {_in_words(counts)}, all seeds together."
        asked = asks_for_trace(cell.regime)
        phi = _phi(trace.phi)
        found.append((f"{part.prefix}{cell.regime}", asked, phi, mosaic(f"mosaic-{at}-{i}", title, counts)))
    return found


def _in_words(counts: Mosaic) -> str:
    said: Iterable[tuple[str, int]] = (
        ("Trace and answer right", counts.right_right),
        ("trace only", counts.right_wrong),
        ("answer only", counts.wrong_right),
        ("neither", counts.wrong_wrong),
    )
    return ", ".join(f"{words}: {count:,}" for words, count in said)


def _phi(phi: Measure) -> str:
    if phi.value is None:
        return f"Phi is undefined: {phi.reason}."
    if phi.ci is None:
        return f"Phi {number(phi.value, 'number')}; {phi.reason}."
    return f"Phi {number(phi.value, 'number')} ({span(phi.ci, 'number')})."

"""Section 6 of the report, its figure and tables: right, consistent, relied on; then every intervention."""

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from tracekd.interventions.measures import IMPLIED, Reliance, UnderCondition
from tracekd.interventions.published_measures import SUMMARIES
from tracekd.report.content import Interventions
from tracekd.report.figures import Bar, Group, Series, bar_of, intervals
from tracekd.report.layout import StudentPart
from tracekd.report.numbers import Number, of, percent
from tracekd.report.tables import Row, Table, column
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Measure, Share

# A regime of a student: its own outputs, and its reliance.
Pair = tuple[CellSummary, Reliance]

_FACTS = ("wrong_facts(all)", "wrong_facts(one)")
_ON_STORY = "the same, if all these facts are in the story"
_ALTERED = "the same, if a fact was altered: the story does not contain it, and a student may notice that"

# Shown if a study tries them: its own trace is forced, and a part is hidden.
_HIDING = (
    (
        "Sufficient: answer right without the story",
        "trace_only",
        "accuracy",
        "after its own trace and a prompt without the story",
    ),
    ("Answer changed without the story", "trace_only", "flips", "the same; 0: the trace is sufficient for the answer"),
    ("Answer changed, story hidden from it", "blocked(story)", "flips", "the answer cannot attend to the story"),
    (
        "Answer changed, trace hidden from it",
        "blocked(trace)",
        "flips",
        "the answer cannot attend to the student's own trace",
    ),
)


def pairs(part: StudentPart, interventions: Interventions) -> list[Pair]:
    """The regimes of a student with interventions, in the order of the study."""
    cells = interventions.reliance.cells if interventions.reliance else ()
    found = {(reliance.student, reliance.regime): reliance for reliance in cells}
    return [(cell, found[key]) for cell in part.cells if (key := (cell.model, cell.regime)) in found]


def side_by_side_figure(parts: Sequence[StudentPart], interventions: Interventions) -> Markup | None:
    """Answer right, trace right, consistent and relied on, for each regime; None without interventions."""
    groups = [
        Group(f"{part.prefix}{cell.regime}", tuple(_bars(cell, reliance)))
        for part in parts
        for cell, reliance in pairs(part, interventions)
    ]
    if not groups:
        return None
    said = "; ".join(
        f"{group.label}: " + ", ".join(f"{bar.series} {bar.text}" for bar in group.bars) for group in groups
    )
    title = f"Answers right, traces right, consistent and relied on by regime, with 95 % intervals. {said}."
    return intervals("reliance", title, groups, limits=(0, 1), label="% of outputs")


def _bars(cell: CellSummary, reliance: Reliance) -> Iterator[Bar]:
    """An undefined value has no bar; the table gives the reason."""
    implied = reliance.under(IMPLIED)
    found: tuple[tuple[Series, Share | Measure | None], ...] = (
        ("answer", cell.answer),
        ("trace", cell.trace),
        ("consistent", cell.consistent),
        ("relied on", implied.follows if implied else None),
    )
    for series, rate in found:
        if rate is not None and rate.value is not None and rate.ci is not None:
            yield bar_of(series, rate, percent(rate.value))


def side_by_side(part: StudentPart, interventions: Interventions) -> Table:
    """The three questions, and the share of right answers without a trace and with wrong facts."""
    found = pairs(part, interventions)
    rows = [
        Row("Answer right", tuple(of(cell.answer) for cell, _ in found), "in the student's own outputs"),
        Row("Right", tuple(of(cell.trace) for cell, _ in found), "both steps of its own trace are right"),
        Row(
            "Consistent",
            tuple(of(cell.consistent) for cell, _ in found),
            "its answer follows from the facts that it cites",
        ),
    ]
    rows += [Row(name, tuple(_under(pair, tried, measure) for pair in found), remark) for name, tried, measure, remark in (
        ("Relied on", (IMPLIED,), "follows", "after facts that imply another answer, it gives this other answer"),
        ("Relied on, from right", (IMPLIED,), "follows_from_right", "the same, if its own answer is right"),
        ("Relied on, facts of the story", (IMPLIED,), "follows_story", _ON_STORY),
        ("Relied on, altered facts", (IMPLIED,), "follows_altered", _ALTERED),
        ("Answer right without a trace", ("none", "truncated(0)"), "accuracy", "after the empty trace"),
        ("Answer right after wrong facts", _FACTS, "accuracy", "after facts of the same context that are not gold"),
    )]  # fmt: skip
    rows += [
        Row(name, tuple(_under(pair, (condition,), measure) for pair in found), remark)
        for name, condition, measure, remark in _HIDING
        if any(reliance.under(condition) for _, reliance in found)
    ]
    columns = tuple(column(cell) for cell, _ in found)
    return Table(
        f"{part.prefix}Right, consistent, relied on, with 95\u00a0% intervals", "Measure", columns, tuple(rows)
    )


def every_intervention(part: StudentPart, interventions: Interventions) -> list[Table]:
    """One table for each regime: its answers under each condition."""
    return [_conditions(part, reliance, interventions.conditions) for _, reliance in pairs(part, interventions)]


def _conditions(part: StudentPart, reliance: Reliance, in_words: Mapping[str, str]) -> Table:
    rows = tuple(
        Row(
            under.condition,
            (
                _tried(under),
                of(under.accuracy, "percent"),
                of(under.flips, "percent", _of(under.flips, under)),
                of(under.follows, "percent") if under.follows.n else Number("\u2013"),
                of(under.log_odds_change, "number", _of(under.log_odds_change, under)),
            ),
            in_words.get(under.condition, ""),
        )
        for under in reliance.conditions
    )
    columns = ("tried", "answer right", "answer changed", "implied answer", "log-odds of gold, change in nats")
    caption = f"{part.prefix}{_column(reliance)}: answers after each trace, with 95\u00a0% intervals"
    return Table(caption, "Trace that was forced", columns, rows)


def by_step(part: StudentPart, interventions: Interventions) -> Table:
    """The effect of each step, and when answers are decided."""
    found = [reliance for _, reliance in pairs(part, interventions)]
    rows = [Row(
        "Area over the early-answering curve", tuple(of(r.early_area, "number") for r in found),
        "0: the answer is decided before the first step; near 1: only at the last step (Lanham et al. 2023)",
    )]  # fmt: skip
    if all(reliance.steps for reliance in found):
        rows += [
            Row(name, tuple(of(getattr(r.steps, step), "points") for r in found), remark)
            for name, step, remark in (
                (
                    "Effect of the class step",
                    "class_step",
                    "right answers with a right class, minus with a wrong class, in points",
                ),
                ("Effect of the facts", "facts_step", "the same for the facts"),
                ("Interaction", "interaction", "how much larger the effect of the class is if the facts are right"),
            )
        ]
    caption = f"{part.prefix}Effects by step on right answers, with 95\u00a0% intervals"
    return Table(caption, "Measure", tuple(map(_column, found)), tuple(rows))


def published(part: StudentPart, interventions: Interventions) -> Table | None:
    """Measures of the literature; None if the conditions of none of them were tried."""
    found = [reliance for _, reliance in pairs(part, interventions)]
    rows = tuple(
        Row(
            one.name,
            tuple(of(reliance.published.get(one.name), "number") for reliance in found),
            f"{one.summary} ({one.citation})",
        )
        for one in SUMMARIES
        if any(one.name in reliance.published for reliance in found)
    )
    caption = f"{part.prefix}Measures of the literature, with 95\u00a0% intervals"
    return Table(caption, "Measure", tuple(map(_column, found)), rows) if rows else None


def by_class(part: StudentPart, interventions: Interventions) -> Table | None:
    """How often the implied answer is given, by class of the question; None if no trace implies one."""
    found = [reliance for _, reliance in pairs(part, interventions)]
    if not any(label.follows.n for reliance in found for label in reliance.by_label):
        return None
    rows = tuple(
        Row(
            first.label,
            tuple(of(r.by_label[i].follows, "percent") for r in found),
            f"{first.problems:,} problems",
        )
        for i, first in enumerate(found[0].by_label)
    )
    caption = f"{part.prefix}Relied on (the implied answer is given), by class of the question"
    return Table(caption, "Class", tuple(map(_column, found)), rows)


def _under(pair: Pair, names: Sequence[str], measure: str) -> Number:
    """A measure under the first of these conditions that was tried; its seeds are named if the cell has other seeds too."""
    cell, reliance = pair
    under = next((found for name in names if (found := reliance.under(name))), None)
    if under is None:
        return Number("\u2013", note="not among the conditions")
    seeds = "" if cell.seeds == reliance.seeds else f"of {_seeds(reliance)} alone"
    return of(getattr(under, measure), note="; ".join(filter(None, (seeds, _tried(under).note))))


def _tried(under: UnderCondition) -> Number:
    note = "; ".join(f"{count:,} not tried: {reason}" for reason, count in under.unsupported.items())
    return Number(f"{_supported(under):,}", note=note)


def _of(measured: Measure, under: UnderCondition) -> str:
    """The number of outputs behind a value, if not all tried outputs count."""
    return "" if measured.n in (0, _supported(under)) else f"of {measured.n:,}"


def _supported(under: UnderCondition) -> int:
    return under.n - sum(under.unsupported.values())


def _column(reliance: Reliance) -> str:
    return f"{reliance.regime} ({_seeds(reliance)})"


def _seeds(reliance: Reliance) -> str:
    return f"{'seed' if len(reliance.seeds) == 1 else 'seeds'} {', '.join(map(str, reliance.seeds))}"

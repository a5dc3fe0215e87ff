"""The tables of the report: what was run, and the rates. A table is rows of numbers; one template draws all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracekd.report.content import CellTimes, ReportContent
from tracekd.report.layout import StudentPart, asks_for_trace
from tracekd.report.numbers import Number, count, duration, memory, of
from tracekd.report.visible import bounded
from tracekd.stats.cell_summary import CellSummary

MESSAGE_CHARS = 500
NOT_ASKED = "not asked for"


@dataclass(frozen=True)
class Row:
    """A row: its header, a remark under the header, and a number for each column."""

    header: str
    numbers: tuple[Number, ...]
    remark: str = ""


@dataclass(frozen=True)
class Table:
    """A table. `corner` is the header of the column of row headers; `spans` are headers over several columns each."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    spans: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class _Measure:
    """One row of the table of rates. `about_trace`: not meaningful for a student that is not asked for a trace."""

    name: str
    meaning: str
    about_trace: bool
    of: Callable[[CellSummary], Number]


_MEASURES = (
    _Measure("Answer right", "in the form that the question asks for; the main result", False, lambda c: of(c.answer)),
    _Measure(
        "Answer right, read leniently", "also accepted: a list, quotes, an article, a box, an introduction", False,
        lambda c: of(c.lenient_answer),
    ),
    _Measure("Class step right", "the trace names the gold class of the question", True, lambda c: of(c.class_)),
    _Measure(
        "Retrieval step right", "the trace cites all gold facts and no others", True,
        lambda c: of(c.retrieval_step),
    ),
    _Measure("Whole trace right", "both steps right", True, lambda c: of(c.trace)),
    _Measure(
        "Answer follows from the cited facts", "consistent, whether the facts are right or wrong; only if a rule can tell", True,
        lambda c: of(c.consistent, note=f"{c.consistent.n:,} of {c.n:,} outputs judged"),
    ),
    _Measure("Class step unparsed", "outputs; they count as wrong", True, lambda c: count(c.unparsed.class_, c.n)),
    _Measure("Retrieval step unparsed", "outputs; they count as wrong", True, lambda c: count(c.unparsed.retrieval, c.n)),
    _Measure("Answer unparsed", "outputs; they count as wrong", False, lambda c: count(c.unparsed.answer, c.n)),
    _Measure("Cut off", "outputs stopped by the length limit", False, lambda c: count(c.cut_off, c.n)),
    _Measure("Precision of cited facts", "share of the cited facts that are gold", True, lambda c: of(c.citing.precision)),
    _Measure("Recall of cited facts", "share of the gold facts that are cited", True, lambda c: of(c.citing.recall)),
    _Measure("F1 of cited facts", "both in one number", True, lambda c: of(c.citing.f1)),
    _Measure(
        "Invented facts per output", "cited, but not in the context", True, lambda c: of(c.citing.invented_facts, "number")
    ),
)  # fmt: skip

_ANSWER_F1 = _Measure(
    "Token F1 of the answer", "words in common with the best reference; for free text", False, lambda c: of(c.answer_f1)
)  # fmt: skip

# What the same names mean where traces are free.
_OF_FREE = {
    "Class step right": "the statements say the gold class, in any words",
    "Retrieval step right": "the steps that hold rest on all gold facts and no others",
    "Whole trace right": "it has a step, and every step holds",
    "Answer follows from the cited facts": "from the statements that the trace ends on",
    "Class step unparsed": "the statements say no class",
    "Retrieval step unparsed": "no step that holds rests on a fact",
    "Precision of cited facts": "of the facts on which the steps rest that hold",
    "Recall of cited facts": "by the steps that hold",
    "F1 of cited facts": "of the facts on which the steps rest that hold",
    "Invented facts per output": "steps that were read and have no ground in the context",
}

_STATUS = {
    "ok": "read",
    "no_trace": "no trace",
    "unclosed": "not closed",
    "truncated": "cut off before its end",
    "hidden": "hidden by the provider",
}


def rates(part: StudentPart) -> Table:
    """Every rate of every regime."""
    measures = _MEASURES if part.cells[0].answer_f1 is None else (_MEASURES[0], _ANSWER_F1, *_MEASURES[1:])
    any_free = any(cell.free is not None for cell in part.cells)
    rows = [Row(m.name, tuple(_measured(m, c) for c in part.cells), _meaning(m, any_free)) for m in measures]
    found = tuple(Number(", ".join(_statuses(c)), note=_unless_asked(c)) for c in part.cells)
    rows.append(Row("Form of the trace", found, "outputs, all seeds together"))
    return Table(
        caption=f"{part.prefix}Rates by regime, over all outputs of all seeds, each with its 95\u00a0% interval",
        corner="Measure",
        columns=tuple(column(cell) for cell in part.cells),
        rows=tuple(rows),
    )


def by_class(part: StudentPart) -> Table:
    """Answer and trace by gold class."""
    regimes = [cell.regime for cell in part.cells]
    columns = tuple(name for cell in part.cells for name in ("answer", _trace_column(cell)))
    rows = []
    for i, first in enumerate(part.cells[0].by_label):
        found = [number for c in part.cells for number in (of(c.by_label[i].answer), of(c.by_label[i].trace))]
        rows.append(Row(first.label, tuple(found), f"{first.problems:,} problems"))
    return Table(
        caption=f"{part.prefix}Right answers and right traces by class of the question",
        corner="Class",
        columns=columns,
        rows=tuple(rows),
        spans=tuple((regime, 2) for regime in regimes),
    )


def column(cell: CellSummary) -> str:
    """The header of a regime's column."""
    asked = "" if asks_for_trace(cell.regime) else "; no trace is asked for"
    return f"{cell.regime} ({'seed' if len(cell.seeds) == 1 else 'seeds'} {', '.join(map(str, cell.seeds))}{asked})"


def problems(content: ReportContent) -> Table:
    """Problems by class and side, and groups by side."""
    sides = tuple(content.sides)
    labels = dict.fromkeys([*content.labels, *(label for counts in content.sides.values() for label in counts)])
    rows = [Row(label, _counts(content.sides[side].get(label, 0) for side in sides)) for label in labels]
    rows.append(Row("all classes", _counts(sum(content.sides[side].values()) for side in sides)))
    rows.append(Row("groups", _counts(content.groups.get(side, 0) for side in sides), "no group is on two sides"))
    return Table("Problems by class and side", "Class", sides, tuple(rows))


def left_out(reasons: Mapping[str, Mapping[str, int]]) -> Table:
    """What was left out and why."""
    rows = tuple(
        Row(reason, (Number(f"{sum(counts.values()):,}"), Number(", ".join(f"{k}: {n:,}" for k, n in counts.items()))))
        for reason, counts in reasons.items()
    )
    return Table("Problems left out of all regimes", "Reason", ("problems", "by class"), rows)


def failures(messages: Mapping[str, str]) -> Table:
    """The cells that failed, or whose interventions failed, each with the beginning of its message."""
    rows = []
    for cell, message in messages.items():
        shown = bounded(message, MESSAGE_CHARS)
        cut = f"{shown.cut:,} more characters are not shown" if shown.cut else ""
        rows.append(Row(cell, (Number(shown.text, note=cut),)))
    return Table("Cells that failed", "Cell", ("last message",), tuple(rows))


def times(cells: Sequence[CellTimes]) -> Table:
    """How each cell was made."""
    rows = tuple(
        Row(
            cell.cell,
            (
                Number(f"{cell.steps:,}", note="ended by the time budget" if cell.out_of_time else ""),
                Number(f"{cell.trained_on:,}", note=f"{cell.too_long:,} too long" if cell.too_long else ""),
                Number(duration(cell.train_seconds)),
                Number(duration(cell.generate_seconds)),
                Number(duration(cell.intervene_seconds) if cell.intervene_seconds else "\u2013"),
                Number(memory(cell.peak_memory)),
            ),
        )
        for cell in cells
    )
    columns = ("training steps", "examples", "training", "generation", "interventions", "peak memory")
    return Table("Wall-clock time and memory of each cell", "Cell", columns, rows)


def named(caption: str, corner: str, value: str, values: Mapping[str, str]) -> Table:
    """Names and strings, such as versions."""
    return Table(caption, corner, (value,), tuple(Row(name, (Number(text),)) for name, text in values.items()))


def _meaning(measure: _Measure, any_free: bool) -> str:
    of_free = _OF_FREE.get(measure.name) if any_free else None
    return f"{measure.meaning}; of a free trace: {of_free}" if of_free else measure.meaning


def _measured(measure: _Measure, cell: CellSummary) -> Number:
    found = measure.of(cell)
    if not measure.about_trace or asks_for_trace(cell.regime):
        return found
    return Number(found.text, found.interval, found.seeds, "; ".join(filter(None, (NOT_ASKED, found.note))))


def _unless_asked(cell: CellSummary) -> str:
    return "" if asks_for_trace(cell.regime) else NOT_ASKED


def _trace_column(cell: CellSummary) -> str:
    return "trace" if asks_for_trace(cell.regime) else "trace (not asked for)"


def _statuses(cell: CellSummary) -> list[str]:
    return [f"{_STATUS[status]}: {count:,}" for status, count in cell.status.items() if count]


def _counts(found: Iterable[int]) -> tuple[Number, ...]:
    return tuple(Number(f"{count:,}") for count in found)

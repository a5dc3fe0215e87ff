"""The tables and sentences about free traces. All numbers come from the summary."""

from collections.abc import Iterator, Sequence

from tracekd.report.layout import StudentPart
from tracekd.report.numbers import Number, count, of, p_value
from tracekd.report.tables import Row, Table, column
from tracekd.report.wording import counted, estimate, quoted
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Share

# What a right trace means where traces are free.
RIGHT = (
    "A free trace is called right if it makes at least one step, and every step is said in the context or follows from it by "
    "rule. A step is a claim other than what the answer is; whether the answer is right is judged by itself."
)


def with_free(part: StudentPart) -> StudentPart | None:
    """The student with only those regimes that have free traces; None if there is none."""
    cells = tuple(cell for cell in part.cells if cell.free is not None)
    return StudentPart(part.student, part.prefix, cells, ()) if cells else None


def free_rates(part: StudentPart) -> Table:
    """What the free traces of each regime are worth. All regimes must have some (`with_free`)."""
    found = [cell.free for cell in part.cells if cell.free is not None]
    outputs = [
        Number(f"{free.outputs:,}", note=f"of {counted(cell.n, 'output')}")
        for free, cell in zip(found, part.cells, strict=True)
    ]
    rows = (
        Row("Free traces", tuple(outputs), "outputs that were judged statement by statement"),
        Row("Claims that hold", _shares([free.claims_hold for free in found]), "also claims about the answer"),
        Row("Steps that hold", _shares([free.steps_hold for free in found]), "claims other than the answer"),
        Row(
            "No step is false",
            _shares([free.no_false_step for free in found]),
            "outputs with a step, none of them false",
        ),
        Row("All steps hold", _shares([free.all_hold for free in found]), "outputs with a step, whose trace is right"),
        Row("Without a step", tuple([count(free.without_step, free.outputs) for free in found]), "outputs"),
        Row("Statements not read", _shares([free.unread for free in found]), "by the rules; neither right nor false"),
    )
    caption = f"{part.prefix}Free traces, with 95\u00a0% intervals"
    return Table(caption, "Measure", tuple(column(cell) for cell in part.cells), rows)


def steps_and_answer(part: StudentPart) -> Table:
    """For each regime: how often right steps and a right answer, by any reading, come together."""
    rows = [
        Row(
            f"{cell.regime}: {name}",
            (*(Number(f"{n:,}") for n in step.counts), of(step.phi, "number"), Number(p_value(step.test.p_holm))),
        )
        for cell in part.cells
        for name, step in cell.association.free.items()
    ]
    columns = ("both right", "steps only", "answer only", "both wrong", "phi", "p, Holm")
    caption = f"{part.prefix}Steps and answer (by any reading), outputs whose free trace has a step"
    return Table(caption, "Regime", columns, tuple(rows))


def sentences(parts: Sequence[StudentPart]) -> Iterator[str]:
    """For each regime: how many free traces there are, how often their claims hold, and how much could not be read."""
    for part in parts:
        for cell in part.cells:
            yield f"{part.prefix}{_sentence(cell)}"


def _sentence(cell: CellSummary) -> str:
    free = cell.free
    if free is None:
        return f"With {quoted(cell.regime)}, no trace was judged as a free one."
    said = f"With {quoted(cell.regime)}, {free.outputs:,} of {counted(cell.n, 'output')} were judged as free traces."
    if free.claims_hold.rate is not None:
        said += f" Of their {counted(free.claims_hold.n, 'claim')}, {estimate(free.claims_hold)} hold."
    if free.no_false_step.rate is not None:
        said += f" {estimate(free.no_false_step)} of these outputs make a step and no false one."
    if free.unread.rate is not None:
        said += f" {estimate(free.unread)} of the statements could not be read."
    return said


def _shares(found: Sequence[Share]) -> tuple[Number, ...]:
    return tuple(
        [of(one, note=f"{one.right:,} of {one.n:,}") if one.n else Number("\u2013", note="none") for one in found]
    )

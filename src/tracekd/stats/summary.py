"""From the verdicts of a run to its `summary.json`, in one call: `summarise`. Reports and tables show the same numbers."""

from collections.abc import Iterable, Iterator, Sequence

from tracekd.stats.association import ALL_HOLD, NO_FALSE_STEP, StepAnswer
from tracekd.stats.cell import Cell
from tracekd.stats.cell_summary import MOST_DETECTABLE, CellSummary, summarise_cell
from tracekd.stats.columns import Columns
from tracekd.stats.estimate import Written
from tracekd.stats.families import Analysis, corrected
from tracekd.stats.pairs import Pair, compare_all
from tracekd.verify.verdict import Verdict

# With fewer groups, the estimated variance between groups is half chance.
FEW_GROUPS = 20
FREE_TRACES = (
    f"Free traces: a step is a claim that does not say what the answer is. {NO_FALSE_STEP!r} and {ALL_HOLD!r} are held against "
    "the answer by any reading, and only among outputs with a step (docs/free-traces.md)."
)
TWO_WAYS = (
    "Some traces were judged as free ones and others by the template: class, retrieval, trace and consistency do not mean the "
    "same for both, so they compare regimes only where the numbers of free traces agree."
)


class Summary(Written):
    """All cells by model and regime, every pair of regimes of a model, and notes for the reader."""

    analysis: Analysis
    cells: tuple[CellSummary, ...]
    comparisons: tuple[Pair, ...]
    notes: tuple[str, ...]


def summarise(verdicts: Columns | Iterable[Verdict], analysis: Analysis | None = None) -> Summary:
    """All rates, associations and comparisons of a run; `model_dump_json()` is its `summary.json`.

    The order of the verdicts does not matter. Cells may lack problems that others have; comparisons are on those that
    both have. `analysis` (default: its defaults) sets the margin and the families of tests. Raises ValueError where there
    are no verdicts, where one is there twice, and where a problem has two groups or classes.

    >>> import tracekd
    >>> problem = tracekd.get_task("babi").example()
    >>> summary = tracekd.summarise([tracekd.judge(problem, "<answer>office</answer>")])
    >>> summary.cells[0].answer.right, summary.cells[0].answer.n
    (1, 1)
    """
    columns = verdicts if isinstance(verdicts, Columns) else Columns.of(verdicts)
    if not len(columns):
        raise ValueError("there are no verdicts to summarise")
    declared = Analysis() if analysis is None else analysis
    cells = list(columns.cells())
    few = len(cells) <= MOST_DETECTABLE
    records = _with_holm([summarise_cell(cell, columns.labels, with_detectable=few) for cell in cells], declared)
    comparisons, not_compared = compare_all(cells, declared)
    return Summary(
        analysis=declared,
        cells=records,
        comparisons=comparisons,
        notes=(*_notes(records), *_without_traces(cells), *not_compared),
    )


def _with_holm(cells: Sequence[CellSummary], analysis: Analysis) -> tuple[CellSummary, ...]:
    """The cells with corrected p values: all steps of all cells, over all classes and within classes, are one family."""
    steps = [step for cell in cells for step in cell.association.steps]
    pooled = corrected({"association": steps}, lambda step: step.test.p, analysis)["association"]
    within = corrected({"association": steps}, _p_within, analysis)["association"]
    done = []
    for step, p, p_within in zip(steps, pooled, within, strict=True):
        test = step.test.model_copy(update={"p_holm": p})
        classes = step.classes and step.classes.model_copy(
            update={"test": step.classes.test.model_copy(update={"p_holm": p_within})}
        )
        done.append(step.model_copy(update={"test": test, "classes": classes}))
    found = iter(done)
    return tuple(
        cell.model_copy(
            update={"association": cell.association.with_steps([next(found) for _ in cell.association.steps])}
        )
        for cell in cells
    )


def _p_within(step: StepAnswer) -> float | None:
    return step.classes.test.p if step.classes else None


def _without_traces(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        if not cell.is_traced:
            yield f"{cell.regime} ({cell.model}) writes no traces: only its answers are compared with other regimes'."


def _notes(cells: Sequence[CellSummary]) -> tuple[str, ...]:
    notes = [
        "Every output counts in every rate, and an unparsed output is wrong; consistency counts only outputs with a rule.",
        "Intervals (95 %) and tests come from one method: the mean squares of groups and seeds (docs/statistics.md). They are "
        "about new stories and new students, with the training problems and the base as they are.",
        "Holm's correction is over all steps and cells, and over all pairs of an outcome, unless the analysis declares other "
        "families.",
        "Association is not reliance: only an intervention shows whether an answer depends on its trace.",
    ]
    free = sum(cell.free.outputs for cell in cells if cell.free)
    if free:
        notes.append(FREE_TRACES)
    if 0 < free < sum(cell.n for cell in cells):
        notes.append(TWO_WAYS)
    groups, seeds = min(cell.groups for cell in cells), min(len(cell.seeds) for cell in cells)
    if groups < FEW_GROUPS:
        notes.append(f"A cell with {groups} groups: with so few groups, intervals are rough.")
    if seeds == 1:
        notes.append("A cell with one seed: its numbers are about this student only and say nothing about its regime.")
    return tuple(notes)

"""From the columns of a run to its `summary.json`, in one call: `summarise_run`."""

from collections.abc import Iterator, Sequence

from tracekd.stats.cell import Cell
from tracekd.stats.cell_associations import associate_cell, with_holm
from tracekd.stats.cell_record import CellRecord, cell_record
from tracekd.stats.clusters import Resampling
from tracekd.stats.columns import Columns
from tracekd.stats.pairs import Pair, compare_all
from tracekd.stats.rates import Written
from tracekd.stats.summary import FEW_GROUPS, FEW_SEEDS


class RunSummary(Written):
    """All cells by model and regime, every pair of regimes of a model, and what to bear in mind."""

    resamples: int
    seed: int
    cells: tuple[CellRecord, ...]
    comparisons: tuple[Pair, ...]
    notes: tuple[str, ...]


def summarise_run(columns: Columns, *, resamples: int = 10_000, seed: int = 0) -> RunSummary:
    """All rates, associations and comparisons of a run; `model_dump_json()` is its `summary.json`.

    The order of the verdicts does not matter. Cells may lack problems that others have; comparisons are on those that
    both have. `resamples` and `seed` are those of the bootstrap. Raises ValueError where there are no verdicts, where
    one is there twice, and where a problem has two groups or classes.
    """
    if not len(columns):
        raise ValueError("there are no verdicts to summarise")
    how = Resampling(resamples, seed)
    cells = list(columns.cells())
    found = with_holm([associate_cell(cell, how) for cell in cells])
    records = tuple(
        cell_record(cell, columns.labels, association) for cell, association in zip(cells, found, strict=True)
    )
    comparisons, not_compared = compare_all(cells, how)
    return RunSummary(
        resamples=resamples,
        seed=seed,
        cells=records,
        comparisons=comparisons,
        notes=(*_notes(records), *_without_traces(cells), *not_compared),
    )


def _without_traces(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        if not cell.is_traced:
            yield f"{cell.regime} ({cell.model}) writes no traces: only its answers are tested against other regimes'."


def _notes(cells: Sequence[CellRecord]) -> tuple[str, ...]:
    notes = [
        "Every output counts in every rate, and unparsed is wrong; consistency is among the outputs that a rule can judge.",
        "Intervals of rates are Wilson's, with n divided by the design effect of groups and seeds.",
        "Intervals of phi, odds ratio, mutual information and differences are 95 % percentiles of a bootstrap over groups "
        "and seeds (arXiv:1106.2125).",
        "Quote p_clustered: p takes outputs as independent, though a problem comes again with every seed. Where p_clustered is "
        "None, counts are too small for it, and p is the one there is. Tests within classes take outputs as independent, too.",
        "Holm's correction is over all steps and cells, or over all pairs of an outcome.",
        "Association is not reliance: only an intervention shows whether an answer depends on its trace.",
    ]
    groups, seeds = min(cell.groups for cell in cells), min(len(cell.seeds) for cell in cells)
    if groups < FEW_GROUPS:
        notes.append(f"A cell with {groups} groups: so few make bootstrap intervals and clustered tests too sure.")
    if seeds == 1:
        notes.append("A cell with one seed: its intervals say nothing of other seeds.")
    elif seeds < FEW_SEEDS:
        notes.append(f"A cell with {seeds} seeds: so few understate how much seeds differ.")
    return tuple(notes)

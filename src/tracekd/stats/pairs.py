"""Two regimes of a model, compared on the outputs that both have: the same problem, seed and sample."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from tracekd.stats.cell import Cell, parts
from tracekd.stats.clusters import Resampling, resampled_totals
from tracekd.stats.flags import Bools
from tracekd.stats.intervals import Frozen, percentile_ends
from tracekd.stats.paired import McNemar, holm, mcnemar_test, newcombe_ends
from tracekd.stats.power import Detectable, paired
from tracekd.stats.shares import Measure, Spread, crossed, worth
from tracekd.stats.steps import FourCounts, four_counts
from tracekd.stats.weights import Counts

ANSWER = "answer"
OUTCOMES: dict[str, Callable[[Cell], Bools]] = {
    ANSWER: lambda cell: cell.answer,
    "class": lambda cell: cell.classified(),
    "retrieval": lambda cell: cell.retrieved(),
    "trace": lambda cell: cell.trace,
}

# With fewer pairs that differ, only an exact test will do.
MIN_DISCORDANT = 10


class LeftOut(Frozen):
    """Outputs of each side that the other has no counterpart of; no number of the comparison knows of them."""

    first: int
    second: int


class Pair(Frozen):
    """One outcome of two regimes of a model. `counts`: right in both, in the first only, in the second only, in neither.

    `difference`: rate of the first less that of the second, over all pairs, with the paired cluster-bootstrap interval
    (Newcombe's, with n = groups a side, where every resample gives the same). `mcnemar`: exact, a seed each, since
    seeds share problems; none where a problem has several samples. `p_clustered`: t test of the difference with groups
    and seeds as crossed clusters; None where fewer than ten pairs differ. Holm's family is the outcome, over all pairs
    (and seeds) of the run. `tested` is False for the traces of a regime that has none, which are no question: such pairs
    have no test, and so no part in a family.
    """

    model: str
    outcome: str
    first: str
    second: str
    seeds: tuple[int, ...]
    problems: int
    groups: int
    pairs: int
    left_out: LeftOut
    tested: bool = True
    counts: FourCounts
    difference: Measure
    mcnemar: tuple[McNemar, ...]
    p_clustered: float | None
    p_clustered_holm: float | None = None
    detectable: Detectable


def compare_all(cells: Sequence[Cell], how: Resampling) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Every pair of regimes of a model with an output in common, by outcome; and a note on each pair without."""
    found, notes = [], []
    for first, second in combinations(cells, 2):
        if first.model != second.model:
            continue
        pairs = _compare(first, second, how)
        found.extend(pairs)
        if not pairs:
            notes.append(f"{first.regime} and {second.regime} ({first.model}) have no problem and seed in common.")
    families = ([pair for pair in found if pair.outcome == outcome] for outcome in OUTCOMES)
    return tuple(pair for family in families for pair in _corrected(family)), tuple(notes)


def _compare(first: Cell, second: Cell, how: Resampling) -> list[Pair]:
    """All outcomes of two regimes; nothing where no output has a counterpart."""
    a, b = _common(first, second)
    if not len(a):
        return []
    left_out = LeftOut(first=len(first) - len(a), second=len(second) - len(b))
    tables = [a.counts(_code(of(a), of(b)), 4) for of in OUTCOMES.values()]
    present = np.flatnonzero(tables[0].any(axis=(0, 2)))
    tables = [table[:, present] for table in tables]
    problems, single = a.n_problems, _has_one_sample(a)
    seeds = tuple(first.seeds[at] for at in present)
    pairs = [
        _pair(first, second, outcome, seeds, table, resampled, problems, left_out, single)
        for outcome, table, resampled in zip(OUTCOMES, tables, resampled_totals(tables, how), strict=True)
    ]
    if first.is_traced and second.is_traced:
        return pairs
    return [pair if pair.outcome == ANSWER else _untested(pair) for pair in pairs]


def _has_one_sample(cell: Cell) -> bool:
    """One output a problem and seed: otherwise a seed's pairs share problems, and McNemar's test would be too sure."""
    for part in parts(len(cell)):
        some = cell.only(slice(max(0, part.start - 1), part.stop))
        # The outputs of a problem stand together, and among them those of a seed.
        problem, seed = some.problem, some.seed
        if ((problem[1:] == problem[:-1]) & (seed[1:] == seed[:-1])).any():
            return False
    return True


def _common(first: Cell, second: Cell) -> tuple[Cell, Cell]:
    """The outputs of both that have a counterpart, in the same order."""
    known = second.output  # ascends
    a, b, count = np.empty_like(first.rows), np.empty_like(first.rows), 0
    for part in parts(len(first)):
        some = first.only(part)
        outputs = some.output
        places = np.minimum(np.searchsorted(known, outputs), len(known) - 1)
        found = known[places] == outputs
        end = count + int(found.sum())
        a[count:end], b[count:end] = some.rows[found], second.rows[places[found]]
        count = end
    return replace(first, rows=a[:count]), replace(second, rows=b[:count])


def _pair(
    first: Cell, second: Cell, outcome: str, seeds: tuple[int, ...], table: Counts, resampled: NDArray[np.float64],
    problems: int, left_out: LeftOut, single: bool,
) -> Pair:  # fmt: skip
    total, spread = table.sum(axis=(0, 1)), _spread(table)
    return Pair(
        model=first.model,
        outcome=outcome,
        first=first.regime,
        second=second.regime,
        seeds=seeds,
        problems=problems,
        groups=len(table),
        pairs=int(total.sum()),
        left_out=left_out,
        counts=four_counts(total),
        difference=_difference(total, resampled, len(table)),
        mcnemar=tuple(map(mcnemar_test, seeds, table.sum(axis=0))) if single else (),
        p_clustered=_t_test(total, spread),
        detectable=_detectable(total, spread, len(table)),
    )


def _untested(pair: Pair) -> Pair:
    detectable = Detectable(n=pair.detectable.n, difference=None, reason="a regime without traces: this is not tested")
    return pair.model_copy(update={"tested": False, "mcnemar": (), "p_clustered": None, "detectable": detectable})


def _code(first: Bools, second: Bools) -> NDArray[np.int8]:
    return (~first * np.int8(2) + ~second).astype(np.int8)


def _difference(total: Counts, resampled: NDArray[np.float64], groups: int) -> Measure:
    n = int(total.sum())
    both, only_first, only_second, _ = total.tolist()
    # The total of a resample differs with the sizes of the groups drawn.
    ends = percentile_ends((resampled[:, 1] - resampled[:, 2]) / resampled.sum(axis=1), groups=groups)
    if isinstance(ends, str):
        ends = newcombe_ends((both + only_first) / n, (both + only_second) / n, groups)
    return Measure(value=(only_first - only_second) / n, ci=ends)


def _spread(table: Counts) -> Spread:
    """Spread of the difference from (groups, seeds, 4) counts, groups and seeds as crossed clusters."""
    n = table.sum(axis=-1)
    ahead = table[..., 1] - table[..., 2]
    mean = ahead.sum() / n.sum()
    return crossed((ahead - mean * n) / n.sum(), len(table))


def _t_test(total: Counts, spread: Spread) -> float | None:
    """Two-sided p of no difference; None where too few pairs differ for the difference to be near a normal one."""
    if total[1] + total[2] < MIN_DISCORDANT or spread.variance <= 0:
        return None
    difference = (total[1] - total[2]) / total.sum()
    return float(2 * t.sf(abs(difference) / np.sqrt(spread.variance), spread.freedom))


def _detectable(total: Counts, spread: Spread, groups: int) -> Detectable:
    """By how much as many pairs would have to differ; pairs that go together count as fewer."""
    n = int(total.sum())
    discordant, difference = (total[1] + total[2]) / n, (total[1] - total[2]) / n
    return paired(float(discordant), worth(float(discordant - difference**2), spread, n, groups))


def _corrected(family: Sequence[Pair]) -> list[Pair]:
    exact = iter(holm([test.p for pair in family for test in pair.mcnemar]))
    clustered = holm([pair.p_clustered for pair in family])
    return [
        pair.model_copy(
            update={
                "mcnemar": tuple(test.model_copy(update={"p_holm": next(exact)}) for test in pair.mcnemar),
                "p_clustered_holm": p,
            }
        )
        for pair, p in zip(family, clustered, strict=True)
    ]

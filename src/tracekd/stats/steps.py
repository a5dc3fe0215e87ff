"""A step of the trace against the answer in one cell: counts, shares, strength, tests, and the same within classes."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.association import CONDITIONALS, EMPTY_MARGIN, JOINT, Test, independence_test, phi
from tracekd.stats.cell import Cell
from tracekd.stats.clusters import Resampling, resampled_totals
from tracekd.stats.contingency import clustered_p, mutual_information, odds_ratio
from tracekd.stats.flags import Bools
from tracekd.stats.intervals import Frozen
from tracekd.stats.shares import Measure, Share, measure, share
from tracekd.stats.strata import Stratified, stratify
from tracekd.stats.weights import Counts

FourCounts = tuple[int, int, int, int]

# A cell without an output has none in any resample, however often it is drawn: the interval would be far too narrow.
EMPTY_CELL = "no interval: a cell of the table is empty, and so it is in every resample"

# Outputs whose problem has no such step fall in a fifth cell, which no number uses.
_ABSENT = 4


class Independence(Frozen):
    """Are step and answer independent?

    `name`: `chi2` (Pearson, no continuity correction), `fisher` (exact, where an expected count is under 5), `none` (an
    empty margin); `p` takes outputs as independent. `p_clustered` is the score test that does not, over groups;
    None where `p` is exact, since it is an approximation for large counts. The
    `_holm` ones are corrected for all steps and cells of the run.
    """

    name: Test
    statistic: float | None
    p: float | None
    p_holm: float | None = None
    p_clustered: float | None
    p_clustered_holm: float | None = None


class StepAnswer(Frozen):
    """Counts are right & right, right & wrong, wrong & right, wrong & wrong: the step first, the answer second.

    `joint`: shares of all outputs; `conditional`: shares among those of one row or column; both with Wilson intervals.
    `phi`, `odds_ratio` and `mutual_information` (bits) have cluster-bootstrap intervals; see `contingency`. `classes`:
    within the classes of question, None where there is one only.
    """

    counts: FourCounts
    joint: dict[str, Share]
    conditional: dict[str, Share]
    phi: Measure
    odds_ratio: Measure
    mutual_information: Measure
    test: Independence
    classes: Stratified | None


def associations(cell: Cell, steps: Iterable[tuple[Bools, Bools | None]], how: Resampling) -> tuple[StepAnswer, ...]:
    """Each step against the answer. A step is (right, present), (outputs,) bool both; None: present in all.

    Steps are taken one at a time, as all of them together would take more room than the verdicts do.
    """
    tables, classes = [], []
    for right, present in steps:
        code = _outcome(right, cell.answer, present)
        tables.append(cell.counts(code, _ABSENT + (present is not None)))
        classes.append(cell.class_counts(code, _ABSENT + 1)[:, :_ABSENT])
    return tuple(
        _association(table[..., :_ABSENT], totals[..., :_ABSENT], by_class)
        for table, totals, by_class in zip(tables, resampled_totals(tables, how), classes, strict=True)
    )


def four_counts(table: NDArray[np.int64]) -> FourCounts:
    rr, rw, wr, ww = table.tolist()
    return rr, rw, wr, ww


def _outcome(right: Bools, answer: Bools, present: Bools | None) -> NDArray[np.int8]:
    code = (~right * np.int8(2) + ~answer).astype(np.int8)
    return code if present is None else np.where(present, code, np.int8(_ABSENT))


def _association(table: Counts, resampled: NDArray[np.float64], classes: Counts) -> StepAnswer:
    """From one step's (groups, seeds, 4) counts, its (resamples, 4) totals and its (classes, 4) counts."""
    total = table.sum(axis=(0, 1))
    groups = int(table.any(axis=(1, 2)).sum())
    used = classes.any(axis=1)
    test, statistic, p = independence_test(total.astype(np.float64))

    # By normal approximation, as chi-square is: where that will not do, nor will this.
    clustered = clustered_p(table.sum(axis=1)) if test == "chi2" else None
    floats = total.astype(np.float64)

    def strength(values: NDArray[np.float64], observed: NDArray[np.float64]) -> Measure:
        found = measure(float(observed), values, groups=groups, undefined=EMPTY_MARGIN)
        if found.value is None or total.all():
            return found
        return Measure(value=found.value, reason=EMPTY_CELL)

    return StepAnswer(
        counts=four_counts(total),
        joint=_shares(table, {name: (at, (0, 1, 2, 3)) for name, at in JOINT.items()}),
        conditional=_shares(table, {name: (pair[0], pair) for name, pair in CONDITIONALS.items()}),
        phi=strength(phi(resampled), phi(floats)),
        odds_ratio=strength(odds_ratio(resampled), odds_ratio(floats)),
        mutual_information=strength(mutual_information(resampled), mutual_information(floats)),
        test=Independence(name=test, statistic=statistic, p=p, p_clustered=clustered),
        classes=stratify(classes[used]) if used.sum() > 1 else None,
    )


def _shares(table: Counts, wanted: Mapping[str, tuple[int, Sequence[int]]]) -> dict[str, Share]:
    """Shares of one cell of the table among some."""
    return {name: share(table[..., at], table[..., list(among)].sum(axis=-1)) for name, (at, among) in wanted.items()}

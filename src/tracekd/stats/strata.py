"""A step and the answer within the classes of question: the association that remains, and the class that carries it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.cell import Cell, Counts
from tracekd.stats.clusters import MeanSquares, mean_squares
from tracekd.stats.contingency import has_empty_margin, strength_of
from tracekd.stats.estimate import Floats, Frozen, Measure
from tracekd.stats.inference import Test, against_zero, measured, with_one_more

ALPHA = 0.05


class Stratified(Frozen):
    """The association within classes, pooled by the method of Mantel and Haenszel (JNCI 22, 1959).

    `classes`: the number of classes with both outcomes of step and answer; the others say nothing. `covariance`: of step
    and answer within classes, over all outputs; `test`: whether it is 0. `odds_ratio`: Mantel and Haenszel's common one;
    None if it is infinite. `warning`: if the association over all classes and the association within classes are both
    significant and have opposite signs (Simpson, JRSS B 13, 1951).
    """

    classes: int
    covariance: Measure
    test: Test
    odds_ratio: float | None
    warning: str | None


class CarriedBy(Frozen):
    """The class of question that carries an association. `phi`: of all other classes together; `test`: whether it is 0."""

    label: str
    phi: Measure
    test: Test


def stratify(cell: Cell, outcome: NDArray[np.int8], pooled: Test, phi: float | None) -> Stratified | None:
    """The association within classes; None if there is only one class. `outcome`: (outputs,), 0 to 3, 4 for no step."""
    tables = cell.class_counts(outcome, 5)[:, :4]
    if (tables.sum(axis=1) > 0).sum() < 2:
        return None
    informative = ~has_empty_margin(tables)
    used = np.where(informative[:, None], tables, 0)
    covariance, gradient = _within(used)
    n = int(used.sum())
    if not informative.any():
        nothing = "in no class do both step and answer vary"
        test = Test(scope=pooled.scope, p=None, reason=nothing)
        found = Measure(value=None, n=0, reason=nothing)
        return Stratified(classes=0, covariance=found, test=test, odds_ratio=None, warning=None)
    squares = _squares(cell, outcome, used, gradient - covariance * informative[:, None])
    test = against_zero(covariance, squares, least=_independent_variance(used, squares, gradient - covariance))
    against = phi is not None and phi * covariance < 0 and _is_shown(pooled) and _is_shown(test)
    return Stratified(
        classes=int(informative.sum()),
        covariance=measured(covariance, squares, n),
        test=test,
        odds_ratio=_common_odds_ratio(used),
        warning=_warning(phi or 0.0, used) if against else None,
    )


def _within(tables: Counts) -> tuple[float, Floats]:
    """The covariance within classes, and its derivatives by the shares: (classes, 4) counts to (classes, 4)."""
    shares = tables / max(1, tables.sum())
    size = np.maximum(shares.sum(axis=1), np.finfo(float).tiny)
    step, answer = (shares[:, 0] + shares[:, 1]) / size, (shares[:, 0] + shares[:, 2]) / size
    covariance = float((shares[:, 0] - step * answer * size).sum())
    both = step * answer
    gradient = np.stack([1 - step - answer + both, both - answer, both - step, both], axis=1)
    return covariance, np.where(shares.sum(axis=1, keepdims=True) > 0, gradient, 0.0)


def _squares(cell: Cell, outcome: NDArray[np.int8], tables: Counts, moves: Floats) -> MeanSquares:
    """Mean squares from the influence of an output of each class and outcome: (classes, 4), before division by n."""
    n = tables.sum()
    per_output = np.concatenate([moves / n, np.zeros((len(moves), 1))], axis=1)
    counts = np.concatenate([tables, np.zeros((len(moves), 1), np.int64)], axis=1)
    is_used = (tables.sum(axis=1) > 0).astype(np.float64)
    influence = cell.sums(lambda some, part: per_output[some.label, outcome[part]])
    counted = cell.sums(lambda some, part: is_used[some.label] * (outcome[part] < 4))
    squares = mean_squares(influence, counted, cell.clusters)
    return with_one_more(
        squares, influence, cell.clusters,
        float((counts * per_output**2).sum()), float((per_output**2).sum()), int(n),
    )  # fmt: skip


def _independent_variance(tables: Counts, squares: MeanSquares, moves: Floats) -> float:
    """The variance of the covariance if step and answer are independent within classes, as in `contingency`."""
    used = tables[tables.sum(axis=1) > 0]
    n = used.sum(axis=1)
    step, answer = (used[:, 0] + used[:, 1]) / n, (used[:, 0] + used[:, 2]) / n
    variance = float((n * step * (1 - step) * answer * (1 - answer)).sum()) / float(n.sum()) ** 2
    of_one_more = float((np.where(tables.sum(axis=1, keepdims=True) > 0, moves, 0.0) ** 2).sum()) / float(n.sum()) ** 2
    return variance * squares.extra / of_one_more


def _common_odds_ratio(tables: Counts) -> float | None:
    used = tables[tables.sum(axis=1) > 0].astype(np.float64)
    n = used.sum(axis=1)
    below = float((used[:, 1] * used[:, 2] / n).sum())
    return float((used[:, 0] * used[:, 3] / n).sum()) / below if below > 0 else None


def _is_shown(test: Test) -> bool:
    return test.p is not None and test.p < ALPHA


def _warning(phi: float, tables: Counts) -> str:
    ways = {True: "positive", False: "negative"}
    each = tables[:, 0] * tables[:, 3] - tables[:, 1] * tables[:, 2]
    used = tables.sum(axis=1) > 0
    within = int(((each * phi < 0) & used).sum())
    return (
        f"Simpson: over all classes together the association is {ways[phi > 0]}, within classes it is {ways[phi < 0]} "
        f"(in {within} of {int(used.sum())} classes). Classes differ in both rates, so the first says nothing about the second."
    )


def carried_by(cell: Cell, outcome: NDArray[np.int8], labels: Sequence[str]) -> CarriedBy | None:
    """The class without which the association is not significant; of several, the one that leaves the least without it."""
    numbers = cell.label
    present = np.flatnonzero(cell.class_counts(outcome, 5)[:, :4].any(axis=1)).tolist()
    if len(present) < 2:
        return None
    found = []
    for label in present:
        rest = cell.counts(np.where(numbers == label, np.int8(4), outcome), 5)[:, :4]
        strength, test = strength_of(rest, cell.clusters)
        if not _is_shown(test):
            found.append(CarriedBy(label=labels[label], phi=strength["phi"], test=test))
    return min(found, key=lambda one: (abs(one.phi.value or 0.0), one.label), default=None)

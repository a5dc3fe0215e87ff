"""The 2x2 table of a step and the answer: phi, odds ratio and mutual information, with their intervals.

Tables are (..., 4): right & right, right & wrong, wrong & right, wrong & wrong (first the step, then the answer).
"""

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.cell import Counts
from tracekd.stats.clusters import Clusters
from tracekd.stats.estimate import Floats, Measure
from tracekd.stats.inference import DIFFERENCE, Test, against_zero, design_effect, measured, scope_of, table_squares

EMPTY_MARGIN = "a margin is empty: the step or the answer is always right or never right"
EMPTY_CELL = "no interval: a cell of the table is empty, and an odds ratio of 0 or infinity has none"


def strength_of(table: Counts, clusters: Clusters) -> tuple[dict[str, Measure], Test]:
    """Phi, odds ratio and mutual information of a (clusters, 4) table, and the test of phi = 0."""
    total = table.sum(axis=0)
    n = int(total.sum())
    if has_empty_margin(total):
        none = Measure(value=None, n=n, reason=EMPTY_MARGIN)
        test = Test(scope=scope_of(clusters.seeds), p=None, reason=EMPTY_MARGIN)
        return {"phi": none, "odds_ratio": none, "mutual_information": none}, test
    shares = total / n
    squares = table_squares(table, phi_gradient(shares), clusters)
    per_seed = (float(phi(one)) for one in by_seed(table, clusters))
    value = float(phi(total))
    found = measured(value, squares, n, tuple(None if np.isnan(one) else one for one in per_seed), DIFFERENCE)
    strength = {
        "phi": found,
        "odds_ratio": _odds_ratio(table, clusters),
        "mutual_information": _mutual_information(table, clusters),
    }
    return strength, against_zero(value, squares, least=independent_variance(table, clusters))


def independent_variance(table: Counts, clusters: Clusters) -> float:
    """The variance that phi has if step and answer are independent: 1 / n, times the design effect of their product.

    With few right steps, chance often leaves one cell empty, and what is seen to vary is then far less than this.
    """
    total = table.sum(axis=0)
    n = total.sum()
    step, answer = (total[0] + total[1]) / n, (total[0] + total[2]) / n
    products = np.array([(1 - step) * (1 - answer), -(1 - step) * answer, -step * (1 - answer), step * answer])
    return design_effect(table @ products, clusters, float(total @ products**2)) / float(n)


def by_seed(table: Counts, clusters: Clusters) -> Floats:
    """(clusters, 4) counts to (seeds, 4)."""
    return np.stack([clusters.by_seed(table[:, at]) for at in range(table.shape[1])], axis=1)


def has_empty_margin(tables: NDArray[np.integer] | Floats) -> NDArray[np.bool_]:
    """Whether the step or the answer is always right or never right: (..., 4) to (...) bool."""
    rr, rw, wr, ww = np.moveaxis(np.asarray(tables), -1, 0)
    return np.asarray((rr + rw == 0) | (wr + ww == 0) | (rr + wr == 0) | (rw + ww == 0))


def phi(tables: NDArray[np.integer] | Floats) -> Floats:
    """Phi coefficient in [-1, 1]: (..., 4) counts to (...), NaN if a margin is empty.

    Pearson's correlation of the two outcomes (Yule, JRSS 75, 1912). Not scipy's `association`, because that drops the
    sign and accepts only one table at a time.
    """
    rr, rw, wr, ww = np.moveaxis(np.asarray(tables, dtype=np.float64), -1, 0)
    # Two roots, not one: the product of four margins of a large study overflows the exact range of a float.
    scale = np.sqrt((rr + rw) * (wr + ww)) * np.sqrt((rr + wr) * (rw + ww))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(scale > 0, np.clip((rr * ww - rw * wr) / scale, -1.0, 1.0), np.nan)


def phi_gradient(shares: Floats) -> Floats:
    """The derivatives of phi by the four shares, (4,) to (4,). No margin may be empty."""
    rr, rw, wr, ww = shares
    step, no_step, answer, no_answer = rr + rw, wr + ww, rr + wr, rw + ww
    scale = np.sqrt(step * no_step * answer * no_answer)
    half = float(phi(shares)) / 2
    return np.array(
        [
            ww / scale - half * (1 / step + 1 / answer),
            -wr / scale - half * (1 / step + 1 / no_answer),
            -rw / scale - half * (1 / no_step + 1 / answer),
            rr / scale - half * (1 / no_step + 1 / no_answer),
        ]
    )


def _odds_ratio(table: Counts, clusters: Clusters) -> Measure:
    """Odds of a right answer with a right step, divided by the odds with a wrong step, in (0, inf); its interval comes
    from its logarithm.

    A table with an empty cell gets 0.5 in each of its four cells (Haldane, Annals of Human Genetics 20, 1956), so that
    the ratio is finite.
    """
    total = table.sum(axis=0)
    n = int(total.sum())
    if not total.all():
        rr, rw, wr, ww = total + 0.5
        return Measure(value=float((rr / rw) * (ww / wr)), n=n, reason=EMPTY_CELL)
    rr, rw, wr, ww = total / n
    squares = table_squares(table, np.array([1 / rr, -1 / rw, -1 / wr, 1 / ww]), clusters)
    found = measured(float(np.log(rr / rw) + np.log(ww / wr)), squares, n)
    ends = None if found.ci is None else (float(np.exp(found.ci[0])), float(np.exp(min(found.ci[1], 700.0))))
    return found.model_copy(update={"value": float(np.exp(found.value or 0.0)), "ci": ends})


def _mutual_information(table: Counts, clusters: Clusters) -> Measure:
    """Mutual information of step and answer in bits, in [0, 1]; its interval comes from its root with the sign of phi.

    About 1 / (2 n ln 2) bits too high with n outputs (Miller, 1955). Near independence it changes with the square of phi,
    so its own linearisation would vanish; its root changes with phi.
    """
    total = table.sum(axis=0)
    n = int(total.sum())
    shares = total / n
    bits, gradient = information(shares)
    root = np.sqrt(bits) * (1 if phi(shares) >= 0 else -1)
    # Close to independence, the root and its derivative equal those of phi / sqrt(2 ln 2).
    of_root = gradient / (2 * root) if bits > 1e-9 else phi_gradient(shares) / np.sqrt(2 * np.log(2))
    found = measured(float(root), table_squares(table, of_root, clusters), n)
    if found.ci is None:
        return found.model_copy(update={"value": bits})
    low, high = sorted(abs(end) for end in found.ci)
    if found.ci[0] <= 0 <= found.ci[1]:
        low = 0.0
    return found.model_copy(update={"value": bits, "ci": (min(low**2, bits), min(1.0, high**2))})


def information(shares: Floats) -> tuple[float, Floats]:
    """Mutual information in bits of (4,) shares, and its derivatives by them (0 for an empty cell)."""
    table = shares.reshape(2, 2)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    surprise = np.zeros_like(table)
    np.log2(table, out=surprise, where=table > 0)
    np.subtract(surprise, np.log2(expected), out=surprise, where=table > 0)
    return float(np.clip((table * surprise).sum(), 0.0, 1.0)), surprise.ravel()

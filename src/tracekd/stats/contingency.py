"""Statistics of 2x2 tables of a step and the answer, for one table or for thousands of resampled ones at once.

Tables are (..., 4): right & right, right & wrong, wrong & right, wrong & wrong; the step first, the answer second.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from tracekd.stats.bootstrap import Floats, divide
from tracekd.stats.weights import Counts


def odds_ratio(tables: Floats | Counts) -> Floats:
    """Odds of a right answer with a right step over those with a wrong one: (..., 4) to (...), in (0, inf).

    A table with an empty cell gets 0.5 in each of its four cells (Haldane, Annals of Human Genetics 20, 1956;
    Anscombe, Biometrika 43, 1956), so that the ratio is finite. NaN where a margin is empty: the table says nothing.
    """
    t = np.asarray(tables, dtype=np.float64)
    t = np.where((t == 0).any(axis=-1, keepdims=True), t + 0.5, t)
    rr, rw, wr, ww = np.moveaxis(t, -1, 0)
    # Quotients before the product: four counts of a large study would overflow the exact range of a float.
    return np.where(has_empty_margin(tables), np.nan, (rr / rw) * (ww / wr))


def mutual_information(tables: Floats | Counts) -> Floats:
    """Mutual information of step and answer in bits: (..., 4) to (...), in [0, 1]; NaN where a margin is empty.

    From the shares as they are, so about 1 / (2 n ln 2) bits too high with n outputs (Miller, 1955), and never
    below 0: an interval that leaves 0 out is no evidence of association. Phi and the tests are.
    """
    t = np.asarray(tables, dtype=np.float64).reshape(*np.shape(tables)[:-1], 2, 2)
    n = t.sum(axis=(-2, -1), keepdims=True)
    expected = divide(t.sum(axis=-1, keepdims=True) * t.sum(axis=-2, keepdims=True), n)
    surprise = np.zeros_like(t)
    np.log2(divide(t, expected), out=surprise, where=t > 0)
    bits = divide((t * surprise).sum(axis=(-2, -1)), n[..., 0, 0])
    return np.where(has_empty_margin(tables), np.nan, np.clip(bits, 0.0, 1.0))


def has_empty_margin(tables: Floats | Counts) -> NDArray[np.bool_]:
    """Whether step or answer are right always or never: (..., 4) to (...) bool."""
    rr, rw, wr, ww = np.moveaxis(np.asarray(tables), -1, 0)
    return np.asarray((rr + rw == 0) | (wr + ww == 0) | (rr + wr == 0) | (rw + ww == 0))


def clustered_p(groups: Counts) -> float | None:
    """Two-sided p of independence of step and answer, whatever outputs of a group have in common: (groups, 4) counts.

    The score test with a robust variance (Liang and Zeger, Biometrika 73, 1986): with one output a group, its statistic
    is close to chi-square. None where a margin is empty, or with fewer than two groups. Too sure with few groups.
    """
    total = groups.sum(axis=0)
    if has_empty_margin(total) or len(groups) < 2:
        return None
    n = float(total.sum())
    step, answer = (total[0] + total[1]) / n, (total[0] + total[2]) / n
    # What an output of each cell adds to the covariance of step and answer.
    adds = np.array([(1 - step) * (1 - answer), -(1 - step) * answer, -step * (1 - answer), step * answer])
    scores = groups @ adds
    variance = float((scores**2).sum())
    return float(2 * norm.sf(abs(scores.sum()) / np.sqrt(variance))) if variance > 0 else None

"""From mean squares to intervals and p values: one engine for every number of tracekd.

The variance of an estimate over new stories and new students is (MS_G + MS_S - MS_E) / (G S), from the mean squares of
groups, seeds and the residual. The degrees of freedom decide how exact each mean square is: true MS / observed MS
is distributed as 1 / W, with W = chi-square_df / df. So the generalised pivot of the variance (Weerahandi, JASA 88,
1993; Burdick, Borror and Montgomery, 2005, for sums of mean squares) is

    V* = max(MS_G / W_G + MS_S / W_S - MS_E, FLOOR x MS_G / W_G) / (G S),

and the error of the estimate is distributed as z sqrt(V*), with z standard normal. Its 95 % point is the half-width of
the interval; p values and equivalence tests are its tails. With one seed it is Student's t over groups.

Its calibration: `benchmarks/validation/calibration.md`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv, ndtr, ndtri

from tracekd.stats.clusters import MeanSquares
from tracekd.stats.estimate import Ends, Floats

ALPHA = 0.05
# The variance that seeds add cannot be negative. With a floor of MS_G / W_G itself, intervals are too wide if seeds do not
# differ (98 % coverage with five seeds); with a quarter of it, coverage is then 95 to 97 %, and not lower elsewhere.
FLOOR = 0.25
# Points of the distribution of W: with more points, no half-width changes by a thousandth.
_GROUP_POINTS, _SEED_POINTS = 12, 32
_MOST_STEPS = 200
_TINY, _ROOT = np.finfo(float).tiny, np.sqrt(2 / np.pi)


@dataclass(frozen=True, slots=True)
class Pivot:
    """The distribution of an estimate's error: standard deviations (points,), each with its probability (points,)."""

    deviations: Floats
    weights: Floats

    @classmethod
    def of(cls, squares: MeanSquares) -> "Pivot":
        """Raises ValueError for fewer than two groups, because their variance is unknown."""
        if squares.groups < 2:
            raise ValueError("a spread needs at least two groups")
        return cls(*_distribution(squares))

    def at_least(self, variance: float) -> "Pivot":
        """The same, with no variance below this one."""
        return Pivot(np.maximum(self.deviations, np.sqrt(variance)), self.weights)

    @property
    def is_degenerate(self) -> bool:
        """Whether nothing varies: then the precision of the estimate is unknown."""
        return not self.deviations.max() > 0

    def beyond(self, distance: float) -> float:
        """The probability that the error is at least this large, in either direction."""
        with np.errstate(divide="ignore", invalid="ignore"):
            tails = np.where(self.deviations > 0, 2 * ndtr(-abs(distance) / self.deviations), float(distance == 0))
        return float(tails @ self.weights)

    def half_width(self, level: float = ALPHA) -> float:
        """The error that is exceeded, in either direction, with this probability."""
        return 0.0 if self.is_degenerate else float(half_widths(self.deviations[None], self.weights, level)[0])

    def equivalence_p(self, value: float, margin: float) -> float:
        """The larger p of the two one-sided tests that the true value is not within the margin (Schuirmann, 1987)."""
        inside = margin - abs(value)
        tail = self.beyond(inside) / 2
        return tail if inside >= 0 else 1 - tail


def deviations_of(squares: Floats, groups: int, seeds: int, extra: float = 0.0) -> tuple[Floats, Floats]:
    """sqrt(V*) at each point of the distribution of W, and the points' weights.

    `squares`: (3, n) mean squares of groups, seeds and the residual; the deviations are (n, points).
    """
    of_groups, of_seeds, weights = _points(groups, seeds)
    variance = squares[0][:, None] * of_groups
    if seeds > 1:
        variance = np.maximum(variance + squares[1][:, None] * of_seeds - squares[2][:, None], FLOOR * variance)
    return np.sqrt(variance / (groups * seeds) + extra), weights


def half_widths(deviations: Floats, weights: Floats, level: float = ALPHA) -> Floats:
    """The errors that are exceeded with this probability: (n, points) deviations, (points,) weights to (n,).

    By Newton's method. The probability is convex in the error, so steps from below never go beyond the solution.
    """
    most = deviations.max(axis=1, keepdims=True)
    sure = np.maximum(deviations, np.maximum(1e-9 * most, _TINY))
    found: Floats = normal_quantile(level) * np.maximum(sure.min(axis=1), 1e-6 * most[:, 0])
    scaled, values = np.empty_like(sure), np.empty_like(sure)
    for _ in range(_MOST_STEPS):
        np.divide(-found[:, None], sure, out=scaled)
        excess = np.multiply(2, ndtr(scaled, out=values), out=values) @ weights - level
        np.exp(np.divide(np.negative(np.square(scaled, out=scaled), out=scaled), 2, out=scaled), out=scaled)
        slope = np.divide(scaled, sure, out=scaled) @ weights * _ROOT
        step = excess / np.maximum(slope, _TINY)
        found = found + np.maximum(step, 0.0)
        if np.all(step <= 1e-12 * found):
            break
    return found


def interval(value: float, pivot: Pivot) -> Ends:
    """The 95 % interval of a mean or a difference."""
    half = pivot.half_width()
    return value - half, value + half


@lru_cache(maxsize=256)
def normal_quantile(level: float) -> float:
    """The standard normal quantile that is exceeded, in either direction, with this probability; 1.96 for 0.05."""
    return -float(ndtri(level / 2))


@lru_cache(maxsize=64)  # interval, test and equivalence of a number ask for the same one
def _distribution(squares: MeanSquares) -> tuple[Floats, Floats]:
    """The deviations and weights of a pivot: (points,) each."""
    each = np.array([[squares.between_groups], [squares.between_seeds], [squares.rest]])
    deviations, weights = deviations_of(each, squares.groups, squares.seeds, squares.extra)
    return deviations[0], weights


@lru_cache(maxsize=4096)
def _points(groups: int, seeds: int) -> tuple[Floats, Floats, Floats]:
    """1 / W_G, 1 / W_S and the probability of each pair of them: (points,) each."""
    of_groups, by_group = _inverse_chi2(groups - 1, _GROUP_POINTS)
    if seeds == 1:
        return of_groups, np.zeros_like(of_groups), by_group
    of_seeds, by_seed = _inverse_chi2(seeds - 1, _SEED_POINTS)
    pairs = np.meshgrid(of_groups, of_seeds, indexing="ij")
    return pairs[0].ravel(), pairs[1].ravel(), np.outer(by_group, by_seed).ravel()


def chi2_quantiles(probability: Floats, freedom: ArrayLike) -> Floats:
    """Quantiles of chi-square. Equal to those of `scipy.stats`, whose import takes a second."""
    half = np.asarray(freedom, dtype=np.float64) / 2
    return np.asarray(2 * gammaincinv(half, probability))


def _inverse_chi2(freedom: int, points: int) -> tuple[Floats, Floats]:
    """df / chi-square at Gauss-Legendre points of its probability, denser at both ends, and their weights."""
    at, weights = np.polynomial.legendre.leggauss(points)
    at, weights = (at + 1) / 2, weights / 2
    probability, weights = at * at * (3 - 2 * at), weights * 6 * at * (1 - at)
    return freedom / chi2_quantiles(probability, freedom), weights / weights.sum()

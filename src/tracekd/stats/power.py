"""How small a difference a study can detect, and how large a study must be to detect one.

A study of G groups and S seeds detects a true difference d if its estimate, d + z sqrt(V), is beyond its own half-width,
which comes from its own mean squares. The variance V is estimated from a pilot study, and the pilot's mean squares are not
exact. So power is the mean over the values that they may truly have (as in `pivot`): a study of the pilot's size detects
the difference given here in four of five cases. The mean uses fixed quasi-random points, so that the same pilot always
gives the same power.
"""

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from tracekd.stats.clusters import MeanSquares
from tracekd.stats.estimate import Floats, Frozen
from tracekd.stats.pivot import ALPHA, FLOOR, chi2_quantiles, deviations_of, half_widths

POWER = 0.80
_DRAWS = 256
NO_REPLICATES = "with one seed, the variance between students is unknown: no difference between regimes can be detected"


class Detectable(Frozen):
    """A difference of rates in [0, 1] that a study of this size detects in four of five cases, at two-sided alpha 0.05.

    None if no difference is large enough; `reason` says why.
    """

    difference: float | None
    reason: str | None = None


class Components(Frozen):
    """Variances of one output's value: between groups, between seeds, and residual (with one output for each pair of both).

    The value is a difference of two regimes (or a rate); variances are in squared shares.
    """

    groups: float
    seeds: float
    rest: float

    def mean_squares(self, groups: int, seeds: int) -> MeanSquares:
        """The expected mean squares of a study of this size."""
        return MeanSquares(
            groups=groups,
            seeds=seeds,
            between_groups=self.rest + seeds * self.groups,
            between_seeds=self.rest + groups * self.seeds if seeds > 1 else 0.0,
            rest=self.rest if seeds > 1 else 0.0,
        )


def components(squares: MeanSquares) -> Components:
    """The variances from the mean squares of a study; negative ones become 0. Raises ValueError for one seed."""
    if squares.seeds < 2:
        raise ValueError(NO_REPLICATES)
    return Components(
        groups=max(0.0, (squares.between_groups - squares.rest) / squares.seeds),
        seeds=max(0.0, (squares.between_seeds - squares.rest) / squares.groups),
        rest=squares.rest,
    )


def detectable(squares: MeanSquares) -> Detectable:
    """The smallest difference that a study like this one would detect, from its own mean squares."""
    if squares.groups < 2:
        return Detectable(difference=None, reason="with one group, no difference can be detected")
    if squares.seeds < 2:
        return Detectable(difference=None, reason=NO_REPLICATES)
    deviations, halves = _replications(squares, is_known=False)
    if not deviations.max() > 0:
        return Detectable(
            difference=None, reason="the two sides never differ, so the variance of their difference is unknown"
        )
    if _power(1.0, deviations, halves) < POWER:
        return Detectable(
            difference=None, reason="even a difference of 100 points would not be detected in four of five studies"
        )
    return Detectable(difference=float(brentq(lambda d: _power(d, deviations, halves) - POWER, 0.0, 1.0, xtol=1e-6)))


def power_of_difference(difference: float, components: Components, groups: int, seeds: int) -> float:
    """The probability that a study detects a true difference of this size (with the right sign)."""
    return _power(difference, *_replications(components.mean_squares(groups, seeds), is_known=True))


def power_of_equivalence(
    margin: float, components: Components, groups: int, seeds: int, difference: float = 0.0
) -> float:
    """The probability that a study finds two regimes equivalent within the margin, if this is their true difference."""
    squares = components.mean_squares(groups, seeds)
    deviations, halves = _replications(squares, is_known=True, level=2 * ALPHA)
    room = np.maximum(0.0, margin - halves)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = ndtr((room - difference) / deviations) - ndtr((-room - difference) / deviations)
    return float(np.where(room > 0, inside, 0.0).mean())


def _power(difference: float, deviations: Floats, halves: Floats) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.nan_to_num(ndtr((difference - halves) / deviations), nan=1.0).mean())


def _replications(squares: MeanSquares, *, is_known: bool, level: float = ALPHA) -> tuple[Floats, Floats]:
    """For studies of this size: the true deviation of the estimate, and the half-width of the study; (draws,).

    `is_known`: the mean squares are the true expected ones; otherwise they are a study's own, with their uncertainty.
    """
    groups, seeds, rest, *again = _draws(squares.groups, squares.seeds)
    true = np.array([squares.between_groups, squares.between_seeds, squares.rest])[:, None]
    if not is_known:
        true = true / np.stack([groups, seeds, rest])
    # As in `pivot`: the contribution of seeds may be negative, down to the floor.
    variance = np.maximum(true[0] + true[1] - true[2], FLOOR * true[0]) / (squares.groups * squares.seeds)
    seen, weights = deviations_of(true * np.stack(again), squares.groups, squares.seeds, squares.extra)
    return np.sqrt(variance + squares.extra), half_widths(seen, weights, level)


@lru_cache(maxsize=64)
def _draws(groups: int, seeds: int) -> Floats:
    """Chi-square over its degrees of freedom, for groups, seeds and the residual, twice: (6, draws).

    At the points of an additive recurrence, which fill the cube evenly (Roberts, "The unreasonable effectiveness of
    quasirandom sequences", 2018): its steps are powers of the root of x^7 = x + 1.
    """
    root = brentq(lambda x: x**7 - x - 1, 1.0, 2.0)
    steps = root ** -np.arange(1.0, 7.0)
    uniform = (0.5 + np.arange(1, _DRAWS + 1)[:, None] * steps) % 1
    freedom = np.array([groups - 1, max(1, seeds - 1), (groups - 1) * max(1, seeds - 1)] * 2)
    return np.asarray((chi2_quantiles(uniform, freedom) / freedom).T)

"""The 95 % interval of a rate, from its half-width: it never leaves [0, 1], and reaches further towards 1/2.

Wilson's interval contains the rates p for which |rate - p| is at most z sqrt(p (1 - p) / n). Here z^2 / n is chosen to give
the half-width at the rate itself.

Where students differ, this is not enough towards 1/2. If the mean rate is near 1, most students are near 1 and a few are
far below: the rates of students are skewed, and a few seeds rarely show a student that is far below. Then the distance is
measured on the scale sinh(x) + x, in which x is the log odds of p: its slope grows as (p (1 - p))^-2, that of Wilson's as
(p (1 - p))^-1/2. How much this scale counts is the square of the share that seeds have in the mean squares of seeds and
groups: nothing with one seed, and little where students do not differ. Exponent and square were chosen by simulation
(`benchmarks/validation/rate_shapes.py`), on settings other than those of the calibration.
"""

import numpy as np
from numpy.typing import ArrayLike

from tracekd.stats.estimate import Ends, Floats
from tracekd.stats.pivot import ALPHA, normal_quantile

_HALVINGS = 60
# The skewed scale reaches at most as far as Wilson's interval with so many times the half-width. With three seeds it would
# reach nearly to the other bound. Coverage stays within the bars of the calibration.
_MOST_REACH = 1.25
# Instead of 0 as a divisor, where nothing varies.
_LEAST = 1e-300


def skewness_weight(between_groups: ArrayLike, between_seeds: ArrayLike) -> Floats:
    """How much the skewed scale counts, in [0, 1], from the mean squares of groups and of seeds."""
    groups, seeds = np.asarray(between_groups, dtype=np.float64), np.asarray(between_seeds, dtype=np.float64)
    return np.asarray((seeds / np.maximum(groups + seeds, _LEAST)) ** 2)


def distance(rate: ArrayLike, truth: ArrayLike, weight: ArrayLike) -> Floats:
    """How far a true rate is from the observed one, on the scale of the half-width at the observed one; all in (0, 1).

    The interval consists of the true rates whose distance is at most the half-width. `weight`: of the skewed scale.
    """
    seen, true, skew = (np.asarray(one, dtype=np.float64) for one in (rate, truth, weight))
    inside = seen * (1 - seen)
    wilson = np.abs(seen - true) * np.sqrt(inside / (true * (1 - true)))
    with np.errstate(over="ignore"):
        skewed = np.abs(_skewed(seen) - _skewed(true)) * inside**2
    mixed = np.clip((1 - skew) * wilson + skew * skewed, wilson / _MOST_REACH, wilson)
    towards_half = (true - seen) * (0.5 - seen) > 0
    return np.where(towards_half, mixed, wilson)


def rate_interval(rate: float, half_width: float, weight: float = 0.0) -> Ends:
    """The interval of a rate from its half-width; `weight` is that of the skewed scale, for which 0 is Wilson's interval.

    Raises ValueError for a rate of 0 or 1, which has no half-width.
    """
    if not 0 < rate < 1:
        raise ValueError("a rate of 0 or 1 has no half-width")
    low, high = _wilson(rate, half_width**2 / (rate * (1 - rate)))
    if weight > 0 and rate > 0.5:
        low = _far_end(rate, half_width, weight, low)
    elif weight > 0 and rate < 0.5:
        high = _far_end(rate, half_width, weight, high)
    return low, high


def wilson_of_groups(rate: float, groups: int) -> Ends:
    """Wilson's interval with n = number of groups: for a rate of 0 or 1, at which nothing varies."""
    return _wilson(rate, normal_quantile(ALPHA) ** 2 / groups)


def _wilson(rate: float, scale: float) -> Ends:
    middle, spread = rate + scale / 2, np.sqrt(scale * rate * (1 - rate) + scale**2 / 4)
    low, high = float((middle - spread) / (1 + scale)), float((middle + spread) / (1 + scale))
    # Rounding may leave an end slightly outside [0, 1], or on the wrong side of a rate of 0 or 1.
    return max(0.0, min(low, rate)), min(1.0, max(high, rate))


def _far_end(rate: float, half_width: float, weight: float, wilson: float) -> float:
    """The end towards 1/2, by bisection: the distance grows from Wilson's end to the bound beyond 1/2."""
    held, beyond = wilson, 0.0 if rate > 0.5 else 1.0
    for _ in range(_HALVINGS):
        middle = (held + beyond) / 2
        if not 0 < middle < 1:
            break
        if distance(rate, middle, weight) <= half_width:
            held = middle
        else:
            beyond = middle
    return held


def _skewed(rate: Floats) -> Floats:
    """2 sinh(x) + 2 x, in which x is the log odds: its slope is (p (1 - p))^-2."""
    return np.asarray(rate / (1 - rate) - (1 - rate) / rate + 2 * np.log(rate / (1 - rate)))

"""Shares of outputs with Wilson intervals that know that outputs of one group, and of one seed, go together.

A Wilson interval takes observations as independent. Here n is divided by the design effect: how many times as large the
variance of the share is as it would be among independent outputs (Kish, Survey Sampling, 1965, section 8.2; Dean and
Pagano, Journal of Survey Statistics and Methodology 3, 2015, on Wilson with an effective n). The variance is that of
a ratio, by linearisation, with groups and seeds as crossed clusters (Cameron, Gelbach and Miller, Journal of Business
and Economic Statistics 29, 2011). Where every group is one output of one seed, the design effect is 1, and what is left
is Wilson's interval.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

from tracekd.stats.bootstrap import Floats
from tracekd.stats.intervals import Ends, Frozen, percentile_ends
from tracekd.stats.weights import Counts


class Share(Frozen):
    """`right` of `n` outputs, and the 95 % interval of the share. Both are None where n is 0."""

    right: int
    n: int
    rate: float | None
    ci: Ends | None


class Measure(Frozen):
    """A statistic and its 95 % interval. Whatever is undefined is None, and `reason` says why."""

    value: float | None
    ci: Ends | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """The variance of a sum, and how many degrees of freedom it rests on (Satterthwaite, Biometrics 2, 1946)."""

    variance: float
    freedom: float


def share(right: Counts, counted: Counts) -> Share:
    """A share from what is right and what is counted in each group and seed: (groups, seeds) int both."""
    n, hits = int(counted.sum()), int(right.sum())
    if n == 0:
        return Share(right=0, n=0, rate=None, ci=None)
    return Share(right=hits, n=n, rate=hits / n, ci=wilson_ends(hits / n, effective_n(right, counted)))


def effective_n(right: Counts, counted: Counts) -> float:
    """How many independent outputs would tell the share as exactly: from 1 to the number of outputs counted.

    The number of groups where all or none are right: how far outputs go together cannot be seen then.
    """
    n, hits = int(counted.sum()), int(right.sum())
    groups = int((counted.sum(axis=1) > 0).sum())
    if hits in (0, n):
        return float(groups)
    rate = hits / n
    return worth(rate * (1 - rate), crossed((right - rate * counted) / n, groups), n, groups)


def worth(variance_of_one: float, spread: Spread, n: int, groups: int) -> float:
    """How many independent outputs, of the variance given, have a mean that is known as well; at most n.

    Few groups or seeds tell little of the variance itself, which a ratio of t quantiles accounts for (Korn and Graubard,
    Survey Methodology 24, 1998). The number of groups where nothing varies.
    """
    if spread.variance <= 0:
        return float(groups)
    unsure = t.ppf(0.975, max(1, n - 1)) / t.ppf(0.975, spread.freedom)
    return float(min(n, max(1.0, variance_of_one / spread.variance * unsure**2)))


def crossed(influence: Floats, groups: int) -> Spread:
    """Spread of a sum over crossed clusters from the influence of each group and seed: (groups, seeds).

    `groups`: how many of them have an output. What seeds add is never below 0, as an estimate of it can be.
    """
    over_groups = float((influence.sum(axis=1) ** 2).sum())
    seeds = int(influence.shape[1])
    of_groups, of_seeds = over_groups**2 / max(1, groups - 1), 0.0
    added = 0.0
    if seeds > 1:
        over_seeds = float((influence.sum(axis=0) ** 2).sum()) * seeds / (seeds - 1)
        added = max(0.0, over_seeds - float((influence * influence).sum()))
        of_seeds = added**2 / (seeds - 1)
    variance = over_groups + added
    return Spread(variance, max(1.0, variance**2 / (of_groups + of_seeds)) if variance > 0 else 1.0)


def wilson_ends(rate: float, n: float) -> Ends:
    """The 95 % Wilson interval of a share among `n` (also fractional) observations."""
    low, high = proportion_confint(rate * n, n, alpha=0.05, method="wilson")
    # With a share of 0 or 1, rounding may leave the end a hair off it.
    return min(float(low), rate), max(float(high), rate)


def measure(value: float, resampled: Floats, *, groups: int, undefined: str) -> Measure:
    """A statistic with the percentiles of its resampled values, (resamples,). NaN is undefined, for that reason."""
    if np.isnan(value):
        return Measure(value=None, reason=undefined)
    ends = percentile_ends(resampled, groups=groups)
    if isinstance(ends, str):
        return Measure(value=float(value), reason=f"no interval: {ends}")
    return Measure(value=float(value), ci=ends)

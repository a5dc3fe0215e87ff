"""A number with its 95 % interval, and the name of the method that made the interval."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict
from statsmodels.stats.proportion import proportion_confint

from tracekd.stats.bootstrap import Draws, Floats, bootstrap_ratios, group_sums, seed_mean

Ends = tuple[float, float]
Method = Literal["crossed_bootstrap", "group_bootstrap_one_seed", "wilson_groups", "wilson_problems", "newcombe_groups"]

# A percentile interval over what is left, once more resamples than this were undefined, would be of another quantity.
MAX_UNDEFINED = 0.05


class Frozen(BaseModel):
    """A record of the summary: read-only, no unknown fields, no NaN (undefined is None)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Frozen):
    """A 95 % interval.

    `method`: `crossed_bootstrap` (percentiles, groups and seeds resampled), `group_bootstrap_one_seed` (percentiles,
    groups resampled; says nothing of other seeds), `wilson_groups` and `newcombe_groups` (the bootstrap was degenerate;
    n is the number of groups, which is conservative), `wilson_problems` (problems taken as independent).
    """

    low: float
    high: float
    method: Method


class Rate(Frozen):
    """A rate in [0, 1]: the mean over seeds of the rate of each seed.

    `per_seed`: in the order of the seeds of the cell; `right` of `n` outputs over all seeds. `n` counts outputs, which
    are not independent, and no interval is made from it.
    """

    value: float
    interval: Interval
    per_seed: tuple[float, ...]
    right: int
    n: int


class Estimate(Frozen):
    """The mean over seeds of a statistic of each seed. Whatever is undefined is None, and `reason` says why."""

    value: float | None
    interval: Interval | None
    per_seed: tuple[float | None, ...]
    reason: str | None = None


def wilson(right: float, n: int, method: Method) -> Interval:
    """Wilson score interval of right / n. `right` may be a fraction of a group. Raises ValueError where n < 1."""
    if n < 1:
        raise ValueError("a Wilson interval needs at least one observation")
    low, high = proportion_confint(right, n, alpha=0.05, method="wilson")
    return Interval(low=float(low), high=float(high), method=method)


def percentile_interval(per_seed: Floats, draws: Draws, *, groups: int) -> Interval | str:
    """The 2.5 % and 97.5 % points of the resampled seed means, or the reason why there are none.

    `per_seed`: (resamples, seeds), NaN where undefined. `groups`: how many groups the statistic rests on.
    """
    ends = percentile_ends(seed_mean(per_seed, draws), groups=groups)
    if isinstance(ends, str):
        return ends
    method: Method = "group_bootstrap_one_seed" if draws.n_seeds == 1 else "crossed_bootstrap"
    return Interval(low=ends[0], high=ends[1], method=method)


def percentile_ends(values: Floats, *, groups: int) -> Ends | str:
    """The 2.5 % and 97.5 % points of resampled values, (resamples,), NaN where undefined; or why there are none.

    `groups`: how many groups the statistic rests on.
    """
    if groups < 2:
        return "fewer than two groups: how much groups differ cannot be seen"
    defined = values[~np.isnan(values)]
    if len(defined) < (1 - MAX_UNDEFINED) * len(values):
        return f"undefined in {len(values) - len(defined)} of {len(values)} resamples"
    # Not ==: sums of float scores in another order differ in the last bits.
    if np.ptp(defined) < 1e-12:
        return "every resample gives the same value"
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def rate(right: ArrayLike, group: ArrayLike, draws: Draws, *, counted: ArrayLike | None = None) -> Rate | None:
    """A rate with its interval. `right` and `counted`: (seeds, problems) bool; `group`: (problems,) int.

    `counted` (default: all) says which outputs are in the denominator. None where a seed has no such output. Where the
    bootstrap is degenerate, a Wilson interval with n = number of groups with a counted output stands in for it.
    """
    r = np.asarray(right, dtype=bool)
    c = np.ones_like(r) if counted is None else np.asarray(counted, dtype=bool)
    r = r & c
    totals = c.sum(axis=1)
    if not totals.all():
        return None
    per_seed = r.sum(axis=1) / totals
    value = float(per_seed.mean())
    groups = groups_with(c, group, draws)
    interval = percentile_interval(bootstrap_ratios(r, c, group, draws), draws, groups=groups)
    if isinstance(interval, str):
        interval = wilson(value * groups, groups, "wilson_groups")
    return Rate(
        value=value, interval=interval, per_seed=tuple(per_seed.tolist()), right=int(r.sum()), n=int(totals.sum())
    )


def mean(scores: ArrayLike, group: ArrayLike, draws: Draws) -> Estimate:
    """The mean of a score that is no yes or no, such as F1. `scores`: (seeds, problems) float."""
    values = np.asarray(scores, dtype=np.float64)
    resampled = bootstrap_ratios(values, np.ones_like(values), group, draws)
    return estimate(values.mean(axis=1), resampled, draws, groups=draws.n_groups)


def estimate(
    per_seed: Floats, resampled: Floats, draws: Draws, *, groups: int, proportion: bool = False, undefined: str = ""
) -> Estimate:
    """The mean over seeds of a statistic. `per_seed`: (seeds,); `resampled`: (resamples, seeds); NaN is undefined.

    One undefined seed makes the mean undefined (a mean over the other seeds would be of another quantity), for the
    reason `undefined`. `proportion`: a degenerate bootstrap falls back on Wilson with n = `groups`.
    """
    values = tuple(None if np.isnan(v) else float(v) for v in per_seed)
    if None in values:
        return Estimate(value=None, interval=None, per_seed=values, reason=undefined)
    value = float(per_seed.mean())
    interval = percentile_interval(resampled, draws, groups=groups)
    if isinstance(interval, Interval):
        return Estimate(value=value, interval=interval, per_seed=values)
    if proportion:
        return Estimate(value=value, interval=wilson(value * groups, groups, "wilson_groups"), per_seed=values)
    return Estimate(value=value, interval=None, per_seed=values, reason=f"no interval: {interval}")


def groups_with(counted: ArrayLike, group: ArrayLike, draws: Draws) -> int:
    """How many groups have a counted output, in the seed that has the fewest such groups. `counted`: (seeds, problems)."""
    present = group_sums(counted, group, draws.n_groups) > 0
    return int(present.sum(axis=1).min())

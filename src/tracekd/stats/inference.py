"""Rates, means and other statistics of clustered outputs, with intervals and p values from the pivot."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from tracekd.stats.clusters import Clusters, MeanSquares, mean_squares
from tracekd.stats.estimate import Ends, Floats, Frozen, Ints, Measure, Scope, Share
from tracekd.stats.pivot import Pivot, interval
from tracekd.stats.rate_interval import rate_interval, skewness_weight, wilson_of_groups

FEW_GROUPS = "no interval: all outputs are from one group, so the difference between groups is unknown"
NO_SPREAD = "no interval: nothing varies, so the precision of this number is unknown"
# The possible values of a statistic without bounds, of a share or score, and of a difference or correlation.
ANYWHERE: Ends = (-np.inf, np.inf)
SHARE: Ends = (0.0, 1.0)
DIFFERENCE: Ends = (-1.0, 1.0)
NO_OUTPUT = "there is no such output"


class Test(Frozen):
    """Two-sided p value of "the true value is 0", before and after Holm's correction over its family (`families`).

    `scope`: with one seed, the test is about this one student and says nothing about its regime. Without a test, `p` is
    None, and `reason` says why.
    """

    scope: Scope
    p: float | None
    p_holm: float | None = None
    reason: str | None = None


def scope_of(seeds: int) -> Scope:
    """What a number from this many seeds is about."""
    return "regime" if seeds > 1 else "student"


def share(right: ArrayLike, counted: ArrayLike, clusters: Clusters) -> Share:
    """The rate of right outputs among the counted ones: two arrays of (clusters,) counts."""
    hits, n = np.asarray(right, dtype=np.float64), np.asarray(counted, dtype=np.float64)
    total = int(n.sum())
    per_seed = quotients(clusters.by_seed(hits), clusters.by_seed(n))
    if total == 0:
        return Share(right=0, n=0, rate=None, ci=None, per_seed=per_seed)
    rate = float(hits.sum()) / total
    ends = rate_ends(rate, mean_squares((hits - rate * n) / total, n, clusters))
    return Share(right=int(hits.sum()), n=total, rate=rate, ci=ends, per_seed=per_seed)


def rate_ends(rate: float, squares: MeanSquares) -> Ends | None:
    """The interval of a rate in [0, 1]; None with one group.

    If nothing varies (a rate of 0 or 1), it is Wilson's interval with n = number of groups.
    """
    if squares.groups < 2:
        return None
    pivot = Pivot.of(squares)
    if pivot.is_degenerate or not 0 < rate < 1:
        return wilson_of_groups(rate, squares.groups)
    weight = float(skewness_weight(squares.between_groups, squares.between_seeds))
    return rate_interval(rate, pivot.half_width(), weight)


def mean(sums: ArrayLike, counted: ArrayLike, clusters: Clusters, within: Ends = ANYWHERE) -> Measure:
    """The mean of a score over the counted outputs: (clusters,) sums of the score, and counts.

    `within`: the smallest and the largest possible score.
    """
    values, n = np.asarray(sums, dtype=np.float64), np.asarray(counted, dtype=np.float64)
    per_seed, total = quotients(clusters.by_seed(values), clusters.by_seed(n)), n.sum()
    if total == 0:
        return Measure(value=None, n=0, per_seed=per_seed, reason=NO_OUTPUT)
    average = float(values.sum() / total)
    squares = mean_squares((values - average * n) / total, n, clusters)
    return measured(average, squares, int(total), per_seed, within)


def measure(
    value: float, influence: Floats, counted: ArrayLike, clusters: Clusters, per_seed: Sequence[float | None] = ()
) -> Measure:
    """A statistic with its interval, from the influence of each cluster: (clusters,) float, and (clusters,) counts."""
    return measured(value, mean_squares(influence, counted, clusters), int(np.sum(counted)), per_seed)


def measured(
    value: float, squares: MeanSquares, n: int, per_seed: Sequence[float | None] = (), within: Ends = ANYWHERE
) -> Measure:
    """A statistic of n outputs, with the interval from its mean squares, limited to the possible values `within`."""
    reason = unknown_spread(squares)
    if reason is not None:
        return Measure(value=value, n=n, per_seed=tuple(per_seed), reason=reason)
    low, high = interval(value, Pivot.of(squares))
    return Measure(value=value, ci=(max(within[0], low), min(within[1], high)), n=n, per_seed=tuple(per_seed))


def against_zero(value: float, squares: MeanSquares, least: float = 0.0) -> Test:
    """Test whether the true value is 0. `least`: the variance under that hypothesis, if known; the observed one may be less."""
    scope, reason = scope_of(squares.seeds), unknown_spread(squares)
    if reason is not None:
        return Test(scope=scope, p=None, reason=reason.replace("interval", "test"))
    return Test(scope=scope, p=Pivot.of(squares).at_least(least).beyond(value))


def unknown_spread(squares: MeanSquares) -> str | None:
    """Why the precision of a number is unknown; None if it is known."""
    if squares.groups < 2:
        return FEW_GROUPS
    return NO_SPREAD if Pivot.of(squares).is_degenerate else None


def quotients(numerator: Floats, denominator: Floats) -> tuple[float | None, ...]:
    """The quotient in each seed: (seeds,) both; None if the denominator is 0."""
    pairs = zip(numerator.tolist(), denominator.tolist(), strict=True)
    return tuple(above / below if below else None for above, below in pairs)


def table_squares(counts: Ints, gradient: Floats, clusters: Clusters) -> MeanSquares:
    """Mean squares of a function of a table's shares, to first order.

    `counts`: (clusters, k) outputs by outcome; `gradient`: (k,), the function's derivatives by the shares of the outcomes.
    An outcome that no output has may occur in another sample, but the variance of the outputs does not show this. So
    the variance of one more output of each outcome is added; it is larger if the outputs of a group are correlated.
    """
    totals = counts.sum(axis=0)
    total = totals.sum()
    moves = (gradient - totals @ gradient / total) / total
    influence: Floats = counts @ moves
    squares = mean_squares(influence, counts.sum(axis=1), clusters)
    return with_one_more(squares, influence, clusters, float(totals @ moves**2), float(moves @ moves), int(total))


def with_one_more(
    squares: MeanSquares, influence: Floats, clusters: Clusters, of_outputs: float, of_one_more: float, n: int
) -> MeanSquares:
    """Mean squares with the added variance of one more output of each outcome, `of_one_more`.

    `of_outputs`: the sum of the n outputs' squared influences, which would be the variance of independent outputs.
    If no output has any influence, all outputs of a group may agree: then one more output counts as a whole group.
    """
    if of_outputs <= 0:
        return squares.model_copy(update={"extra": of_one_more * (n / squares.groups) ** 2})
    return squares.model_copy(update={"extra": design_effect(influence, clusters, of_outputs) * of_one_more})


def design_effect(influence: Floats, clusters: Clusters, of_outputs: float) -> float:
    """How many times as large a variance is because outputs of a group go together; at least 1."""
    return max(1.0, float((np.bincount(clusters.group, influence) ** 2).sum()) / of_outputs)

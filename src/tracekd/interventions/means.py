"""Means of scores over problems and seeds, and the influence of each cluster on them: the statistics of all measures."""

import numpy as np

from tracekd.interventions.effect_table import EffectTable
from tracekd.stats.clusters import Clusters, MeanSquares, mean_squares
from tracekd.stats.estimate import Ends, Floats, Measure
from tracekd.stats.inference import (
    DIFFERENCE,
    NO_OUTPUT,
    Test,
    against_zero,
    measured,
    quotients,
    rate_ends,
    scope_of,
    unknown_spread,
    with_one_more,
)
from tracekd.stats.pairs import ONE_SEED

PerSeed = tuple[float | None, ...]


def mean(values: Floats, table: EffectTable, within: Ends | None = None) -> Measure:
    """The mean of scores, (seeds, problems), over those that are no NaN.

    `within`: the least and the greatest possible score, which the interval does not pass. None for a share: its interval
    stays in [0, 1].
    """
    value, n, per_seed, influence, counted, clusters = moments(values, table)
    if value is None:
        return Measure(value=None, n=0, per_seed=per_seed, reason=NO_OUTPUT)
    squares = mean_squares(influence, counted, clusters)
    if within is not None:
        return measured(value, squares, n, per_seed, within)
    ends = rate_ends(value, squares)
    return Measure(value=value, ci=ends, n=n, per_seed=per_seed, reason=None if ends else unknown_spread(squares))


def moments(values: Floats, table: EffectTable) -> tuple[float | None, int, PerSeed, Floats, Floats, Clusters]:
    """Mean, number and means by seed of scores without NaN; the influence of each cluster on the mean; counts; clusters."""
    counted = ~np.isnan(values)
    clusters = Clusters.of_table(table.n_groups, len(table.seeds))
    sums = by_cluster(np.where(counted, values, 0.0), table)
    counts = by_cluster(counted.astype(np.float64), table)
    n = int(counts.sum())
    per_seed = quotients(clusters.by_seed(sums), clusters.by_seed(counts))
    if n == 0:
        return None, 0, per_seed, sums, counts, clusters
    value = float(sums.sum() / n)
    return value, n, per_seed, (sums - value * counts) / n, counts, clusters


def by_cluster(values: Floats, table: EffectTable) -> Floats:
    """Sums over the problems of each group: (seeds, problems) to (groups x seeds,), groups in the outer loop."""
    sums = np.zeros((table.n_groups, len(table.seeds)))
    np.add.at(sums, table.group, values.T)
    return sums.ravel()


def mean_difference(values: Floats, table: EffectTable) -> tuple[Measure, MeanSquares] | None:
    """The mean of differences of yes-or-no scores (each -1, 0 or 1), and its mean squares, as in `stats/pairs.py`.

    None if there are no differences.
    """
    value, n, per_seed, influence, counted, clusters = moments(values, table)
    if value is None:
        return None
    squares = mean_squares(influence, counted, clusters)
    of_outputs = float(np.nansum((values - value) ** 2)) / n**2 if np.nanstd(values) > 0 else 0.0
    # One more output with each kind of difference, as for pairs of regimes.
    squares = with_one_more(squares, influence, clusters, of_outputs, 2 / n**2, n)
    return measured(value, squares, n, per_seed, DIFFERENCE), squares


def tested_difference(values: Floats, table: EffectTable, why_none: str) -> tuple[Measure, Test]:
    """The same, and the test whether it is 0. `why_none`: the reason if there are no differences.

    One student of each regime is not enough for a test.
    """
    found, scope = mean_difference(values, table), scope_of(len(table.seeds))
    if found is None:
        none = Measure(value=None, n=0, per_seed=tuple(None for _ in table.seeds), reason=why_none)
        return none, Test(scope=scope, p=None, reason=why_none)
    difference, squares = found
    if squares.seeds < 2:
        return difference, Test(scope=scope, p=None, reason=ONE_SEED)
    return difference, against_zero(difference.value or 0.0, squares)

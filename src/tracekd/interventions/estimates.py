"""Means and differences of scores over a table of effects, (seeds, problems), with the intervals and tests of all of tracekd."""

import numpy as np

from tracekd.interventions.effect_table import EffectTable
from tracekd.stats.clusters import Clusters, mean_squares
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


def difference_of(values: Floats, table: EffectTable, why_none: str) -> tuple[Measure, Test]:
    """The mean of differences of yes-or-no scores (each -1, 0 or 1), and the test whether it is 0, as in `stats/pairs.py`.

    `why_none`: the reason if there is no value.
    """
    value, n, per_seed, influence, counted, clusters = _moments(values, table)
    scope = scope_of(len(table.seeds))
    if value is None:
        return Measure(value=None, n=0, per_seed=per_seed, reason=why_none), Test(scope=scope, p=None, reason=why_none)
    squares = mean_squares(influence, counted, clusters)
    of_outputs = float(np.nansum((values - value) ** 2)) / n**2 if np.nanstd(values) > 0 else 0.0
    # One more output with each kind of difference, as for pairs of regimes.
    squares = with_one_more(squares, influence, clusters, of_outputs, 2 / n**2, n)
    found = measured(value, squares, n, per_seed, DIFFERENCE)
    return found, against_zero(value, squares) if squares.seeds > 1 else Test(scope=scope, p=None, reason=ONE_SEED)


def mean_of(values: Floats, table: EffectTable, within: Ends | None = None) -> Measure:
    """The mean of scores, (seeds, problems), over those that are no NaN.

    `within`: the least and the greatest possible score, which the interval does not pass. None for a share: its interval
    stays in [0, 1].
    """
    value, n, per_seed, influence, counted, clusters = _moments(values, table)
    if value is None:
        return Measure(value=None, n=0, per_seed=per_seed, reason=NO_OUTPUT)
    squares = mean_squares(influence, counted, clusters)
    if within is not None:
        return measured(value, squares, n, per_seed, within)
    ends = rate_ends(value, squares)
    return Measure(value=value, ci=ends, n=n, per_seed=per_seed, reason=None if ends else unknown_spread(squares))


def _moments(
    values: Floats, table: EffectTable
) -> tuple[float | None, int, tuple[float | None, ...], Floats, Floats, Clusters]:
    """Mean, number and means by seed of scores without NaN; the influence of each cluster on the mean; counts; clusters."""
    counted = ~np.isnan(values)
    clusters = Clusters.of_table(table.n_groups, len(table.seeds))
    sums = _by_cluster(np.where(counted, values, 0.0), table)
    counts = _by_cluster(counted.astype(np.float64), table)
    n = int(counts.sum())
    per_seed = quotients(clusters.by_seed(sums), clusters.by_seed(counts))
    if n == 0:
        return None, 0, per_seed, sums, counts, clusters
    value = float(sums.sum() / n)
    return value, n, per_seed, (sums - value * counts) / n, counts, clusters


def _by_cluster(values: Floats, table: EffectTable) -> Floats:
    """Sums over the problems of each group: (seeds, problems) to (groups x seeds,), groups in the outer loop."""
    sums = np.zeros((table.n_groups, len(table.seeds)))
    np.add.at(sums, table.group, values.T)
    return sums.ravel()

"""Groups and seeds as crossed clusters: which outputs belong together, and the resulting mean squares.

A group is a story (or an event pair, or a question's passages) with all its problems; a seed is one training of a
student. Many outputs share a group or a seed, so outputs are not independent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tracekd.stats.estimate import Bools, Floats, Frozen, Ints


@dataclass(frozen=True, slots=True)
class Clusters:
    """The pairs of group and seed that have outputs: `group` and `seed`, (clusters,) int from 0; each pair once.

    `seeds`: the number of all seeds, so that tables by seed have a row for each of them.
    """

    group: Ints
    seed: Ints
    seeds: int

    @classmethod
    def of_table(cls, groups: int, seeds: int) -> "Clusters":
        """Every pair of a full table; groups in the outer loop, seeds in the inner one."""
        return cls(np.repeat(np.arange(groups), seeds), np.tile(np.arange(seeds), groups), seeds)

    def by_seed(self, values: ArrayLike) -> Floats:
        """Sums by seed: (clusters,) to (seeds,)."""
        return np.asarray(
            np.bincount(self.seed, np.asarray(values, dtype=np.float64), minlength=self.seeds), np.float64
        )


class MeanSquares(Frozen):
    """The two-way (group x seed) mean squares of an estimate, on the scale of one output of a full table.

    The variance of the estimate is (between_groups + between_seeds - rest) / (groups x seeds). With one seed,
    `between_seeds` and `rest` are 0, because the variance between students is unknown. `extra` is a variance of the
    estimate itself that is added if few outputs differ (see `pairs`).
    """

    groups: int
    seeds: int
    between_groups: float
    between_seeds: float
    rest: float
    extra: float = 0.0

    def times(self, factor: float) -> "MeanSquares":
        """The mean squares of an estimate whose variance is `times` as large."""
        names = ("between_groups", "between_seeds", "rest", "extra")
        return self.model_copy(update={name: factor * getattr(self, name) for name in names})


def mean_squares(influence: Floats, counted: ArrayLike, clusters: Clusters) -> MeanSquares:
    """Mean squares from the influence of each cluster on an estimate.

    `influence`: (clusters,) float; their sum is the estimate's first-order error. In a mean of n outputs, the influence of
    an output is (its value - the mean) / n; in a ratio, a phi or an area, it is the linearisation. `counted`: (clusters,)
    outputs that the estimate uses; groups and seeds without such outputs do not count. A pair of group and seed without
    outputs has no influence. Variance between groups or seeds does not bias the residual mean square.
    """
    used = np.asarray(counted) > 0
    group, seed, moved = clusters.group[used], clusters.seed[used], influence[used]
    groups, of_groups = _sums(group, moved)
    seeds, of_seeds = _sums(seed, moved)
    size, total = groups * seeds, float(moved.sum())
    # On the scale of one output of a full table, in which the estimate is the mean of groups x seeds values.
    squares_of_groups = seeds * float(((groups * of_groups - total) ** 2).sum())
    squares_of_seeds = groups * float(((seeds * of_seeds - total) ** 2).sum())
    all_squares = float(((size * moved - total) ** 2).sum()) + (size - len(moved)) * total**2
    rest = max(0.0, all_squares - squares_of_groups - squares_of_seeds)
    return MeanSquares(
        groups=groups,
        seeds=seeds,
        between_groups=squares_of_groups / max(1, groups - 1),
        between_seeds=squares_of_seeds / (seeds - 1) if seeds > 1 else 0.0,
        rest=rest / ((groups - 1) * (seeds - 1)) if min(groups, seeds) > 1 else 0.0,
    )


def _sums(level: Ints, moved: Floats) -> tuple[int, Floats]:
    """The number of levels, and the sum over each level."""
    present: Bools = np.bincount(level) > 0
    return int(present.sum()), np.asarray(np.bincount(level, moved)[present], np.float64)

"""Groups and seeds as crossed clusters: which outputs go together, and the mean squares that follow.

A group is a story (or an event pair, a question's passages) with all its problems; a seed is a student trained anew. Both
come again in many outputs, so outputs are not independent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tracekd.stats.estimate import Bools, Floats, Frozen, Ints


@dataclass(frozen=True, slots=True)
class Clusters:
    """The pairs of group and seed that have outputs: `group` and `seed`, (clusters,) int from 0; each pair once.

    `seeds`: how many seeds there are in all, so that tables by seed have a place for each of them.
    """

    group: Ints
    seed: Ints
    seeds: int

    @classmethod
    def of_table(cls, groups: int, seeds: int) -> "Clusters":
        """Every pair of a full table, groups outside, seeds inside."""
        return cls(np.repeat(np.arange(groups), seeds), np.tile(np.arange(seeds), groups), seeds)

    def by_seed(self, values: ArrayLike) -> Floats:
        """Sums by seed: (clusters,) to (seeds,)."""
        return np.asarray(
            np.bincount(self.seed, np.asarray(values, dtype=np.float64), minlength=self.seeds), np.float64
        )


class MeanSquares(Frozen):
    """The two-way (group x seed) mean squares of an estimate, on the scale of one output of a full table.

    The variance of the estimate is (between_groups + between_seeds - rest) / (groups x seeds). With one seed,
    `between_seeds` and `rest` are 0: how much students differ cannot be seen. `extra` is a variance of the estimate itself
    that is added where few outputs differ (see `pairs`).
    """

    groups: int
    seeds: int
    between_groups: float
    between_seeds: float
    rest: float
    extra: float = 0.0

    def times(self, factor: float) -> "MeanSquares":
        """The mean squares of an estimate with so many times the variance."""
        names = ("between_groups", "between_seeds", "rest", "extra")
        return self.model_copy(update={name: factor * getattr(self, name) for name in names})


def mean_squares(influence: Floats, counted: ArrayLike, clusters: Clusters) -> MeanSquares:
    """Mean squares from how far each cluster moves an estimate.

    `influence`: (clusters,) float; their sum is the estimate's first-order error. Of a mean of n outputs, an output moves
    it by (its value - the mean) / n; of a ratio, a phi or an area, by its linearisation. `counted`: (clusters,) outputs
    that the estimate rests on; groups and seeds without any do not count. A pair of group and seed without outputs moves
    nothing. The mean square of what is left is unbiased by the spread of groups and of seeds.
    """
    used = np.asarray(counted) > 0
    group, seed, moved = clusters.group[used], clusters.seed[used], influence[used]
    groups, of_groups = _sums(group, moved)
    seeds, of_seeds = _sums(seed, moved)
    size, total = groups * seeds, float(moved.sum())
    # On the scale of one output of a full table, where the estimate is the mean of groups x seeds values.
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
    """How many levels there are, and the sum over each."""
    present: Bools = np.bincount(level) > 0
    return int(present.sum()), np.asarray(np.bincount(level, moved)[present], np.float64)

"""The crossed ("pigeonhole") bootstrap: groups of problems and seeds are resampled at once.

Source: Owen and Eckles, "Bootstrapping data arrays of arbitrary order", arXiv:1106.2125; before it Owen, "The pigeonhole
bootstrap", Annals of Applied Statistics 1 (2007): each factor of the array is resampled by itself, and a cell of the
array weighs the product of the weights of its levels. Here the factors are the group (a story and all its problems)
and the seed (a student trained anew).

How well it does: simulated studies of 60 groups of 4 problems, students whose log odds differ with standard deviation
0.3 and groups with 1.0, 300 studies each: the 95 % interval of a rate held the truth in 73 % (one seed, which cannot
see the other students), 90 % (two), 91 % (three) and 95 % (five seeds); in 95 to 97 % where students do not differ,
and in over 99 % where groups do not either (the product of weights counts plain noise up to three times).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracekd.randomness import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Draws:
    """How often each level of each factor was drawn.

    `groups`: (resamples, groups), each row sums to the number of groups; `seeds`: (resamples, seeds), likewise.
    """

    groups: Floats
    seeds: Floats

    @property
    def n_seeds(self) -> int:
        return int(self.seeds.shape[1])

    @property
    def n_groups(self) -> int:
        return int(self.groups.shape[1])


def draw(n_groups: int, n_seeds: int, *, resamples: int = 2000, seed: int = 0) -> Draws:
    """Resample both factors with replacement. Pure in its arguments; raises ValueError where one is below 1.

    Groups and seeds have streams of their own, so that the groups drawn do not depend on how many seeds there are:
    a seed that only repeats another leaves every interval exactly as it was. With one seed it is always drawn once,
    and what is left is the ordinary bootstrap over groups.
    """
    if min(n_groups, n_seeds, resamples) < 1:
        raise ValueError(f"need at least 1 group, seed and resample, got {n_groups}, {n_seeds} and {resamples}")
    return Draws(
        groups=_weights(n_groups, resamples, seed, "bootstrap groups"),
        seeds=_weights(n_seeds, resamples, seed, "bootstrap seeds"),
    )


def _weights(levels: int, resamples: int, seed: int, purpose: str) -> Floats:
    rng = np.random.default_rng(stream(seed, "study", purpose).getrandbits(128))
    drawn = rng.integers(levels, size=(resamples, levels))
    # One bincount over all rows: row r counts in its own block of `levels` bins.
    blocks = drawn + levels * np.arange(resamples)[:, None]
    counts = np.bincount(blocks.ravel(), minlength=levels * resamples)
    return counts.reshape(resamples, levels).astype(np.float64)


def group_sums(scores: ArrayLike, group: ArrayLike, n_groups: int) -> Floats:
    """Sum over the problems of each group: (seeds, problems[, k]) to (seeds, groups[, k]).

    `group`: (problems,) int, in [0, n_groups), every group with a member. Raises ValueError otherwise.
    """
    values, index = np.asarray(scores, dtype=np.float64), np.asarray(group, dtype=np.intp)
    if values.ndim < 2 or values.shape[1:2] != index.shape:
        raise ValueError(f"scores of shape {values.shape} do not fit groups of shape {index.shape}")
    if not np.array_equal(np.unique(index), np.arange(n_groups)):
        raise ValueError(f"group numbers must be 0 to {n_groups - 1}, each with a problem")
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(n_groups))
    sums: Floats = np.add.reduceat(values[:, order], starts, axis=1)
    return sums


def resampled_sums(scores: ArrayLike, group: ArrayLike, draws: Draws) -> Floats:
    """Each seed's sum over the resampled groups: (seeds, problems[, k]) to (resamples, seeds[, k])."""
    sums = group_sums(scores, group, draws.n_groups)
    if sums.shape[0] != draws.n_seeds:
        raise ValueError(f"scores of {sums.shape[0]} seeds, draws of {draws.n_seeds}")
    resampled: Floats = np.tensordot(draws.groups, sums, axes=(1, 1))
    return resampled


def seed_mean(per_seed: Floats, draws: Draws) -> Floats:
    """Mean over the resampled seeds: (resamples, seeds[, k]) to (resamples[, k]).

    NaN (an undefined statistic) in a seed that was drawn makes the mean NaN; in one that was not, it does nothing.
    """
    weights = draws.seeds.reshape(draws.seeds.shape + (1,) * (per_seed.ndim - 2))
    weighted = np.where(weights > 0, weights * per_seed, 0.0)
    mean: Floats = weighted.sum(axis=1) / draws.n_seeds
    return mean


def bootstrap_ratios(scores: ArrayLike, counted: ArrayLike, group: ArrayLike, draws: Draws) -> Floats:
    """Resampled rate of each seed, (resamples, seeds): sum of `scores` over number of `counted`, NaN where that is 0.

    Both are (seeds, problems). Groups differ in size, so the denominator is resampled with the numerator.
    """
    both = np.stack([np.asarray(scores, dtype=np.float64), np.asarray(counted, dtype=np.float64)], axis=-1)
    sums = resampled_sums(both, group, draws)
    return divide(sums[..., 0], sums[..., 1])


def bootstrap_means(scores: ArrayLike, group: ArrayLike, draws: Draws) -> Floats:
    """Resampled mean over seeds of the per-seed mean over problems: (seeds, problems) to (resamples,)."""
    values = np.asarray(scores, dtype=np.float64)
    return seed_mean(bootstrap_ratios(values, np.ones_like(values), group, draws), draws)


def bootstrap_tables(step: ArrayLike, answer: ArrayLike, group: ArrayLike, draws: Draws) -> Floats:
    """Resampled 2x2 tables: (seeds, problems) bool twice to (resamples, seeds, 4) counts, in the order of `cells`.

    Any statistic of a table can be evaluated on the last axis, and then averaged with `seed_mean`.
    """
    return resampled_sums(cells(step, answer), group, draws)


def cells(step: ArrayLike, answer: ArrayLike) -> Floats:
    """Which cell of the 2x2 table each output falls in, one-hot: (seeds, problems) twice to (seeds, problems, 4).

    Order: right & right, right & wrong, wrong & right, wrong & wrong; the step first, the answer second.
    """
    s, a = np.asarray(step, dtype=bool), np.asarray(answer, dtype=bool)
    return np.stack([s & a, s & ~a, ~s & a, ~s & ~a], axis=-1).astype(np.float64)


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient, NaN (undefined) where the denominator is 0."""
    quotient = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator > 0)
    return quotient

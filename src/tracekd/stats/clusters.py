"""The crossed bootstrap of `bootstrap.py` for millions of outputs: whole tables over resampled groups and seeds.

A group counts by the sums over its outputs alone, so groups of equal sums are exchangeable. To draw all G groups
anew and add up their sums is therefore to draw how often each *different* sum occurs, from one multinomial of G trials:
exactly the same distribution, and quick, because sums of a few yes-or-no outputs are seldom different. Where they are
different after all, groups are drawn one by one, a few resamples at a time. Both take time by groups, not by outputs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tracekd.randomness import stream
from tracekd.stats.bootstrap import Floats
from tracekd.stats.weights import Counts, Weights, group_weights

# A multinomial takes this many times as long for a different sum as drawing one by one takes for a group.
_PER_DIFFERENT = 20
# Numbers held at a time while drawing: some 32 MiB.
_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class Resampling:
    """How many resamples, and the seed that decides them. Raises ValueError for none."""

    resamples: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.resamples < 1:
            raise ValueError(f"need at least 1 resample, got {self.resamples}")

    def generator(self, purpose: str) -> np.random.Generator:
        return np.random.default_rng(stream(self.seed, "columns", purpose).getrandbits(128))


def resampled_totals(tables: Sequence[Counts], how: Resampling) -> list[Floats]:
    """Totals of each table over resampled groups and seeds: (groups, seeds, k) each to (resamples, k) each.

    A (group, seed) weighs the product of how often both were drawn (arXiv:1106.2125). With one seed, that is the
    ordinary bootstrap over groups. All tables must be of the same groups and seeds. Resamples of different tables may
    not be paired: how they go together means nothing.
    """
    n_groups, n_seeds = tables[0].shape[:2]
    seeds = _seed_weights(n_seeds, how)
    flat = [table.reshape(n_groups, -1) for table in tables]
    sums = _by_multinomial(flat, how) or _one_by_one(flat, how)
    found = (per_seed.reshape(how.resamples, n_seeds, -1) for per_seed in sums)
    return [np.einsum("bs,bsk->bk", seeds, per_seed) for per_seed in found]


def _seed_weights(n_seeds: int, how: Resampling) -> Floats:
    """(resamples, seeds): how often each seed was drawn."""
    rng = how.generator("bootstrap seeds")
    return rng.multinomial(n_seeds, np.full(n_seeds, 1 / n_seeds), size=how.resamples).astype(np.float64)


def _by_multinomial(tables: Sequence[Counts], how: Resampling) -> list[Floats] | None:
    """Totals from the different sums of each table; None where they are too many for that to be quick."""
    different: list[tuple[Counts, Counts]] = []
    for table in tables:
        found = _different(table)
        if found is None or _PER_DIFFERENT * (len(found[0]) + sum(len(sums) for sums, _ in different)) > len(table):
            return None
        different.append(found)
    rng = how.generator("bootstrap groups")
    return [_multinomial_totals(sums, often, rng, how.resamples) for sums, often in different]


def _different(table: Counts) -> tuple[Counts, Counts] | None:
    """The different rows of a (groups, k) table, sorted, and how often each occurs. None where a row fits no number."""
    base = table.max(axis=0).astype(object) + 1
    if np.prod(base) >= 2**63:
        return None
    # Rows as numbers of mixed base: sorted a hundred times as quickly as rows.
    places = np.concatenate([[1], np.cumprod(base[:-1])]).astype(np.int64)
    _, first, often = np.unique(table @ places, return_index=True, return_counts=True)
    return table[first], often


def _multinomial_totals(sums: Counts, often: Counts, rng: np.random.Generator, resamples: int) -> Floats:
    n_groups = int(often.sum())
    drawn = (rng.multinomial(n_groups, often / n_groups, size=size) for size in _chunks(resamples, len(sums)))
    return np.concatenate([chunk.astype(np.float64) @ sums for chunk in drawn])


def _one_by_one(tables: Sequence[Counts], how: Resampling) -> list[Floats]:
    """Totals from weights of single groups; all tables see the same weights, so that these are drawn once."""
    rng = how.generator("bootstrap groups, one by one")
    n_groups = len(tables[0])
    together = np.concatenate(tables, axis=1)
    # Whole numbers up to 2^24 are exact in 32 bits, and their products twice as quick.
    exact = np.dtype(np.float32 if together.sum(axis=0).max() < 2**22 else np.float64)
    sums: Floats = together.astype(exact)
    totals = [_weighted(group_weights(n_groups, size, rng), sums) for size in _chunks(how.resamples, n_groups)]
    ends = np.cumsum([table.shape[1] for table in tables])[:-1]
    return np.split(np.concatenate(totals).astype(np.float64), ends, axis=1)


def _weighted(weights: Weights, sums: Floats) -> Floats:
    return weights.astype(sums.dtype) @ sums


def _chunks(resamples: int, width: int) -> Iterator[int]:
    """How many resamples to draw at a time, so that `width` numbers for each of them fit."""
    size = max(1, _AT_ONCE // width)
    for start in range(0, resamples, size):
        yield min(size, resamples - start)

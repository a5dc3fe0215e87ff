"""The engine's rates and differences for thousands of full tables at once.

Only the mean squares are computed anew, for arrays; distributions and half-widths are those of `tracekd.stats.pivot`, which
take many at once. `tests/stats/test_many_studies.py` holds both ways together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from tracekd.stats.clusters import MeanSquares
from tracekd.stats.pivot import deviations_of
from tracekd.stats.rate_interval import distance, skewness_weight, wilson_of_groups

Floats = NDArray[np.float64]
_AT_ONCE = 2000


@dataclass(frozen=True)
class Spreads:
    """Mean squares of many estimates: `squares` is (3, studies), of groups, seeds and what is left; `extra`, (studies,)."""

    squares: Floats
    groups: int
    seeds: int
    extra: Floats

    @classmethod
    def of(cls, influence: Floats) -> "Spreads":
        """From how far each pair of group and seed moves each estimate: (studies, groups, seeds)."""
        studies, groups, seeds = influence.shape
        of_groups, of_seeds = influence.sum(axis=2), influence.sum(axis=1)
        total = of_groups.sum(axis=1, keepdims=True)
        between_groups = seeds * ((groups * of_groups - total) ** 2).sum(axis=1)
        between_seeds = groups * ((seeds * of_seeds - total) ** 2).sum(axis=1)
        everything = ((groups * seeds * influence - total[..., None]) ** 2).sum(axis=(1, 2))
        rest = np.maximum(0.0, everything - between_groups - between_seeds)
        squares = np.zeros((3, studies))
        squares[0] = between_groups / (groups - 1)
        if seeds > 1:
            squares[1:] = between_seeds / (seeds - 1), rest / ((groups - 1) * (seeds - 1))
        return cls(squares, groups, seeds, np.zeros(studies))

    def one(self, at: int) -> MeanSquares:
        """The mean squares of one study, as the engine has them."""
        names = ("between_groups", "between_seeds", "rest")
        values = dict(zip(names, self.squares[:, at].tolist(), strict=True))
        return MeanSquares(groups=self.groups, seeds=self.seeds, extra=float(self.extra[at]), **values)

    def beyond(self, distance: ArrayLike) -> Floats:
        """For each study, the probability that the error is at least so large, to either side: (studies,)."""
        far = np.broadcast_to(np.abs(distance), self.extra.shape)
        found = []
        for start in range(0, len(far), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            extra = self.extra[part, None]
            deviations, weights = deviations_of(self.squares[:, part], self.groups, self.seeds, extra)
            with np.errstate(divide="ignore", invalid="ignore"):
                tails = np.where(deviations > 0, 2 * ndtr(-far[part, None] / deviations), far[part, None] == 0)
            found.append(tails @ weights)
        return np.concatenate(found)


@dataclass(frozen=True)
class Rates:
    """The rates of many studies."""

    rate: Floats
    spreads: Spreads

    @classmethod
    def of(cls, right: NDArray[np.bool_]) -> "Rates":
        """From outputs: (studies, groups, problems, seeds)."""
        hits = right.sum(axis=2)
        size = hits[0].size * right.shape[2]
        rate = hits.sum(axis=(1, 2)) / size
        return cls(rate, Spreads.of((hits - rate[:, None, None] * right.shape[2]) / size))

    def cover(self, truth: ArrayLike) -> NDArray[np.bool_]:
        """Whether the interval holds the truth: (studies,). Without a spread, it is Wilson's interval of groups."""
        true = np.broadcast_to(np.asarray(truth, dtype=np.float64), self.rate.shape)
        squares = self.spreads.squares
        varies = (self.rate > 0) & (self.rate < 1) & (squares.max(axis=0) > 0)
        seen = np.where(varies, self.rate, 0.5)
        held = self.spreads.beyond(distance(seen, true, skewness_weight(squares[0], squares[1]))) >= 0.05
        for at in np.flatnonzero(~varies):
            low, high = wilson_of_groups(float(self.rate[at]), self.spreads.groups)
            held[at] = low <= true[at] <= high
        return held


@dataclass(frozen=True)
class Differences:
    """The differences of rates, first less second, of many studies."""

    difference: Floats
    spreads: Spreads

    @classmethod
    def of(cls, first: NDArray[np.bool_], second: NDArray[np.bool_]) -> "Differences":
        """From the outputs of two regimes: (studies, groups, problems, seeds) both."""
        values = first.astype(np.int8) - second.astype(np.int8)
        size = values[0].size
        difference = values.sum(axis=(1, 2, 3)) / size
        influence = (values.sum(axis=2) - difference[:, None, None] * values.shape[2]) / size
        return cls(difference, _with_one_more(Spreads.of(influence), influence, values, difference))

    def p(self, truth: ArrayLike = 0.0) -> Floats:
        """Two-sided p of "the true difference is this": (studies,); NaN where nothing varies."""
        p = self.spreads.beyond(self.difference - truth)
        return np.where(self.spreads.extra + self.spreads.squares.max(axis=0) > 0, p, np.nan)

    def equivalence_p(self, margin: float) -> Floats:
        """The larger p of the two one-sided tests that the true difference is at least the margin: (studies,)."""
        inside = margin - np.abs(self.difference)
        tail = self.spreads.beyond(inside) / 2
        return np.where(inside >= 0, tail, 1 - tail)


def _with_one_more(spreads: Spreads, influence: Floats, values: NDArray[np.int8], difference: Floats) -> Spreads:
    """As `inference.table_squares` adds it: the variance of one more output of each of the four outcomes."""
    size = values[0].size
    moves = (np.array([0.0, 1.0, -1.0, 0.0]) - difference[:, None]) / size  # (studies, outcomes)
    one_more = (moves**2).sum(axis=1)
    flat = values.reshape(len(values), -1)
    counts = np.stack([(flat == value).sum(axis=1) for value in (0, 1, -1)], axis=1)
    of_outputs = (counts * moves[:, :3] ** 2).sum(axis=1)
    over_groups = (influence.sum(axis=2) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(of_outputs > 0, np.maximum(1.0, over_groups / of_outputs), (size / spreads.groups) ** 2)
    return Spreads(spreads.squares, spreads.groups, spreads.seeds, factor * one_more)

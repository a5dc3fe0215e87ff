"""A decision stump: the best that one threshold on one number can do to tell two classes apart."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stump:
    """Says yes above the threshold, or, if `below`, at it and below it."""

    threshold: float
    below: bool

    def predict(self, values: Floats) -> Bools:
        """Which of the values are taken for a yes. `values`: (rows,)."""
        return np.asarray((values > self.threshold) != self.below, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A balanced accuracy in [0, 1] with its interval (Wilson), and the number of rows that it rests on."""

    value: float
    low: float
    high: float
    rows: int


def fit_stump(values: Floats, yes: Bools) -> Stump:
    """The stump of the highest balanced accuracy on these rows; of several, the one with the lowest threshold.

    `values`: (rows,) without NaN; `yes`: (rows,), both classes in it. Exact, in O(n log n).
    """
    order = np.argsort(values, kind="stable")
    ordered, is_yes = values[order], yes[order]
    # The threshold lies at a value that is followed by another, or below them all, where everything is a yes.
    cuts = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], False))
    # The share of the class yes above each cut, less that of the other class: accuracy is (1 + gain) / 2.
    above = 1 - np.cumsum(is_yes) / np.count_nonzero(is_yes)
    gains = (above - (1 - np.cumsum(~is_yes) / np.count_nonzero(~is_yes)))[cuts]
    if not len(cuts) or not np.abs(gains).max() > 0:
        return Stump(-np.inf, below=False)
    best = int(np.argmax(np.abs(gains)))
    return Stump(float(ordered[cuts[best]]), below=bool(gains[best] < 0))


def balanced_accuracy(said: Bools, yes: Bools) -> float:
    """The mean over the two classes of the share that is told right: 0.5 for whatever says the same of all rows."""
    return float((said[yes].mean() + (~said[~yes]).mean()) / 2)


def held_out_accuracy(values: Floats, yes: Bools, half: Bools, tests: int) -> Accuracy | None:
    """How well a stump that is fitted on one half tells the classes on the other; the mean of both ways.

    `half`: (rows,), which side each row is on. `tests`: how many such accuracies are looked at together; their 95 %
    intervals hold for all of them at once (Bonferroni). None where a class is missing from a half.
    """
    sides = (half, ~half)
    if any(not yes[side].any() or yes[side].all() for side in sides):
        return None
    ways = [(fit_stump(values[fit], yes[fit]), rest) for fit, rest in (sides, sides[::-1])]
    value = sum(balanced_accuracy(stump.predict(values[rest]), yes[rest]) for stump, rest in ways) / len(ways)
    # A mean of two shares varies as one share of so many rows does; all of them, where the classes are of one size.
    count = 4 / (1 / np.count_nonzero(yes) + 1 / np.count_nonzero(~yes))
    low, high = _wilson(value, count, 0.05 / tests)
    return Accuracy(value, low, high, len(yes))


def _wilson(share: float, count: float, alpha: float) -> tuple[float, float]:
    """The score interval (Wilson 1927)."""
    z = NormalDist().inv_cdf(1 - alpha / 2)
    centre = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

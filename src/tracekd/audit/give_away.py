"""Whether one number of a completion tells its regime: the best threshold is fitted on one half, tested on the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from tracekd.audit.features import FEATURES, TOKENS
from tracekd.audit.ledger import Hashes, Ledger, hashes
from tracekd.regimes.names import intent_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cut:
    """A decision by one threshold: yes above it; if `below`, yes at it and below it."""

    threshold: float
    below: bool

    def predict(self, values: Floats) -> Bools:
        """The values for which the answer is yes. `values`: (rows,)."""
        return np.asarray((values > self.threshold) != self.below, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A balanced accuracy in [0, 1], its interval (Wilson), and the number of rows behind it."""

    value: float
    low: float
    high: float
    rows: int


def fit_cut(values: Floats, yes: Bools) -> Cut:
    """The cut of the highest balanced accuracy on these rows; of several, the one with the lowest threshold.

    `values`: (rows,) without NaN; `yes`: (rows,), both classes in it. Exact, in O(n log n).
    """
    order = np.argsort(values, kind="stable")
    ordered, is_yes = values[order], yes[order]
    # A threshold is a value that is followed by a different one, or a number below all values (then all answers are yes).
    cuts = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], False))
    # The share of class "yes" above each cut, minus the share of the other class: accuracy is (1 + gain) / 2.
    above = 1 - np.cumsum(is_yes) / np.count_nonzero(is_yes)
    gains = (above - (1 - np.cumsum(~is_yes) / np.count_nonzero(~is_yes)))[cuts]
    if not len(cuts) or not np.abs(gains).max() > 0:
        return Cut(-np.inf, below=False)
    best = int(np.argmax(np.abs(gains)))
    return Cut(float(ordered[cuts[best]]), below=bool(gains[best] < 0))


def balanced_accuracy(said: Bools, yes: Bools) -> float:
    """The mean over the two classes of the share of right decisions; 0.5 if all rows get the same decision."""
    return float((said[yes].mean() + (~said[~yes]).mean()) / 2)


def held_out_accuracy(values: Floats, yes: Bools, half: Bools, tests: int) -> Accuracy | None:
    """How well a cut that is fitted on one half separates the classes on the other half; the mean of both directions.

    `half`: (rows,), the half of each row. `tests`: the number of accuracies that are reported together; their 95 %
    intervals hold for all of them at once (Bonferroni). None if a half lacks a class.
    """
    sides = (half, ~half)
    if any(not yes[side].any() or yes[side].all() for side in sides):
        return None
    ways = [(fit_cut(values[fit], yes[fit]), rest) for fit, rest in (sides, sides[::-1])]
    value = sum(balanced_accuracy(cut.predict(values[rest]), yes[rest]) for cut, rest in ways) / len(ways)
    # The number of rows whose share varies as much as this mean of two shares: all rows, if both classes have equal size.
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


_MOST_PAIRS = 28


class Telling(BaseModel):
    """How well one number separates two regimes: balanced accuracy on problems that the cut was not fitted on, and
    its interval. 0.5 is chance."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    accuracy: float
    low: float
    high: float
    gives_away: bool


class GiveAway(BaseModel):
    """Two regimes, and how well each number separates them.

    `judged` is False if they are meant to look different: then there is no fault. `rows` counts both regimes' rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    first: str
    second: str
    rows: int
    same_problems: bool
    judged: bool
    numbers: dict[str, Telling]


def give_aways(ledgers: Sequence[Ledger], threshold: float | None) -> Iterator[GiveAway]:
    """Compare every regime with traces with the correct one; without a correct one, compare all pairs (the first few)."""
    regimes: dict[str, list[Ledger]] = {}
    for ledger in ledgers:
        if intent_of(ledger.key.regime).traced:
            regimes.setdefault(ledger.key.regime, []).append(ledger)
    for first, second in _pairs(list(regimes)):
        found = _compare({first: regimes[first], second: regimes[second]}, threshold)
        if found is not None:
            yield found


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    correct = next((name for base in ("correct", "paper") for name in names if _is_correct(name, base)), None)
    if correct is not None:
        return [(correct, name) for name in names if name != correct]
    return list(combinations(names, 2))[:_MOST_PAIRS]


def _is_correct(name: str, base: str) -> bool:
    return name.partition("(")[0].strip() == base and intent_of(name).facts == "right"


def _compare(regimes: Mapping[str, Sequence[Ledger]], threshold: float | None) -> GiveAway | None:
    first, second = regimes
    keys = [np.concatenate([hashes(ledger.problems) for ledger in ledgers]) for ledgers in regimes.values()]
    common = np.intersect1d(keys[0], keys[1])
    same = len(common) >= 0.5 * min(len(np.unique(one)) for one in keys)
    kept = [np.isin(one, common) if same else np.ones(len(one), dtype=bool) for one in keys]
    columns = [_columns(ledgers) for ledgers in regimes.values()]
    yes = np.repeat([False, True], [int(rows.sum()) for rows in kept])
    half = _half(np.concatenate([one[rows] for one, rows in zip(keys, kept, strict=True)]))
    judged = same and intent_of(first).alike and intent_of(second).alike and not _both_right(first, second)
    numbers: dict[str, Telling] = {}
    shared = [name for name in columns[0] if name in columns[1]]
    for name in shared:
        values = np.concatenate([one[name][rows] for one, rows in zip(columns, kept, strict=True)])
        found = held_out_accuracy(values, yes, half, len(shared))
        if found is None:
            return None
        gives = judged and threshold is not None and found.value > threshold and found.low > 0.5
        numbers[name] = Telling(accuracy=found.value, low=found.low, high=found.high, gives_away=gives)
    return GiveAway(
        first=first, second=second, rows=len(yes), same_problems=same, judged=judged, numbers=numbers
    )  # fmt: skip


def _both_right(first: str, second: str) -> bool:
    """Whether the regimes differ in their kind of support: then they are meant to have different numbers of facts."""
    return intent_of(first) == intent_of(second) and intent_of(first).facts == "right"


def _columns(ledgers: Sequence[Ledger]) -> dict[str, NDArray[np.float64]]:
    shapes = np.concatenate([ledger.shape() for ledger in ledgers])
    columns = {name: shapes[:, at] for at, name in enumerate(FEATURES)}
    if all(len(ledger.tokens) == ledger.rows_read for ledger in ledgers):
        columns[TOKENS] = np.concatenate([np.asarray(ledger.tokens, dtype=np.float64) for ledger in ledgers])
    return columns


def _half(problems: Hashes) -> NDArray[np.bool_]:
    """The half of each row: all rows of a problem are in one half, whatever their regime."""
    return np.asarray((problems >> np.uint64(17)) & np.uint64(1), dtype=np.bool_)

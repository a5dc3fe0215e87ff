"""Which regime a completion is of should not show in any one number: a stump is trained to tell, and held to account."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from tracekd.audit.features import FEATURES, TOKENS
from tracekd.audit.ledger import Hashes, Ledger, hashes
from tracekd.audit.stump import held_out_accuracy
from tracekd.regimes.names import intent_of

_MOST_PAIRS = 28


class Telling(BaseModel):
    """How well one number tells two regimes apart: balanced accuracy on problems that the stump was not fitted on, and
    its interval. 0.5 is chance."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    accuracy: float
    low: float
    high: float
    gives_away: bool


class GiveAway(BaseModel):
    """Two regimes, and how well each number tells them apart.

    `judged` is False where they are meant to look different, so that nothing is a fault; `rows` counts both regimes'.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    first: str
    second: str
    rows: int
    same_problems: bool
    judged: bool
    numbers: dict[str, Telling]


def give_aways(ledgers: Sequence[Ledger], threshold: float | None) -> Iterator[GiveAway]:
    """Compare every traced regime with the correct one; without one, all pairs (the first few)."""
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
    """Two kinds of support differ in how many facts they have, and are meant to."""
    return intent_of(first) == intent_of(second) and intent_of(first).facts == "right"


def _columns(ledgers: Sequence[Ledger]) -> dict[str, NDArray[np.float64]]:
    shapes = np.concatenate([ledger.shape() for ledger in ledgers])
    columns = {name: shapes[:, at] for at, name in enumerate(FEATURES)}
    if all(len(ledger.tokens) == ledger.rows_read for ledger in ledgers):
        columns[TOKENS] = np.concatenate([np.asarray(ledger.tokens, dtype=np.float64) for ledger in ledgers])
    return columns


def _half(problems: Hashes) -> NDArray[np.bool_]:
    """All rows of a problem are on one side, whatever their regime."""
    return np.asarray((problems >> np.uint64(17)) & np.uint64(1), dtype=np.bool_)

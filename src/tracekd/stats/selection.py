"""What answering only some outputs is worth: coverage and accuracy of those that pass, and scores that rank outputs."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.bootstrap import Floats, divide
from tracekd.stats.clusters import Resampling, resampled_totals
from tracekd.stats.intervals import Frozen
from tracekd.stats.selective import Curve, Ranked, area, oracle, resampled_aurc
from tracekd.stats.shares import Measure, Share, measure, share
from tracekd.stats.weights import Counts

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Unit = Literal["tokens", "characters"]

ORACLE, LENGTH, LOG_PROBABILITY = "oracle", "shorter_first", "log_probability"


@dataclass(frozen=True, slots=True)
class Selectable:
    """The outputs of one model and regime: (outputs,) each, group and seed as numbers from 0.

    `passes`: which outputs each way to select answers. `scores`: how sure each way to rank is; the highest is answered
    first. `length` is in `unit`; `log_probability` is the mean over tokens, None where an output has none.
    """

    model: str
    regime: str
    group: Ints
    seed: Ints
    right: Bools
    passes: dict[str, Bools]
    scores: dict[str, Floats]
    length: Ints
    unit: Unit
    log_probability: Floats | None


class Selected(Frozen):
    """Answering only what passes: the share answered, the share right among them, and how much that is above all.

    `gain`: accuracy of the answered less accuracy of all outputs, with a bootstrap interval over groups and seeds;
    where all that is answered is right, or wrong, Newcombe's.
    """

    coverage: Share
    accuracy: Share
    gain: Measure


class Ranking(Frozen):
    """A score's area under the risk-coverage curve, how far above the oracle's, and how far below that of length.

    `saved`: the area of `shorter_first` less this one, on the same resamples; above 0, this score is the better one.
    """

    aurc: Measure
    excess: float
    saved: Measure | None


class SelectionCell(Frozen):
    """One model and regime. `all`: answering every output."""

    model: str
    regime: str
    n: int
    groups: int
    all: Share
    selected: dict[str, Selected]
    ranked: dict[str, Ranking]
    length_unit: Unit


def summarise(cell: Selectable, how: Resampling) -> SelectionCell:
    """All numbers of a cell. Raises ValueError where it has no output."""
    everything = np.ones(len(cell.right), dtype=bool)
    return SelectionCell(
        model=cell.model,
        regime=cell.regime,
        n=len(cell.right),
        groups=int(cell.group.max()) + 1,
        all=share(_sums(cell, cell.right), _sums(cell, everything)),
        selected={name: _selected(cell, passes, how) for name, passes in cell.passes.items()},
        ranked=_rankings(cell, how),
        length_unit=cell.unit,
    )


def curves(cell: Selectable) -> Iterator[tuple[str, Curve]]:
    """The risk-coverage curve of each score, the oracle's last."""
    for name, ranked in _ranked(cell):
        yield name, ranked.curve()


def _selected(cell: Selectable, passes: Bools, how: Resampling) -> Selected:
    everything = np.ones_like(passes)
    answered, all_outputs = _sums(cell, passes), _sums(cell, everything)
    right, all_right = _sums(cell, passes & cell.right), _sums(cell, cell.right)
    accuracy, base = share(right, answered), share(all_right, all_outputs)
    if accuracy.rate in (0, 1) and not passes.all():
        gain = _newcombe(accuracy, base)
    else:
        gain = _bootstrapped(np.stack([right, answered, all_right, all_outputs], axis=-1), how)
    return Selected(coverage=share(answered, all_outputs), accuracy=accuracy, gain=gain)


def _bootstrapped(table: Counts, how: Resampling) -> Measure:
    """The gain from right and answered, all right and all: (groups, seeds, 4) sums."""
    right, answered, all_right, all_outputs = table.sum(axis=(0, 1)).tolist()
    (totals,) = resampled_totals([table], how)
    resampled = divide(totals[:, 0], totals[:, 1]) - divide(totals[:, 2], totals[:, 3])
    gain = right / answered - all_right / all_outputs if answered else np.nan
    groups = int((table[..., 1].sum(axis=1) > 0).sum())
    return measure(gain, resampled, groups=groups, undefined="no output passes")


def _newcombe(accuracy: Share, base: Share) -> Measure:
    """The gain where all that is answered is right, or all is wrong: no resample would ever show anything else.

    From the ends of both Wilson intervals (Newcombe, Statistics in Medicine 17, 1998, method 10), as if what is answered
    were not among all: that is conservative.
    """
    assert accuracy.rate is not None
    assert accuracy.ci is not None
    assert base.rate is not None
    assert base.ci is not None
    gain = accuracy.rate - base.rate
    below = hypot(accuracy.rate - accuracy.ci[0], base.ci[1] - base.rate)
    above = hypot(accuracy.ci[1] - accuracy.rate, base.rate - base.ci[0])
    return Measure(value=gain, ci=(gain - below, gain + above))


def _rankings(cell: Selectable, how: Resampling) -> dict[str, Ranking]:
    groups = int(cell.group.max()) + 1
    found = dict(_ranked(cell))
    resampled = {name: resampled_aurc(ranked, cell.group, cell.right, how) for name, ranked in found.items()}
    best, base = found[ORACLE].aurc, found[LENGTH].aurc
    return {
        name: Ranking(
            aurc=area(ranked.aurc, resampled[name], groups),
            excess=ranked.aurc - best,
            saved=None if name == LENGTH else area(base - ranked.aurc, _less(resampled, name), groups),
        )
        for name, ranked in found.items()
    }


def _less(resampled: dict[str, Floats | None], name: str) -> Floats | None:
    base, other = resampled[LENGTH], resampled[name]
    return None if base is None or other is None else base - other


def _ranked(cell: Selectable) -> Iterator[tuple[str, Ranked]]:
    for name, score in cell.scores.items():
        yield name, Ranked.of(score, cell.right)
    yield LENGTH, Ranked.of(-cell.length, cell.right)
    if cell.log_probability is not None:
        yield LOG_PROBABILITY, Ranked.of(cell.log_probability, cell.right)
    yield ORACLE, oracle(cell.right)


def _sums(cell: Selectable, flags: Bools) -> Counts:
    """How many outputs of each group and seed are flagged: (outputs,) to (groups, seeds)."""
    shape = int(cell.group.max()) + 1, int(cell.seed.max()) + 1
    place = cell.group * shape[1] + cell.seed
    return np.bincount(place[flags], minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)

"""The gain from answering selectively: coverage and accuracy of outputs that pass, and scores that rank outputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from tracekd.stats.clusters import Clusters, MeanSquares, mean_squares
from tracekd.stats.estimate import Bools, Floats, Frozen, Ints, Measure, Scope, Share
from tracekd.stats.inference import measured, scope_of, share, table_squares, with_one_more
from tracekd.stats.selective import Curve, Ranked, oracle

Unit = Literal["tokens", "characters"]

ORACLE, LENGTH, LOG_PROBABILITY = "oracle", "shorter_first", "log_probability"
NOTHING_PASSES = "no output passes"
# Outcomes of an output: passes and is right, passes and is wrong, fails and is right, fails and is wrong.
_PASSES, _RIGHT = [0, 1], [0, 2]
# One of n outputs moves an area by about 1 / n. Much smaller numbers are rounding errors.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Selectable:
    """The outputs of one model and regime: (outputs,) each, group and seed as numbers from 0.

    `passes`: the outputs that each selection rule answers. `scores`: the confidence by each ranking; the highest is answered
    first. `length` is in `unit`; `log_probability` is the mean over tokens, None if an output has none. `unread`: how many
    statements of each free trace the grammar cannot read, and how many there are; None without free traces.
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
    unread: tuple[Ints, Ints] | None = None

    @property
    def seeds(self) -> int:
        return int(self.seed.max()) + 1

    @cached_property
    def clusters(self) -> Clusters:
        """The pairs of group and seed that have outputs."""
        group, seed = np.divmod(self._keys[0], self.seeds)
        return Clusters(group, seed, self.seeds)

    def counts(self, outcome: Ints, n_outcomes: int) -> Ints:
        """Outputs of each cluster by outcome: (outputs,) numbers from 0 to (clusters, n_outcomes)."""
        clusters = len(self._keys[0])
        place = self._keys[1] * n_outcomes + outcome
        return np.bincount(place, minlength=clusters * n_outcomes).reshape(clusters, n_outcomes)

    def sums(self, values: Floats) -> Floats:
        """Sum over the outputs of each cluster: (outputs,) to (clusters,)."""
        return np.asarray(np.bincount(self._keys[1], values, minlength=len(self._keys[0])), np.float64)

    @cached_property
    def _keys(self) -> tuple[Ints, Ints]:
        """Group and seed of each cluster in one number, ascending, and the cluster of each output."""
        found, cluster = np.unique(self.group.astype(np.int64) * self.seeds + self.seed, return_inverse=True)
        return found, cluster


class Selected(Frozen):
    """Answering only what passes: the share answered, the share right among them, and the gain over answering all.

    `gain`: accuracy of the answered outputs minus accuracy of all outputs.
    """

    coverage: Share
    accuracy: Share
    gain: Measure


class Ranking(Frozen):
    """A score's area under the risk-coverage curve, compared with the oracle's area and with the area of length.

    `saved`: the area of `shorter_first` minus this one, on the same outputs; above 0, this score is better.
    """

    aurc: Measure
    excess: float
    saved: Measure | None


class SelectionCell(Frozen):
    """One model and regime. `all`: answering every output. With one seed, all numbers are about that student only.

    `unread`: the share of statements of free traces that the grammar cannot read; None without free traces.
    """

    model: str
    regime: str
    n: int
    groups: int
    seeds: int
    scope: Scope
    all: Share
    selected: dict[str, Selected]
    ranked: dict[str, Ranking]
    length_unit: Unit
    unread: Share | None = None


def summarise(cell: Selectable) -> SelectionCell:
    """All numbers of a cell. Raises ValueError for a cell without outputs."""
    right, n = cell.sums(cell.right.astype(np.float64)), cell.sums(np.ones(len(cell.right)))
    return SelectionCell(
        model=cell.model,
        regime=cell.regime,
        n=len(cell.right),
        groups=int(cell.group.max()) + 1,
        seeds=cell.seeds,
        scope=scope_of(cell.seeds),
        all=share(right, n, cell.clusters),
        selected={name: _selected(cell, passes) for name, passes in cell.passes.items()},
        ranked=_rankings(cell),
        length_unit=cell.unit,
        unread=_unread(cell),
    )


def _unread(cell: Selectable) -> Share | None:
    if cell.unread is None:
        return None
    unread, statements = (cell.sums(column.astype(np.float64)) for column in cell.unread)
    return share(unread, statements, cell.clusters)


def curves(cell: Selectable) -> Iterator[tuple[str, Curve]]:
    """The risk-coverage curve of each score, the oracle's last."""
    for name, ranked in _ranked(cell):
        yield name, ranked.curve()


def _selected(cell: Selectable, passes: Bools) -> Selected:
    table = cell.counts(~passes * np.int64(2) + ~cell.right, 4)
    answered = table[:, _PASSES].sum(axis=1)
    return Selected(
        coverage=share(answered, table.sum(axis=1), cell.clusters),
        accuracy=share(table[:, 0], answered, cell.clusters),
        gain=gain(table, cell.clusters),
    )


def gain(table: Ints, clusters: Clusters) -> Measure:
    """Accuracy of what passes minus accuracy of all: (clusters, 4) counts, in the order of `_PASSES` and `_RIGHT`.

    The smaller part (passes or fails) decides its first-order error, and therefore its degrees of freedom.
    """
    by_seed = np.stack([clusters.by_seed(column) for column in table.T], axis=1)
    per_seed = [_gain(counts) for counts in by_seed]
    total = table.sum(axis=0)
    value = _gain(total)
    if value is None:
        return Measure(value=None, n=int(total.sum()), per_seed=tuple(per_seed), reason=NOTHING_PASSES)
    right, wrong = (total / total.sum())[:2]
    answered = right + wrong
    gradient = np.array([wrong / answered**2 - 1, -right / answered**2, -1.0, 0.0])
    squares = table_squares(table, gradient, clusters)
    if squares.groups > 1:  # of two groups, one degree of freedom is left
        squares = _resting_on(max(2, _fewer_groups(table, clusters)), squares)
    found = measured(value, squares, int(total.sum()), per_seed)
    return _within(found, -1.0, 1.0)


def _gain(counts: Floats | Ints) -> float | None:
    answered, n = counts[_PASSES].sum(), counts.sum()
    return float(counts[0] / answered - counts[_RIGHT].sum() / n) if answered else None


def _fewer_groups(table: Ints, clusters: Clusters) -> int:
    """The groups with an output that passes, or those with one that fails: the fewer of both. All groups if none fails."""
    parts = (table[:, :2].sum(axis=1), table[:, 2:].sum(axis=1))
    return min(len(np.unique(clusters.group[part > 0])) for part in parts if part.any())


def _resting_on(groups: int, squares: MeanSquares) -> MeanSquares:
    """The same variance with the degrees of freedom of this many groups."""
    more = groups / squares.groups
    scaled = {name: more * getattr(squares, name) for name in ("between_groups", "between_seeds", "rest")}
    return squares.model_copy(update={"groups": groups, **scaled})


def _rankings(cell: Selectable) -> dict[str, Ranking]:
    found = dict(_ranked(cell))
    per_seed = {name: _areas_by_seed(cell, ranked) for name, ranked in found.items()}
    base = found[LENGTH]
    return {
        name: Ranking(
            aurc=_within(_area(cell, ranked.aurc, ranked.moves(), per_seed[name]), 0.0, 1.0),
            excess=ranked.aurc - found[ORACLE].aurc,
            saved=None if name == LENGTH else _saved(cell, base, ranked, _less(per_seed[LENGTH], per_seed[name])),
        )
        for name, ranked in found.items()
    }


def _saved(cell: Selectable, base: Ranked, other: Ranked, per_seed: tuple[float, ...]) -> Measure:
    moves = tuple(first - second for first, second in zip(base.moves(), other.moves(), strict=True))
    return _within(_area(cell, base.aurc - other.aurc, moves, per_seed), -1.0, 1.0)


def _area(cell: Selectable, value: float, moves: tuple[Floats, ...], per_seed: tuple[float, ...]) -> Measure:
    """An area, or a difference of two areas, with the interval from each output's influence.

    `moves`: the influence of a right output and of a wrong one at the rank of each output. If all outputs are right, or all
    are wrong, another sample may have some of the other kind: so the variance of one more output of each kind, at the
    rank of any output, is added.
    """
    n = len(cell.right)
    of_output = np.where(cell.right, *moves)
    middle = of_output.mean()
    of_output = of_output - middle
    of_output[np.abs(of_output) < _ROUNDING / n] = 0.0
    of_one_more = sum(float(((move - middle) ** 2).mean()) for move in moves)
    influence, counted = cell.sums(of_output), cell.sums(np.ones(n))
    squares = mean_squares(influence, counted, cell.clusters)
    of_outputs = float((of_output**2).sum())
    squares = with_one_more(squares, influence, cell.clusters, of_outputs, of_one_more, n)
    return measured(value, squares, n, per_seed)


def _areas_by_seed(cell: Selectable, ranked: Ranked) -> tuple[float, ...]:
    """The area of each seed's outputs alone. The later a block, the lower its score."""
    order = np.argsort(cell.seed, kind="stable")
    ends = np.cumsum(np.bincount(cell.seed, minlength=cell.seeds))[:-1]
    return tuple(Ranked.of(-ranked.block[some], cell.right[some]).aurc for some in np.split(order, ends))


def _less(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(one - other for one, other in zip(first, second, strict=True))


def _within(found: Measure, low: float, high: float) -> Measure:
    """The interval, limited to the possible values."""
    if found.ci is None:
        return found
    return found.model_copy(update={"ci": (max(low, found.ci[0]), min(high, found.ci[1]))})


def _ranked(cell: Selectable) -> Iterator[tuple[str, Ranked]]:
    scores: Mapping[str, Floats] = {**cell.scores, LENGTH: -cell.length.astype(np.float64)}
    for name, score in scores.items():
        yield name, Ranked.of(score, cell.right)
    if cell.log_probability is not None:
        yield LOG_PROBABILITY, Ranked.of(cell.log_probability, cell.right)
    yield ORACLE, oracle(cell.right)

"""The effects of one student and regime as tables: for each condition, one row per seed and one column per problem."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracekd.interventions.effect import Effect
from tracekd.stats.estimate import Floats, Ints

# (seeds, problems): NaN if there is no score.
Score = Callable[[Effect], float | bool | None]


@dataclass(frozen=True)
class EffectTable:
    """`seeds` and `ids` ascend; `group`: (problems,), numbered from 0; `rows[condition][seed][problem]`."""

    student: str
    regime: str
    seeds: tuple[int, ...]
    ids: tuple[str, ...]
    labels: NDArray[np.str_]
    group: Ints
    rows: Mapping[str, Sequence[Sequence[Effect]]]

    @property
    def n_groups(self) -> int:
        return int(self.group.max()) + 1

    def scores(self, condition: str, score: Score) -> Floats:
        """The score of each effect, (seeds, problems); NaN if it is None, or if the condition was not supported."""
        return np.array([[_number(effect, score) for effect in row] for row in self.rows[condition]], dtype=np.float64)

    def columns(self, kept: NDArray[np.bool_]) -> "EffectTable":
        """Only these problems, with new numbers for groups. `kept`: (problems,) bool, at least one is true."""
        places = np.flatnonzero(kept).tolist()
        rows = {name: [[row[at] for at in places] for row in seeds] for name, seeds in self.rows.items()}
        group = np.unique(self.group[kept], return_inverse=True)[1]
        ids = tuple(self.ids[at] for at in places)
        return EffectTable(self.student, self.regime, self.seeds, ids, self.labels[kept], group, rows)

    def of_seeds(self, seeds: Sequence[int]) -> "EffectTable":
        """Only the rows of these seeds."""
        places = [self.seeds.index(seed) for seed in seeds]
        rows = {name: [table[at] for at in places] for name, table in self.rows.items()}
        return EffectTable(self.student, self.regime, tuple(seeds), self.ids, self.labels, self.group, rows)


def _number(effect: Effect, score: Score) -> float:
    value = None if effect.unsupported is not None else score(effect)
    return np.nan if value is None else float(value)


def tables(effects: Iterable[Effect]) -> list[EffectTable]:
    """One table for each student and regime, by their names. The order of the effects does not matter.

    Raises ValueError if there are no effects, if one occurs twice, if a seed lacks a problem or a condition that
    another seed has, or if a problem has two groups or classes.
    """
    cells: dict[tuple[str, str], dict[tuple[str, int, str], Effect]] = {}
    for effect in effects:
        cell = cells.setdefault((effect.student, effect.regime), {})
        key = effect.condition, effect.seed, effect.id
        if key in cell:
            raise ValueError(f"{_name(effect)} occurs twice")
        cell[key] = effect
    if not cells:
        raise ValueError("there are no effects to measure")
    return [_table(student, regime, cells[student, regime]) for student, regime in sorted(cells)]


def _table(student: str, regime: str, cell: dict[tuple[str, int, str], Effect]) -> EffectTable:
    # Conditions keep the order in which they were asked for.
    conditions = dict.fromkeys(condition for condition, _, _ in cell)
    seeds, ids = sorted({seed for _, seed, _ in cell}), sorted({ident for _, _, ident in cell})
    for key in ((condition, seed, ident) for condition in conditions for seed in seeds for ident in ids):
        if key not in cell:
            raise ValueError(f"student {student!r}, regime {regime!r}: no effect for {' '.join(map(str, key))}")
    first = {effect.id: effect for effect in reversed(cell.values())}
    for effect in cell.values():
        if (effect.group, effect.label) != (first[effect.id].group, first[effect.id].label):
            raise ValueError(f"problem {effect.id!r} has two groups or classes")
    rows = {name: [[cell[name, seed, ident] for ident in ids] for seed in seeds] for name in conditions}
    group = np.unique([first[ident].group for ident in ids], return_inverse=True)[1]
    labels = np.array([first[ident].label for ident in ids])
    return EffectTable(student, regime, tuple(seeds), tuple(ids), labels, group, rows)


def _name(effect: Effect) -> str:
    return f"{effect.id!r} under {effect.condition} (student {effect.student!r}, {effect.regime}, seed {effect.seed})"

"""The verdicts of a run as columns of numbers, so that ten million fit in memory: 12 bytes per verdict, 24 per problem."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.cell import Cell, Store, parts
from tracekd.stats.estimate import Bools
from tracekd.stats.flags import Codes, encode
from tracekd.stats.free_columns import FreeColumns
from tracekd.stats.problem_table import ProblemTable, name_hash
from tracekd.verify.verdict import Verdict

# Each class has rates of its own. A task has at most some dozen of them.
_MOST_CLASSES = 1000
_RunName = tuple[str, str, int, int]  # model, regime, seed, sample
_Scores = tuple[float, float, float, int, float | None]  # as `cell.SCORES` has them


class Columns:
    """Verdicts, added one by one in any order. Raises ValueError for a verdict that contradicts others.

    Cells need not have the same problems or seeds. Problems and groups are identified by 64-bit hashes of their names.
    """

    def __init__(self) -> None:
        # There are rarely so many runs or different scores that their numbers need more than two bytes.
        self._run, self._scored, self._flags = array("H"), array("H"), array("I")
        self._runs: dict[_RunName, int] = {}
        self._scores: dict[_Scores, int] = {}
        self._labels: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._supports: dict[tuple[str, str], set[str]] = {}
        self._problems = ProblemTable()
        self._free = FreeColumns()

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> "Columns":
        """The columns of these verdicts."""
        columns = cls()
        for verdict in verdicts:
            columns.add(verdict)
        return columns

    def __len__(self) -> int:
        return len(self._run)

    def add(self, verdict: Verdict) -> None:
        """Add one more verdict. Raises ValueError for more than nine support kinds, or a thousand classes, in all."""
        flags = encode(verdict, self._kinds)
        label = self._labels.setdefault(verdict.label, len(self._labels))
        if label >= _MOST_CLASSES:
            raise ValueError(
                f"there are more than {_MOST_CLASSES:,} classes of question, of which each has its own rates"
            )
        self._problems.add(name_hash(verdict.id), name_hash(verdict.group), label)
        if verdict.free is not None:
            self._free.add(len(self), verdict.free)
        run = verdict.student, verdict.regime, verdict.seed, verdict.sample
        scores = verdict.precision, verdict.recall, verdict.f1, verdict.invented, verdict.answer_f1
        self._run = _appended(self._run, self._runs.setdefault(run, len(self._runs)))
        self._scored = _appended(self._scored, self._scores.setdefault(scores, len(self._scores)))
        self._flags.append(flags)
        supports = self._supports.setdefault(run[:2], set())
        if verdict.support is not None:
            supports.add(verdict.support)

    @property
    def labels(self) -> tuple[str, ...]:
        """The gold classes, sorted by name: the order of their numbers in `cells`."""
        return tuple(sorted(self._labels))

    def cells(self) -> tuple[Cell, ...]:
        """The cells by model, then regime. Nothing may be added while they are in use.

        Raises ValueError if an output occurs twice, or if a problem has two groups or classes.
        """
        store = self._store()
        runs: dict[tuple[str, str], dict[_RunName, int]] = {}
        for run, at in self._runs.items():
            runs.setdefault(run[:2], {})[run] = at
        return tuple(self._cell(*name, runs[name], store) for name in sorted(self._supports))

    def _cell(self, model: str, regime: str, runs: dict[_RunName, int], store: Store) -> Cell:
        seeds = {seed: at for at, seed in enumerate(sorted({run[2] for run in runs}))}
        for run, at in runs.items():
            store.seed_of[at] = seeds[run[2]]
        of_cell = np.zeros(len(self._runs), bool)
        of_cell[list(runs.values())] = True
        samples, supports = len({run[3] for run in runs}), frozenset(self._supports[model, regime])
        cell = Cell(model, regime, tuple(seeds), samples, supports, store, np.empty(0, np.uint32))
        outputs = sum(int(of_cell[store.run[part]].sum()) for part in parts(len(store.run)))
        cell = replace(cell, rows=_in_order(cell, of_cell, outputs))
        _check_for_copies(cell)
        return cell

    def _store(self) -> Store:
        pairs = {pair: at for at, pair in enumerate(sorted({run[2:] for run in self._runs}))}
        order = {label: at for at, label in enumerate(self.labels)}
        labels = np.array([order[label] for label in self._labels], np.uint32)
        return Store(
            problem=self._problems.numbers(),
            run=np.frombuffer(self._run, self._run.typecode),
            flags=np.frombuffer(self._flags, np.uint32),
            scored=np.frombuffer(self._scored, self._scored.typecode),
            scores=np.array([[np.nan if one is None else one for one in row] for row in self._scores], np.float64),
            group_of=self._problems.groups(),
            label_of=labels[self._problems.labels()],
            rank_of=self._problems.ranks(),
            seed_of=np.zeros(len(self._runs), np.uint32),
            pair_of=np.array([pairs[run[2:]] for run in self._runs], np.uint32),
            n_pairs=len(pairs),
            kinds=tuple(self._kinds),
            free=self._free.of_all(len(self)),
        )


def _appended(column: "array[int]", number: int) -> "array[int]":
    """The column with one more number, with wider elements if the number needs them."""
    try:
        column.append(number)
    except OverflowError:
        column = array("I", column)
        column.append(number)
    return column


def _in_order(empty: Cell, of_cell: Bools, outputs: int) -> Codes:
    """The rows of a cell, in the order of the outputs. `of_cell`: the runs of the cell; `outputs`: its number of outputs."""
    if empty.output_kind.itemsize > 4:
        rows = np.concatenate(list(_rows(empty.store, of_cell)))
        return rows[np.argsort(replace(empty, rows=rows).output)]
    # Output and row in one number, sorted in place: half the memory of an argsort.
    both = np.empty(outputs, np.uint64)
    start = 0
    for rows in _rows(empty.store, of_cell):
        end = start + len(rows)
        both[start:end] = replace(empty, rows=rows).output.astype(np.uint64) << np.uint64(32) | rows
        start = end
    both.sort()
    return _lower_halves(both)


def _rows(store: Store, of_cell: Bools) -> Iterator[Codes]:
    for part in parts(len(store.run)):
        yield (np.flatnonzero(of_cell[store.run[part]]) + part.start).astype(np.uint32)


def _lower_halves(numbers: NDArray[np.uint64]) -> Codes:
    """The lower 32 bits of each, stored in the memory of the numbers themselves; the other half of it is freed."""
    count = len(numbers)
    halves = numbers.view(np.uint32)[:count]
    for part in parts(count):  # the overwritten numbers have been read already
        halves[part] = numbers[part].astype(np.uint32)
    del halves
    numbers.resize((count + 1) // 2, refcheck=False)
    return numbers.view(np.uint32)[:count]


def _check_for_copies(cell: Cell) -> None:
    copies = 0
    for part in parts(len(cell)):
        outputs = cell.only(slice(max(0, part.start - 1), part.stop)).output
        copies += int((outputs[1:] == outputs[:-1]).sum())
    if copies:
        raise ValueError(
            f"{copies} verdicts of model {cell.model[:80]!r}, regime {cell.regime[:80]!r} occur twice "
            "(same problem, seed and sample)"
        )

"""The verdicts of a run in columns of numbers: 10 bytes a verdict and 24 a problem, so that ten million fit in memory."""

from array import array
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.cell import Cell, Cited, Store, parts
from tracekd.stats.flags import Bools, Codes, encode
from tracekd.stats.problem_table import ProblemTable, name_hash
from tracekd.verify.verdict import Verdict

_RunName = tuple[str, str, int, int]  # model, regime, seed, sample


class Columns:
    """Verdicts, added one by one in any order. Raises ValueError for a verdict that contradicts others.

    Cells need not have the same problems or seeds. Problems and groups are told apart by 64-bit hashes of their names.
    """

    def __init__(self) -> None:
        # Of the runs, there are seldom so many that they take more than two bytes.
        self._run, self._flags = array("H"), array("I")
        self._runs: dict[_RunName, int] = {}
        self._labels: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._cited: dict[tuple[str, str], Cited] = {}
        self._problems = ProblemTable()

    def __len__(self) -> int:
        return len(self._run)

    def add(self, verdict: Verdict) -> None:
        """One more verdict. Raises ValueError for more than nine support kinds in all."""
        flags = encode(verdict, self._kinds)
        label = self._labels.setdefault(verdict.label, len(self._labels))
        self._problems.add(name_hash(verdict.id), name_hash(verdict.group), label)
        run = verdict.student, verdict.regime, verdict.seed, verdict.sample
        self._append_run(self._runs.setdefault(run, len(self._runs)))
        self._flags.append(flags)
        self._cited.setdefault(run[:2], Cited()).add(verdict)

    def _append_run(self, number: int) -> None:
        try:
            self._run.append(number)
        except OverflowError:
            self._run = array("I", self._run)
            self._run.append(number)

    @property
    def labels(self) -> tuple[str, ...]:
        """The gold classes by name, which is the order of their numbers in `cells`."""
        return tuple(sorted(self._labels))

    def cells(self) -> tuple[Cell, ...]:
        """The cells by model, then regime. Nothing may be added while they are in use.

        Raises ValueError where an output is there twice, or where a problem has two groups or classes.
        """
        store = self._store()
        return tuple(self._cell(*name, store) for name in sorted(self._cited))

    def _cell(self, model: str, regime: str, store: Store) -> Cell:
        runs = {run: at for run, at in self._runs.items() if run[:2] == (model, regime)}
        seeds = sorted({run[2] for run in runs})
        for run, at in runs.items():
            store.seed_of[at] = seeds.index(run[2])
        mine = np.zeros(len(self._runs), bool)
        mine[list(runs.values())] = True
        samples, cited = len({run[3] for run in runs}), self._cited[model, regime]
        cell = Cell(model, regime, tuple(seeds), samples, cited, store, np.empty(0, np.uint32))
        cell = replace(cell, rows=_in_order(cell, mine, cited.outputs))
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
            group_of=self._problems.groups(),
            label_of=labels[self._problems.labels()],
            rank_of=self._problems.ranks(),
            seed_of=np.zeros(len(self._runs), np.uint32),
            pair_of=np.array([pairs[run[2:]] for run in self._runs], np.uint32),
            n_pairs=len(pairs),
            kinds=tuple(self._kinds),
        )


def _in_order(empty: Cell, mine: Bools, outputs: int) -> Codes:
    """The rows of a cell, in the order of the outputs. `mine`: which runs are the cell's; `outputs`: how many it has."""
    if empty.output_kind.itemsize > 4:
        rows = np.concatenate(list(_rows(empty.store, mine)))
        return rows[np.argsort(replace(empty, rows=rows).output)]
    # Output and row in one number, sorted in place: half the room of an argsort.
    both = np.empty(outputs, np.uint64)
    start = 0
    for rows in _rows(empty.store, mine):
        end = start + len(rows)
        both[start:end] = replace(empty, rows=rows).output.astype(np.uint64) << np.uint64(32) | rows
        start = end
    both.sort()
    return _lower_halves(both)


def _rows(store: Store, mine: Bools) -> Iterator[Codes]:
    for part in parts(len(store.run)):
        yield (np.flatnonzero(mine[store.run[part]]) + part.start).astype(np.uint32)


def _lower_halves(numbers: NDArray[np.uint64]) -> Codes:
    """The lower 32 bits of each, in the room of the numbers themselves, whose other half is given back."""
    count = len(numbers)
    halves = numbers.view(np.uint32)[:count]
    for part in parts(count):  # what is overwritten has been read
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
            f"{copies} verdicts of model {cell.model[:80]!r}, regime {cell.regime[:80]!r} are there twice "
            "(same problem, seed and sample)"
        )

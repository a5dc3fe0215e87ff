"""The verdicts of a run in columns of numbers: 12 bytes a verdict and 24 a problem, so that ten million fit in memory."""

from array import array

import numpy as np

from tracekd.stats.cell import Cell, Cited, Store, parts
from tracekd.stats.flags import encode
from tracekd.stats.problem_table import ProblemTable, name_hash
from tracekd.verify.verdict import Verdict

_RunName = tuple[str, str, int, int]  # model, regime, seed, sample


class Columns:
    """Verdicts, added one by one in any order. Raises ValueError for a verdict that contradicts others.

    Cells need not have the same problems or seeds. Problems and groups are told apart by 64-bit hashes of their names.
    """

    def __init__(self) -> None:
        self._run, self._flags = array("I"), array("I")
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
        self._run.append(self._runs.setdefault(run, len(self._runs)))
        self._flags.append(flags)
        self._cited.setdefault(run[:2], Cited()).add(verdict)

    @property
    def labels(self) -> tuple[str, ...]:
        """The gold classes by name, which is the order of their numbers in `cells`."""
        return tuple(sorted(self._labels))

    def cells(self) -> tuple[Cell, ...]:
        """The cells by model, then regime. Nothing may be added while they are in use.

        Raises ValueError where an output is there twice, or where a problem has two groups or classes.
        """
        store = self._store()
        return tuple(_without_copies(self._cell(*name, store)) for name in sorted(self._cited))

    def _cell(self, model: str, regime: str, store: Store) -> Cell:
        runs = {run: at for run, at in self._runs.items() if run[:2] == (model, regime)}
        seeds = sorted({run[2] for run in runs})
        for run, at in runs.items():
            store.seed_of[at] = seeds.index(run[2])
        mine = np.zeros(len(self._runs), bool)
        mine[list(runs.values())] = True
        found = (np.flatnonzero(mine[store.run[part]]) + part.start for part in parts(len(self)))
        rows = np.concatenate([some.astype(np.uint32) for some in found])
        samples = len({run[3] for run in runs})
        cell = Cell(model, regime, tuple(seeds), samples, self._cited[model, regime], store, rows)
        _sort(cell)
        return cell

    def _store(self) -> Store:
        pairs = {pair: at for at, pair in enumerate(sorted({run[2:] for run in self._runs}))}
        order = {label: at for at, label in enumerate(self.labels)}
        labels = np.array([order[label] for label in self._labels], np.uint32)
        return Store(
            problem=self._problems.numbers(),
            run=np.frombuffer(self._run, np.uint32),
            flags=np.frombuffer(self._flags, np.uint32),
            group_of=self._problems.groups(),
            label_of=labels[self._problems.labels()],
            rank_of=self._problems.ranks(),
            seed_of=np.zeros(len(self._runs), np.uint32),
            pair_of=np.array([pairs[run[2:]] for run in self._runs], np.uint32),
            n_pairs=len(pairs),
            kinds=tuple(self._kinds),
        )


def _sort(cell: Cell) -> None:
    """Put the rows of a new cell in the order of the outputs."""
    if cell.output_kind.itemsize > 4:
        cell.rows[:] = cell.rows[np.argsort(cell.output)]
        return
    # Output and row in one number, sorted in place: half the room of an argsort.
    both = np.empty(len(cell), np.uint64)
    for part in parts(len(cell)):
        some = cell.only(part)
        both[part] = some.output.astype(np.uint64) << np.uint64(32) | some.rows
    both.sort()
    for part in parts(len(cell)):
        cell.rows[part] = both[part].astype(np.uint32)


def _without_copies(cell: Cell) -> Cell:
    outputs = cell.output
    copies = int((outputs[1:] == outputs[:-1]).sum())
    if copies:
        raise ValueError(
            f"{copies} verdicts of model {cell.model[:80]!r}, regime {cell.regime[:80]!r} are there twice "
            "(same problem, seed and sample)"
        )
    return cell

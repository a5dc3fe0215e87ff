"""The verdicts of one model and regime, as columns of numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracekd.stats import flags
from tracekd.stats.flags import Bools, Codes
from tracekd.stats.weights import Counts
from tracekd.verify.verdict import StepVerdict, TraceStatus, Verdict

# Verdicts at a time, where numbers of 8 bytes are made from them.
_AT_A_TIME = 1 << 18
_CODE = np.dtype(np.uint32)
Outcomes = NDArray[np.integer] | Bools


def parts(length: int) -> Iterator[slice]:
    """Slices that cover an array of this length."""
    return (slice(start, start + _AT_A_TIME) for start in range(0, length, _AT_A_TIME))


@dataclass(slots=True)
class Cited:
    """Sums over the outputs of a cell: facts cited that the context lacks, and precision, recall and F1 of citing.

    Scores are summed as whole billionths, so that the sum does not depend on the order of the verdicts. `supports` are the
    kinds of support that the traces are judged by, as far as verdicts say so.
    """

    outputs: int = 0
    invented: int = 0
    scores: list[int] = field(default_factory=lambda: [0, 0, 0])
    supports: set[str] = field(default_factory=set)

    def add(self, verdict: Verdict) -> None:
        self.outputs += 1
        if verdict.support is not None:
            self.supports.add(verdict.support)
        self.invented += verdict.invented
        for at, score in enumerate((verdict.precision, verdict.recall, verdict.f1)):
            self.scores[at] += round(score * 1e9)

    def mean(self, at: int) -> float:
        """Mean precision (0), recall (1) or F1 (2) over all outputs, in [0, 1]."""
        return self.scores[at] / self.outputs / 1e9


@dataclass(frozen=True, slots=True)
class Store:
    """The columns of all cells. `problem`, `run` and `flags`: (verdicts,); the others say what a number stands for."""

    problem: Codes
    run: Codes
    flags: Codes
    group_of: Codes
    label_of: Codes
    rank_of: Codes
    seed_of: Codes
    pair_of: Codes
    n_pairs: int
    kinds: tuple[str, ...]

    @property
    def n_groups(self) -> int:
        return int(self.group_of.max(initial=0)) + 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Verdicts of one model and regime: `rows` of the store, by output. What it gives is (verdicts,), made anew each time.

    `problem`, `group` and `label` are numbers that all cells of a store share; `seed` counts in `seeds`, which ascend;
    `pair` numbers (seed, sample), again shared, so that (problem, pair) tells an output of a regime from all others.
    `samples`: outputs for a problem and seed. `cited` is of the whole cell.
    """

    model: str
    regime: str
    seeds: tuple[int, ...]
    samples: int
    cited: Cited
    store: Store
    rows: Codes

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, chosen: Bools | NDArray[np.signedinteger] | slice) -> "Cell":
        """Some of the verdicts, by (verdicts,) bool or by their places."""
        return replace(self, rows=self.rows[chosen])

    def counts(self, outcome: Outcomes, n_outcomes: int) -> Counts:
        """Outputs of each group and seed by outcome: (verdicts,) numbers from 0 to (groups, seeds, n_outcomes).

        Groups without an output are left out; the others keep their order.
        """
        shape = self.store.n_groups, len(self.seeds), n_outcomes
        table = self._tally(Cell.cluster, shape[0] * shape[1], outcome, n_outcomes).reshape(shape)
        found: Counts = table[table.any(axis=(1, 2))]
        return found

    def class_counts(self, outcome: Outcomes, n_outcomes: int) -> Counts:
        """Outputs of each class by outcome: (verdicts,) numbers from 0 to (classes of the store, n_outcomes)."""
        classes = int(self.store.label_of.max(initial=0)) + 1
        return self._tally(lambda some: some.label, classes, outcome, n_outcomes)

    def group_sizes(self) -> NDArray[np.int64]:
        """Outputs of each group of the store: (groups,)."""
        sizes = np.zeros(self.store.n_groups, np.int64)
        for part in parts(len(self)):
            sizes += np.bincount(self.only(part).group, minlength=len(sizes))
        return sizes

    @property
    def n_problems(self) -> int:
        return self._different(lambda some: some.problem, len(self.store.rank_of))

    @property
    def n_groups(self) -> int:
        return self._different(lambda some: some.group, self.store.n_groups)

    def _different(self, of: Callable[["Cell"], Codes], most: int) -> int:
        seen = np.zeros(most, bool)
        for part in parts(len(self)):
            seen[of(self.only(part))] = True
        return int(seen.sum())

    def cluster(self) -> NDArray[np.int64]:
        """Group and seed in one number, from 0."""
        return self.group.astype(np.int64) * len(self.seeds) + self.seed

    def _tally(self, key: Callable[["Cell"], Any], keys: int, outcome: Outcomes, n_outcomes: int) -> Counts:
        counts = np.zeros(keys * n_outcomes, np.int64)
        for part in parts(len(self)):
            place = key(self.only(part)).astype(np.int64) * n_outcomes + outcome[part]
            counts += np.bincount(place, minlength=len(counts))
        return counts.reshape(keys, n_outcomes)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The support kinds by which retrieval is judged, here or in another cell."""
        return self.store.kinds

    @property
    def support(self) -> str | None:
        """The kind of support that traces are judged by; None where verdicts name none, or several."""
        return next(iter(self.cited.supports)) if len(self.cited.supports) == 1 else None

    @property
    def is_traced(self) -> bool:
        """Whether any output has something of a trace. A regime without traces has none, whatever it is called."""
        return not self.with_status("no_trace").all()

    @property
    def problem(self) -> Codes:
        return self._each(lambda rows: self.store.problem[rows])

    @property
    def group(self) -> Codes:
        return self._each(lambda rows: self.store.group_of[self.store.problem[rows]])

    @property
    def label(self) -> Codes:
        return self._each(lambda rows: self.store.label_of[self.store.problem[rows]])

    @property
    def seed(self) -> Codes:
        return self._each(lambda rows: self.store.seed_of[self.store.run[rows]])

    @property
    def pair(self) -> Codes:
        return self._each(lambda rows: self.store.pair_of[self.store.run[rows]])

    @property
    def output(self) -> NDArray[np.unsignedinteger]:
        """A number for each problem, seed and sample, whose order does not depend on that of the verdicts."""
        kind, store = self.output_kind, self.store
        rank = store.rank_of.astype(kind)
        return self._each(lambda rows: rank[store.problem[rows]] * store.n_pairs + store.pair_of[store.run[rows]], kind)

    @property
    def output_kind(self) -> np.dtype[Any]:
        """The smallest type that holds `output`."""
        return np.dtype(np.min_scalar_type(len(self.store.rank_of) * self.store.n_pairs))

    @property
    def answer(self) -> Bools:
        return self._bit(flags.ANSWER)

    @property
    def lenient_answer(self) -> Bools:
        return self._bit(flags.LENIENT)

    @property
    def answer_parsed(self) -> Bools:
        return self._bit(flags.PARSED)

    @property
    def trace(self) -> Bools:
        return self._bit(flags.TRACE)

    @property
    def cut_off(self) -> Bools:
        """Stopped by the length limit."""
        return self._bit(flags.CUT)

    @property
    def cites_invented(self) -> Bools:
        return self._bit(flags.INVENTED)

    @property
    def judged(self) -> Bools:
        """The task has a rule for the question, so consistency is known."""
        return np.asarray(self._two(flags.CONSISTENT) > 0)

    @property
    def consistent(self) -> Bools:
        return np.asarray(self._two(flags.CONSISTENT) == flags.RULED[True])

    def classified(self, verdict: StepVerdict = "right") -> Bools:
        return np.asarray(self._two(flags.CLASS) == flags.STEPS[verdict])

    def retrieved(self, kind: str | None = None, verdict: StepVerdict = "right") -> Bools:
        """Retrieval judged by one support kind; without a kind, by the one that the trace is judged by."""
        return np.asarray(self._two(self._place(kind)) == flags.STEPS[verdict])

    def has_kind(self, kind: str | None = None) -> Bools:
        """The problem has gold support of this kind."""
        return np.asarray(self._two(self._place(kind)) > 0)

    def with_status(self, status: TraceStatus) -> Bools:
        return np.asarray(self._two(flags.STATUS) == flags.STATUSES[status])

    def _place(self, kind: str | None) -> int:
        return flags.RETRIEVAL if kind is None else flags.KINDS + 2 * self.kinds.index(kind)

    def _bit(self, at: int) -> Bools:
        return self._each(lambda rows: flags.bit(self.store.flags[rows], at), np.dtype(bool))

    def _two(self, at: int) -> NDArray[np.uint8]:
        return self._each(lambda rows: flags.two_bits(self.store.flags[rows], at), np.dtype(np.uint8))

    def _each(self, of: Callable[[Codes], Any], kind: np.dtype[Any] = _CODE) -> NDArray[Any]:
        """A column, made a part at a time: what is made on the way would take many times its room."""
        column = np.empty(len(self), kind)
        for part in parts(len(self)):
            column[part] = of(self.rows[part])
        return column

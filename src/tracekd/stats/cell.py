"""The verdicts of one model and regime, as columns of numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracekd.stats import flags
from tracekd.stats.clusters import Clusters
from tracekd.stats.estimate import Bools, Floats
from tracekd.stats.flags import Codes
from tracekd.stats.free_columns import NOT_FREE, NUMBERS, WITH_FALSE_STEP, WITHOUT_FALSE_STEP
from tracekd.verify.verdict import StepVerdict, TraceStatus

# How many verdicts are expanded to 8-byte numbers at a time.
_AT_A_TIME = 1 << 18
# Up to this many pairs of group and seed, each pair has an index; above it, only the pairs with outputs have one.
_PLACES = 1 << 20
_CODE = np.dtype(np.uint32)
# The numbers of a verdict that are not yes or no, in the order of `Columns`.
SCORES = ("precision", "recall", "f1", "invented", "answer_f1")
Outcomes = NDArray[np.integer] | Bools
Counts = NDArray[np.int64]


def parts(length: int) -> Iterator[slice]:
    """Slices that cover an array of this length."""
    return (slice(start, start + _AT_A_TIME) for start in range(0, length, _AT_A_TIME))


@dataclass(frozen=True, slots=True)
class Store:
    """The columns of all cells. `problem`, `run`, `flags` and `scored`: (verdicts,); the others say what a number means.

    `scores`: (different scores, 5), the `SCORES` for each number in `scored`; NaN for an answer without F1. `free`:
    (verdicts, 7), see `free_columns`; None if no trace was judged as a free one.
    """

    problem: Codes
    run: Codes
    flags: Codes
    scored: Codes
    scores: Floats
    group_of: Codes
    label_of: Codes
    rank_of: Codes
    seed_of: Codes
    pair_of: Codes
    n_pairs: int
    kinds: tuple[str, ...]
    free: Codes | None = None

    @property
    def n_groups(self) -> int:
        return int(self.group_of.max(initial=0)) + 1


@dataclass(frozen=True)
class Cell:
    """Verdicts of one model and regime: `rows` of the store, by output. Each use of a column computes it: (verdicts,).

    `problem`, `group` and `label` are numbers with the same meaning in all cells of a store; `seed` is an index into
    `seeds`, which ascend; `pair` numbers (seed, sample), also in all cells, so that (problem, pair) identifies an output
    of a regime. `samples`: outputs for a problem and seed. `supports`: the kinds of support by which traces are judged,
    if verdicts name them.
    """

    model: str
    regime: str
    seeds: tuple[int, ...]
    samples: int
    supports: frozenset[str]
    store: Store
    rows: Codes
    first_seed: int = 0  # the index of `seeds[0]` among the seeds of the whole cell

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, chosen: Bools | NDArray[np.signedinteger] | slice) -> "Cell":
        """Some of the verdicts, by (verdicts,) bool or by their indexes."""
        return replace(self, rows=self.rows[chosen])

    def by_seed(self) -> Iterator["Cell"]:
        """The verdicts of each seed, in the order of `seeds`."""
        rows = self.rows[np.argsort(self.seed, kind="stable")]
        ends = np.bincount(self.seed, minlength=len(self.seeds)).cumsum().tolist()
        for at, (start, end) in enumerate(pairwise([0, *ends])):
            yield replace(self, seeds=(self.seeds[at],), rows=rows[start:end], first_seed=self.first_seed + at)

    def by_label(self) -> Iterator[tuple[int, "Cell"]]:
        """The number of each class that occurs, ascending, and its verdicts."""
        labels = self.label
        rows = self.rows[np.argsort(labels, kind="stable")]
        found, counts = np.unique(labels, return_counts=True)
        ends = counts.cumsum().tolist()
        for label, (start, end) in zip(found.tolist(), pairwise([0, *ends]), strict=True):
            yield label, replace(self, rows=rows[start:end])

    @cached_property
    def clusters(self) -> Clusters:
        """The pairs of group and seed that have outputs, ascending."""
        group, seed = np.divmod(self._keys, len(self.seeds))
        return Clusters(group, seed, len(self.seeds))

    def counts(self, outcome: Outcomes, n_outcomes: int) -> Counts:
        """Outputs of each cluster by outcome: (verdicts,) numbers from 0 to (clusters, n_outcomes)."""
        return self._tally(self._cluster, len(self._keys), outcome, n_outcomes)

    def sums(self, value: Callable[["Cell", slice], NDArray[Any]]) -> Floats:
        """Sum over the outputs of each cluster: (clusters,). `value` gives the values of a part, from the part and its slice."""
        sums = np.zeros(len(self._keys))
        for part in parts(len(self)):
            some = self.only(part)
            sums += np.bincount(self._cluster(some), value(some, part), minlength=len(sums))
        return sums

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """Group and seed in one number, for each cluster, ascending."""
        space = self.store.n_groups * len(self.seeds)
        if space <= _PLACES:
            seen = np.zeros(space, bool)
            for part in parts(len(self)):
                seen[self.only(part).key()] = True
            return np.flatnonzero(seen)
        found = np.empty(0, np.int64)
        for part in parts(len(self)):
            found = np.union1d(found, self.only(part).key())
        return found

    @cached_property
    def _place_of(self) -> NDArray[np.int64] | None:
        """The cluster of each key, if there are few enough keys for a table."""
        space = self.store.n_groups * len(self.seeds)
        if space > _PLACES:
            return None
        places = np.zeros(space, np.int64)
        places[self._keys] = np.arange(len(self._keys))
        return places

    def _cluster(self, some: "Cell") -> NDArray[np.int64]:
        """The cluster of each output of a part of this cell."""
        key = some.key()
        return np.searchsorted(self._keys, key) if self._place_of is None else self._place_of[key]

    def class_counts(self, outcome: Outcomes, n_outcomes: int) -> Counts:
        """Outputs of each class by outcome: (verdicts,) numbers from 0 to (classes of the store, n_outcomes)."""
        classes = int(self.store.label_of.max(initial=0)) + 1
        return self._tally(lambda some: some.label, classes, outcome, n_outcomes)

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

    def key(self) -> NDArray[np.int64]:
        """Group and seed in one number."""
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
        """The kind of support by which traces are judged; None if verdicts name no kind, or several."""
        return next(iter(self.supports)) if len(self.supports) == 1 else None

    @property
    def is_traced(self) -> bool:
        """Whether any output has a trace or a part of one. This does not depend on the regime's name."""
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
        return self._each(lambda rows: self.store.seed_of[self.store.run[rows]] - np.uint32(self.first_seed))

    @property
    def pair(self) -> Codes:
        return self._each(lambda rows: self.store.pair_of[self.store.run[rows]])

    @property
    def output(self) -> NDArray[np.unsignedinteger]:
        """A number for each problem, seed and sample, which does not depend on the order of the verdicts."""
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
    def is_free(self) -> Bools:
        """The trace was judged as a free one."""
        return np.asarray(self.free_number("kind") != NOT_FREE)

    @property
    def has_steps(self) -> Bools:
        """The trace was judged as a free one, and has a step."""
        return np.asarray(self.free_number("kind") >= WITH_FALSE_STEP)

    @property
    def has_no_false_step(self) -> Bools:
        """The trace was judged as a free one, has a step, and the context contradicts none."""
        return np.asarray(self.free_number("kind") == WITHOUT_FALSE_STEP)

    def free_number(self, name: str) -> Codes:
        """One of the `NUMBERS` of the free trace of each output; 0 for all other traces."""
        free, at = self.store.free, NUMBERS.index(name)
        return np.zeros(len(self), np.uint32) if free is None else self._each(lambda rows: free[rows, at])

    def score(self, name: str) -> Floats:
        """One of the `SCORES` of each output; NaN if it has none."""
        scores: Floats = self.store.scores[self.store.scored[self.rows], SCORES.index(name)]
        return scores

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
        """Retrieval judged by one support kind; by default, by the one by which the trace is judged."""
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
        """A column, computed part by part: intermediate results of the whole would need many times its memory."""
        column = np.empty(len(self), kind)
        for part in parts(len(self)):
            column[part] = of(self.rows[part])
        return column

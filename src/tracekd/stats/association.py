"""The association of a trace step with the answer in one cell. It is not evidence that answers depend on traces.

Tables are (..., 4): right & right, right & wrong, wrong & right, wrong & wrong (first the step, then the answer).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tracekd.stats.cell import Cell, Counts
from tracekd.stats.clusters import Clusters
from tracekd.stats.contingency import by_seed, strength_of
from tracekd.stats.estimate import Bools, Frozen, Measure, Share, Written
from tracekd.stats.inference import Test, share
from tracekd.stats.rates import CLASS_KEYS, kinds_of
from tracekd.stats.strata import CarriedBy, Stratified, carried_by, stratify

FourCounts = tuple[int, int, int, int]

JOINT = {"right_right": 0, "right_wrong": 1, "wrong_right": 2, "wrong_wrong": 3}
# Each conditional share is the first of two cells, divided by the sum of both.
CONDITIONALS = {
    "answer_right_given_step_right": (0, 1),
    "answer_right_given_step_wrong": (2, 3),
    "step_right_given_answer_right": (0, 2),
    "step_right_given_answer_wrong": (1, 3),
}
# What a free trace can have right.
NO_FALSE_STEP, ALL_HOLD = "no false step", "all steps hold"
# Outputs whose problem has no such step are in a fifth cell, which no number uses.
_ABSENT = 4


class StepAnswer(Frozen):
    """Counts are right & right, right & wrong, wrong & right, wrong & wrong (first the step, then the answer).

    `joint`: shares of all outputs; `conditional`: shares among those of one row or column. `phi` in [-1, 1], `odds_ratio`,
    `mutual_information` in bits. `test`: of phi = 0. `classes`: within the classes of question, None if there is only
    one; `carried_by`: the class without which there would be no significant association, if there is such a class.
    `seeds`: the counts of each seed.
    """

    counts: FourCounts
    seeds: tuple[FourCounts, ...]
    joint: dict[str, Share]
    conditional: dict[str, Share]
    phi: Measure
    odds_ratio: Measure
    mutual_information: Measure
    test: Test
    classes: Stratified | None
    carried_by: CarriedBy | None


class Tables(Written):
    """Outputs that are right & right, right & wrong, wrong & right, wrong & wrong (first the step, then the answer).

    `free`: see `Associations`.
    """

    class_: FourCounts = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, FourCounts]
    trace: FourCounts
    free: dict[str, FourCounts] = Field(default_factory=dict)


class Associations(Written):
    """Each step against the answer; retrieval by each kind of gold support.

    `free`, among outputs whose free trace has a step, is against the answer by any reading: whether the context contradicts
    no step (`no false step`), and whether all steps hold (`all steps hold`). It is empty without free traces.
    """

    class_: StepAnswer = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, StepAnswer]
    trace: StepAnswer
    free: dict[str, StepAnswer] = Field(default_factory=dict)

    def named(self, name: Callable[[str], str] = str) -> Iterator[tuple[str, StepAnswer]]:
        """Each step with the name that tables have for it; `name` writes the name of a kind of support."""
        yield "class", self.class_
        yield from ((f"retrieval: {name(kind)}", step) for kind, step in self.retrieval.items())
        yield "trace", self.trace
        yield from self.free.items()

    @property
    def steps(self) -> tuple[StepAnswer, ...]:
        return tuple([step for _, step in self.named()])

    @property
    def tables(self) -> Tables:
        return Tables(
            class_=self.class_.counts,
            retrieval={kind: step.counts for kind, step in self.retrieval.items()},
            trace=self.trace.counts,
            free={name: step.counts for name, step in self.free.items()},
        )

    def with_steps(self, steps: Sequence[StepAnswer]) -> "Associations":
        """The same with other steps, in the order of `steps`."""
        return _associations(steps, self.retrieval, self.free)


def associations(cell: Cell, labels: Sequence[str]) -> Associations:
    """Class, retrieval by each kind of support, and trace against the answer. `labels`: the classes by their numbers."""
    kinds = kinds_of(cell)
    steps = [associate(cell, right, present, labels) for right, present in _steps(cell, kinds)]
    free = dict(_free_steps(cell))
    found = [associate(cell, right, cell.has_steps, labels, cell.lenient_answer) for right in free.values()]
    return _associations([*steps, *found], kinds, free)


def _associations(steps: Sequence[StepAnswer], kinds: Iterable[str], free: Iterable[str]) -> Associations:
    """Class, retrieval by each of the `kinds`, trace, and the `free` ones, from their steps in this order."""
    first, *others = steps
    retrieval = dict(zip(kinds, others, strict=False))
    last, *rest = others[len(retrieval) :]
    return Associations(class_=first, retrieval=retrieval, trace=last, free=dict(zip(free, rest, strict=True)))


def _steps(cell: Cell, kinds: Mapping[str, str | None]) -> Iterator[tuple[Bools, Bools]]:
    """For each step: which outputs have it right, and which have the step: (outputs,) both."""
    everywhere = np.ones(len(cell), bool)
    yield cell.classified(), everywhere
    for kind in kinds.values():
        yield cell.retrieved(kind), cell.has_kind(kind)
    yield cell.trace, everywhere


def _free_steps(cell: Cell) -> Iterator[tuple[str, Bools]]:
    """What a free trace can have right, by name: (outputs,) each. Nothing without free traces."""
    if cell.is_free.any():
        yield NO_FALSE_STEP, cell.has_no_false_step
        yield ALL_HOLD, cell.trace


def associate(
    cell: Cell, right: Bools, present: Bools, labels: Sequence[str], answer: Bools | None = None
) -> StepAnswer:
    """One step against the answer, among the outputs that have the step; (outputs,) bool each.

    `answer`: which answers are right; None: by the strict reading.
    """
    is_right = cell.answer if answer is None else answer
    outcome = np.where(present, ~right * np.int8(2) + ~is_right, np.int8(_ABSENT)).astype(np.int8)
    table = cell.counts(outcome, _ABSENT + 1)[:, :_ABSENT]
    total, clusters = table.sum(axis=0), cell.clusters
    strength, test = strength_of(table, clusters)
    is_shown = test.p is not None and test.p < 0.05
    return StepAnswer(
        counts=four_counts(total),
        seeds=tuple(map(four_counts, by_seed(table, clusters).astype(np.int64))),
        joint=_shares(table, {name: (at, (0, 1, 2, 3)) for name, at in JOINT.items()}, clusters),
        conditional=_shares(table, {name: (pair[0], pair) for name, pair in CONDITIONALS.items()}, clusters),
        **strength,
        test=test,
        classes=stratify(cell, outcome, test, strength["phi"].value),
        carried_by=carried_by(cell, outcome, labels) if is_shown else None,
    )


def four_counts(table: NDArray[np.integer]) -> FourCounts:
    """(4,) counts as plain numbers."""
    rr, rw, wr, ww = table.tolist()
    return rr, rw, wr, ww


def _shares(table: Counts, names: Mapping[str, tuple[int, Sequence[int]]], clusters: Clusters) -> dict[str, Share]:
    """One cell of the table as a share of some cells."""
    return {
        name: share(table[:, at], table[:, list(among)].sum(axis=-1), clusters) for name, (at, among) in names.items()
    }

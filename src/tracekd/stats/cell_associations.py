"""All steps of a cell against its answers, under the names of `summary.json`, and Holm's correction over a run."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import Field

from tracekd.stats.cell import Cell
from tracekd.stats.clusters import Resampling
from tracekd.stats.flags import Bools
from tracekd.stats.paired import holm
from tracekd.stats.rates import CLASS_KEYS, Written, kinds_of
from tracekd.stats.steps import FourCounts, StepAnswer, associations


class Tables(Written):
    """Outputs that are right & right, right & wrong, wrong & right, wrong & wrong: step first, answer second."""

    class_: FourCounts = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, FourCounts]
    trace: FourCounts


class Associations(Written):
    """Each step against the answer. This is association; it is no evidence that answers rest on traces."""

    class_: StepAnswer = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, StepAnswer]
    trace: StepAnswer

    @property
    def steps(self) -> tuple[StepAnswer, ...]:
        return self.class_, *self.retrieval.values(), self.trace

    @property
    def tables(self) -> Tables:
        return Tables(
            class_=self.class_.counts,
            retrieval={kind: step.counts for kind, step in self.retrieval.items()},
            trace=self.trace.counts,
        )


def associate_cell(cell: Cell, how: Resampling) -> Associations:
    """Class, retrieval by each kind of support, and trace against the answer."""
    kinds = kinds_of(cell)
    return _named(associations(cell, _steps(cell, kinds.values()), how), tuple(kinds))


def _steps(cell: Cell, kinds: Iterable[str | None]) -> Iterator[tuple[Bools, Bools | None]]:
    yield cell.classified(), None
    for kind in kinds:
        yield cell.retrieved(kind), _unless_all(cell.has_kind(kind))
    yield cell.trace, None


def _unless_all(present: Bools) -> Bools | None:
    return None if present.all() else present


def with_holm(cells: Sequence[Associations]) -> list[Associations]:
    """The same with corrected p values: all steps of all cells are one family for each of the three tests."""
    steps = [step for cell in cells for step in cell.steps]
    exact, clustered = holm([step.test.p for step in steps]), holm([step.test.p_clustered for step in steps])
    within = holm([step.classes.p if step.classes else None for step in steps])
    done = (_corrected(*each) for each in zip(steps, exact, clustered, within, strict=True))
    return [_named([next(done) for _ in cell.steps], tuple(cell.retrieval)) for cell in cells]


def _corrected(step: StepAnswer, exact: float | None, clustered: float | None, within: float | None) -> StepAnswer:
    test = step.test.model_copy(update={"p_holm": exact, "p_clustered_holm": clustered})
    classes = step.classes and step.classes.model_copy(update={"p_holm": within})
    return step.model_copy(update={"test": test, "classes": classes})


def _named(steps: Sequence[StepAnswer], kinds: tuple[str, ...]) -> Associations:
    first, *retrieval, last = steps
    return Associations(class_=first, retrieval=dict(zip(kinds, retrieval, strict=True)), trace=last)

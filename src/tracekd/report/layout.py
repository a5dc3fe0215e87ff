"""The order of regimes and students in the report, and which regimes ask for a trace."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from tracekd.errors import UserError
from tracekd.regimes import get_regime
from tracekd.report.content import ReportContent
from tracekd.stats.association import StepAnswer
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.pairs import Pair
from tracekd.stats.summary import Summary

Step = Literal["class", "retrieval", "trace"]
Outcome = Literal["answer", "trace"]
_T = TypeVar("_T", CellSummary, Pair)


@dataclass(frozen=True)
class StudentPart:
    """The cells and comparisons of one student, in the order of the study's regimes. `prefix` is put before names if
    there are several students.
    """

    student: str
    prefix: str
    cells: tuple[CellSummary, ...]
    comparisons: tuple[Pair, ...]

    def of(self, outcome: Outcome) -> tuple[Pair, ...]:
        """The comparisons of one outcome."""
        return tuple(c for c in self.comparisons if c.outcome == outcome)


def by_student(content: ReportContent) -> tuple[StudentPart, ...]:
    """One part for each student, in the order of the summary."""
    return parts_of(content.summary, content.regimes)


def parts_of(summary: Summary, regimes: Iterable[str] = ()) -> tuple[StudentPart, ...]:
    """One part for each student, in the order of the summary; its cells in the order of `regimes`, then all others."""
    cells = summary.cells
    students = tuple(dict.fromkeys(cell.model for cell in cells))
    place = {name: i for i, name in enumerate(dict.fromkeys([*regimes, *(cell.regime for cell in cells)]))}
    return tuple(
        StudentPart(
            student=student,
            prefix=f"{student}: " if len(students) > 1 else "",
            cells=tuple(sorted(_of(student, cells), key=lambda cell: place[cell.regime])),
            comparisons=tuple(
                sorted(_of(student, summary.comparisons), key=lambda c: (place[c.first], place[c.second]))
            ),
        )
        for student in students
    )


def _of(student: str, items: Iterable[_T]) -> list[_T]:
    return [item for item in items if item.model == student]


def asks_for_trace(regime: str) -> bool:
    """Whether students of this regime are taught to write a trace. If not, a missing trace is not a failure. A regime
    of a package that is no longer installed counts as one with a trace, because nearly all have one.
    """
    try:
        return get_regime(regime).traced
    except UserError:
        return True


def teaches_gold(regime: str) -> bool:
    """Whether students of this regime are taught gold answers only. A regime of a package that is no longer installed
    counts as one that does, because nearly all do.
    """
    try:
        return get_regime(regime).intent.answer == "gold"
    except UserError:
        return True


def association(cell: CellSummary, step: Step) -> StepAnswer:
    """The association of a step with the answer; for retrieval, with the support that decides whether traces are right."""
    found = cell.association
    return {"class": found.class_, "retrieval": found.retrieval[cell.headline], "trace": found.trace}[step]

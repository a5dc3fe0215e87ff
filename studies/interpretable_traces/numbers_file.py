"""`numbers.json`: every number of the study, as counts and shares."""

from typing import Literal

from correct import CorrectNumbers, Disagreement
from counts import Counts
from findings import Finding
from official import OfficialNumbers
from page import Content
from published import COUNTED, PRINTED

from tracekd.stats.estimate import Frozen, Scope


class Published(Frozen):
    """The published numbers of a cell, in percent, and its counts of whole traces against answers."""

    answer: float | None
    class_step: float | None
    retrieval_step: float | None
    trace: Counts | None


class CellOfFile(Frozen):
    """A cell with its numbers by each logic."""

    data_set: str
    model: str
    regime: str
    seed: int
    published: Published
    official: OfficialNumbers
    correct: CorrectNumbers
    disagreement: Disagreement


class DifferenceOfFile(Frozen):
    """Right answers of the first regime minus those of the second, as a share. `scope`: about two students, or their
    regimes.
    """

    data_set: str
    model: str
    first: str
    second: str
    value: float
    low: float
    high: float
    p: float | None
    scope: Scope


class Numbers(Frozen):
    """The file."""

    format: Literal["tracekd interpretable traces 2"] = "tracekd interpretable traces 2"
    version: str
    cells: tuple[CellOfFile, ...]
    differences: tuple[DifferenceOfFile, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    unread: int

    @classmethod
    def of(cls, content: Content) -> "Numbers":
        """The numbers behind a page."""
        cells = (
            CellOfFile(
                data_set=cell.data_set,
                model=cell.model,
                regime=cell.regime,
                seed=cell.seed,
                published=Published(
                    answer=PRINTED[cell].answer if cell in PRINTED else None,
                    class_step=PRINTED[cell].class_step if cell in PRINTED else None,
                    retrieval_step=PRINTED[cell].retrieval_step if cell in PRINTED else None,
                    trace=COUNTED.get(cell),
                ),
                official=found.official,
                correct=found.correct,
                disagreement=found.disagreement,
            )
            for cell, found in content.evidence.cells.items()
        )
        differences = (
            DifferenceOfFile(
                data_set=data_set, model=model, first=first, second=second,
                value=found.value, low=found.low, high=found.high, p=found.p, scope=found.scope,
            )
            for (data_set, model, first, second), found in content.evidence.differences.items()
        )  # fmt: skip
        return cls(
            version=content.version,
            cells=tuple(cells),
            differences=tuple(differences),
            findings=content.findings,
            missing=content.missing,
            unread=len(content.unread),
        )

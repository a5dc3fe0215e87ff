"""One cell of `summary.json`: everything about the outputs of one model and regime."""

from typing import get_args

from pydantic import Field

from tracekd.stats.answer_model import AnswerModel, answer_model
from tracekd.stats.cell import Cell
from tracekd.stats.cell_associations import Associations, Tables
from tracekd.stats.intervals import Frozen
from tracekd.stats.power import Detectable, unpaired
from tracekd.stats.rates import (
    CLASS_KEYS,
    LabelRates,
    Macro,
    Rates,
    SeedRates,
    Written,
    by_label,
    by_seed,
    hits_and_counts,
    macro,
    rates,
    share_of,
)
from tracekd.stats.shares import Share, effective_n
from tracekd.verify.verdict import TraceStatus


class Unparsed(Written):
    """Outputs in which this could not be read; each counts as wrong."""

    answer: int
    class_: int = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: int


class Citing(Frozen):
    """Means over all outputs of how the cited facts meet the gold ones, in [0, 1]; `invented`: outputs that invent one."""

    precision: float
    recall: float
    f1: float
    invented: Share


class _Named(Frozen):
    model: str
    regime: str
    n: int
    problems: int
    groups: int
    seeds: tuple[int, ...]
    samples: int
    support: str | None = None


class CellRecord(Rates, _Named):
    """One model and regime. Every output counts in every rate; in `consistent`, every one whose question has a rule.

    `support`: the kind of gold support by which the trace is right; None where verdicts do not say, or name several.
    `invented`: facts cited, over all outputs, that the context lacks. `status`: outputs by what became of the trace;
    `cut_off`: stopped by the length limit. `detectable`: for the answer, against as many outputs for other problems.
    """

    unparsed: Unparsed
    invented: int
    consistent: Share
    status: dict[TraceStatus, int]
    cut_off: int
    citing: Citing
    macro: Macro
    by_label: tuple[LabelRates, ...]
    by_seed: tuple[SeedRates, ...]
    detectable: Detectable
    tables: Tables
    association: Associations
    answer_model: AnswerModel


def cell_record(cell: Cell, labels: tuple[str, ...], association: Associations) -> CellRecord:
    """The record of a cell. `labels`: the classes by their numbers."""
    right = rates(cell)
    return CellRecord(
        **dict(right),
        model=cell.model,
        regime=cell.regime,
        n=len(cell),
        problems=cell.n_problems,
        groups=cell.n_groups,
        seeds=cell.seeds,
        samples=cell.samples,
        support=cell.support,
        unparsed=_unparsed(cell),
        invented=cell.cited.invented,
        consistent=share_of(cell, cell.consistent, cell.judged),
        status={status: int(cell.with_status(status).sum()) for status in get_args(TraceStatus)},
        cut_off=int(cell.cut_off.sum()),
        citing=_citing(cell),
        macro=macro(cell),
        by_label=by_label(cell, labels),
        by_seed=by_seed(cell),
        detectable=unpaired(right.answer.right / len(cell), effective_n(*hits_and_counts(cell, cell.answer))),
        tables=association.tables,
        association=association,
        answer_model=answer_model(cell),
    )


def _unparsed(cell: Cell) -> Unparsed:
    return Unparsed(
        answer=int((~cell.answer_parsed).sum()),
        class_=int(cell.classified("unparsed").sum()),
        retrieval=int(cell.retrieved(verdict="unparsed").sum()),
    )


def _citing(cell: Cell) -> Citing:
    precision, recall, f1 = (cell.cited.mean(at) for at in range(3))
    return Citing(precision=precision, recall=recall, f1=f1, invented=share_of(cell, cell.cites_invented))

"""One cell of a summary: everything about the outputs of one model and regime."""

from collections.abc import Callable, Sequence
from typing import get_args

import numpy as np
from pydantic import Field

from tracekd.stats.answer_model import AnswerModel, answer_model
from tracekd.stats.association import Associations, Tables, associations
from tracekd.stats.cell import Cell
from tracekd.stats.clusters import mean_squares
from tracekd.stats.estimate import Ends, Frozen, Measure, Share, Written
from tracekd.stats.free_rates import FreeRates, free_rates
from tracekd.stats.inference import ANYWHERE, SHARE, mean
from tracekd.stats.power import Detectable, detectable
from tracekd.stats.rates import (
    CLASS_KEYS,
    HEADLINE,
    LabelRates,
    Macro,
    Rates,
    SeedRates,
    by_label,
    by_seed,
    macro,
    rates,
    share_of,
)
from tracekd.verify.verdict import TraceStatus

# With more cells, the smallest detectable difference of each is not computed: it takes longer than all else.
MOST_DETECTABLE = 100
NOT_COMPUTED = Detectable(difference=None, reason="too many models and regimes")


class Unparsed(Written):
    """The number of outputs in which each part could not be read; each counts as wrong."""

    answer: int
    class_: int = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: int


class Citing(Frozen):
    """How well the cited facts match the gold facts: means over all outputs, in [0, 1].

    `invented`: the share of outputs that cite a fact that the context lacks; `invented_facts`: such facts per output.
    """

    precision: Measure
    recall: Measure
    f1: Measure
    invented: Share
    invented_facts: Measure


class _Named(Frozen):
    model: str
    regime: str
    n: int
    problems: int
    groups: int
    seeds: tuple[int, ...]
    samples: int
    support: str | None = None


class CellSummary(Rates, _Named):
    """One model and regime. Every output counts in every rate; in `consistent`, only outputs whose question has a rule.

    `support`: the kind of gold support by which traces are judged; None if verdicts name no kind, or several.
    `answer_f1`: mean token F1, if all answers are free text. `invented`: the number of cited facts, over all outputs, that
    the context lacks. `status`: outputs by the status of the trace; `cut_off`: stopped by the length limit. `detectable`:
    for the answer, against as many outputs of another regime for other problems. `free`: the free traces among the
    outputs; None if there are none.
    """

    unparsed: Unparsed
    answer_f1: Measure | None
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
    free: FreeRates | None = None

    @property
    def headline(self) -> str:
        """The kind of support by which traces are judged, as `retrieval` names it."""
        return self.support if self.support in self.retrieval else HEADLINE

    @property
    def retrieval_step(self) -> Share:
        """The retrieval by which traces are judged."""
        return self.retrieval[self.headline]


def judged_by(cells: Sequence[CellSummary], name: Callable[[str], str] = str) -> str:
    """How the traces of these cells were judged, for the caption of a table: the kinds of support, and how many statements of
    free traces could not be read. Empty if there is nothing to say. `name` writes the name of a kind.
    """
    kinds = sorted({cell.support for cell in cells if cell.support})
    free = [cell.free for cell in cells if cell.free is not None]
    parts = [f"traces by {name(kind)}" for kind in kinds]
    if free:
        unread, statements = sum(one.unread.right for one in free), sum(one.unread.n for one in free)
        share = f" ({unread / statements:.1%})" if statements else ""
        parts.append(f"free traces: {unread:,} of {statements:,} statements cannot be read{share}")
    return "".join(f"; {part}" for part in parts)


def summarise_cell(cell: Cell, labels: Sequence[str], *, with_detectable: bool = True) -> CellSummary:
    """All numbers of a cell, before p values are corrected for multiple tests. `labels`: the classes by their numbers."""
    right, found = rates(cell), associations(cell, labels)
    return CellSummary(
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
        answer_f1=_answer_f1(cell),
        invented=round(float(cell.sums(lambda some, _: some.score("invented")).sum())),
        consistent=share_of(cell, cell.consistent, cell.judged),
        status={status: int(cell.with_status(status).sum()) for status in get_args(TraceStatus)},
        cut_off=int(cell.cut_off.sum()),
        citing=_citing(cell),
        macro=macro(cell),
        by_label=by_label(cell, tuple(labels)),
        by_seed=by_seed(cell),
        detectable=_detectable(cell, right.answer) if with_detectable else NOT_COMPUTED,
        tables=found.tables,
        association=found,
        answer_model=answer_model(cell),
        free=free_rates(cell),
    )


def _detectable(cell: Cell, answer: Share) -> Detectable:
    """Compared with another regime of equal variance: the variance of the difference is twice the variance of the rate."""
    table = cell.counts(cell.answer, 2)
    influence = (table[:, 1] - (answer.rate or 0.0) * table.sum(axis=1)) / len(cell)
    return detectable(mean_squares(influence, table.sum(axis=1), cell.clusters).times(2))


def _unparsed(cell: Cell) -> Unparsed:
    return Unparsed(
        answer=int((~cell.answer_parsed).sum()),
        class_=int(cell.classified("unparsed").sum()),
        retrieval=int(cell.retrieved(verdict="unparsed").sum()),
    )


def _citing(cell: Cell) -> Citing:
    return Citing(
        precision=_mean(cell, "precision"),
        recall=_mean(cell, "recall"),
        f1=_mean(cell, "f1"),
        invented=share_of(cell, cell.cites_invented),
        invented_facts=_mean(cell, "invented", ANYWHERE),
    )


def _answer_f1(cell: Cell) -> Measure | None:
    """Token F1, if all answers are free text: then every number has the same denominator."""
    sums = cell.sums(lambda some, _: some.score("answer_f1"))
    return None if np.isnan(sums).any() else _mean(cell, "answer_f1")


def _mean(cell: Cell, score: str, within: Ends = SHARE) -> Measure:
    sums = cell.sums(lambda some, _: some.score(score))
    return mean(sums, cell.counts(np.zeros(len(cell), np.uint8), 1)[:, 0], cell.clusters, within)

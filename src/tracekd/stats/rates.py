"""How often answer, steps and trace are right: in a cell, in each class of question and in each seed."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np
from pydantic import AliasChoices, Field

from tracekd.stats.cell import Cell, Counts
from tracekd.stats.clusters import mean_squares
from tracekd.stats.estimate import Bools, Floats, Measure, Share, Written
from tracekd.stats.inference import rate_ends, share

# The kind of support by which a trace is judged, if verdicts do not name it.
HEADLINE = "headline"
# The name of `class` in a file, and here.
CLASS_KEYS = AliasChoices("class", "class_")


_Number = TypeVar("_Number", Share, Measure)


class OfSteps(Written, Generic[_Number]):
    """A number for the answer, for each step and for the trace. `retrieval`: by each kind of gold support."""

    answer: _Number
    lenient_answer: _Number
    class_: _Number = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, _Number]
    trace: _Number


class Rates(OfSteps[Share]):
    """Shares of outputs that are right; unparsed is wrong."""


class Macro(OfSteps[Measure]):
    """Means of the shares of all classes of question, so that every class has the same weight."""


class LabelRates(Rates):
    """The outputs for one gold class."""

    label: str
    n: int
    problems: int


class SeedRates(Rates):
    """The rates of one seed, that is, of one student only."""

    seed: int
    n: int


def kinds_of(cell: Cell) -> dict[str, str | None]:
    """The support kinds of the cell's problems by name, sorted.

    `headline` is one of them if the kind by which traces are judged has no name, or several.
    """
    named: dict[str, str | None] = {kind: kind for kind in sorted(cell.kinds) if cell.has_kind(kind).any()}
    return named if cell.support in named else {**named, HEADLINE: None}


def rates(cell: Cell, kinds: dict[str, str | None] | None = None) -> Rates:
    """The rates of a cell. `kinds`: the support kinds of the whole cell, if this is a part of one (default: its own)."""
    return Rates(**_of_steps(cell, kinds_of(cell) if kinds is None else kinds, share_of))


def _of_steps(
    cell: Cell, kinds: dict[str, str | None], number: Callable[[Cell, Bools, Bools | None], _Number]
) -> dict[str, Any]:
    """The fields of `OfSteps`, from the number of what is right among the counted outputs (None: all)."""
    return {
        "answer": number(cell, cell.answer, None),
        "lenient_answer": number(cell, cell.lenient_answer, None),
        "class_": number(cell, cell.classified(), None),
        "retrieval": {name: number(cell, cell.retrieved(kind), cell.has_kind(kind)) for name, kind in kinds.items()},
        "trace": number(cell, cell.trace, None),
    }


def share_of(cell: Cell, right: Bools, counted: Bools | None = None) -> Share:
    """The rate of right ones among the counted outputs (default: all), with its interval; (outputs,) bool both."""
    # Outcome 2 is not counted.
    table = cell.counts(right, 2) if counted is None else cell.counts(np.where(counted, right, np.uint8(2)), 3)
    return share(table[:, 1], table[:, :2].sum(axis=1), cell.clusters)


def by_label(cell: Cell, labels: tuple[str, ...]) -> tuple[LabelRates, ...]:
    """The rates of each class of the cell, by name."""
    kinds = kinds_of(cell)
    members = ((labels[number], part) for number, part in cell.by_label())
    return tuple(
        LabelRates(label=label, n=len(part), problems=part.n_problems, **dict(rates(part, kinds)))
        for label, part in members
    )


def by_seed(cell: Cell) -> tuple[SeedRates, ...]:
    """The rates of each seed, ascending."""
    kinds = kinds_of(cell)
    members = zip(cell.seeds, cell.by_seed(), strict=True)
    return tuple(SeedRates(seed=seed, n=len(part), **dict(rates(part, kinds))) for seed, part in members)


def macro(cell: Cell) -> Macro:
    """The rates with equal weight for every class."""
    return Macro(**_of_steps(cell, kinds_of(cell), _macro))


def _macro(cell: Cell, right: Bools, counted: Bools | None = None) -> Measure:
    """The mean of the classes' shares."""
    if counted is not None and not counted.all():
        return _macro(cell.only(counted), right[counted])
    table = cell.class_counts(right, 2)
    n = table.sum(axis=1)
    of_class = table[:, 1] / np.maximum(n, 1)
    classes = int((n > 0).sum())
    value = float(of_class.sum()) / classes
    influence = _influence(cell, right, of_class, classes * n)
    counts = cell.counts(np.zeros(len(cell), np.uint8), 1)[:, 0]
    ends = rate_ends(min(1.0, value), mean_squares(influence, counts, cell.clusters))
    return Measure(
        value=value, ci=ends, n=len(cell), reason=None if ends else "no interval: all outputs are from one group"
    )


def _influence(cell: Cell, right: Bools, of_class: Floats, per_output: Counts) -> Floats:
    """The influence of each cluster's outputs on the mean: (clusters,).

    An output's influence is its distance from the share of its class, divided by the number of classes and by the number
    of outputs of its class.
    """

    def moved(some: Cell, part: slice) -> Floats:
        label = some.label
        values: Floats = (right[part] - of_class[label]) / per_output[label]
        return values

    return cell.sums(moved)

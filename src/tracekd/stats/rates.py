"""How often answer, steps and trace are right: in a cell, in each class of question and in each seed."""

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


class Rates(Written):
    """Shares of outputs that are right; unparsed is wrong. `retrieval`: by each kind of gold support."""

    answer: Share
    lenient_answer: Share
    class_: Share = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, Share]
    trace: Share


class Macro(Written):
    """Means of the shares of all classes of question, so that every class has the same weight."""

    answer: Measure
    lenient_answer: Measure
    class_: Measure = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, Measure]
    trace: Measure


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
    named = kinds_of(cell) if kinds is None else kinds
    return Rates(
        answer=share_of(cell, cell.answer),
        lenient_answer=share_of(cell, cell.lenient_answer),
        class_=share_of(cell, cell.classified()),
        retrieval={name: share_of(cell, cell.retrieved(kind), cell.has_kind(kind)) for name, kind in named.items()},
        trace=share_of(cell, cell.trace),
    )


def share_of(cell: Cell, right: Bools, counted: Bools | None = None) -> Share:
    """The rate of right ones among the counted outputs (default: all), with its interval; (outputs,) bool both."""
    # Outcome 2 is not counted.
    table = cell.counts(right, 2) if counted is None else cell.counts(np.where(counted, right, np.uint8(2)), 3)
    return share(table[:, 1], table[:, :2].sum(axis=1), cell.clusters)


def by_label(cell: Cell, labels: tuple[str, ...]) -> tuple[LabelRates, ...]:
    """The rates of each class of the cell, by name."""
    numbers, kinds = cell.label, kinds_of(cell)
    used = np.flatnonzero(cell.class_counts(cell.answer, 2).any(axis=1)).tolist()
    present = sorted(used, key=lambda number: labels[number])
    members = ((labels[number], cell.only(np.asarray(numbers == number))) for number in present)
    return tuple(
        LabelRates(label=label, n=len(part), problems=part.n_problems, **dict(rates(part, kinds)))
        for label, part in members
    )


def by_seed(cell: Cell) -> tuple[SeedRates, ...]:
    """The rates of each seed, ascending."""
    kinds = kinds_of(cell)
    members = ((seed, cell.of_seed(at)) for at, seed in enumerate(cell.seeds))
    return tuple(SeedRates(seed=seed, n=len(part), **dict(rates(part, kinds))) for seed, part in members)


def macro(cell: Cell) -> Macro:
    """The rates with equal weight for every class."""
    return Macro(
        answer=_macro(cell, cell.answer),
        lenient_answer=_macro(cell, cell.lenient_answer),
        class_=_macro(cell, cell.classified()),
        retrieval={
            name: _macro(cell, cell.retrieved(kind), cell.has_kind(kind)) for name, kind in kinds_of(cell).items()
        },
        trace=_macro(cell, cell.trace),
    )


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

"""How often answer, steps and trace are right: in a cell, in each class of question and in each seed."""

import numpy as np
from pydantic import AliasChoices, ConfigDict, Field

from tracekd.stats.bootstrap import Floats
from tracekd.stats.cell import Cell, parts
from tracekd.stats.flags import Bools
from tracekd.stats.intervals import Frozen
from tracekd.stats.shares import Measure, Share, crossed, share, wilson_ends, worth
from tracekd.stats.weights import Counts

HEADLINE = "headline"
# What `class` is called in a file, and here.
CLASS_KEYS = AliasChoices("class", "class_")


class Written(Frozen):
    """A record whose keys are written by their aliases, such as `class`, which Python cannot name."""

    model_config = ConfigDict(serialize_by_alias=True)


class Rates(Written):
    """Shares of outputs that are right; unparsed is wrong. `retrieval`: by each kind of gold support."""

    answer: Share
    lenient_answer: Share
    class_: Share = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, Share]
    trace: Share


class Macro(Written):
    """Means over the classes of question of the share of each, so that every class weighs the same."""

    answer: Measure
    lenient_answer: Measure
    class_: Measure = Field(validation_alias=CLASS_KEYS, serialization_alias="class")
    retrieval: dict[str, Measure]
    trace: Measure


class LabelRates(Rates):
    """The outputs for one gold class."""

    label: str
    n: int


class SeedRates(Rates):
    """The outputs of one seed."""

    seed: int
    n: int


def kinds_of(cell: Cell) -> dict[str, str | None]:
    """The support kinds of the cell's problems by name, sorted; `headline` where verdicts name none."""
    named: dict[str, str | None] = {kind: kind for kind in sorted(cell.kinds) if cell.has_kind(kind).any()}
    return named or {HEADLINE: None}


def rates(cell: Cell, kinds: dict[str, str | None] | None = None) -> Rates:
    """The rates of a cell. `kinds` (default: its own): the support kinds, where it is a part of a cell."""
    named = kinds_of(cell) if kinds is None else kinds
    return Rates(
        answer=share_of(cell, cell.answer),
        lenient_answer=share_of(cell, cell.lenient_answer),
        class_=share_of(cell, cell.classified()),
        retrieval={name: share_of(cell, cell.retrieved(kind), cell.has_kind(kind)) for name, kind in named.items()},
        trace=share_of(cell, cell.trace),
    )


def share_of(cell: Cell, right: Bools, counted: Bools | None = None) -> Share:
    """What is right among the counted outputs (default: all), with its interval; (outputs,) bool both."""
    return share(*hits_and_counts(cell, right, counted))


def hits_and_counts(cell: Cell, right: Bools, counted: Bools | None = None) -> tuple[Counts, Counts]:
    """What is right, and what is counted, in each group and seed: (groups, seeds) both."""
    # Outcome 0 is wrong, 1 right, 2 not counted.
    table = cell.counts(right, 2) if counted is None else cell.counts(np.where(counted, right, np.uint8(2)), 3)
    return table[..., 1], table[..., :2].sum(axis=-1)


def by_label(cell: Cell, labels: tuple[str, ...]) -> tuple[LabelRates, ...]:
    """The rates of each class that the cell has, by name."""
    numbers, kinds = cell.label, kinds_of(cell)
    used = np.flatnonzero(cell.class_counts(cell.answer, 2).any(axis=1)).tolist()
    present = sorted(used, key=lambda number: labels[number])
    members = ((labels[number], cell.only(np.asarray(numbers == number))) for number in present)
    return tuple(LabelRates(label=label, n=len(part), **dict(rates(part, kinds))) for label, part in members)


def by_seed(cell: Cell) -> tuple[SeedRates, ...]:
    """The rates of each seed, ascending."""
    numbers, kinds = cell.seed, kinds_of(cell)
    members = ((seed, cell.only(np.asarray(numbers == at))) for at, seed in enumerate(cell.seeds))
    return tuple(SeedRates(seed=seed, n=len(part), **dict(rates(part, kinds))) for seed, part in members)


def macro(cell: Cell) -> Macro:
    """The rates with every class weighing the same."""
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
    """The mean of the classes' shares; its Wilson interval has the n that the clustered variance amounts to."""
    if counted is not None and not counted.all():
        return _macro(cell.only(counted), right[counted])
    table = cell.class_counts(right, 2)
    n = table.sum(axis=1)
    of_class = table[:, 1] / np.maximum(n, 1)
    classes = int((n > 0).sum())
    value, groups = float(of_class.sum()) / classes, cell.n_groups
    influence = _influence(cell, right, of_class, classes * n)
    effective = worth(value * (1 - value), crossed(influence, groups), len(cell), groups)
    return Measure(value=value, ci=wilson_ends(value, effective))


def _influence(cell: Cell, right: Bools, of_class: Floats, per_output: Counts) -> Floats:
    """How far the outputs of each group and seed move the mean: (groups, seeds).

    An output moves it by its distance from the share of its class, over the classes and the outputs of that class.
    """
    seeds = len(cell.seeds)
    sums = np.zeros(cell.store.n_groups * seeds)
    for part in parts(len(cell)):
        some = cell.only(part)
        label = some.label
        moved = (right[part] - of_class[label]) / per_output[label]
        sums += np.bincount(some.cluster(), moved, minlength=len(sums))
    return sums.reshape(-1, seeds)

"""All numbers of the study, without conclusions."""

from collections.abc import Mapping
from dataclasses import dataclass

from correct import CorrectNumbers, Disagreement
from official import OfficialNumbers
from released import Cell, DataSet

from tracekd.stats.estimate import Scope


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """The results of both logics for a cell, and their disagreements, output by output."""

    official: OfficialNumbers
    correct: CorrectNumbers
    disagreement: Disagreement


@dataclass(frozen=True, slots=True)
class Compared:
    """Right answers of one regime minus those of another, on the same problems: shares with a 95 % interval. With one
    seed (`scope` is student), they compare two students, and there is no p value for their regimes.
    """

    value: float
    low: float
    high: float
    p: float | None
    scope: Scope


Pair = tuple[DataSet, str, str, str]  # data set, model, first regime, second regime


@dataclass(frozen=True, slots=True)
class Evidence:
    """`differences` contain each pair of regimes of a model in both orders; `by_official_rule`: with answers judged by
    that rule.
    """

    cells: Mapping[Cell, CellEvidence]
    differences: Mapping[Pair, Compared]
    by_official_rule: Mapping[Pair, Compared]

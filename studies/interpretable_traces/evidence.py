"""All numbers of the study, before anything is concluded from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from correct import CorrectNumbers, Disagreement
from official import OfficialNumbers
from released import Cell, DataSet

from tracekd.stats.estimate import Scope


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """What both logics say of a cell, and where they disagree, output by output."""

    official: OfficialNumbers
    correct: CorrectNumbers
    disagreement: Disagreement


@dataclass(frozen=True, slots=True)
class Compared:
    """Right answers of one regime less those of another, on the same problems: shares with a 95 % interval.

    With one seed (`scope` is student) they are of two students, and there is no p of a difference of their regimes.
    """

    value: float
    low: float
    high: float
    p: float | None
    scope: Scope


Pair = tuple[DataSet, str, str, str]  # data set, model, first regime, second regime


@dataclass(frozen=True, slots=True)
class Evidence:
    """`differences` hold each pair of regimes of a model both ways round; `by_official_rule`: of answers judged by it."""

    cells: Mapping[Cell, CellEvidence]
    differences: Mapping[Pair, Compared]
    by_official_rule: Mapping[Pair, Compared]

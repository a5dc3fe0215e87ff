"""All numbers of the study, before anything is concluded from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from correct import CorrectNumbers, Disagreement
from official import OfficialNumbers
from released import Cell, DataSet


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """What both logics say of a cell, and where they disagree, output by output."""

    official: OfficialNumbers
    correct: CorrectNumbers
    disagreement: Disagreement


@dataclass(frozen=True, slots=True)
class Compared:
    """Right answers of one regime less those of another, on the same problems: shares with a 95 % interval."""

    value: float
    low: float
    high: float
    p: float | None


Pair = tuple[DataSet, str, str, str]  # data set, model, first regime, second regime


@dataclass(frozen=True, slots=True)
class Evidence:
    """`differences` hold each pair of regimes of a model both ways round."""

    cells: Mapping[Cell, CellEvidence]
    differences: Mapping[Pair, Compared]

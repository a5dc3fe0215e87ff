"""Claim C3a: R1's own traces are the best supervision."""

from collections.abc import Iterator

from evidence import Compared, Evidence
from findings import FALLS, OPEN, STANDS, Finding, Ruling, of_all
from official import OfficialNumbers
from released import Cell
from statsmodels.stats.proportion import confint_proportions_2indep
from wording import points

_R1 = "r1_traces"
_OTHERS = ("r1_summaries", "r1_explanations", "r1_set_answer_only", "r1_set_correct", "r1_set_incorrect")


def best_supervision(evidence: Evidence) -> Finding:
    """Whether R1's traces lead to more right answers than each other regime on the same test items."""
    parts, figures = list[Ruling](), list[str]()
    for cell, other, found in _against_others(evidence):
        parts.append(STANDS if found.low > 0 else FALLS if found.high < 0 else OPEN)
        figures.append(f"{cell} against {other.regime}: {points(found)}.")
    return Finding(
        key="C3a",
        claim="R1's own traces are the best supervision, decomposed ones the worst.",
        rule="Right answers by the mended official rule (R1's answers are free text), R1's traces less each other regime "
        "on its test items: falls where any interval (Newcombe's, unpaired) lies below 0, stands where all lie above.",
        ruling=of_all(parts),
        figures=tuple(figures) or ("No outputs of a model trained on R1's traces are here.",),
        official=(
            "Even with the outputs at hand three faults stand in the way: the decomposed traces of that comparison were "
            "joined to other questions, its regimes answer in another form than they are asked in, and R1's traces are "
            "cut off at 500 tokens.",
        ),
    )


def _against_others(evidence: Evidence) -> Iterator[tuple[Cell, Cell, Compared]]:
    for cell, found in evidence.cells.items():
        if cell.regime != _R1:
            continue
        for regime in _OTHERS:
            other = Cell(cell.data_set, cell.model, regime, cell.seed)
            if other in evidence.cells:
                yield cell, other, _difference(found.official, evidence.cells[other].official)


def _difference(first: OfficialNumbers, second: OfficialNumbers) -> Compared:
    a, b = first.answers_right_fixed, second.answers_right_fixed
    low, high = confint_proportions_2indep(a, first.n, b, second.n, compare="diff", method="newcomb")
    return Compared(a / first.n - b / second.n, float(low), float(high), None)

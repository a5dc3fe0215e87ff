"""Compares the regimes of a model: right answers on the same problems and seeds."""

from collections.abc import Iterable, Mapping, Sequence

from evidence import Compared, Pair
from released import TITLES, Cell

from tracekd.errors import UserError
from tracekd.stats import pairs as stats
from tracekd.stats.columns import Columns
from tracekd.stats.families import Analysis
from tracekd.verify.verdict import Verdict


def all_differences(judged: Mapping[Cell, Sequence[Verdict]]) -> dict[Pair, Compared]:
    """The difference of every two regimes of a model and data set that share problems, in both orders. Raises UserError
    if files give two classes for the same problem.
    """
    found: dict[Pair, Compared] = {}
    for data_set in dict.fromkeys(cell.data_set for cell in judged):
        verdicts = (v for cell, some in judged.items() if cell.data_set == data_set for v in some)
        try:
            compared = _compared(verdicts)
        except ValueError as error:
            raise UserError(f"the outputs of {TITLES[data_set]} contradict each other: {error}") from None
        for pair in compared:
            if pair.outcome != "answer" or pair.difference.value is None or pair.difference.ci is None:
                continue
            low, high = pair.difference.ci
            value, p, scope = pair.difference.value, pair.test.p, pair.test.scope
            found[data_set, pair.model, pair.first, pair.second] = Compared(value, low, high, p, scope)
            found[data_set, pair.model, pair.second, pair.first] = Compared(-value, -high, -low, p, scope)
    return found


def _compared(verdicts: Iterable[Verdict]) -> tuple[stats.Pair, ...]:
    columns = Columns()
    for verdict in verdicts:
        columns.add(verdict)
    return stats.compare_all(list(columns.cells()), Analysis())[0]

"""Exchanges the dates, years and numbers of an answer."""

import re
from collections.abc import Sequence
from random import Random

from tracekd.problem import Problem
from tracekd.regimes.exchanged_names.edits import Edit, Edits
from tracekd.regimes.exchanged_names.other_values import Key, other_dates, other_numbers
from tracekd.regimes.exchanged_names.runs import full_words, runs
from tracekd.regimes.exchanged_names.values import Value, values, with_year, written, year_of
from tracekd.statements.passages.words import MONTHS

_FEW_WORDS = 4
_ASKS_AMOUNT = re.compile(r"\b(?:how (?:much|many|long)|cost|price|salary|wage|tuition|net worth)\b", re.IGNORECASE)


def values_of(references: Sequence[str], texts: Sequence[str], question: str) -> list[Value]:
    """The values of the answers that stand in the facts and not in the question: dates and years, or else numbers."""
    inside = [value for text in texts for value in values(text)]
    years = {(False, value.key[:1]) for value in inside if year_of(value) is not None}
    known = {_same(value) for value in inside} | years
    asked = {_same(value) for value in values(question)}
    found = [
        value
        for reference in references
        for value in values(reference)
        if _same(value) in known and _same(value) not in asked
    ]
    found = [value for value in found if not _months(value.text) & _months(question)]
    if _ASKS_AMOUNT.search(question) and (amounts := [value for value in found if year_of(value) is None]):
        return amounts
    return [value for value in found if year_of(value) is not None] or found


def _months(text: str) -> set[str]:
    return {word for word in full_words(text) if word in MONTHS}


def _same(value: Value) -> tuple[bool, Key]:
    return year_of(value) is None, value.key


def is_only(reference: str, spans: Sequence[Value]) -> bool:
    """Whether an answer has no name, and only a few words, outside of its values."""
    inside = {at for value in spans for at in range(*value.place)}
    rest = "".join([sign for at, sign in enumerate(reference) if at not in inside])
    return len(rest.split()) <= _FEW_WORDS and not any(not run.first or len(run.forms) > 1 for run in runs(rest))


def has_year(text: str) -> bool:
    """Whether a text has a date, a year, a season or a decade."""
    return any(year_of(one) is not None for one in values(text))


def value_edits(problem: Problem, texts: tuple[str, ...], spans: Sequence[Value], rng: Random) -> Edits:
    """What exchanges these values in any text."""
    inside = [value for text in texts for value in values(text)]
    taken = [*inside, *values(problem.question), *spans]
    used = {value.key for value in taken}
    pool = [value for fact in problem.context for value in values(fact.text) if value.key not in used]
    if year_of(spans[0]) is not None:
        found = other_dates(spans, pool, taken, rng)
        asked = {year_of(value) for value in values(problem.question)}
        years = {key[0]: new[0] for key, new in found.items() if key[0] not in asked}
        return lambda text: _date_edits(text, found, years)
    numbers = other_numbers(spans, pool, used, rng)
    return lambda text: [
        Edit(value.place, written(value, numbers[value.key]))
        for value in values(text)
        if value.key in numbers and year_of(value) is None
    ]


def _date_edits(text: str, found: dict[Key, Key], years: dict[float, float]) -> list[Edit]:
    """A year is exchanged within dates, too; a date as a whole, and its year where that stands alone."""
    edits = []
    for value in values(text):
        if value.key in found:
            edits.append(Edit(value.place, written(value, found[value.key])))
        elif year_of(value) is not None and (year := found.get((value.key[0],))) is not None:
            edits.append(Edit(value.place, with_year(value, int(year[0]))))
        elif value.kind == "year" and value.key[0] in years:
            edits.append(Edit(value.place, str(int(years[value.key[0]]))))
    return edits

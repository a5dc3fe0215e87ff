"""How much of a difference between two regimes goes through the trace: a table and sentences of section 6 of the report."""

from collections.abc import Mapping, Sequence

from tracekd.interventions.mediation import Mediation, PartOfEffect
from tracekd.report.content import Interventions
from tracekd.report.layout import StudentPart
from tracekd.report.numbers import Number, of, percent
from tracekd.report.tables import Row, Table
from tracekd.report.wording import NAMED_PAIRS, difference_in_points, listed, quoted, shown_direction

_COLUMNS = (
    "right answers, difference", "direct, after traces of the first", "direct, after traces of the second",
    "indirect, in students of the first", "indirect, in students of the second",
)  # fmt: skip


def table(part: StudentPart, interventions: Interventions) -> Table | None:
    """One row for each pair of regimes whose traces were forced on each other; None without such pairs."""
    found = _of(part, interventions)
    if not found:
        return None
    rows = tuple(
        Row(f"{one.first} to {one.second}", tuple(_numbers(one)), f"{one.n:,} outputs of each") for one in found
    )
    caption = f"{part.prefix}Direct and indirect effects on right answers, in points, with 95\u00a0% intervals"
    return Table(caption, "Regimes", _COLUMNS, rows)


def sentences(part: StudentPart, interventions: Interventions) -> list[str]:
    """What of the difference between two regimes goes through the trace, for the first few pairs."""
    return list(filter(None, map(_sentence, _of(part, interventions)[:NAMED_PAIRS])))


def _of(part: StudentPart, interventions: Interventions) -> Sequence[Mediation]:
    """In the order of the study's regimes."""
    summary = interventions.reliance
    place = {cell.regime: at for at, cell in enumerate(part.cells)}
    found = [one for one in (summary.mediations if summary else ()) if one.student == part.student]
    return sorted(found, key=lambda one: sorted((place[one.first], place[one.second])))


def _numbers(one: Mediation) -> list[Number]:
    parts = (one.direct, one.direct_after_second, one.indirect_in_first, one.indirect)
    return [of(one.total, "points"), *map(_number, parts)]


def _number(part: PartOfEffect) -> Number:
    away = part.explained_away
    note = "" if away is None else f"0 if forcing alone changed {percent(away)} of the answers"
    return of(part.difference, "points", note)


def _sentence(one: Mediation) -> str:
    """Empty if there is no number. Claims an effect only if its corrected test shows it."""
    if one.total.value is None or one.total.ci is None:
        return ""
    first, second = quoted(one.first), quoted(one.second)
    begin = f"From {first} to {second}, right answers change by {difference_in_points(one.total, turned=False)}"
    if one.indirect.test.scope == "student":
        return f"{begin}; with one seed, this says nothing about the regimes, and no part of it is tested."
    traces = {f"in students of {first}": one.indirect_in_first, f"in students of {second}": one.indirect}
    students = {f"after traces of {first}": one.direct, f"after traces of {second}": one.direct_after_second}
    return f"{begin}. {_said('the trace', traces)} {_said('the student', students)}"


def _said(what: str, parts: Mapping[str, PartOfEffect]) -> str:
    """What an exchange of only one of the two does, in both orders."""
    known = {place: part for place, part in parts.items() if part.difference.ci is not None}
    numbers = {place: difference_in_points(part.difference, turned=False) for place, part in known.items()}
    shown = [place for place, part in known.items() if shown_direction(part.difference, part.test) != "none"]
    changed = listed([f"by {numbers[place]}, {place}" for place in shown])
    others = listed([f"{place} ({numbers[place]})" for place in known if place not in shown])
    if not shown:
        return f"It was not shown that {what} alone changes them: {others}."
    rest = f"; this was not shown {others}" if others else ""
    return f"If only {what} is exchanged, they change {changed}{rest}."

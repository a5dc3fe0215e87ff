"""Judges a stated time, such as `NAME worked there from 1991 to 1999`."""

from collections.abc import Sequence
from typing import NamedTuple

from tracekd.statements.cotempqa.memory import Memory
from tracekd.statements.cotempqa.relations import Truth, restates
from tracekd.statements.cotempqa.shapes import Dated, Shape, When
from tracekd.statements.cotempqa.wording import say_dated
from tracekd.statements.statement import Grounds, holding
from tracekd.tasks.cotempqa.intervals import Date, Interval

# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


class StatedTime(NamedTuple):
    """How a stated time stands to the facts.

    `truth` is None if it is only a part of the real time. `places`: the facts that decide. `as_fact`: the sentence that
    it makes if it is false. `in_context`: a fact connects the names.
    """

    truth: Truth
    places: tuple[int, ...]
    as_fact: str | None = None
    in_context: bool = True


def interval(when: When, dates: Sequence[Date]) -> Interval:
    """The time that two dates of a statement, or one of them, name."""
    _, first, last = when
    return _new(Interval, (dates[first], dates[last]))


def check_time(memory: Memory, dated: Dated, names: tuple[str, ...], dates: Sequence[Date]) -> StatedTime:
    """How the time that is stated of these names stands to the facts."""
    stated = interval(dated.when, dates)
    groups = memory.facts_meant(of_numbers(names, dated.names), dated.pronoun)
    if len(groups) == 1 == len(groups[0]):
        return _check_one(memory, dated, stated, groups[0][0])
    if not groups or [] in groups:
        return StatedTime(False, (), in_context=not dated.names)
    places: list[int] = []
    is_part = False
    for group in groups:
        truths = {place: restates(dated.when.kind, stated, memory.when(place), len(groups) > 1) for place in group}
        right = [place for place in group if truths[place]] or [place for place in group if truths[place] is None]
        if not right:
            fact = memory.known.facts[group[0]].text
            return StatedTime(False, tuple(group), say_dated(fact, dated.when.kind, stated))
        is_part = is_part or truths[right[0]] is None
        places.append(right[0])
    return StatedTime(None if is_part else True, tuple(places))


def of_numbers(names: tuple[str, ...], numbers: tuple[int, ...]) -> tuple[str, ...]:
    """The names of a statement that have these numbers, which are in order and different."""
    return names if len(numbers) == len(names) else tuple([names[at] for at in numbers])


def _check_one(memory: Memory, dated: Dated, stated: Interval, place: int) -> StatedTime:
    """How a stated time stands to one fact."""
    truth = restates(dated.when.kind, stated, memory.when(place))
    if truth is False:
        return StatedTime(False, (place,), say_dated(memory.known.facts[place].text, dated.when.kind, stated))
    return _new(StatedTime, (truth, (place,), None, True))


def ground_times(
    memory: Memory, shape: Shape, times: Sequence[StatedTime], slot: tuple[object, ...], text: str
) -> Grounds | None:
    """How a statement of these times stands to the context; None if it is not clear what they are said of."""
    places = times[0].places if len(times) == 1 else [place for time in times for place in time.places]
    if not places:
        return None
    truths = [time.truth for time in times]
    false = times[truths.index(False)] if False in truths else None
    if false is not None and len(false.places) > 1:
        memory.forget()  # nobody knows which of these facts was meant
    else:
        memory.remember(places)
    ids = memory.known.ids(places)
    if shape.negated:
        is_clear = false is not None and len(ids) == 1
        return Grounds("derived", ids, "the context gives another time", slot=slot) if is_clear else None
    if false is not None:
        return _contradicted(memory, shape, false, slot)
    if None in truths:
        if not any(dated.names or dated.pronoun for dated in shape.dated):
            return None  # a time alone does not say what it is the time of
        return Grounds("derived", ids, "the stated time lies within that of the fact", slot=slot)
    if len(ids) == 1 and memory.known.is_quoted(text, places[0]):
        return holding("quoted", ids, "the context says so", slot)
    return holding("restated", ids, "the context says so in other words", slot)


def _contradicted(memory: Memory, shape: Shape, false: StatedTime, slot: tuple[object, ...]) -> Grounds | None:
    if not any(dated.names or dated.pronoun for dated in shape.dated):
        return None
    if len(false.places) > 1 and not all(len(dated.names) > 1 for dated in shape.dated):
        return None  # it names no event: another employer in other years contradicts nothing
    fact = memory.known.facts[false.places[0]].text
    ids = memory.known.ids(false.places)
    return Grounds("contradicted", ids, f"the context says: {fact[:200]}", slot=slot, as_fact=false.as_fact)

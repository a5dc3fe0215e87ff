"""Rules about where people are: families 1, 6 and 9 to 14 (arXiv 1502.05698, sections 3 and A)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracekd.tasks.babi.answers import one_of
from tracekd.tasks.babi.sentences import MOVES, Whereabouts, read_whereabouts
from tracekd.tasks.solution import Solution

_WHERE_IS = re.compile(r"where is (\w+) ?\?")
_IS_IN = re.compile(r"is (\w+) in the (\w+) ?\?")
_WHERE_WAS = re.compile(r"where was (\w+) before the (\w+) ?\?")

TIMES = ("yesterday", "this morning", "this afternoon", "this evening")
_TIME = "|".join(TIMES)
_MOVED_WHEN = re.compile(rf"(?:({_TIME}) )?(\w+) {MOVES}(?: ({_TIME}))?\.?")


class Visit(NamedTuple):
    """A visit: the number of its time of day, the place of its fact in the story, who went, and where."""

    time: int
    fact: int
    person: str
    place: str


def where_is(question: str, facts: Sequence[str]) -> Solution | None:
    """Families 1, 11, 12 and 13: where a person is, by the last fact about the person."""
    asked = _WHERE_IS.fullmatch(question)
    last = _last_of(asked[1], facts) if asked else None
    if last is None or last.denied or len(last.places) > 1:
        return None
    return one_of(last.places[0], last.facts)


def _last_of(person: str, facts: Sequence[str]) -> Whereabouts | None:
    last = None
    for seen in read_whereabouts(facts):
        if person in seen.people:
            last = seen
    return last


def is_there(question: str, facts: Sequence[str]) -> Solution | None:
    """Families 6, 9 and 10: whether a person is in a place (yes, no, maybe), by the last fact that decides it."""
    asked = _IS_IN.fullmatch(question)
    if not asked:
        return None
    person, place = asked.groups()
    left: set[str] = set()
    for seen in reversed([seen for seen in read_whereabouts(facts) if person in seen.people]):
        if not seen.denied:
            known = left.isdisjoint(seen.places)
            return one_of(_whether(place, seen.places), seen.facts) if known else None
        if place in seen.places:
            return one_of("no", seen.facts)
        left.update(seen.places)
    return None


def _whether(place: str, possible: Sequence[str]) -> str:
    if place not in possible:
        return "no"
    return "yes" if len(possible) == 1 else "maybe"


def where_was(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 14: where a person was before the last visit to a place, in the order of time, not of the story."""
    asked = _WHERE_WAS.fullmatch(question)
    if not asked:
        return None
    person, place = asked.groups()
    visits = sorted(visit for visit in read_visits(facts) if visit.person == person)
    last = max((nth for nth, visit in enumerate(visits) if visit.place == place), default=0)
    for visit in reversed(visits[:last]):
        if visit.place != place:
            return one_of(visit.place, (visits[last].fact, visit.fact))
    return None


def read_visits(facts: Sequence[str]) -> Iterator[Visit]:
    """The visits that have a time of day, in the order of the story."""
    for at, fact in enumerate(facts):
        moved = _MOVED_WHEN.fullmatch(fact)
        # The time is either before or after the rest.
        if moved and (moved[1] is None) != (moved[4] is None):
            yield Visit(TIMES.index(moved[1] or moved[4]), at, moved[2], moved[3])

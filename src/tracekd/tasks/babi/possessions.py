"""Rules about who has what, and where things are: families 2, 3, 5, 7 and 8 (arXiv 1502.05698)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer
from tracekd.tasks.babi.answers import one_of
from tracekd.tasks.babi.sentences import Transfer, Whereabouts, read_transfer, read_whereabouts
from tracekd.tasks.solution import Solution

_WHERE_IS = re.compile(r"where is the (\w+) ?\?")
_WHERE_WAS = re.compile(r"where was the (\w+) before the (\w+) ?\?")
_HOW_MANY = re.compile(r"how many objects is (\w+) carrying ?\?")
_CARRYING = re.compile(r"what is (\w+) carrying ?\?")
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

# The part of a gift that a question asks for, and the parts that it names, in this order.
_GIFTS = (
    (re.compile(r"what did (\w+) give to (\w+) ?\?"), "thing", ("giver", "taker")),
    (re.compile(r"who did (\w+) give the (\w+) to ?\?"), "taker", ("giver", "thing")),
    (re.compile(r"who gave the (\w+) to (\w+) ?\?"), "giver", ("thing", "taker")),
    (re.compile(r"who gave the (\w+) ?\?"), "giver", ("thing",)),
    (re.compile(r"who received the (\w+) ?\?"), "taker", ("thing",)),
)


@dataclass
class _Carried:
    """The last person who had a thing: the sentence that says so, and all visits of this person until the thing was dropped."""

    fact: int
    visits: list[Whereabouts]


def where_is(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 2: where a thing is. It is where the last person who had it went last before dropping it."""
    asked = _WHERE_IS.fullmatch(question)
    carried = _carried(asked[1], facts) if asked else None
    if carried is None or not carried.visits:
        return None
    last = carried.visits[-1]
    return one_of(last.places[0], (carried.fact, *last.facts))


def where_was(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 3: where a thing was before the last time it was in a place.

    The support may cite only the drop and not the get, so all earlier places of the person count.
    """
    asked = _WHERE_WAS.fullmatch(question)
    carried = _carried(asked[1], facts) if asked else None
    if asked is None or carried is None:
        return None
    arrived: Whereabouts | None = None
    for visit in reversed(carried.visits):
        if visit.places[0] == asked[2]:
            arrived = arrived or visit
        elif arrived:
            return one_of(visit.places[0], (carried.fact, *arrived.facts, *visit.facts))
    return None


def _carried(thing: str, facts: Sequence[str]) -> _Carried | None:
    """The last sentence about the thing, and the visits of its person (up to the drop, if the thing was dropped)."""
    visits: dict[str, list[Whereabouts]] = {}
    visit_at = {seen.facts[-1]: seen for seen in read_whereabouts(facts) if not seen.denied and len(seen.places) == 1}
    last: tuple[int, list[Whereabouts], int | None] | None = None
    for at, fact in enumerate(facts):
        if visit := visit_at.get(at):
            for person in visit.people:
                visits.setdefault(person, []).append(visit)
        elif (handled := read_transfer(at, fact)) and handled.thing == thing:
            theirs = visits.setdefault(handled.taker or handled.giver or "", [])
            last = at, theirs, None if handled.taker else len(theirs)
    return _Carried(last[0], last[1][: last[2]]) if last else None


def gift(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 5: who gave what to whom, by the last gift that fits the question."""
    fitting = fitting_gifts(question, facts)
    return one_of(fitting[-1][1], (fitting[-1][0],)) if fitting else None


def fitting_gifts(question: str, facts: Sequence[str]) -> list[tuple[int, str]]:
    """The gifts that fit a question: for each, its place in the story and the answer that it gives."""
    for pattern, asked_part, known in _GIFTS:
        if asked := pattern.fullmatch(question):
            said = tuple(zip(known, asked.groups(), strict=True))
            return [(g.fact, getattr(g, asked_part)) for g in _gifts(facts) if all(getattr(g, k) == v for k, v in said)]
    return []


def _gifts(facts: Sequence[str]) -> Iterator[Transfer]:
    for at, fact in enumerate(facts):
        handled = read_transfer(at, fact)
        if handled and handled.giver and handled.taker:
            yield handled


def how_many(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 7: how many things a person carries, as a word. Cites all gets and losses in the order of the story."""
    asked = _HOW_MANY.fullmatch(question)
    had = _had(asked[1], facts) if asked else None
    count = sum(map(_held, had.values())) if had else 0
    if not had or count >= len(_NUMBERS):
        return None
    return one_of(_NUMBERS[count], sorted(at for places in had.values() for at in places))


def which(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 8: which things a person carries, as a set. Cites all gets and losses, one thing after the other."""
    asked = _CARRYING.fullmatch(question)
    had = _had(asked[1], facts) if asked else None
    if not had:
        return None
    held = tuple(thing for thing, places in had.items() if _held(places))
    return Solution(Answer(kind="set", values=held), tuple(at for places in had.values() for at in places))


def _had(person: str, facts: Sequence[str]) -> dict[str, list[int]] | None:
    """For each thing that the person ever had: the places in the story where the person got it and lost it, in turns.

    None if the person gets a thing twice in a row, or loses a thing without having it: then facts are missing, and it is
    unknown which.
    """
    had: dict[str, list[int]] = {}
    for at, fact in enumerate(facts):
        handled = read_transfer(at, fact)
        if handled and person in (handled.giver, handled.taker):
            places = had.setdefault(handled.thing, [])
            if _held(places) == (handled.taker == person):
                return None
            places.append(at)
    return had


def _held(places: Sequence[int]) -> bool:
    """Whether the person still has a thing, by the places of its gets and losses."""
    return len(places) % 2 == 1

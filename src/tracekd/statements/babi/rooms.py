"""Who was where, and who had what, at each moment of a story about rooms. A moment is the place of a fact in the story."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tracekd.tasks.babi.sentences import Transfer, read_transfer, read_whereabouts
from tracekd.tasks.babi.whereabouts import Visit, read_visits

Truth = bool | None


class Seen(NamedTuple):
    """What a fact says about where a person is: in one of these places, or (`denied`) not there."""

    moment: int
    facts: tuple[int, ...]
    places: tuple[str, ...]
    denied: bool


class Found(NamedTuple):
    """Whether something is so, and the facts that decide. `is_clear`: it is clear of which moment it is said."""

    truth: Truth
    facts: tuple[int, ...] = ()
    is_clear: bool = True


@dataclass
class Rooms:
    """A story about people and things in rooms, from its facts in plain form (`sentences.plain`)."""

    facts: Sequence[str]
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    handled: dict[str, list[Transfer]] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    @classmethod
    def of(cls, facts: Sequence[str]) -> "Rooms":
        """Read a story."""
        rooms = cls(facts)
        for said in read_whereabouts(facts):
            for person in said.people:
                seen = Seen(said.facts[-1], said.facts, said.places, said.denied)
                rooms.seen.setdefault(person, []).append(seen)
        for at, fact in enumerate(facts):
            if handled := read_transfer(at, fact):
                rooms.handled.setdefault(handled.thing, []).append(handled)
        if not rooms.seen or any("morning" in fact or "yesterday" in fact for fact in facts):
            rooms.visits = sorted(read_visits(facts))
            for number, visit in enumerate(rooms.visits):
                rooms.seen.setdefault(visit.person, []).append(Seen(number, (visit.fact,), (visit.place,), False))
        return rooms

    @cached_property
    def spoken_of(self) -> dict[int, tuple[list[str], list[str]]]:
        """For each fact, by its place: the people and the things that it speaks of."""
        found: dict[int, tuple[list[str], list[str]]] = {}
        for name, those in self.seen.items():
            for seen in those:
                found.setdefault(seen.facts[-1], ([], []))[0].append(name)
        for transfers in self.handled.values():
            for one in transfers:
                who, what = found.setdefault(one.fact, ([], []))
                who.append(one.giver or one.taker or "")
                what.append(one.thing)
        return found

    @cached_property
    def end(self) -> int:
        """The last moment."""
        return (len(self.visits) if self.visits else len(self.facts)) - 1

    def is_at(self, person: str, place: str, moment: int) -> Found:
        """Whether a person is in a place at a moment, by the last fact that decides it."""
        left: set[str] = set()
        for seen in reversed(self.seen.get(person, ())):
            if seen.moment > moment:
                continue
            if seen.denied:
                if place in seen.places:
                    return Found(False, seen.facts)
                left.update(seen.places)
            elif not left.isdisjoint(seen.places):
                return Found(None)
            elif place not in seen.places:
                return Found(False, seen.facts)
            else:
                return Found(True if len(seen.places) == 1 else None, seen.facts)
        return Found(None)

    def may_be_at(self, person: str, place: str, moment: int) -> Found:
        """Whether the last fact says that a person is in this place or another one."""
        seen = next((seen for seen in reversed(self.seen.get(person, ())) if seen.moment <= moment), None)
        if seen is None or seen.denied:
            return Found(None)
        return Found(place in seen.places, seen.facts)

    def transfer(self, thing: str, moment: int) -> Transfer | None:
        """The last time up to this moment that somebody got, gave or dropped a thing."""
        return next((one for one in reversed(self.handled.get(thing, ())) if one.fact <= moment), None)

    def has(self, person: str, thing: str, moment: int) -> Found:
        """Whether a person has a thing at a moment."""
        last = self.transfer(thing, moment)
        if last is None:
            first = self.handled.get(thing)
            return Found(False, (first[0].fact,)) if first else Found(None)
        return Found(last.taker == person, (last.fact,))

    def lies_at(self, thing: str, place: str, moment: int) -> Found:
        """Whether a thing is in a place at a moment: where its holder is, or where it was dropped."""
        last = self.transfer(thing, moment)
        if last is None:
            # Before anybody took it, it was where it was taken.
            first = next(iter(self.handled.get(thing, ())), None)
            if first is None or not first.taker or first.giver:
                return Found(None)
            last, moment = first, first.fact
        holder, moment = (last.taker, moment) if last.taker else (last.giver or "", last.fact)
        found = self.is_at(holder, place, moment)
        return Found(found.truth, (last.fact, *found.facts))

    def held(self, person: str, moment: int) -> tuple[list[str], tuple[int, ...]]:
        """The things that a person has at a moment, and the facts that decide."""
        things: list[str] = []
        facts: list[int] = []
        for thing, those in self.handled.items():
            theirs = [one for one in those if one.fact <= moment and person in (one.giver, one.taker)]
            facts += [one.fact for one in theirs]
            if theirs and (last := self.transfer(thing, moment)) and last.taker == person:
                things.append(thing)
        return things, tuple(sorted(facts))

    def place_at(self, person: str, moment: int) -> Seen | None:
        """The last place of a person up to a moment."""
        return next((seen for seen in reversed(self.way(person)) if seen.moment <= moment), None)

    def way(self, person: str) -> Sequence[Seen]:
        """The places where a person was, one after the other."""
        return self._ways.get(person, ())

    @cached_property
    def _ways(self) -> dict[str, list[Seen]]:
        return {
            person: [seen for seen in those if not seen.denied and len(seen.places) == 1]
            for person, those in self.seen.items()
        }

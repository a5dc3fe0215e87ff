"""Judges clauses about people and things in rooms, at the moment that a fair reader takes.

`is` speaks of the end of the story, or of the moment of the fact that the trace cited last; `was` of any moment; `now`,
`finally` and `last` of the end.
"""

from collections.abc import Callable, Iterable, Sequence

from tracekd.statements.babi.memory import Memory, Outcome
from tracekd.statements.babi.room_clauses import ELSEWHERE, Clause
from tracekd.statements.babi.rooms import Found, Rooms
from tracekd.tasks.babi.sentences import Transfer

# A clause with more people or things than this is no sentence of these stories.
_MOST_NAMED = 8


class RoomTelling:
    """One trace about a story in rooms. `memory` knows what was spoken of last."""

    def __init__(self, rooms: Rooms, memory: Memory) -> None:
        self.rooms = rooms
        self.memory = memory

    def judge(self, clause: Clause, names: Sequence[str]) -> Outcome | None:
        """How a clause stands to the story; None if it refers to something unknown."""
        if len(clause.who) > _MOST_NAMED or len(clause.what) > _MOST_NAMED:
            return None
        who = self.memory.people(clause.who, names)
        what = self.memory.things(clause.what, names)
        if who is None or what is None:
            return None
        place = self.memory.place(clause.place, names)
        other = self.memory.place(clause.other, names)
        if (clause.place is not None and place is None) or (clause.other is not None and other is None):
            return None
        person = names[clause.person] if clause.person is not None and clause.person >= 0 else None
        if clause.person is not None and person is None and not (person := self.memory.one_person()):
            return None
        method = _JUDGES.get(clause.kind)
        outcome = method(self, clause, who, what, place or "", other or "", person or "") if method else None
        if outcome is None:
            return None
        self.memory.remember(who, what, place if clause.place != ELSEWHERE else None, self._moments_of(outcome))
        return outcome

    @property
    def last_fact(self) -> int | None:
        """The place in the story of the fact that was cited last."""
        moment = self.memory.moment
        return self.rooms.visits[moment].fact if moment is not None and self.rooms.visits else moment

    def note(self, place: int) -> None:
        """Take notice that a fact was quoted."""
        people = [name for name, those in self.rooms.seen.items() if any(seen.facts[-1] == place for seen in those)]
        handled = [one for those in self.rooms.handled.values() for one in those if one.fact == place]
        givers = [name for one in handled for name in (one.taker if one.giver is None else one.giver,) if name]
        moment = place if not self.rooms.visits else self._moment_of_visit(place)
        self.memory.remember(people or givers, [one.thing for one in handled], None, moment)

    def _moment_of_visit(self, place: int) -> int | None:
        return next((n for n, visit in enumerate(self.rooms.visits) if visit.fact == place), None)

    def _moments_of(self, outcome: Outcome) -> int | None:
        """The moment of the last fact that the clause cites, if it cites one."""
        if not outcome.cites or not outcome.facts:
            return None
        if not self.rooms.visits:
            return max(outcome.facts)
        return self._moment_of_visit(outcome.facts[-1])

    def _moments(self, clause: Clause) -> Iterable[int]:
        end = self.rooms.end
        if clause.tense == "final":
            return (end,)
        if clause.tense == "past" or self.memory.is_lost:
            return range(end, -1, -1)
        now = self.memory.moment
        return (end,) if now is None or now == end else (end, now)

    def _over(self, clause: Clause, test: Callable[[int], Found]) -> Found:
        """What a test says over all moments that a clause may speak of, in favour of the clause."""
        doubt: Found | None = None
        against: Found | None = None
        for moment in self._moments(clause):
            found = test(moment)
            truth = found.truth if found.truth is None or not clause.negated else not found.truth
            if truth:
                return Found(True, found.facts)
            if truth is None:
                doubt = doubt or Found(None, found.facts)
            else:
                against = against or Found(False, found.facts)
        return doubt or against or Found(None)

    def _all(self, slot: object, as_fact: str | None, founds: Sequence[Found], cites: bool = False) -> Outcome:
        facts = tuple(dict.fromkeys(at for found in founds for at in found.facts))
        truths = [found.truth for found in founds]
        if False in truths:
            facts = founds[truths.index(False)].facts
            return Outcome(False, facts, slot, as_fact)
        return Outcome(None if None in truths else True, facts, slot, as_fact, cites=cites)

    def _at(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        slot = ("place", tuple(who), clause.tense == "past", place if clause.negated else "")
        as_fact = f"{who[-1]} is in the {place}." if not clause.negated and clause.tense != "past" else None
        if clause.perhaps:
            return self._all(slot, None, [self._over(clause, lambda m: self.rooms.may_be_at(one, place, m)) for one in who])
        if clause.event and not clause.negated:
            cited = [self._visit(one, place, clause, tuple(who)) for one in who]
            if all(found.truth for found in cited):
                return self._all(("move", tuple(who), place), as_fact, cited, cites=True)
            if clause.tense != "final":
                return self._all(("move", tuple(who)), as_fact, cited)
        if clause.event:
            clause = clause._replace(tense="past") if clause.tense == "present" and not clause.negated else clause
        stated = [self._stated(one, (place,), clause) for one in who]
        if all(stated):
            return self._all(slot, as_fact, [Found(True, facts) for facts in stated], cites=True)
        founds = [self._over(clause, lambda m: self.rooms.is_at(one, place, m)) for one in who]
        outcome = self._all(slot, as_fact, founds)
        return outcome._replace(cites=bool(outcome.truth) and self._says(outcome.facts, clause))

    def _says(self, facts: Sequence[int], clause: Clause) -> bool:
        """Whether the last of these facts says this itself: `Mary is (not) in the garden`."""
        return bool(facts) and " is " in self.rooms.facts[facts[-1]] and clause.tense == "present"

    def _stated(self, person: str, places: tuple[str, ...], clause: Clause) -> tuple[int, ...]:
        """The facts that say in this form that a person is (not) in one of these places, unless a trace concludes it."""
        if clause.event or clause.tense != "present" or self.memory.concludes:
            return ()
        same = [
            seen
            for seen in self.rooms.seen.get(person, ())
            if seen.places == places and seen.denied == clause.negated and " is " in self.rooms.facts[seen.facts[-1]]
        ]
        now = self.memory.moment
        later = [seen for seen in same if now is None or seen.moment > now]
        return (later[0] if later else same[-1]).facts if same else ()

    def _visit(self, person: str, place: str, clause: Clause, who: tuple[str, ...]) -> Found:
        """Whether a person went to a place at some moment: the first time after the fact cited last, or the last time."""
        visits = [seen for seen in self.rooms.way(person) if seen.places[0] == place and self._fits(seen.moment, clause)]
        if not visits:
            known = [seen for seen in self.rooms.seen.get(person, ()) if self._fits(seen.moment, clause)]
            return Found(False if known else None, known[-1].facts if known else ())
        now = self.memory.moment
        later = [seen for seen in visits if now is None or seen.moment > now]
        # `Mary and John moved` cites the fact that says so of both.
        together = [s for s in later or visits if all(name in self.rooms.facts[s.facts[0]] for name in who)]
        chosen = (together or later or visits)[0 if later else -1]
        return Found(True, chosen.facts)

    def _fits(self, moment: int, clause: Clause) -> bool:
        if clause.time is None or not self.rooms.visits:
            return True
        return self.rooms.visits[moment].time == self.memory.times[clause.time]

    def _either(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        def test(moment: int) -> Found:
            one, two = (self.rooms.may_be_at(who[0], there, moment) for there in (place, other))
            # That a person is in one of two places is true of a person who is known to be in the first one.
            truth = None if None in (one.truth, two.truth) else one.truth or two.truth
            return Found(truth, one.facts)

        if stated := self._stated(who[0], (place, other), clause) or self._stated(who[0], (other, place), clause):
            return Outcome(True, stated, ("place", tuple(who), False, ""), None, cites=True)
        found = self._over(clause, test)
        return Outcome(found.truth, found.facts, ("place", tuple(who), False, ""), None, cites=bool(found.truth))

    def _between(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        return self._all(("move", tuple(who)), f"{who[-1]} moved to the {place}.", [self._step(one, other, place) for one in who])

    def _step(self, person: str, start: str, goal: str) -> Found:
        way = self.rooms.way(person)
        steps = [(a, b) for a, b in zip(way, way[1:], strict=False) if (a.places[0], b.places[0]) == (start, goal)]
        if steps:
            return Found(True, (*steps[-1][0].facts, *steps[-1][1].facts))
        return Found(None if len(way) < 2 or way[0].places[0] == goal else False, way[-1].facts if way else ())

    def _left(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        founds = []
        for one in who:
            way = self.rooms.way(one)
            gone = [b for a, b in zip(way, way[1:], strict=False) if a.places[0] == place != b.places[0]]
            denied = [seen for seen in self.rooms.seen.get(one, ()) if seen.denied and place in seen.places]
            last = [*denied, *gone][-1:]
            founds.append(Found(True, last[0].facts) if last else Found(None))
        return self._all(("left", tuple(who), place), None, founds)

    def _get(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        return self._transfer(clause, what, lambda t: t.taker == who[-1], ("get", who[-1]), f"{who[-1]} took the {{}}.", place)

    def _drop(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        return self._transfer(clause, what, lambda t: t.giver == who[-1], ("drop", who[-1]), f"{who[-1]} dropped the {{}}.", place)

    def _give(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        def is_it(one: Transfer) -> bool:
            return one.giver == who[-1] and one.taker == person

        return self._transfer(clause, what, is_it, ("give", who[-1]), f"{who[-1]} gave the {{}} to {person}.", "")

    def _receive(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        def is_it(one: Transfer) -> bool:
            return one.taker == who[-1] and bool(one.giver) and person in ("", one.giver)

        as_fact = f"{person} gave the {{}} to {who[-1]}." if person else None
        return self._transfer(clause, what, is_it, ("receive", who[-1]), as_fact, "")

    def _transfer(
        self, clause: Clause, what: list[str], is_it: Callable[[Transfer], bool], slot: tuple[str, str], as_fact: str | None, place: str
    ) -> Outcome:
        founds = []
        for thing in what:
            those = self.rooms.handled.get(thing, [])
            fitting = [one for one in those if is_it(one)]
            now = self.memory.moment
            later = [one for one in fitting if now is None or one.fact > now]
            if not fitting:
                founds.append(Found(False if those else None, (those[-1].fact,) if those else ()))
                continue
            chosen = later[0] if later else fitting[-1]
            founds.append(Found(True, (chosen.fact,)))
            if place:
                at = [self.rooms.is_at(chosen.taker or chosen.giver or "", place, one.fact) for one in fitting]
                founds.append(next((found for found in at if found.truth is not False), at[0])._replace(facts=()))
        said = as_fact.format(what[-1]) if as_fact else None
        outcome = self._all((*slot, tuple(what)), said, founds, cites=not place)
        if clause.negated:
            return outcome._replace(truth=None if outcome.truth is None else not outcome.truth, as_fact=None, cites=False)
        return outcome

    def _has(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        founds = [self._over(clause, lambda m: self.rooms.has(one, thing, m)) for one in who for thing in what]
        return self._all(("has", tuple(what), clause.tense == "past"), f"{who[-1]} took the {what[-1]}.", founds)

    def _nothing(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        # `Mary has not anything` denies; `Mary has nothing` does as well.
        return self._counted(clause._replace(negated=False), who, 0)

    def _count(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome | None:
        return None if clause.number is None else self._counted(clause, who, clause.number)

    def _counted(self, clause: Clause, who: list[str], number: int) -> Outcome:
        def test(moment: int) -> Found:
            things, facts = self.rooms.held(who[-1], moment)
            return Found(len(things) == number, facts)

        return self._all(("count", who[-1]), None, [self._over(clause, test)])

    def _list(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        def test(moment: int) -> Found:
            things, facts = self.rooms.held(who[-1], moment)
            return Found(set(things) == set(what), facts)

        return self._all(("list", who[-1]), None, [self._over(clause, test)])

    def _lies(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        founds = [self._over(clause, lambda m: self.rooms.lies_at(thing, place, m)) for thing in what]
        return self._all(("lies", tuple(what), clause.tense == "past"), None, founds)

    def _before(self, clause: Clause, who: list[str], what: list[str], place: str, other: str, person: str) -> Outcome:
        """Whether somebody or something was in `place` directly before being in `other`."""
        name = what[0]
        places = self._places_of(name)
        steps = [(a, b) for a, b in zip(places, places[1:], strict=False) if (a[0], b[0]) == (place, other)]
        slot = ("before", name, other)
        if steps:
            facts = (*steps[-1][0][1], *steps[-1][1][1])
            return Outcome(True, tuple(dict.fromkeys(facts)), slot)
        earlier = [b for a, b in zip(places, places[1:], strict=False) if b[0] == other]
        known = places and places[0][0] != other
        return Outcome(False if known and (earlier or places) else None, earlier[-1][1] if earlier else (), slot)

    def _places_of(self, name: str) -> list[tuple[str, tuple[int, ...]]]:
        """The places where a person or a thing was, in order, each different from the one before."""
        found: list[tuple[str, tuple[int, ...]]] = []
        if name in self.rooms.seen:
            for seen in self.rooms.way(name):
                if not found or found[-1][0] != seen.places[0]:
                    found.append((seen.places[0], seen.facts))
            return found
        for moment in range(self.rooms.end + 1):
            last = self.rooms.transfer(name, moment)
            if last is None:
                continue
            there = self._place_at(last.taker or last.giver or "", moment if last.taker else last.fact)
            if there and (not found or found[-1][0] != there[0]):
                found.append((there[0], (last.fact, *there[1])))
        return found

    def _place_at(self, person: str, moment: int) -> tuple[str, tuple[int, ...]] | None:
        seen = next((seen for seen in reversed(self.rooms.way(person)) if seen.moment <= moment), None)
        return (seen.places[0], seen.facts) if seen else None


_Method = Callable[[RoomTelling, Clause, list[str], list[str], str, str, str], Outcome | None]
_JUDGES: dict[str, _Method] = {
    "at": RoomTelling._at,
    "either": RoomTelling._either,
    "between": RoomTelling._between,
    "left": RoomTelling._left,
    "get": RoomTelling._get,
    "drop": RoomTelling._drop,
    "give": RoomTelling._give,
    "receive": RoomTelling._receive,
    "has": RoomTelling._has,
    "nothing": RoomTelling._nothing,
    "count": RoomTelling._count,
    "list": RoomTelling._list,
    "lies": RoomTelling._lies,
    "before": RoomTelling._before,
}

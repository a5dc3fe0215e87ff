"""Judges clauses about where people are and where they went."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from tracekd.statements.babi.clause import Clause
from tracekd.statements.babi.memory import Outcome
from tracekd.statements.babi.rooms import Found, Seen
from tracekd.statements.babi.scene import Meant, Scene, together


def at(scene: Scene, said: Meant) -> Outcome:
    """`Mary is in the garden`, `Mary went to the garden`, and their denials."""
    clause, who, place = said.clause, said.who, said.place
    slot = ("place", tuple(who), clause.tense == "past", place if clause.negated else "")
    as_fact = f"{who[-1]} is in the {place}." if not clause.negated and clause.tense != "past" else None
    rooms = scene.rooms
    if clause.perhaps and not clause.event:
        return together(slot, None, [scene.over(clause, partial(rooms.may_be_at, one, place)) for one in who])
    if clause.event:
        cited = [_visit(scene, one, place, clause, tuple(who)) for one in who]
        if clause.negated:
            return together(
                slot, None, [one._replace(truth=None if one.truth is None else not one.truth) for one in cited]
            )
        if clause.tense != "final":
            is_true = all(found.truth for found in cited)
            return together(("move", tuple(who), place) if is_true else ("move", tuple(who)), as_fact, cited, is_true)
    elif clause.tense == "present":
        stated = [_stated(scene, one, (place,), clause) for one in who]
        if all(stated):
            return together(slot, as_fact, [Found(True, facts) for facts in stated], cites=True)
    return together(slot, as_fact, [scene.over(clause, partial(rooms.is_at, one, place)) for one in who])


def _stated(scene: Scene, person: str, places: tuple[str, ...], clause: Clause) -> tuple[int, ...]:
    """The facts that say in this form that a person is (not) in one of these places, unless a trace concludes it."""
    if clause.tense != "present" or clause.event or scene.memory.concludes:
        return ()
    same = [
        seen
        for seen in scene.rooms.seen.get(person, ())
        if seen.places == places and seen.denied == clause.negated and " is " in scene.rooms.facts[seen.facts[-1]]
    ]
    later = [seen for seen in same if scene.is_after(seen.moment)]
    return (later[0] if later else same[-1]).facts if same else ()


def _visit(scene: Scene, person: str, place: str, clause: Clause, who: tuple[str, ...]) -> Found:
    """Whether a person went to a place at some moment: the first time after the fact cited last, or the last time."""
    rooms = scene.rooms
    visits = _fitting(scene, [seen for seen in rooms.way(person) if seen.places[0] == place], clause)
    if not visits:
        known = _fitting(scene, rooms.seen.get(person, ()), clause)
        return Found(False if known else None, known[-1].facts if known else ())
    cited = scene.memory.moment
    later = visits if cited is None else [seen for seen in visits if seen.moment > cited]
    chosen = later or visits
    if len(who) > 1:
        # `Mary and John moved` cites the fact that says so of both.
        chosen = [one for one in chosen if all(name in rooms.facts[one.facts[0]] for name in who)] or chosen
    return Found(True, chosen[0 if later else -1].facts)


def _fitting(scene: Scene, those: Sequence[Seen], clause: Clause) -> Sequence[Seen]:
    """Those that have the time of day that a clause names."""
    visits = scene.rooms.visits
    if clause.time is None or not visits:
        return those
    return [seen for seen in those if visits[seen.moment].time == scene.memory.times[clause.time]]


def either(scene: Scene, said: Meant) -> Outcome:
    """`Fred is either in the school or the park`; that is also true of somebody who is known to be in one of them."""
    who, places = said.who[0], (said.place, said.other)
    slot = ("place", tuple(said.who), False, "")
    stated = _stated(scene, who, places, said.clause) or _stated(scene, who, places[::-1], said.clause)
    if stated:
        return Outcome(True, stated, slot, cites=True)

    def test(moment: int) -> Found:
        one, two = (scene.rooms.may_be_at(who, place, moment) for place in places)
        return Found(None if None in (one.truth, two.truth) else one.truth or two.truth, one.facts)

    return together(slot, None, [scene.over(said.clause, test)])


def between(scene: Scene, said: Meant) -> Outcome:
    """`Mary went from the kitchen to the garden`."""
    founds = [_step(scene, one, said.other, said.place) for one in said.who]
    return together(("move", tuple(said.who)), f"{said.who[-1]} moved to the {said.place}.", founds)


def _step(scene: Scene, person: str, start: str, goal: str) -> Found:
    way = scene.rooms.way(person)
    steps = [(one, next_) for one, next_ in pairwise(way) if (one.places[0], next_.places[0]) == (start, goal)]
    if steps:
        return Found(True, (*steps[-1][0].facts, *steps[-1][1].facts))
    return Found(None if len(way) < 2 or way[0].places[0] == goal else False, way[-1].facts if way else ())


def left(scene: Scene, said: Meant) -> Outcome:
    """`Mary left the kitchen`."""
    founds = []
    for person in said.who:
        way = scene.rooms.way(person)
        gone = [next_ for one, next_ in pairwise(way) if one.places[0] == said.place != next_.places[0]]
        denied = [seen for seen in scene.rooms.seen.get(person, ()) if seen.denied and said.place in seen.places]
        last = [*denied, *gone][-1:]
        founds.append(Found(True, last[0].facts) if last else Found(None))
    return together(("left", tuple(said.who), said.place), None, founds)


def before(scene: Scene, said: Meant) -> Outcome:
    """Whether somebody or something was in one place directly before being in another."""
    name = said.what[0]
    places = _places_of(scene, name)
    steps = [(one, next_) for one, next_ in pairwise(places) if (one[0], next_[0]) == (said.place, said.other)]
    slot = ("before", name, said.other)
    if steps:
        return Outcome(True, tuple(dict.fromkeys((*steps[-1][0][1], *steps[-1][1][1]))), slot)
    arrived = [next_ for _, next_ in pairwise(places) if next_[0] == said.other]
    is_known = bool(places) and places[0][0] != said.other
    return Outcome(False if is_known else None, arrived[-1][1] if arrived else (), slot)


def _places_of(scene: Scene, name: str) -> list[tuple[str, tuple[int, ...]]]:
    """The places where a person or a thing was, in order, each different from the one before, with the facts."""
    rooms = scene.rooms
    if name in rooms.seen:
        stays = [(seen.places[0], seen.facts) for seen in rooms.way(name)]
    else:
        stays = []
        for moment in range(rooms.end + 1):
            last = rooms.transfer(name, moment)
            there = last and rooms.place_at(last.taker or last.giver or "", moment if last.taker else last.fact)
            if last and there:
                stays.append((there.places[0], (last.fact, *there.facts)))
    return [stay for number, stay in enumerate(stays) if not number or stays[number - 1][0] != stay[0]]

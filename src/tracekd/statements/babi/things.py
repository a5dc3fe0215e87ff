"""Judges clauses about things: who gets, drops, gives and has them, how many, and where they lie."""

from collections.abc import Callable
from functools import partial

from tracekd.statements.babi.memory import Outcome
from tracekd.statements.babi.rooms import Found
from tracekd.statements.babi.scene import Meant, Scene, together
from tracekd.tasks.babi.sentences import Transfer


def get(scene: Scene, said: Meant) -> Outcome:
    """`Mary took the milk (in the garden)`."""
    who = said.who[-1]
    return _transfer(scene, said, lambda one: one.taker == who, f"{who} took the {{}}.")


def drop(scene: Scene, said: Meant) -> Outcome:
    """`Mary dropped the milk (in the garden)`."""
    who = said.who[-1]
    return _transfer(scene, said, lambda one: one.giver == who, f"{who} dropped the {{}}.")


def give(scene: Scene, said: Meant) -> Outcome:
    """`Mary gave the milk to John`."""
    who, person = said.who[-1], said.person
    return _transfer(
        scene, said, lambda one: (one.giver, one.taker) == (who, person), f"{who} gave the {{}} to {person}."
    )


def receive(scene: Scene, said: Meant) -> Outcome:
    """`John received the milk (from Mary)`."""
    who, person = said.who[-1], said.person

    def is_it(one: Transfer) -> bool:
        return one.taker == who and bool(one.giver) and person in ("", one.giver)

    return _transfer(scene, said, is_it, f"{person} gave the {{}} to {who}." if person else None)


def _transfer(scene: Scene, said: Meant, is_it: Callable[[Transfer], bool], as_fact: str | None) -> Outcome:
    founds = [found for thing in said.what for found in _founds(scene, said, thing, is_it)]
    slot = (said.clause.kind, said.who[-1], tuple(said.what))
    outcome = together(slot, as_fact and as_fact.format(said.what[-1]), founds, cites=not said.place)
    if not said.clause.negated:
        return outcome
    truth = None if outcome.truth is None else not outcome.truth
    return outcome._replace(truth=truth, as_fact=None, cites=False)


def _founds(scene: Scene, said: Meant, thing: str, is_it: Callable[[Transfer], bool]) -> list[Found]:
    """Whether this happened to a thing: the first time after the fact cited last, or the last time; and whether there."""
    those = scene.rooms.handled.get(thing, [])
    fitting = [one for one in those if is_it(one)]
    if not fitting:
        return [Found(False if those else None, (those[-1].fact,) if those else ())]
    later = [one for one in fitting if scene.is_after(one.fact)]
    chosen = later[0] if later else fitting[-1]
    if not said.place:
        return [Found(True, (chosen.fact,))]
    there = [scene.rooms.is_at(chosen.taker or chosen.giver or "", said.place, one.fact) for one in fitting]
    return [
        Found(True, (chosen.fact,)),
        next((one for one in there if one.truth is not False), there[0])._replace(facts=()),
    ]


def has(scene: Scene, said: Meant) -> Outcome:
    """`Mary has the milk`."""
    clause, who, what = said.clause, said.who, said.what
    founds = [scene.over(clause, partial(scene.rooms.has, one, thing)) for one in who for thing in what]
    return together(("has", tuple(what), clause.tense == "past"), f"{who[-1]} took the {what[-1]}.", founds)


def nothing(scene: Scene, said: Meant) -> Outcome:
    """`Mary has nothing`; `Mary has not anything` says the same."""
    return _counted(scene, said._replace(clause=said.clause._replace(negated=False)), 0)


def count(scene: Scene, said: Meant) -> Outcome | None:
    """`Mary has two objects`."""
    return None if said.clause.number is None else _counted(scene, said, said.clause.number)


def _counted(scene: Scene, said: Meant, number: int) -> Outcome:
    def test(moment: int) -> Found:
        things, facts = scene.rooms.held(said.who[-1], moment)
        return Found(len(things) == number, facts)

    return together(("count", said.who[-1]), None, [scene.over(said.clause, test)])


def list_(scene: Scene, said: Meant) -> Outcome:
    """`Mary has these objects: the milk and the apple`."""

    def test(moment: int) -> Found:
        things, facts = scene.rooms.held(said.who[-1], moment)
        return Found(set(things) == set(said.what), facts)

    return together(("list", said.who[-1]), None, [scene.over(said.clause, test)])


def lies(scene: Scene, said: Meant) -> Outcome:
    """`The milk is in the garden`."""
    clause, what = said.clause, said.what
    founds = [scene.over(clause, partial(scene.rooms.lies_at, thing, said.place)) for thing in what]
    return together(("lies", tuple(what), clause.tense == "past"), None, founds)


def carry(scene: Scene, said: Meant) -> Outcome | None:
    """`Mary carried the milk to the garden`: at some moment she was there and had it."""
    if said.clause.negated:
        return None
    founds = [_carried(scene, one, thing, said.place) for one in said.who for thing in said.what]
    return together(("carry", tuple(said.what), said.place), None, founds)


def _carried(scene: Scene, who: str, thing: str, place: str) -> Found:
    moments = range(scene.rooms.end, -1, -1)
    there = [scene.rooms.is_at(who, place, at) for at in moments]
    having = [scene.rooms.has(who, thing, at) for at in moments]
    for is_there, has_it in zip(there, having, strict=True):
        if is_there.truth and has_it.truth:
            return Found(True, (*has_it.facts, *is_there.facts))
    for found in (there, having):
        if found[0].truth is False and not any(one.truth for one in found):
            return Found(False, found[0].facts)  # never there, or never had it
    return Found(None)

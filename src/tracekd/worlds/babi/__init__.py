"""The bAbI world (arXiv 1502.05698): twenty families of questions over simulated stories, each with its dials."""

from collections.abc import Callable
from random import Random
from typing import Any

from tracekd.tasks.babi.families import FAMILIES
from tracekd.worlds.babi import kinds_and_motives, layouts, possessions, room_dials, size_chains, whereabouts
from tracekd.worlds.contract import Dials, Family, Item, World


def _family(number: int, summary: str, dials: type[Dials], make: Callable[[Any, Random], Item]) -> Family:
    name = FAMILIES[number]
    return Family(name=name, summary=summary, dials=dials, make=make, file_name=f"qa{number}_{name}_train.txt")


_D, _K, _L, _P, _W = room_dials, kinds_and_motives, layouts, possessions, whereabouts
# Questions about people, places, objects and time.
ROOMS: dict[int, Family] = {
    1: _family(1, "where a person is", _D.MoveDials, _W.make_moves),
    2: _family(2, "where an object is that a person carried there", _D.HandlingDials, _P.make_where_is),
    3: _family(3, "where a carried object was before", _D.HandlingDials, _P.make_where_was),
    5: _family(5, "who gave what to whom", _D.GiftDials, _P.make_gifts),
    6: _family(6, "whether a person is in a place", _D.YesNoDials, _W.make_yes_no),
    7: _family(7, "how many objects a person carries", _D.CountingDials, _P.make_counting),
    8: _family(8, "which objects a person carries", _D.HandlingDials, _P.make_lists),
    9: _family(9, "whether a person is in a place; some facts are denials", _D.StatementDials, _W.make_negation),
    10: _family(10, "whether a person is in a place; some facts name two", _D.IndefiniteDials, _W.make_indefinite),
    11: _family(11, "where a person is, by a pronoun", _D.CoreferenceDials, _W.make_moves),
    12: _family(12, "where a person is; two people move at once", _D.ConjunctionDials, _W.make_moves),
    13: _family(13, "where a person is; two people move at once, by a pronoun", _D.CompoundDials, _W.make_moves),
    14: _family(14, "where a person was before, by times of the day", _D.TimeDials, _W.make_times),
}
# Questions about facts that never change.
REASONING: dict[int, Family] = {
    4: _family(4, "which place is on one side of another", _L.NeighbourDials, _L.make_neighbours),
    15: _family(15, "what a pet is afraid of, by its kind", _K.DeductionDials, _K.make_deduction),
    16: _family(16, "the colour of an animal, by another animal of its kind", _K.InductionDials, _K.make_induction),
    17: _family(17, "whether one shape is on one side of another", _L.PositionDials, _L.make_positions),
    18: _family(18, "which of two things is larger, by a chain of facts", size_chains.SizeDials, size_chains.make),
    19: _family(19, "how to go from one place to another", _L.PathDials, _L.make_paths),
    20: _family(20, "where people go, what they get, and why", _K.MotiveDials, _K.make_motives),
}

WORLD = World(
    name="babi",
    summary="twenty families of questions over simulated stories, in the official text format",
    task="babi",
    families={family.name: family for _, family in sorted({**ROOMS, **REASONING}.items())},
)

"""The co-temporal world: which events took place at the same time as another one, with made-up names."""

from tracekd.worlds.contract import Dials, Family, World
from tracekd.worlds.cotempqa.dials import DuringDials, EqualDials, MixDials, OverlapDials
from tracekd.worlds.cotempqa.question import make


def _family(name: str, summary: str, dials: type[Dials]) -> Family:
    return Family(name=name, summary=summary, dials=dials, make=make, file_name=f"{name}.json")


_FAMILIES = (
    _family("equal", "all answers have exactly the time of the event", EqualDials),
    _family("during", "all answers lie inside the event or contain it", DuringDials),
    _family("overlap", "all answers overlap the event", OverlapDials),
    _family("mix", "at least two answers, with at least two of these relations", MixDials),
)

WORLD = World(
    name="cotempqa",
    summary="events that took place at the same time as another one, among dated facts about made-up people",
    task="cotempqa",
    families={family.name: family for family in _FAMILIES},
)

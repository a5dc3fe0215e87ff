"""The dials of a class as tables to draw from, made once for each setting; and the times that they give."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Generic, TypeVar

from tracekd.worlds.cotempqa.dates import grain_of
from tracekd.worlds.cotempqa.dials import (
    OF_PEOPLE,
    CotemporalDials,
    DuringDials,
    EqualDials,
    MixDials,
    OverlapDials,
    UnequalDials,
    possible_pairs,
)
from tracekd.worlds.cotempqa.published import (
    ANSWERS,
    GRANULARITY,
    OTHER_FACTS,
    OTHER_RELATIONS,
    PAIRS,
    SHAPES,
    TRIPLE_ELEMENTS,
    Relation,
    TripleElement,
)
from tracekd.worlds.cotempqa.times import Draw, Grains, Time, Times

T = TypeVar("T")
CLASS_OF = {EqualDials: "equal", DuringDials: "during", OverlapDials: "overlap", MixDials: "mix"}


class Weighted(Generic[T]):
    """Values to draw from, in proportion to their weights."""

    __slots__ = ("_cumulative", "_pairs")

    def __init__(self, weights: Iterable[tuple[T, float]]) -> None:
        self._pairs = [(value, weight) for value, weight in weights if weight > 0]
        self._cumulative = list(accumulate(weight for _, weight in self._pairs))

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def draw(self, draw: Draw) -> T:
        """A value."""
        place = bisect_right(self._cumulative, draw() * self._cumulative[-1])
        return self._pairs[min(place, len(self._pairs) - 1)][0]

    def without(self, value: T) -> "Weighted[T]":
        """The same values except one."""
        return Weighted([pair for pair in self._pairs if pair[0] != value])


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a question: its triple element, the relation of its event, and the relation that it asks for."""

    triple_element: TripleElement
    relation: Relation
    asked_relation: Relation

    @property
    def asks_subject(self) -> bool:
        """Whether the answers are subjects of the relation, not objects."""
        return self.triple_element == "S2_R1_O1"


@dataclass(frozen=True, slots=True)
class Plan:
    """What `make` draws from. `relations_beside` maps two relations to the other relations of people.

    `overlaps`: whether answers may overlap the event; `point_events`: share of events that are points in time.
    """

    label: str
    overlaps: bool
    point_events: float
    times: Times
    shapes: Weighted[Shape]
    answers: Weighted[int]
    other_facts: dict[TripleElement, Weighted[int]]
    relations_beside: dict[tuple[Relation, Relation], Weighted[Relation]]
    event_points: Grains
    event_intervals: Grains
    other_points: Grains
    other_intervals: Grains
    kinds: Weighted[str]
    kinds_of_points: Weighted[str]


@lru_cache(maxsize=64)
def plan_of(dials: CotemporalDials) -> Plan:
    """The plan of these dials."""
    label = CLASS_OF[type(dials)]
    grains = [_grains(shares, (dials.years, dials.months, dials.days)) for shares in GRANULARITY[label]]
    return Plan(
        label=label,
        overlaps=label in ("overlap", "mix"),
        point_events=getattr(dials, "point_events", 0.0),
        times=Times(dials.first_year, dials.last_year, dials.apart, dials.duration),
        shapes=Weighted(_shapes(label, dials)),
        answers=Weighted(_answers(label, dials)),
        other_facts={shape: _other_facts(shape, dials) for shape in TRIPLE_ELEMENTS},
        relations_beside=_relations_beside(dials.relations),
        event_points=grains[0],
        event_intervals=grains[1],
        other_points=grains[2],
        other_intervals=grains[3],
        kinds=_kinds(label, dials, ("equal", "during", "overlap")),
        kinds_of_points=_kinds(label, dials, ("equal", "during")),
    )


def _grains(shares: tuple[float, ...], times: tuple[float, ...]) -> Grains:
    # A dial can ask for a granularity that the published files never have.
    weights = [max(share, 1e-4) * factor for share, factor in zip(shares, times, strict=True)]
    year, month, _ = (part / sum(weights) for part in accumulate(weights))
    return Grains(year, month if weights[2] else 1.0)


def _shapes(label: str, dials: CotemporalDials) -> Iterable[tuple[Shape, float]]:
    for triple_element in dict.fromkeys(dials.triple_elements):
        pairs = possible_pairs(triple_element, tuple(dict.fromkeys(dials.relations)))
        published = PAIRS[label].get(triple_element, {})
        weights = [published.get(f"{first} {then}", 0) for first, then in pairs]
        if not any(weights):
            weights = [1] * len(pairs)
        share = SHAPES[label][TRIPLE_ELEMENTS.index(triple_element)] or 1
        for (first, then), weight in zip(pairs, weights, strict=True):
            yield Shape(triple_element, first, then), share * weight / sum(weights)


def _answers(label: str, dials: CotemporalDials) -> Iterable[tuple[int, float]]:
    published = ANSWERS[label]
    for count in range(dials.answers_min, dials.answers_max + 1):
        yield count, (published[count - 1] if count <= len(published) else 0) or 1


def _other_facts(shape: TripleElement, dials: CotemporalDials) -> Weighted[int]:
    if dials.other_facts is not None:
        return Weighted([(dials.other_facts, 1)])
    return Weighted(enumerate(OTHER_FACTS[shape]))


def _relations_beside(relations: tuple[Relation, ...]) -> dict[tuple[Relation, Relation], Weighted[Relation]]:
    people = [relation for relation in dict.fromkeys(relations) if relation in OF_PEOPLE]
    return {
        (first, then): Weighted([(other, OTHER_RELATIONS[other]) for other in people if other not in (first, then)])
        for first in people
        for then in people
    }


def _kinds(label: str, dials: CotemporalDials, among: tuple[str, ...]) -> Weighted[str]:
    if isinstance(dials, MixDials):
        return Weighted([(kind, getattr(dials, f"{kind}_answers")) for kind in among])
    return Weighted([(label, 1)])


# Share of the overlapping answers of ambiguous questions that have the event's own dates, at another granularity.
_OWN_DATES = 0.5


def draw_event(dials: CotemporalDials, plan: Plan, draw: Draw) -> Time:
    """The time of the question's event. Nothing overlaps a point in time, so some classes have no such events."""
    if plan.point_events and draw() < plan.point_events:
        return plan.times.point(draw, plan.event_points.draw(draw))
    fewest = 2 if plan.overlaps else 1
    return plan.times.event(draw, plan.event_intervals.draw_pair(draw, dials.mixed_granularity), fewest)


def draw_answers(dials: CotemporalDials, plan: Plan, event: Time, count: int, draw: Draw) -> list[Time]:
    """The times of the answers, which make exactly the class."""
    if not isinstance(dials, UnequalDials):
        return [event] * count
    kinds = plan.kinds_of_points if event[0] == event[1] else plan.kinds
    clear = not dials.ambiguous or draw() >= dials.ambiguous
    drawn = [kinds.draw(draw) for _ in range(count)]
    if plan.label == "mix" and len(set(drawn)) == 1:
        drawn[-1] = kinds.without(drawn[0]).draw(draw)
    return [_answer(dials, plan, event, kind, clear, draw) for kind in drawn]


def draw_cotemporal(dials: CotemporalDials, plan: Plan, event: Time, draw: Draw) -> Time:
    """A time that shares something with the event: the same time, one around it, or one inside it."""
    grains = plan.other_intervals.draw_pair(draw, dials.mixed_granularity)
    kind = int(draw() * 3)
    if kind == 0:
        return event
    if kind == 1 or event[0] == event[1]:
        return plan.times.around(draw, event, grains, True)
    if draw() < dials.point_distractors:
        return plan.times.inside(draw, event, plan.other_points.draw(draw), True)
    return plan.times.inside(draw, event, grains, True)


def draw_distractor(dials: CotemporalDials, plan: Plan, event: Time, draw: Draw) -> Time:
    """A time that shares nothing with the event, in either reading of dates."""
    if draw() < dials.point_distractors:
        return plan.times.elsewhere(draw, event, plan.other_points.draw(draw))
    return plan.times.elsewhere(draw, event, plan.other_intervals.draw_pair(draw, dials.mixed_granularity))


def _answer(dials: UnequalDials, plan: Plan, event: Time, kind: str, clear: bool, draw: Draw) -> Time:
    if kind == "equal":
        return event
    if kind == "overlap":
        own = None if clear or draw() >= _OWN_DATES else plan.times.regrained(draw, event, plan.event_intervals)
        return own or plan.times.overlapping(draw, event, _answer_grains(dials, plan, event, draw), clear)
    if isinstance(dials, DuringDials) and event[0] != event[1] and draw() < dials.inside:
        if draw() < dials.inside_points:
            return plan.times.inside(draw, event, plan.event_points.draw(draw), clear)
        return plan.times.inside(draw, event, _answer_grains(dials, plan, event, draw), clear)
    return plan.times.around(draw, event, _answer_grains(dials, plan, event, draw), clear)


def _answer_grains(dials: UnequalDials, plan: Plan, event: Time, draw: Draw) -> tuple[int, int]:
    if draw() < dials.same_granularity:
        return grain_of(event[0]), grain_of(event[1])
    return plan.event_intervals.draw_pair(draw, dials.mixed_granularity)

"""The dials of each class of the co-temporal world. The defaults are the values of the published files."""

from typing import Any, Self

from pydantic import Field, model_validator

from tracekd.errors import UserError
from tracekd.worlds.contract import Dials
from tracekd.worlds.cotempqa.published import RELATIONS, TRIPLE_ELEMENTS, Relation, TripleElement
from tracekd.worlds.cotempqa.times import FEWEST_YEARS

# Triple elements with one slot: the event and its answers have the same relation and share one entity.
ONE_SLOT: tuple[TripleElement, ...] = ("S1_R1_O2", "S2_R1_O1")
# Relations with questions that ask for the object. Questions can ask for the subject of every relation.
WITH_WHICH: tuple[Relation, ...] = ("P39", "P108", "P102", "P69", "P54")
# Relations whose subjects are people.
OF_PEOPLE: tuple[Relation, ...] = (*WITH_WHICH, "P488")


def possible_pairs(triple_element: TripleElement, relations: tuple[Relation, ...]) -> list[tuple[Relation, Relation]]:
    """The pairs of relations, of the event and of the answers, that are possible with this triple element."""
    if triple_element == "S2_R1_O1":
        return [(relation, relation) for relation in relations]
    asked = [relation for relation in relations if relation in WITH_WHICH]
    if "_R1_" in triple_element:
        return [(relation, relation) for relation in asked]
    return [(first, then) for first in relations if first in OF_PEOPLE for then in asked if first != then]


def _share(default: float, of: str) -> Any:
    return Field(default, ge=0, le=1, description=f"share of {of}")


def _count(default: int, least: int, most: int, of: str) -> Any:
    return Field(default, ge=least, le=most, description=of)


def _years(default: float, what: str) -> Any:
    return Field(default, ge=0.01, le=100, description=f"median of the years {what}")


def _factor(what: str) -> Any:
    return Field(1.0, ge=0, le=1000, description=f"factor on the published share of dates that are {what}")


_SHAPES = "forms of questions: which subjects, relations and objects the event and its answers share"
_MIXED = "intervals whose two ends differ in granularity, if there is more than one granularity"
_POINTS = "distractors that are points in time"
_APART = "between a distractor and the event"
_LASTS = "that an interval lasts"
_SAME = "interval answers that have the granularity of the event"
_AMBIGUOUS = (
    "questions whose class may change if a year means the whole year; in all other questions, class and answers are "
    "the same in this reading and by the data set's own order of dates"
)
_POINT_EVENTS = "questions whose event is a point in time"
_INSIDE = "`during` answers that lie inside the event; the others contain it"
_INSIDE_POINTS = "answers inside the event that are points in time"


class CotemporalDials(Dials):
    """The dials of every class.

    A slot is an entity with a relation, such as all employers of one person. A question is about one slot or about two
    (the slot of its event and the slot of its answers), by triple element. Shares are in [0, 1].
    """

    facts_min: int = _count(10, 2, 100, "fewest facts in each slot of the question")
    facts_max: int = _count(10, 2, 100, "most facts in each slot of the question")
    answers_min: int = _count(1, 1, 50, "fewest answers")
    answers_max: int = _count(4, 1, 50, "most answers")
    other_facts: int | None = Field(
        None, ge=0, le=100, description="facts of other slots (for questions with one slot, they count among its facts); "
        "if not set: the published numbers, by triple element",
    )  # fmt: skip
    same_relation: float = _share(0.0, "facts of other slots that have the asked relation, about another entity")
    same_time: float = _share(0.12, "facts outside the asked slot whose time shares something with the event")
    triple_elements: tuple[TripleElement, ...] = Field(TRIPLE_ELEMENTS, min_length=1, description=_SHAPES)
    relations: tuple[Relation, ...] = Field(RELATIONS, min_length=1, description="Wikidata relations of all facts")
    first_year: int = _count(1900, 1000, 2999, "the first year of any date")
    last_year: int = _count(2024, 1000, 2999, "the last year of any date")
    years: float = _factor("a year")
    months: float = _factor("a month")
    days: float = _factor("a day")
    mixed_granularity: float = _share(0.02, _MIXED)
    point_distractors: float = _share(0.5, _POINTS)
    apart: float = _years(10.0, _APART)
    duration: float = _years(4.0, _LASTS)
    name_traps: float = _share(0.15, "names with commas, of, in, from, quotes, hyphens or non-ASCII letters")
    substring_traps: float = _share(0.0, "distractors of the asked slot whose name contains the name of an answer")

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        for least, most in (("facts_min", "facts_max"), ("answers_min", "answers_max")):
            if getattr(self, least) > getattr(self, most):
                raise self.contradiction(least, most, "the least is more than the most")
        if self.answers_max > self.facts_min - 1:
            raise self.contradiction("answers_max", "facts_min", "a slot must have room for the event and all answers")
        if self.last_year - self.first_year < FEWEST_YEARS:
            raise self.contradiction("first_year", "last_year", f"they must be at least {FEWEST_YEARS} years apart")
        if not self.years + self.months + self.days:
            raise self.contradiction("years", "months", "with days=0, no granularity is left")
        if "mixed_granularity" in self.model_fields_set and self.mixed_granularity and self._one_granularity():
            raise self.contradiction("mixed_granularity", self._one_granularity(), "it is the only one that is not 0")
        self._check_shapes()
        return self

    def contradiction(self, one: str, other: str, why: str) -> UserError:
        """The error for two dials, with their values, that contradict each other."""
        return UserError(
            f"{one}={getattr(self, one)} and {other}={getattr(self, other)} contradict each other: {why}",
            next_step=f"change {one} or {other}",
        )

    def _one_granularity(self) -> str:
        left = [name for name in ("years", "months", "days") if getattr(self, name)]
        return left[0] if len(left) == 1 else ""

    def _check_shapes(self) -> None:
        possible = [shape for shape in self.triple_elements if possible_pairs(shape, self.relations)]
        if not possible:
            raise self.contradiction("triple_elements", "relations", "these relations allow no question of this form")
        room = self.facts_min - 1 - self.answers_max
        if self.other_facts is not None and self.other_facts > room and set(possible) & set(ONE_SLOT):
            raise self.contradiction(
                "other_facts",
                "facts_min",
                f"a question of one slot, with {self.answers_max} answers, has room for {room}",
            )


class EqualDials(CotemporalDials):
    """All answers have exactly the time of the event."""

    answers_max: int = _count(3, 1, 50, "most answers")
    triple_elements: tuple[TripleElement, ...] = Field(TRIPLE_ELEMENTS[:4], min_length=1, description=_SHAPES)
    mixed_granularity: float = _share(0.03, _MIXED)
    point_distractors: float = _share(0.67, _POINTS)
    apart: float = _years(2.0, _APART)
    duration: float = _years(2.0, _LASTS)
    point_events: float = _share(0.647, _POINT_EVENTS)


class UnequalDials(CotemporalDials):
    """Classes with answers at other times than the event."""

    same_granularity: float = _share(0.4, _SAME)
    ambiguous: float = _share(0.2, _AMBIGUOUS)


class OverlapDials(UnequalDials):
    """Each answer starts before the event and ends in it, or starts in it and ends after it."""

    mixed_granularity: float = _share(0.05, _MIXED)
    duration: float = _years(5.0, _LASTS)


class DuringDials(UnequalDials):
    """Each answer lies inside the event, or contains it."""

    ambiguous: float = _share(0.3, _AMBIGUOUS)
    point_events: float = _share(0.21, _POINT_EVENTS)
    inside: float = _share(0.28, _INSIDE)
    inside_points: float = _share(0.86, _INSIDE_POINTS)


class MixDials(DuringDials):
    """At least two answers, with at least two of the three relations."""

    answers_min: int = _count(2, 2, 50, "fewest answers")
    answers_max: int = _count(4, 2, 50, "most answers")
    apart: float = _years(3.5, _APART)
    point_distractors: float = _share(0.62, _POINTS)
    same_granularity: float = _share(0.73, _SAME)
    ambiguous: float = _share(0.2, _AMBIGUOUS)
    point_events: float = _share(0.014, _POINT_EVENTS)
    inside: float = _share(0.35, _INSIDE)
    inside_points: float = _share(0.16, _INSIDE_POINTS)
    equal_answers: float = _share(0.22, "answers that are equal (a weight relative to the other two)")
    during_answers: float = _share(0.49, "answers that are during (a weight relative to the other two)")
    overlap_answers: float = _share(0.29, "answers that overlap (a weight relative to the other two)")

    @model_validator(mode="after")
    def _has_two_relations(self) -> Self:
        none = [name for name in ("equal_answers", "during_answers", "overlap_answers") if not getattr(self, name)]
        if len(none) > 1:
            raise self.contradiction(none[0], none[1], "a mix has at least two relations")
        if self.point_events and none and none != ["overlap_answers"]:
            raise self.contradiction(
                "point_events", none[0], "nothing overlaps a point in time, so that a mix needs the other two relations"
            )
        return self

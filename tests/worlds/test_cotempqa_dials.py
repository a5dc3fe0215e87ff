"""The dials of the co-temporal world: what each one does, what cannot be, and random settings."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from tracekd.errors import UserError
from tracekd.problem import Answer
from tracekd.tasks.check import same_answer
from tracekd.tasks.cotempqa import TASK
from tracekd.tasks.cotempqa.intervals import LABELS, Interval, class_of, tuple_order, whole_years
from tracekd.tasks.cotempqa.sentences import DatedEvent, Question, parse_facts, parse_question
from tracekd.worlds.contract import Dials, draw
from tracekd.worlds.cotempqa import WORLD
from tracekd.worlds.dials import random_dials, random_value

SETTINGS = 30  # `benchmarks/fuzz/worlds.py` draws a hundred thousand
ITEMS = 4


class Read:
    """A generated record, taken apart."""

    def __init__(self, label: str, text: str) -> None:
        record = json.loads(text)
        self.record, self.label = record, label
        question = parse_question(record["question"])
        assert question is not None
        self.question: Question = question
        self.facts: list[DatedEvent] = [fact for fact in parse_facts(record["facts"]) if fact is not None]
        assert len(self.facts) == len(record["facts"])
        (self.anchor,) = (fact for fact in self.facts if fact.event == question.anchor)
        self.slot = [
            fact for fact in self.facts if fact != self.anchor and question.answer_of(fact.event) is not None
        ]  # fmt: skip
        self.gold = [fact for fact in self.slot if question.answer_of(fact.event) in record["answer"]]
        self.rest = [fact for fact in self.facts if fact != self.anchor and fact not in self.gold]
        self.outside = [fact for fact in self.rest if fact not in self.slot]


def read(label: str, count: int = 150, **set_dials: Any) -> list[Read]:
    dials = WORLD.families[label].dials(**set_dials)
    return [Read(label, draw(WORLD, label, dials, 0, index).text()) for index in range(count)]


def share(found: Iterator[bool]) -> float:
    values = list(found)
    return sum(values) / len(values)


def grain(date: tuple[int, int, int]) -> int:
    return sum(map(bool, date)) - 1


def grains(reads: list[Read]) -> set[int]:
    return {grain(date) for one in reads for fact in one.facts for date in fact.when}


def intervals(facts: list[DatedEvent]) -> list[Interval]:
    return [fact.when for fact in facts if not fact.when.is_point]


@pytest.mark.parametrize("label", LABELS)
def test_facts_and_answers_are_as_many_as_the_dials_say(label: str) -> None:
    one_slot = read(
        label, facts_min=12, facts_max=13, answers_min=5, answers_max=6, triple_elements=["S1_R1_O2", "S2_R1_O1"]
    )
    assert {len(one.facts) for one in one_slot} == {12, 13}
    assert {len(one.gold) for one in one_slot} == {5, 6}
    two_slots = read(label, facts_min=7, facts_max=7, other_facts=2, triple_elements=["S1_R2_O2", "S2_R1_O2"])
    assert {len(one.facts) for one in two_slots} == {16}
    assert {len(one.slot) for one in two_slots} == {7}


def test_other_facts_are_among_those_of_one_slot() -> None:
    for one in read("equal", triple_elements=["S1_R1_O2"], other_facts=3):
        assert len(one.facts) == 10 and len(one.slot) == 6 and len(one.outside) == 3


def test_same_relation() -> None:
    assert all(
        fact.event.relation == one.question.relation and fact.event.subject != one.question.given
        for one in read("during", same_relation=1, other_facts=4, triple_elements=["S1_R1_O2"])
        for fact in one.outside
    )
    never = read("during", same_relation=0, other_facts=4, triple_elements=["S1_R1_O2"])
    assert all(fact.event.relation != one.question.relation for one in never for fact in one.outside)


def test_same_time() -> None:
    for value in (0, 1):
        for one in read("overlap", same_time=value, other_facts=3, triple_elements=["S2_R2_O2"]):
            found = [tuple_order(one.anchor.when, fact.when) is not None for fact in one.outside]
            assert set(found) == {bool(value)}


def test_relations_and_years() -> None:
    for one in read("mix", relations=["P108", "P69"], first_year=1500, last_year=1510):
        assert {fact.event.relation for fact in one.facts} <= {"P108", "P69"}
        assert {date[0] for fact in one.facts for date in fact.when} <= set(range(1500, 1511))


@pytest.mark.parametrize("label", LABELS)
def test_granularity(label: str) -> None:
    assert grains(read(label, months=0, days=0)) == {0}
    assert grains(read(label, years=0, days=0)) == {1}
    assert grains(read(label, years=0, months=0)) == {2}
    assert grains(read(label, days=0)) == {0, 1}


def test_mixed_and_same_granularity() -> None:
    mixed = [when for one in read("overlap", mixed_granularity=1, same_time=0) for when in intervals(one.rest)]
    assert all(grain(when.start) != grain(when.end) for when in mixed)
    never = [when for one in read("overlap", mixed_granularity=0, ambiguous=0) for when in intervals(one.facts)]
    assert all(grain(when.start) == grain(when.end) for when in never)
    for one in read("overlap", same_granularity=1, ambiguous=0, mixed_granularity=0):
        assert {grain(fact.when.start) for fact in one.gold} == {grain(one.anchor.when.start)}


def test_points_in_time() -> None:
    for value in (0, 1):
        reads = read("during", point_events=value, point_distractors=value, other_facts=0)
        assert {one.anchor.when.is_point for one in reads} == {bool(value)}
        assert {fact.when.is_point for one in reads for fact in one.slot if fact not in one.gold} == {bool(value)}
    points = read("during", point_events=0, inside=1, inside_points=1)
    assert all(fact.when.is_point for one in points for fact in one.gold)


def test_inside_and_around() -> None:
    for value in (0, 1):
        for one in read("during", point_events=0, inside=value):
            for fact in one.gold:
                within = one.anchor.when.start <= fact.when.start and fact.when.end <= one.anchor.when.end
                assert within == bool(value)


def test_apart_and_duration() -> None:
    def mean_distance(years: float) -> float:
        gaps = [
            max(fact.when.start[0] - one.anchor.when.end[0], one.anchor.when.start[0] - fact.when.end[0])
            for one in read("equal", apart=years)
            for fact in one.slot
            if fact not in one.gold
        ]
        return sum(gaps) / len(gaps)

    def mean_length(years: float) -> float:
        lengths = [
            when.end[0] - when.start[0] for one in read("overlap", duration=years) for when in intervals(one.facts)
        ]
        return sum(lengths) / len(lengths)

    assert mean_distance(0.5) < mean_distance(3) < mean_distance(20)
    assert mean_length(0.5) < mean_length(3) < mean_length(20)


def test_traps_in_names() -> None:
    def strange(value: float) -> float:
        names = (name for one in read("equal", name_traps=value) for fact in one.facts for name in fact.event[::2])
        return share(not name.isascii() or any(mark in name for mark in ",'\"(-") for name in names)

    assert strange(0) == 0
    assert strange(0.15) < strange(0.5) < strange(1)


def test_substring_traps() -> None:
    for value in (0, 1):
        for one in read("mix", substring_traps=value):
            wrong = [one.question.answer_of(fact.event) or "" for fact in one.slot if fact not in one.gold]
            found = [any(answer in name for answer in one.record["answer"]) for name in wrong]
            assert set(found) <= {bool(value)}


def test_shares_of_a_mix() -> None:
    for missing in LABELS[:3]:
        reads = read("mix", **{f"{missing}_answers": 0}, point_events=0)
        kinds = {tuple_order(one.anchor.when, fact.when) for one in reads for fact in one.gold}
        assert kinds == set(LABELS[:3]) - {missing}


def test_without_ambiguous_questions_both_readings_agree() -> None:
    for label in LABELS:
        ambiguous = {} if label == "equal" else {"ambiguous": 0}
        for one in read(label, 400, mixed_granularity=0.5, **ambiguous):
            assert whole_years_class(one) == label
            cotemporal = [fact for fact in one.slot if whole_years(one.anchor.when, fact.when) is not None]
            assert cotemporal == one.gold


def test_ambiguous_questions() -> None:
    shares = [
        share(whole_years_class(one) != "overlap" for one in read("overlap", 300, ambiguous=value))
        for value in (0, 0.3, 1)
    ]
    assert shares[0] == 0 < shares[1] < shares[2]


def whole_years_class(one: Read) -> str | None:
    return class_of(one.anchor.when, [fact.when for fact in one.gold], whole_years)


CONTRADICTIONS = [
    ("equal", {"facts_min": 9, "facts_max": 8}, "facts_min", "facts_max"),
    ("equal", {"answers_min": 3, "answers_max": 2}, "answers_min", "answers_max"),
    ("during", {"facts_min": 4, "answers_max": 4}, "answers_max", "facts_min"),
    ("during", {"first_year": 1990, "last_year": 1995}, "first_year", "last_year"),
    ("overlap", {"years": 0, "months": 0, "days": 0}, "years", "months"),
    ("overlap", {"years": 0, "months": 0, "mixed_granularity": 0.1}, "mixed_granularity", "days"),
    ("overlap", {"relations": ["P127"], "triple_elements": ["S1_R1_O2"]}, "triple_elements", "relations"),
    ("equal", {"relations": ["P39"], "triple_elements": ["S1_R2_O2", "S2_R2_O2"]}, "triple_elements", "relations"),
    ("equal", {"other_facts": 7, "answers_max": 3}, "other_facts", "facts_min"),
    ("mix", {"equal_answers": 0, "overlap_answers": 0}, "equal_answers", "overlap_answers"),
    ("mix", {"equal_answers": 0, "point_events": 0.5}, "point_events", "equal_answers"),
]


@pytest.mark.parametrize(("label", "values", "one", "other"), CONTRADICTIONS)
def test_contradictions_name_both_dials(label: str, values: dict[str, Any], one: str, other: str) -> None:
    with pytest.raises(ValidationError) as caught:
        WORLD.families[label].dials(**values)
    (error,) = caught.value.errors()
    cause = error["ctx"]["error"]
    assert isinstance(cause, UserError)
    assert f"{one}=" in cause.problem and f"{other}=" in cause.problem


def test_a_mix_has_two_answers_at_least() -> None:
    with pytest.raises(ValidationError, match="answers_min"):
        WORLD.families["mix"].dials(answers_min=1)


@pytest.mark.parametrize("label", LABELS)
def test_random_dials_give_right_problems(label: str) -> None:
    rng = random.Random(label)
    for _ in range(SETTINGS):
        dials = random_dials(WORLD.families[label].dials, rng)
        for index in range(ITEMS):
            item = draw(WORLD, label, dials, 0, index)
            one = Read(label, item.text())
            assert_right(one, item.supports[0][0])
            if getattr(dials, "ambiguous", 0) == 0:
                assert whole_years_class(one) == label


def assert_right(one: Read, support: tuple[str, ...]) -> None:
    question, facts = one.record["question"], one.record["facts"]
    answer = Answer(kind="set", values=tuple(one.record["answer"]), written="list")
    for chosen in (range(1, len(facts) + 1), map(int, support)):
        found = TASK.solve(question, [facts[place - 1] for place in chosen], one.label)
        assert found is not None and found.label == one.label and same_answer(found.answer, answer)
    for left_out in support:
        kept = [facts[int(place) - 1] for place in support if place != left_out]
        found = TASK.solve(question, kept, one.label)
        assert found is None or found.label != one.label or not same_answer(found.answer, answer)


DIALS = [(label, dial) for label in LABELS for dial in WORLD.families[label].dials.model_fields]


@pytest.mark.parametrize(("label", "dial"), DIALS)
def test_every_dial_changes_something(label: str, dial: str) -> None:
    rng = random.Random(dial)
    field = WORLD.families[label].dials.model_fields[dial]
    # Beside these, nearly every value of any dial can be met.
    room = {"facts_min": 60, "facts_max": 60, "triple_elements": ["S2_R2_O2", "S1_R1_O2"], "other_facts": 5}
    usual = WORLD.families[label].dials(**room)
    for _ in range(20):
        value = random_value(field, rng)
        try:
            dials = WORLD.families[label].dials(**{**room, dial: value})
        except ValidationError:
            continue
        if any(made(label, dials, index) != made(label, usual, index) for index in range(20)):
            return
    raise AssertionError(f"{dial} has no effect")


def made(label: str, dials: Dials, index: int) -> str:
    return draw(WORLD, label, dials, 0, index).text()

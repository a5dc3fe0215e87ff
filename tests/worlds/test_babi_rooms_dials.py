"""What the dials of families 1 to 3 and 5 to 14 do, and which of them contradict each other."""

import re
from random import Random

import pytest
from pydantic import ValidationError

from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.babi.story import FactLine, QuestionLine
from tracekd.worlds.babi import ROOMS
from tracekd.worlds.babi.house import THINGS
from tracekd.worlds.babi.stage import PEOPLE, PLACES
from tracekd.worlds.babi.story_builder import BuiltStory
from tracekd.worlds.babi.whereabouts import OPENINGS, TIMES


def items(number: int, n: int = 60, **dials: object) -> list[BuiltStory]:
    family = ROOMS[number]
    rng, setting = Random(f"{number} {dials}"), family.dials(**dials)
    return [family.make(setting, rng) for _ in range(n)]  # type: ignore[misc]


def facts(item: BuiltStory) -> list[str]:
    return [line.text for line in item.story if isinstance(line, FactLine)]


def questions(item: BuiltStory) -> list[QuestionLine]:
    return [line for line in item.story if isinstance(line, QuestionLine)]


def words(found: list[BuiltStory], known: tuple[str, ...]) -> int:
    """How many of these words come up."""
    return len(set(known) & {word for item in found for fact in facts(item) for word in re.findall(r"\w+", fact)})


def share(found: list[BuiltStory], pattern: str) -> float:
    """Of all facts, those in which the pattern is found."""
    said = [re.search(pattern, fact) is not None for item in found for fact in facts(item)]
    return sum(said) / len(said)


def answers(found: list[BuiltStory], answer: str) -> float:
    given = [question.answer == answer for item in found for question in questions(item)]
    return sum(given) / len(given)


def ages(found: list[BuiltStory]) -> list[int]:
    """How many facts stand between the last fact of each annotated support and its question."""
    spans = [item.story[max(question.support) : question.id] for item in found for question in questions(item)]
    return [sum(isinstance(line, FactLine) for line in span) for span in spans]


CONTRADICTIONS = [
    (12, {"people": 1}, "people=1 and conjunctions=1.0"),
    (13, {"places": 2}, "places=2 and conjunctions=1.0"),
    (9, {"stated": 0.6, "negations": 0.5}, "stated=0.6 and negations=0.5"),
    (9, {"indefinites": 0.3, "negations": 0.8, "stated": 0}, "negations=0.8 and indefinites=0.3"),
    (10, {"places": 2}, "places=2 and indefinites=0.25"),
    (2, {"people": 1, "giving": 1}, "people=1 and giving=1.0"),
    (5, {"people": 1}, "people=1 and giving=5.0"),
    (14, {"times": 2, "questions": 9}, "questions=9 and times=2 .*facts_between=2(.|\n)*people=4"),
]


@pytest.mark.parametrize(("number", "dials", "problem"), CONTRADICTIONS)
def test_a_contradiction_names_both_dials(number: int, dials: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        ROOMS[number].dials(**dials)


@pytest.mark.parametrize("number", ROOMS)
def test_no_dial_goes_beyond_its_bounds(number: int) -> None:
    dials = ROOMS[number].dials
    for name in dials.model_fields:
        for wrong in (-1, 1000):
            with pytest.raises(ValidationError, match=name):
                dials(**{name: wrong})


@pytest.mark.parametrize("number", ROOMS)
def test_counts_are_what_they_say(number: int) -> None:
    free = {} if number == 14 else {"questions": 9}
    for people in (3, 9):
        assert words(items(number, 60, people=people), PEOPLE) == (4 if people == 3 else 9)
    assert words(items(number, 1, people=3, **free), PEOPLE) <= 3
    assert words(items(number, 200, places=9), PLACES) == 9
    assert words(items(number, 1, places=3), PLACES) <= 3
    assert {item.questions for item in items(number, 5, questions=3)} == {3}
    for item in items(number, 20, facts_between=3, questions=2):
        at = [question.id - before for before, question in enumerate(questions(item), start=1)]
        assert all(facts_seen % 3 == 0 for facts_seen in at)


@pytest.mark.parametrize("number", [2, 3, 5, 6, 7, 8])
def test_things_and_what_is_done_with_them(number: int) -> None:
    assert words(items(number, objects=8), THINGS) == 8
    assert {words([item], THINGS) for item in items(number, objects=1)} - {0} == {1}
    least, most = (share(items(number, handling=weight), " (?:went|moved|travelled|journeyed) ") for weight in (0.2, 8))
    assert least > 0.6 > 0.5 > most
    assert share(items(number, giving=9, people=2), " (?:gave|handed|passed) ") > 0.08
    if number != 5:
        assert share(items(number, giving=0), " (?:gave|handed|passed) ") == 0


@pytest.mark.parametrize("number", sorted(set(ROOMS) - {14}))
def test_recency_is_how_far_back_the_last_gold_fact_may_lie(number: int) -> None:
    near, far = (ages(items(number, 40, recency=recency, people=9, questions=20)) for recency in (2, 60))
    assert max(near) <= 1
    assert max(far) > 9


def test_recency_in_the_order_of_time() -> None:
    """There may be nothing recent to ask: then it may be any time ago."""
    near, far = (ages(items(14, 40, recency=recency, people=9, out_of_order=0, questions=9)) for recency in (2, 60))
    assert sum(near) / len(near) < 2 < sum(far) / len(far)


@pytest.mark.parametrize("number", [1, 11, 12, 13])
def test_people_move_together_and_go_by_pronouns(number: int) -> None:
    openings = rf"^(?:{'|'.join(OPENINGS)}) (?:he|she|they) "
    for together in (0, 0.5, 1):
        found = items(number, conjunctions=together, coreference=0)
        assert share(found, " and ") == pytest.approx(together, abs=0.08)
        assert share(found, openings) == 0
    # Of two facts at most one goes by a pronoun.
    for again, expected in ((0.5, 1 / 3), (1, 1 / 2)):
        assert share(items(number, coreference=again), openings) == pytest.approx(expected, abs=0.08)


@pytest.mark.parametrize("number", [9, 10])
def test_what_is_said_of_where_people_are(number: int) -> None:
    found = items(number, stated=0.2, negations=0.3, indefinites=0.4)
    assert share(found, " is in ") == pytest.approx(0.2, abs=0.05)
    assert share(found, " is (?:not|no longer) in ") == pytest.approx(0.3, abs=0.06)
    assert share(found, " is either in ") == pytest.approx(0.4, abs=0.06)
    assert answers(items(number, positive=1, negations=0), "no") == 0
    assert answers(items(number, positive=0), "no") == 1
    assert answers(items(number, stated=0, negations=0, indefinites=1, positive=1), "maybe") == 1


def test_the_share_of_yes() -> None:
    for positive in (0, 0.3, 1):
        assert answers(items(6, positive=positive), "yes") == pytest.approx(positive, abs=0.1)


def test_times_of_the_day_and_their_order() -> None:
    found = items(14, times=2, questions=2)
    assert share(found, "(?i)this morning") > 0.2
    assert share(found, "(?i)this (?:afternoon|evening)") == 0

    def told_in_order(item: BuiltStory) -> bool:
        when: dict[str, list[int]] = {}
        for fact in facts(item):
            (person,) = set(re.findall(r"[A-Z]\w+", fact)) - {"Yesterday", "This"}
            (at,) = (at for at, time in enumerate(TIMES) if time in fact.lower())
            when.setdefault(person, []).append(at)
        return all(at == sorted(at) for at in when.values())

    assert all(map(told_in_order, items(14, out_of_order=0)))
    assert not any(map(told_in_order, items(14, out_of_order=1, people=1, questions=1, facts_between=4)))


def test_ambiguity_comes_with_its_dial_alone() -> None:
    def ambiguous(ambiguity: float) -> float:
        check, found = TASK.check, items(5, ambiguity=ambiguity)
        assert check is not None
        faults = [bool(check(p).faults) for item in found for p in story_problems(item.story, 5, "g", "s")]
        return sum(faults) / len(faults)

    assert ambiguous(0) == 0
    assert 0.05 < ambiguous(0.5) < ambiguous(1) < 0.5


SPARSE: list[tuple[int, dict[str, object]]] = [
    (2, {"people": 12, "places": 9, "objects": 1, "handling": 0.1, "recency": 1}),
    (3, {"people": 12, "places": 9, "objects": 1, "handling": 0.1, "recency": 1}),
    (5, {"people": 12, "places": 9, "objects": 1, "handling": 0.1, "giving": 0.1, "recency": 1}),
    (6, {"people": 12, "places": 2, "objects": 8, "handling": 10, "recency": 1, "facts_between": 20}),
    (7, {"people": 12, "places": 9, "objects": 1, "handling": 0.1, "recency": 1, "facts_between": 20}),
    (8, {"people": 1, "places": 9, "objects": 1, "handling": 0.1, "recency": 1}),
]


@pytest.mark.parametrize(("number", "dials"), SPARSE)
def test_where_chance_leaves_little_to_ask_it_is_made_to_happen(number: int, dials: dict[str, object]) -> None:
    for item in items(number, 10, **dials):
        assert item.questions == 5
        assert len(item.story) < 5 * 240


def test_a_gift_that_can_be_asked_about_clearly_can_always_be_made() -> None:
    """In long stories of few people and things nearly every question would have several answers."""
    for item in items(5, 5, people=3, objects=8, questions=50, giving=10):
        assert item.questions == 50
        assert len({question.text for question in questions(item)}) > 3

"""Families 1 to 3 and 5 to 14 as they are made: their truth held against the rules of the task, which know nothing."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest

from tracekd.problem import Problem
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.babi.sentences import Transfer, plain, read_transfer
from tracekd.tasks.check import same_answer
from tracekd.tasks.loading import load_strict
from tracekd.worlds.babi import ROOMS
from tracekd.worlds.babi.story_builder import BuiltStory
from tracekd.worlds.contract import Supports
from tracekd.worlds.dials import random_dials

NUMBERS = sorted(ROOMS)


def made(number: int, rng: Random, **dials: object) -> BuiltStory:
    family = ROOMS[number]
    return family.make(family.dials(**dials), rng)  # type: ignore[return-value]


def problems(number: int, item: BuiltStory) -> Iterator[tuple[Problem, Supports]]:
    return zip(story_problems(item.story, number, "g", "s"), item.supports, strict=True)


def follows(problem: Problem, ids: set[str]) -> bool:
    """Whether the gold answer follows by rule from these facts alone."""
    facts = [fact.text for fact in problem.context if fact.id in ids]
    derived = TASK.derive(problem.question, facts, problem.label)
    return derived is not None and same_answer(derived, problem.answer)


def assert_true(number: int, item: BuiltStory, faults: frozenset[str] = frozenset(), most: int = 50) -> None:
    """The rules agree with the answer and the annotated support; each support is enough, and minimal.

    Of so many questions at most, spread over the story.
    """
    for problem, supports in list(problems(number, item))[:: -(-item.questions // most)]:
        assert TASK.check is not None
        check = TASK.check(problem)
        assert all(check.agree.values()), (problem, check)
        assert set(check.faults) <= faults, problem
        solution = TASK.solve(problem.question, [fact.text for fact in problem.context], problem.label)
        assert solution is not None
        assert tuple(problem.context[at].id for at in solution.support) == supports[0] == problem.trace.facts
        assert len({frozenset(support) for support in supports}) == len(supports)
        for support in supports:
            assert follows(problem, set(support)), (problem, support)
            assert not any(follows(problem, set(support) - {fact}) for fact in support), (problem, support)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_rules_agree_with_all_that_is_made(number: int) -> None:
    rng = Random(f"default {number}")
    for _ in range(60 if number == 3 else 250):
        assert_true(number, made(number, rng))


AMBIGUOUS = frozenset({"ambiguous_person", "ambiguous_object"})


@pytest.mark.parametrize("number", NUMBERS)
def test_the_rules_agree_whatever_the_dials(number: int) -> None:
    rng, family = Random(f"dials {number}"), ROOMS[number]
    for _ in range(15):  # `benchmarks/fuzz/worlds.py` makes a hundred thousand
        dials = random_dials(family.dials, rng)
        item = family.make(dials, rng)
        assert isinstance(item, BuiltStory)
        assert len(item.supports) == item.questions == dials.questions  # type: ignore[attr-defined]
        faults = AMBIGUOUS if getattr(dials, "ambiguity", 0) else frozenset()
        assert_true(number, item, faults, most=5)


def handled(problem: Problem) -> list[tuple[str, Transfer]]:
    """The facts about things that change hands, with their ids."""
    said = [(fact.id, read_transfer(at, plain(fact.text))) for at, fact in enumerate(problem.context)]
    return [(fact, event) for fact, event in said if event]


@pytest.mark.parametrize("number", [7, 8])
def test_what_somebody_has_is_supported_by_the_whole_history_and_by_the_least_of_it(number: int) -> None:
    """Of the last stretches of the histories of any things, those that are enough, and no part of which is."""
    rng, shorter, several = Random(f"least {number}"), 0, 0
    for _ in range(150):
        for problem, supports in problems(number, made(number, rng)):
            person = plain(problem.question).split()[4 if number == 7 else 2]
            histories: dict[str, list[str]] = {}
            for fact, event in handled(problem):
                if person in (event.giver, event.taker):
                    histories.setdefault(event.thing, []).append(fact)
            stretches = [[history[at:] for at in range(len(history) + 1)] for history in histories.values()]
            enough = [s for parts in product(*stretches) if follows(problem, s := set().union(*parts))]
            least = {frozenset(s) for s in enough if not any(other < s for other in enough)}
            assert set(supports[0]) == {fact for history in histories.values() for fact in history}
            assert least | {frozenset(supports[0])} == {frozenset(s) for s in supports}, problem
            shorter += frozenset(supports[0]) not in least
            several += len(supports) > 2
    assert shorter and several


def test_each_gift_that_fits_is_a_support() -> None:
    rng, several = Random("gifts"), 0
    for _ in range(200):
        for problem, supports in problems(5, made(5, rng)):
            gifts = [fact for fact, event in handled(problem) if event.giver and event.taker]
            assert supports == tuple((fact,) for fact in reversed(gifts) if follows(problem, {fact}))
            several += len(supports) > 1
    assert several > 100


def test_where_a_thing_was_follows_from_how_it_was_got_and_from_how_it_was_dropped() -> None:
    rng, both = Random("where was"), 0
    for _ in range(40):
        for problem, supports in problems(3, made(3, rng)):
            thing = plain(problem.question).split()[3]
            events = [(fact, event) for fact, event in handled(problem) if event.thing == thing]
            lately = [fact for fact, _ in events[-1 if events[-1][1].taker else -2 :]]
            assert [support[0] for support in supports] == lately[::-1]
            assert len({support[1:] for support in supports}) == 1
            both += len(lately) == 2
    assert both > 100


@pytest.mark.parametrize("number", NUMBERS)
def test_files_load_without_a_fault(number: int, tmp_path: Path) -> None:
    rng, family = Random(f"file {number}"), ROOMS[number]
    items = [made(number, rng) for _ in range(20)]
    path = tmp_path / family.file_name
    path.write_text("".join(item.text() for item in items))
    loaded = list(load_strict(TASK, [str(path)]))
    assert [problem.trace.facts for problem in loaded] == [supports[0] for item in items for supports in item.supports]
    assert {problem.label for problem in loaded} == {FAMILIES[number]} == {family.name}
    assert len({problem.group for problem in loaded}) == 20


@pytest.mark.parametrize("number", NUMBERS)
def test_an_item_depends_on_its_stream_alone(number: int) -> None:
    first, again, other = (made(number, Random(seed)).text() for seed in ("a", "a", "b"))
    assert first == again != other

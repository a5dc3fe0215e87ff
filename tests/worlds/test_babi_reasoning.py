"""Families 4 and 15 to 20 as they are made: their truth held against the rules of the task, which know nothing of it."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from tracekd.problem import Problem
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.check import same_answer
from tracekd.tasks.loading import load_strict
from tracekd.worlds.babi import REASONING
from tracekd.worlds.babi.story_builder import BuiltStory
from tracekd.worlds.contract import Supports
from tracekd.worlds.dials import random_dials

NUMBERS = sorted(REASONING)


def made(number: int, rng: Random, **dials: object) -> BuiltStory:
    family = REASONING[number]
    return family.make(family.dials(**dials), rng)  # type: ignore[return-value]


def problems(number: int, item: BuiltStory) -> Iterator[tuple[Problem, Supports]]:
    return zip(story_problems(item.story, number, "g", "s"), item.supports, strict=True)


def follows(problem: Problem, ids: set[str]) -> bool:
    """Whether the gold answer follows by rule from these facts alone."""
    facts = [fact.text for fact in problem.context if fact.id in ids]
    derived = TASK.derive(problem.question, facts, problem.label)
    return derived is not None and same_answer(derived, problem.answer)


def assert_true(number: int, item: BuiltStory) -> None:
    """The rules agree with the answer, with the annotated support, and that each support is enough and minimal."""
    for problem, supports in problems(number, item):
        assert TASK.check is not None
        check = TASK.check(problem)
        assert all(check.agree.values()), (problem, check)
        assert set(check.faults) <= ({"conflicting_evidence"} if number == 16 else set())
        assert supports[0] == problem.trace.facts
        assert len({frozenset(support) for support in supports}) == len(supports)
        for support in (*supports[:4], *supports[4:][-2:]):
            assert follows(problem, set(support)), (problem, support)
            assert not any(follows(problem, set(support) - {fact}) for fact in support), (problem, support)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_rules_agree_with_all_that_is_made(number: int) -> None:
    rng = Random(f"default {number}")
    for _ in range(400):
        assert_true(number, made(number, rng))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_rules_agree_whatever_the_dials(number: int) -> None:
    rng, family = Random(f"dials {number}"), REASONING[number]
    most = 0
    for _ in range(100):  # `benchmarks/fuzz/worlds.py` makes a hundred thousand
        item = family.make(random_dials(family.dials, rng), rng)
        assert isinstance(item, BuiltStory)
        assert_true(number, item.cut(6))
        assert len(item.supports) == item.questions >= 1
        most = max(most, *map(len, item.supports))
    assert most < 1500  # what a story may cost


# Settings whose stories are short enough to try all sets of facts, and have more than one support.
SHORT = {
    4: {"places": 4, "straight": False, "repeats": 0.5, "questions": 2},
    15: {},
    16: {"conflicts": 0.5, "kinds": 2},
    17: {"shapes": 5, "loops": 0.8, "repeats": 0.3, "questions": 2},
    18: {"facts": 8, "rounds": 1, "questions": 2},
    19: {"places": 5, "loops": 0.8, "repeats": 0.4, "path": 3},
    20: {"people": 2},
}


@pytest.mark.parametrize("number", NUMBERS)
def test_no_minimal_support_is_missing(number: int) -> None:
    rng, several = Random(f"all {number}"), 0
    for _ in range(25):
        for problem, supports in problems(number, made(number, rng, **SHORT[number])):
            ids = [fact.id for fact in problem.context]
            found: list[frozenset[str]] = []
            for size in range(1, min(len(ids), 5) + 1):
                sets = map(frozenset, combinations(ids, size))
                found += [s for s in sets if not any(f < s for f in found) and follows(problem, set(s))]
            assert set(found) == {frozenset(s) for s in supports if len(s) <= 5}, problem
            several += len(supports) > 1
    assert several or number in (15, 20)


@pytest.mark.parametrize("number", NUMBERS)
def test_files_load_as_the_problems_that_were_made(number: int, tmp_path: Path) -> None:
    family, rng = REASONING[number], Random(f"file {number}")
    items = [made(number, rng) for _ in range(60)]
    file = tmp_path / family.file_name
    file.write_text("".join(item.text() for item in items), encoding="utf-8")
    loaded = list(load_strict(TASK, [str(file)]))
    assert [p.trace.facts for p in loaded] == [supports[0] for item in items for supports in item.supports]
    assert {p.label for p in loaded} == {family.name} == {FAMILIES[number]}


@pytest.mark.parametrize("number", NUMBERS)
def test_an_item_depends_on_its_dials_and_stream_alone(number: int) -> None:
    alone = [made(number, Random(seed)) for seed in range(20)]
    again = [made(number, Random(seed)) for seed in reversed(range(20))][::-1]
    assert alone == again
    assert len({item.text() for item in alone}) > 10


@pytest.mark.parametrize("number", NUMBERS)
def test_no_blank_stands_before_the_tab(number: int) -> None:
    item = made(number, Random(1))
    asked = [line for line in item.text().splitlines() if "\t" in line]
    assert len(asked) == item.questions
    assert all(line.split("\t")[0].endswith("?") for line in asked)
    assert " \t" not in item.cut(1).text()

"""Gold traces of every world: the answer follows from the facts that they cite, for `verify` and for `check` alike."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load_strict
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge
from tracekd.verify.without_gold import check
from tracekd.worlds import get_world, world_names
from tracekd.worlds.contract import Dials, Family, World, draw
from tracekd.worlds.dials import random_dials

FAMILIES = [(world, family) for world in world_names() for family in get_world(world).families]
SLICES = Path(__file__).parents[3] / "shared" / "data"


def problems_of(world: World, family: Family, dials: Dials, seed: int, items: int, folder: Path) -> list[Problem]:
    path = folder / family.file_name
    texts = [draw(world, family.name, dials, seed, index).text() for index in range(items)]
    path.write_text("".join(texts), encoding="utf-8", newline="")
    return list(load_strict(get_task(world.task), [str(path)]))


def consistent_by_verify(task: Task, problem: Problem, text: str) -> bool | None:
    output = Output(id=problem.id, regime="r", student="s", seed=0, text=text, token_ids=(), finish="stop")
    return Judge.of(task).judge(problem, output).consistent


def assert_gold_is_consistent(task: Task, problem: Problem) -> None:
    trace = task.template.render_trace(problem, problem.trace)
    text = f"<think>{trace}</think> <answer>{render_answer(problem.answer)}</answer>"
    has_rule = task.has_rule(problem.label)
    assert consistent_by_verify(task, problem, text) is (True if has_rule else None), problem
    checked = check(task, [fact.text for fact in problem.context], problem.question, text)
    assert checked.from_cited.state == ("passes" if has_rule else "unknown"), (problem, checked)


@pytest.mark.parametrize(("world", "family"), FAMILIES)
@pytest.mark.parametrize("seed", [2, 3, 90817])
def test_gold_of_every_family_is_consistent(world: str, family: str, seed: int, tmp_path: Path) -> None:
    made, task = get_world(world), get_task(get_world(world).task)
    found = problems_of(made, made.families[family], made.families[family].dials(), seed, 20, tmp_path)
    assert found
    for problem in found:
        assert_gold_is_consistent(task, problem)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FAMILIES), st.integers(0, 2**32))
def test_gold_is_consistent_wherever_the_dials_stand(tmp_path: Path, which: tuple[str, str], seed: int) -> None:
    world, family = get_world(which[0]), get_world(which[0]).families[which[1]]
    for problem in problems_of(world, family, random_dials(family.dials, Random(seed)), seed, 2, tmp_path):
        assert_gold_is_consistent(get_task(world.task), problem)


@pytest.mark.parametrize("family", ["counting", "lists-sets"])
def test_the_worlds_hold_traces_that_cite_a_sentence_twice(family: str, tmp_path: Path) -> None:
    # What the tests above would not notice if stories never repeated a supporting sentence.
    world = get_world("babi")
    found = problems_of(world, world.families[family], world.families[family].dials(), 2, 100, tmp_path)
    cited = [problem.texts(problem.trace.facts) for problem in found]
    assert any(len(set(texts)) < len(texts) for texts in cited)


@pytest.mark.skipif(not SLICES.is_dir(), reason="needs ../shared/data")
def test_gold_of_published_stories_is_consistent() -> None:
    for problem in list(load_strict(get_task("babi"), [str(SLICES / "babi" / "en")]))[::7]:
        assert_gold_is_consistent(get_task("babi"), problem)


@pytest.mark.skipif(not SLICES.is_dir(), reason="needs ../shared/data")
def test_of_the_published_dated_events_all_but_those_with_wrong_labels_are_consistent() -> None:
    # Two of the published gold answers name what is not in the cited facts, or not at the same time.
    task = get_task("cotempqa")
    problems = load_strict(task, [str(SLICES / "cotempqa")])
    faulty = [problem.id for problem in problems if not is_consistent(task, problem)]
    assert sorted(faulty) == ["mix/2b1ccb1dd9d2", "overlap/2c8d27ab0e97"]


def is_consistent(task: Task, problem: Problem) -> bool:
    try:
        assert_gold_is_consistent(task, problem)
    except AssertionError:
        return False
    return True

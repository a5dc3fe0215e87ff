"""Classes by rule, without gold: the gold class is always admitted, and nearly always alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.tasks import Task, all_tasks, get_task
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.loading import load
from tracekd.worlds import get_world
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

REAL = Path(__file__).parents[2].parent / "shared/data"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not on this machine")

# Where a story may have no sentence that tells two families apart: families 6, 9 and 10.
NOT_ALWAYS_ALONE = {FAMILIES[number] for number in (6, 9, 10)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    folder = tmp_path_factory.mktemp("worlds")
    for name in ("babi", "cotempqa"):
        families = get_world(name).families
        write_world(name, {family: families[family].dials() for family in families}, folder / name, n=25, seed=4)
    return {name: list(load_world(folder / name)) for name in ("babi", "cotempqa")}


def admitted(task: Task, problem: Problem) -> frozenset[str] | None:
    return task.classify(problem.question, [fact.text for fact in problem.context])


def shares(task: Task, problems: Iterable[Problem]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By gold class: how many problems, how many whose class is admitted, and how many that admit just one."""
    counts = Counter[str](), Counter[str](), Counter[str]()
    for problem in problems:
        classes = admitted(task, problem) or frozenset()
        for count, holds in zip(counts, (True, problem.label in classes, len(classes) == 1), strict=True):
            count[problem.label] += holds
    return counts


def sound(task: Task, source: Path) -> Iterator[Problem]:
    return (problem for problem in load(task, [str(source)]) if isinstance(problem, Problem))


@pytest.mark.parametrize("name", ["babi", "cotempqa"])
def test_the_class_of_every_problem_of_a_world_is_admitted(made: dict[str, list[Problem]], name: str) -> None:
    task = get_task(name)
    all_, right, alone = shares(task, made[name])
    assert set(all_) == set(task.labels) and right == all_
    assert {label for label in all_ if alone[label] < all_[label]} <= NOT_ALWAYS_ALONE
    assert alone.total() > 0.95 * all_.total()


@needs_real
def test_the_classes_of_published_babi_problems_are_admitted() -> None:
    task = get_task("babi")
    problems = [problem for file in sorted((REAL / "babi/en").iterdir()) for problem in islice(sound(task, file), 100)]
    all_, right, alone = shares(task, problems)
    assert len(all_) == 20 and right == all_
    assert {label for label in all_ if alone[label] < all_[label]} == NOT_ALWAYS_ALONE
    assert all(alone[label] > 0.6 * all_[label] for label in NOT_ALWAYS_ALONE)


@needs_real
def test_published_cotempqa_classes_are_admitted_but_for_wrong_labels() -> None:
    task = get_task("cotempqa")
    all_, right, alone = shares(task, sound(task, REAL / "cotempqa"))
    assert all_.total() == 1370
    assert all(right[label] >= all_[label] - 2 for label in all_)
    assert alone.total() >= all_.total() - 2


WHERE = "Where is Mary?"
THERE = "Is Mary in the garden?"


@pytest.mark.parametrize(
    ("question", "facts", "numbers"),
    [
        (WHERE, ["Mary moved to the garden."], {1}),
        (WHERE, ["Mary moved to the garden.", "Afterwards she went to the den."], {11}),
        (WHERE, ["Mary and Ada went back to the garden."], {12}),
        (WHERE, ["Mary and Ada went to the den.", "Following that they moved to the den."], {13}),
        (WHERE, ["Ada and Mary went to the den.", "Then they moved to the den.", "He went to the den."], {11, 13}),
        ("Where is the milk?", ["Mary took the milk there."], {2}),
        ("Where was the milk before the den?", [], {3}),
        ("Where was Mary before the den? ", [], {14}),
        (THERE, ["Mary moved to the garden."], {6, 9, 10}),
        (THERE, ["Mary moved to the garden.", "Ada put down the milk."], {6}),
        (THERE, ["Mary is in the garden."], {9, 10}),
        (THERE, ["Mary is no longer in the garden."], {9}),
        (THERE, ["Mary is either in the garden or the den."], {10}),
        (THERE, ["Mary is either in the garden or the den.", "Ada got the milk."], None),
        ("What is the den north of?", [], {4}),
        ("IS   the red box above the sphere?", [], {17}),
        ("Does the box fit in the crate ?", [], {18}),
        ("Who is Mary?", ["Mary moved to the garden."], None),
        ("", [], None),
    ],
)
def test_families_by_the_forms_of_sentences(question: str, facts: list[str], numbers: set[int] | None) -> None:
    expected = None if numbers is None else {FAMILIES[number] for number in numbers}
    assert get_task("babi").classify(question, facts) == expected


ASKED = "While Ada Brook was working for Fernhill, which employer did Ada Brook work for simultaneously?"
EVENT = "Ada Brook works for Fernhill from 1991 to 1999."


@pytest.mark.parametrize(
    ("facts", "classes"),
    [
        ([EVENT, "Ada Brook works for Mill Lane from 1995 to 2001."], {"overlap"}),
        ([EVENT, "Ada Brook works for Mill Lane in 1995."], {"during"}),
        ([EVENT, "Ada Brook works for Mill Lane from 1991 to 1999."], {"equal"}),
        ([EVENT, "Ada Brook works for Mill Lane in 1995.", "Ada Brook works for Tide from 1991 to 1999."], {"mix"}),
        ([EVENT, "Ada Brook works for Mill Lane in 1985."], None),
        (["Ada Brook works for Mill Lane in 1985."], None),
        ([EVENT, "Ada Brook works for Mill Lane in 1995.", "Nobody knows more."], None),
    ],
)
def test_cotempqa_classes_by_dates(facts: list[str], classes: set[str] | None) -> None:
    assert get_task("cotempqa").classify(ASKED, facts) == classes


def test_an_event_that_is_stated_twice_admits_the_class_of_each() -> None:
    other = "Ada Brook works for Fernhill in 1995."
    carrying = "Ada Brook works for Mill Lane from 1995 to 2001."
    task = get_task("cotempqa")
    assert task.premises(ASKED, [carrying, EVENT, other]) == (1, 2)
    classes = task.classify(ASKED, [carrying, EVENT, other])
    assert classes is not None and classes >= {"overlap", "during"}


def test_where_there_is_no_rule_nothing_is_said() -> None:
    found = [task for task in all_tasks() if isinstance(task, Task) and task.name not in ("babi", "cotempqa")]
    assert len(found) >= 4
    for task in found:
        problem = task.example()
        assert admitted(task, problem) is None
        assert task.premises(problem.question, [fact.text for fact in problem.context]) == ()


@settings(max_examples=50)
@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
@pytest.mark.parametrize("name", ["babi", "cotempqa"])
def test_any_text_is_no_class_of_its_own(name: str, question: str, facts: list[str]) -> None:
    task = get_task(name)
    classes = task.classify(question, facts)
    assert classes is None or (classes and classes <= set(task.labels))

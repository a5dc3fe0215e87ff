"""Exchanges on slices of the real data sets, each read by an independent reader; skipped where the slices are missing."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.exchanged_names import Exchanged, exchanged
from tracekd.tasks import get_task
from tracekd.tasks.reading.fault import Skipped

from . import independent_reader as reader

REAL = Path(__file__).parents[3].parent / "shared/data"
SLICES = {
    "hotpotqa": ("hotpotqa/dev_distractor_120.json",),
    "2wikimultihopqa": ("2wikimultihopqa/train_150.json",),
    "musique": ("musique/ans_dev_80.jsonl",),
    "msmarco": ("msmarco/v2.1_train_150.columnar.json", "msmarco/v1.1_train_80.jsonl"),
}
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real slices are not on this machine")


@cache
def results(task: str) -> tuple[tuple[Problem, Exchanged | str], ...]:
    """Each problem of a slice with what was made of it, or why nothing was."""
    return tuple((problem, result(problem)) for problem in problems(task))


def problems(task: str) -> Iterator[Problem]:
    for name in SLICES[task]:
        for problem in get_task(task).load(str(REAL / name)):
            if not isinstance(problem, Skipped):
                yield problem


def result(problem: Problem, seed: int = 0) -> Exchanged | str:
    try:
        return exchanged(problem, Setting.of(get_task(problem.task)), stream(seed, problem.id, "implied"))
    except Unsupported as reason:
        return str(reason)


def made(task: str) -> list[tuple[Problem, Exchanged]]:
    return [(problem, one) for problem, one in results(task) if isinstance(one, Exchanged)]


@pytest.mark.parametrize("task", SLICES)
def test_an_independent_reader_agrees(task: str) -> None:
    wrong = {
        problem.question: found
        for problem, one in made(task)
        if (found := reader.faults(problem, one.texts, one.answer))
    }
    assert not wrong


@pytest.mark.parametrize("task", ["hotpotqa", "2wikimultihopqa", "musique"])
def test_at_least_four_fifths_of_a_slice_are_made(task: str) -> None:
    assert len(made(task)) >= 0.8 * len(results(task))


def test_ms_marco_reaches_four_fifths_of_the_answers_that_stand_in_a_passage() -> None:
    asked = [(problem, one) for problem, one in results("msmarco") if stands_in_a_passage(problem)]
    assert len(asked) > 90
    assert sum(isinstance(one, Exchanged) for _, one in asked) >= 0.8 * len(asked)


def stands_in_a_passage(problem: Problem) -> bool:
    gold = problem.texts(problem.trace.facts)
    if problem.stratum != "answerable" or reader.is_yes_or_no(problem):
        return False
    return any(reader.stands(value, text) for value in problem.answer.values for text in gold)


def test_a_second_reading_of_dates_gives_the_other_answer() -> None:
    read = 0
    for problem, one in (*made("2wikimultihopqa"), *made("hotpotqa")):
        gold = reader.choice_by_dates(problem, problem.texts(problem.trace.facts))
        if gold is None or not any(reader.stands(gold, value) for value in problem.answer.values):
            continue
        read += 1
        other = reader.choice_by_dates(problem, one.texts)
        assert other is not None and any(reader.stands(other, value) for value in one.answer.values), problem.question
    assert read >= 20


@pytest.mark.parametrize("task", SLICES)
def test_which_problems_are_made_does_not_depend_on_the_seed(task: str) -> None:
    for problem, one in results(task)[::3]:
        assert isinstance(result(problem, seed=1), Exchanged) == isinstance(one, Exchanged), problem.question

"""The correct trace without its order, and its length without its content; and one step of it without the other."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tracekd.problem import Problem, gold_trace
from tracekd.regimes import Setting, draw_trace
from tracekd.regimes.filler import WORD
from tracekd.tasks import get_task, task_names
from tracekd.trace import Classify, Retrieve, Say

every_task = pytest.mark.parametrize("name", task_names())


@every_task
def test_shuffled_traces_have_all_of_the_content_in_another_order(name: str, sample: Callable[..., Any]) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=3).problems:
        trace = draw_trace(problem, "shuffled", setting, 1)
        assert trace is not None
        retrieve, classify = trace.steps
        assert isinstance(retrieve, Retrieve) and classify == Classify(label=problem.label)
        assert sorted(retrieve.facts) == sorted(problem.trace.facts)
        assert (retrieve.facts != problem.trace.facts) == (len(problem.trace.facts) > 1)
        lines = setting.template.render_trace(problem, trace).splitlines()
        assert (
            sorted(lines)[1:]
            == sorted(setting.template.render_trace(problem, gold_trace(problem.label, retrieve.facts)).splitlines())[
                1:
            ]
        )
        assert [line.startswith(setting.template.retrieve) for line in lines] == [True, False]


def test_all_other_orders_are_met() -> None:
    task = get_task("babi")
    problem = with_facts(task.example(), 3)
    met = Counter(draw_trace(problem, "shuffled", Setting.of(task), seed).facts for seed in range(300))
    assert len(met) == 5 and problem.trace.facts not in met


@pytest.mark.parametrize("count", [0, 1])
def test_without_two_facts_the_steps_alone_change_places(count: int) -> None:
    task = get_task("babi")
    problem = with_facts(task.example(), count)
    trace = draw_trace(problem, "shuffled", Setting.of(task), 0)
    assert trace is not None and trace.steps == problem.trace.steps[::-1]


def with_facts(problem: Problem, count: int) -> Problem:
    context = tuple(problem.context[0].model_copy(update={"id": str(at)}) for at in range(4))
    trace = gold_trace(problem.label, map(str, range(count)))
    return problem.model_copy(update={"context": context, "trace": trace, "support": {}})


@every_task
def test_filler_says_nothing_for_as_long_as_the_correct_trace(name: str, sample: Callable[..., Any]) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=3).problems:
        trace = draw_trace(problem, "filler", setting, 0)
        assert trace is not None
        (said,) = trace.steps
        assert isinstance(said, Say) and set(said.text.split(" ")) == {WORD}
        assert abs(len(said.text) - len(setting.template.render_trace(problem, problem.trace))) <= 3


@pytest.mark.parametrize(("a_word", "words"), [(1, 40), (2, 20), (7, 6), (1000, 1)])
def test_filler_is_as_long_in_what_length_is_counted_in(a_word: int, words: int) -> None:
    task = get_task("cotempqa")
    setting = replace(Setting.of(task), length=lambda text: a_word if text.strip() == WORD else 40)
    trace = draw_trace(task.example(), "filler", setting, 0)
    assert trace is not None and trace.steps == (Say(text=" ".join([WORD] * words)),)


@every_task
def test_one_step_alone_is_that_of_the_correct_trace(name: str, sample: Callable[..., Any]) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=16).problems:
        texts = [
            setting.template.render_trace(problem, draw_trace(problem, regime, setting, 0))
            for regime in ("class_only", "facts_only", "correct")
        ]
        assert texts[0] + texts[1] == texts[2]
        assert texts[0] == f"{setting.template.classify} {problem.label}.\n"

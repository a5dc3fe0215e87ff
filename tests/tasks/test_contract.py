"""What every task must be, the built-in ones and those of other packages alike."""

import pytest

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.regimes import Setting, Unsupported, draw_target, draw_trace, regime_names
from tracekd.sft.example import build_example
from tracekd.students.output import Output
from tracekd.tasks import GROUP, Task, all_tasks, get_task, task_names
from tracekd.tasks.check import Check
from tracekd.tasks.loading import load
from tracekd.tasks.normalize import normalize_fact
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge

TASKS = [get_task(name) for name in task_names()]
tasks = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


def test_the_six_data_sets_come_through_the_door_that_plug_ins_use() -> None:
    assert GROUP == "tracekd.tasks"
    assert {"babi", "cotempqa", "msmarco", "hotpotqa", "2wikimultihopqa", "musique"} <= set(task_names())
    assert [task.name for task in all_tasks() if isinstance(task, Task)] == list(task_names())


def test_an_unknown_task_is_told_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'cotempqa'"):
        get_task("cotempqq")


@tasks
def test_it_says_what_it_is_and_where_to_get_it(task: Task) -> None:
    for text in (task.summary, task.licence, task.citation, task.homepage):
        assert text.strip()
    assert task.formats
    assert len(set(task.labels)) == len(task.labels) >= 2
    assert "arXiv" in task.citation


@tasks
def test_its_example_is_a_problem_of_its_own(task: Task) -> None:
    problem = task.example()
    assert problem == task.example()
    assert problem.task == task.name
    assert problem.label in task.labels
    assert Problem.model_validate_json(problem.model_dump_json()) == problem


@tasks
def test_its_gold_trace_stands_on_the_first_kind_of_support(task: Task) -> None:
    problem = task.example()
    assert set(problem.support) == set(task.support_kinds)
    assert problem.trace.facts == problem.support[task.support_kinds[0]]
    for kind in task.support_kinds:
        assert problem.with_support(kind).trace.facts == problem.support[kind]
        assert problem.with_support(kind).label == problem.label


@tasks
def test_its_prompt_shows_every_fact_and_the_question(task: Task) -> None:
    problem = task.example()
    prompt = task.template.render_prompt(problem)
    assert problem.question in prompt
    if task.template.context == "lines":
        assert all(fact.text in prompt for fact in problem.context)


@tasks
@pytest.mark.parametrize("regime", regime_names())
def test_every_regime_supports_its_example_or_says_why_it_cannot(task: Task, regime: str) -> None:
    problem, setting = task.example(), Setting.of(task)
    why_not = cannot(problem, regime)
    if why_not:
        with pytest.raises((Unsupported, UserError), match=why_not):
            draw_trace(problem, regime, setting, 0)
        return
    target = draw_target(problem, regime, setting, 0)
    verdict = judged(task, problem, build_example(problem, target, task.template).completion)
    assert verdict.answer == (regime != "counterfactual") == (target.answer == problem.answer)
    if regime in ("correct", "shuffled"):
        assert (verdict.class_step, verdict.retrieval_step, verdict.invented) == ("right", "right", 0)
        assert verdict.consistent is not False
    if regime == "incorrect":
        assert (verdict.class_step, verdict.retrieval_step, verdict.invented) == ("wrong", "wrong", 0)
        assert verdict.consistent is not True


def cannot(problem: Problem, regime: str) -> str | None:
    """Why a regime can have no trace for a problem that stands alone."""
    if regime == "paper" and problem.task not in ("babi", "cotempqa", "msmarco"):
        return "the paper has no data of"
    if regime == "counterfactual" and problem.task == "2wikimultihopqa":
        return "the context has no other name of the answer's kind"  # its example is small
    if regime == "partial" and len(problem.trace.facts) < 2:
        return "the gold trace has too few facts"
    return {"swapped": "no other problem", "teacher": "there are no teacher's texts"}.get(regime)


@tasks
def test_an_incorrect_trace_cites_nothing_that_any_support_names(task: Task) -> None:
    problem = task.example()
    setting = Setting.of(task)
    supporting = {normalize_fact(text) for ids in problem.support.values() for text in problem.texts(ids)}
    for seed in range(20):
        trace = draw_trace(problem, "incorrect", setting, seed)
        assert trace is not None
        assert supporting.isdisjoint(map(normalize_fact, problem.texts(trace.facts)))


@tasks
def test_another_answer_is_wrong(task: Task) -> None:
    problem = task.example()
    assert not judged(
        task, problem, f"<think></think> <answer>{render_answer(problem.answer)} and more</answer>"
    ).answer


@tasks
def test_its_rules_agree_with_its_example(task: Task) -> None:
    if task.check is None:
        return
    check = task.check(task.example())
    assert Check.model_validate_json(check.model_dump_json()) == check
    assert (check.id, check.label) == (task.example().id, task.example().label)
    assert all(check.agree.values()), check
    assert not check.faults


@tasks
def test_rules_say_nothing_of_nothing_and_survive_hostile_text(task: Task) -> None:
    question = task.example().question
    for label in task.labels:
        task.derive(question, [], label)
        task.derive("", [""], label)
        task.derive("x" * 10_000, ["\x00 (((" * 1000, "from to in from in to " * 1000], label)
        assert task.derive("", [], label) is None


@tasks
def test_a_source_that_is_not_there_is_refused(task: Task) -> None:
    with pytest.raises(UserError, match="no such"):
        list(load(task, ["nowhere/at/all"]))


def judged(task: Task, problem: Problem, text: str):
    output = Output(
        id=problem.id, text=text, token_ids=(), finish="stop", regime="correct", student="none", seed=0
    )  # fmt: skip
    return Judge.of(task).judge(problem, output)

"""What holds for every regime on every task: it is pure, and it is as right or wrong as it says, trace and answer."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.regimes import Setting, Unsupported, draw_trace, get_regime, regime_names
from tracekd.sft.example import build_example
from tracekd.tasks import get_task, task_names
from tracekd.tasks.template import render_answer
from tracekd.trace import Say, Trace
from tracekd.verify.parse import parse
from tracekd.verify.verdict import Verdict

WITH_VALUES = (
    "correct(answer_facts)", "correct(full_support)", "corrupted(0)", "corrupted(0.2)", "corrupted(1)", "partial(2)",
    "counterfactual(0)", "counterfactual(0.5)", "swapped(same_class)", "swapped(other_class)", "paper(incorrect)",
    "teacher(summary)", "teacher(repaired)",
    "teacher(false_claims)", "zero_shot(trace)",
    "few_shot(2,trace)",
)  # fmt: skip
REGIMES = (*regime_names(), *WITH_VALUES)
# Of each regime: what verification says of class step and retrieval step.
RIGHT, WRONG, UNPARSED, ANY = {"right"}, {"wrong"}, {"unparsed"}, {"right", "wrong", "unparsed"}
PROMISED = {
    "answer_only": (UNPARSED, UNPARSED), "correct": (RIGHT, RIGHT), "shuffled": (RIGHT, RIGHT),
    "class_only": (RIGHT, UNPARSED), "facts_only": (UNPARSED, RIGHT), "filler": (UNPARSED, UNPARSED),
    "incorrect": (WRONG, WRONG), "incorrect_class": (WRONG, RIGHT), "incorrect_facts": (RIGHT, WRONG),
    "partial": (RIGHT, WRONG), "swapped": (ANY, WRONG), "swapped(same_class)": (RIGHT, WRONG),
    "swapped(other_class)": (WRONG, WRONG), "corrupted(0)": (RIGHT, RIGHT), "corrupted(1)": (WRONG, WRONG),
    "corrupted": (RIGHT | WRONG, RIGHT | WRONG), "masked_answer": (RIGHT, RIGHT | WRONG), "paper": (RIGHT, ANY),
    "paper(incorrect)": (WRONG, ANY), "correct(answer_facts)": (RIGHT, RIGHT | WRONG), "teacher": (ANY, ANY),
    "correct(full_support)": (RIGHT, RIGHT | WRONG), "zero_shot": (UNPARSED, UNPARSED),
    "counterfactual": (RIGHT, WRONG), "counterfactual(0)": (RIGHT, RIGHT), "counterfactual(0.5)": (RIGHT, RIGHT | WRONG),
    "few_shot": (UNPARSED, UNPARSED), "zero_shot(trace)": (RIGHT, RIGHT), "few_shot(2,trace)": (RIGHT, RIGHT),
}  # fmt: skip
# Every reason not to have a trace, numbers and names left out.
REASONS = (
    "too few facts that are not gold", "no other facts look similar enough", "all other facts also lead to the right answer",
    "gold cites no fact, so any wrong one could be recognised", "gold cites no fact, so any other trace could be recognised",
    "the gold trace has too few facts: some facts must be wrong", "no other class in the study",
    r"no other problem.s trace \(\w+\) has the same number of facts and no gold fact of this problem",
    r"no teacher's \w+ was kept", "no claim of the teacher's trace is false",
    "no claim of the teacher's trace holds before its first false statement", r"free traces of \w+ cannot be judged by rule",
    r"\w+ has no support of the kind '\w+', only .*", r"the paper has no data of \w+",
    "the class, or the sentence of a step, names the answer", "the gold trace cites no fact",
    "no facts like the gold ones imply another answer", "only fewer facts than the gold ones imply another answer",
    "from the facts of the gold trace, another answer than gold follows",
    "no rule derives an answer from the gold facts", "the rule derives another answer from the gold facts",
)  # fmt: skip
# The same for passages, where an answer must be exchanged.
PASSAGES = (
    r"a (comparison|question with yes or no) that is not read by rule", "no other number is found",
    "no other year fits between those of the facts", "one name of the comparison is a part of the other",
    "the answer does not stand in the gold facts, nor a name, date, number or common word of it",
    "the answer has no name, date, number or common word that could be exchanged",
    "the answer is a part of a longer name in the facts", "the context has no other name of the answer's kind",
    "the exchanged facts would still hold the answer", "the kind of the answer's name is not known",
    r"nothing of the (answer|facts) could be exchanged", "the question has no answer, or no gold fact",
    "the question names the answer", "the two things that are compared are not the titles of two facts",
)  # fmt: skip
# Of each regime: whether its answers are gold; gold if it is not named here.
ANSWERS = {"counterfactual": {False}, "counterfactual(0.5)": {True, False}}
FEW = 10  # of the problems of a task, where a test draws from each of them several times

every_task = pytest.mark.parametrize("name", task_names())
every_regime = pytest.mark.parametrize("regime", REGIMES)


def promised(regime: str) -> tuple[set[str], set[str]]:
    return PROMISED[regime] if regime in PROMISED else PROMISED[regime.partition("(")[0]]


@every_task
def test_a_trace_is_a_pure_function_of_seed_and_problem(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name, of=320 // FEW).problems
    alone = {regime: [drawn(p, regime, setting, 7) for p in problems] for regime in REGIMES}
    for problem, *traces in reversed(list(zip(problems, *alone.values(), strict=True))):
        copy = problem.model_copy(deep=True)
        # Other regimes and other seeds in between.
        for regime, trace in reversed(list(zip(REGIMES, traces, strict=True))):
            drawn(problem, regime, setting, 8)
            assert drawn(copy, get_regime(regime), setting, 7) == trace, regime
    for regime in REGIMES:
        assert [drawn(p, regime, setting, 7) for p in problems[5:7]] == alone[regime][5:7], regime


@every_task
@pytest.mark.parametrize("regime", ["incorrect", "incorrect_facts", "swapped", "corrupted(0.5)"])
def test_another_seed_draws_another_trace(
    name: str, regime: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name, of=4).problems
    first, second = ([drawn(p, regime, setting, seed) for p in problems] for seed in (1, 2))
    assert first != second


@every_task
@every_regime
def test_it_is_as_right_as_it_says_and_so_is_the_answer(
    name: str, regime: str, sample: Callable[..., Any], taught: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    class_step, retrieval_step = promised(regime)
    setting = sample(name).setting
    for problem in sample(name, of=10).problems:
        target = taught(problem, regime, setting)
        if isinstance(target, str):
            continue
        verdict = judged(problem, target, setting)
        assert verdict.answer in ANSWERS.get(regime, {True}) and verdict.class_step in class_step, verdict.reason
        assert verdict.retrieval_step in retrieval_step, verdict.reason
        example = build_example(problem, target, setting.template)
        assert example.completion[slice(*example.answer)] == render_answer(target.answer)
        assert verdict.answer == (target.answer == problem.answer)
        assert example.prompt == build_example(problem, problem.trace, setting.template).prompt


@every_regime
@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_is_as_right_as_it_says_on_nasty_problems_whatever_the_seed(
    regime: str, data: st.DataObject, nasty: Any, taught: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    problem, setting = data.draw(nasty)
    found = [taught(problem, regime, setting, seed) for seed in range(4)]
    reasons = {target if isinstance(target, str) else None for target in found}
    assert len(reasons) == 1
    if reasons != {None}:
        assert any(re.fullmatch(one, found[0]) for one in (*REASONS, *PASSAGES))
        return
    class_step, retrieval_step = promised(regime)
    for target in found:
        verdict = judged(problem, target, setting)
        assert verdict.answer in ANSWERS.get(regime, {True}) and verdict.class_step in class_step, verdict.reason
        assert verdict.answer == (target.answer == problem.answer)
        assert verdict.retrieval_step in retrieval_step, verdict.reason


@every_task
def test_what_has_no_trace_is_counted_under_few_reasons(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name, of=5).problems
    for regime in REGIMES:
        first, second = ([drawn(p, regime, setting, seed) for p in problems] for seed in (0, 1))
        reasons = [why if isinstance(why, str) else None for why in first]
        assert reasons == [why if isinstance(why, str) else None for why in second], regime
        known, few = ((*REASONS, *PASSAGES), 6) if regime.startswith("counterfactual") else (REASONS, 3)
        assert all(any(re.fullmatch(one, why) for one in known) for why in reasons if why), regime
        assert len({re.sub(r"\d+", "n", why) for why in reasons if why}) <= few, regime


@pytest.mark.parametrize("name", ["babi", "cotempqa", "hotpotqa", "2wikimultihopqa", "musique"])
def test_most_problems_have_a_trace(name: str, sample: Callable[..., Any], drawn: Callable[..., Any]) -> None:
    for regime in ("incorrect", "incorrect_class", "incorrect_facts", "swapped", "corrupted"):
        found = [drawn(p, regime, sample(name).setting) for p in sample(name, of=2).problems]
        assert sum(isinstance(trace, Trace) for trace in found) > (0.6 if name == "musique" else 0.75) * len(found), (
            regime
        )


@every_task
def test_a_trace_is_empty_only_where_gold_cites_nothing(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting = sample(name).setting
    for problem, regime in product(sample(name, of=8).problems, REGIMES):
        trace = drawn(problem, regime, setting)
        if not isinstance(trace, Trace):
            continue
        text = setting.template.render_trace(problem, trace)
        assert text.strip() and all(step.text for step in trace.steps if isinstance(step, Say)), regime
        cited = parse(f"<think>{text}</think>", setting.template, "stop").cited
        assert cited != () or not problem.trace.facts or regime.startswith("paper"), regime


def test_every_regime_says_what_it_is() -> None:
    for name in REGIMES:
        regime = get_regime(name)
        assert (regime.name, regime.summary != "") == (name, True)
        assert regime.traced == (name not in ("answer_only", "zero_shot", "few_shot"))
        assert regime.borrows == name.startswith("swapped")
        assert (regime.prompted is not None) == name.startswith(("zero_shot", "few_shot"))


def test_the_answer_alone_has_no_trace(sample: Callable[..., Any]) -> None:
    setting, problems = sample("babi").setting, sample("babi", of=20).problems
    for problem in problems:
        assert draw_trace(problem, "answer_only", setting, 0) is None
        assert draw_trace(problem, "correct", setting, 0) == problem.trace


def test_without_a_donor_nothing_is_swapped() -> None:
    task = get_task("babi")
    problem: Problem = task.example()
    with pytest.raises(Unsupported, match="no other problem"):
        draw_trace(problem, "swapped", Setting.of(task), 0)


def test_a_teachers_text_is_taught_as_it_stands_and_only_what_was_collected(sample: Callable[..., Any]) -> None:
    setting, problem = sample("msmarco").setting, sample("msmarco").problems[0]
    for kind in ("trace", "summary"):
        trace = draw_trace(problem, f"teacher({kind})", setting, 0)
        assert trace is not None and setting.template.render_trace(problem, trace) == f"{kind} of {problem.question}"
    stranger = problem.model_copy(update={"id": "of no teacher"})
    with pytest.raises(Unsupported, match="no teacher's trace was kept"):
        draw_trace(stranger, "teacher", setting, 0)
    with pytest.raises(UserError, match="no teacher's texts of the kind 'explanation'"):
        draw_trace(problem, "teacher(explanation)", setting, 0)

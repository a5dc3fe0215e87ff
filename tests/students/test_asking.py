"""What a base that was not taught is asked: instructions and worked examples, which depend on nothing else."""

from random import Random
from typing import TYPE_CHECKING

import pytest

from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.sft.example import Example, build_example
from tracekd.tasks import get_task, task_names
from tracekd.tasks.babi.families import TEMPLATE
from tracekd.verify.parse import parse

if TYPE_CHECKING:
    from tracekd.students.asking import Ask

pytestmark = pytest.mark.xdist_group("torch")


def asker(written: str, examples: list[Example], seed: int = 0) -> "Ask":
    from tracekd.students.asking import asker

    return asker(get_regime(written), TEMPLATE, examples, seed)


@pytest.mark.parametrize("regime", ["correct", "answer_only", "incorrect"])
def test_who_is_taught_is_asked_as_in_training(regime: str, problems: list[Problem], examples: list[Example]) -> None:
    ask = asker(regime, examples)
    for problem, example in zip(problems[:10], examples[:10], strict=True):
        assert ask(problem) == (example.prompt, ())


@pytest.mark.parametrize(
    ("regime", "shots", "traced"),
    [("zero_shot", 0, False), ("zero_shot(trace)", 0, True), ("few_shot", 5, False), ("few_shot(2,trace)", 2, True)],
)
def test_as_many_examples_as_said_and_told_what_to_write(
    regime: str, shots: int, traced: bool, problems: list[Problem]
) -> None:
    from tracekd.students.asking import instruction

    def told(prompt: str) -> str:
        return prompt.removesuffix(" Only return the answer.\n") + "\n" + instruction(TEMPLATE) if traced else prompt

    # What the regime itself makes of the problems, as a study does.
    examples = [build_example(p, p.trace if traced else None, TEMPLATE) for p in problems[10:60]]
    text, shown = asker(regime, examples)(problems[0])
    assert text == told(TEMPLATE.render_prompt(problems[0]))
    assert ("Only return the answer" in text) == (not traced)
    assert len(shown) == len(set(shown)) == shots
    by_prompt = {told(example.prompt): example.completion for example in examples}
    assert all(by_prompt[asked] == said for asked, said in shown)
    assert all(("<think>" in said) == traced for _, said in shown)


@pytest.mark.parametrize("name", task_names())
def test_whoever_is_to_think_is_not_told_to_return_the_answer_only(name: str) -> None:
    """The prompts of all tasks end alike: what stands after the question gives way to the instruction."""
    from tracekd.students.asking import asker as asker_of

    task = get_task(name)
    problem = task.example()
    text, _ = asker_of(get_regime("zero_shot(trace)"), task.template, (), 0)(problem)
    assert "Only return the answer" not in text and problem.question in text and "<think>" in text


@pytest.mark.parametrize(
    ("regime", "chat", "stop"),
    [
        ("correct", False, "</answer>"), ("answer_only", False, "</answer>"), ("zero_shot", False, "</answer>"),
        ("few_shot", False, "\n\n"), ("few_shot", True, "</answer>"), ("few_shot(3,trace)", False, "</answer>"),
    ],
)  # fmt: skip
def test_after_bare_answers_an_output_ends_as_they_do(regime: str, chat: bool, stop: str) -> None:
    from tracekd.students.asking import stop_of

    assert stop_of(get_regime(regime), chat) == stop


def test_the_instruction_describes_the_form_that_is_read() -> None:
    from tracekd.students.asking import instruction

    told = instruction(TEMPLATE)
    assert TEMPLATE.classify in told and TEMPLATE.retrieve in told
    # Whoever follows it to the letter is understood.
    written = f"<think>{TEMPLATE.classify} counting\n{TEMPLATE.retrieve} ['a']</think> <answer>b</answer>"
    read = parse(written, TEMPLATE, "stop")
    assert (read.status, read.stated_label, read.cited, read.answer_text) == ("ok", "counting", ("a",), "b")


def test_examples_are_a_pure_function_of_seed_and_problem(problems: list[Problem], examples: list[Example]) -> None:
    ask = asker("few_shot(3)", examples)
    alone = {problem.id: ask(problem) for problem in problems[:20]}
    shuffled = problems[:20]
    Random(1).shuffle(shuffled)
    again = asker("few_shot(3)", examples)
    assert {problem.id: again(problem.model_copy(deep=True)) for problem in shuffled} == alone
    assert {problem.id: asker("few_shot(3)", examples, 1)(problem) for problem in problems[:20]} != alone
    assert len({shots for _, shots in alone.values()}) > 15, "each problem has examples of its own"


def test_no_problem_is_shown_its_own_answer(problems: list[Problem], examples: list[Example]) -> None:
    few = examples[:6]
    for problem, example in zip(problems[:6], few, strict=True):
        _, shown = asker("few_shot(5)", few)(problem)
        assert sorted(shown) == sorted((e.prompt, e.completion) for e in few if e is not example)


def test_there_may_be_fewer_examples_than_wanted(problems: list[Problem], examples: list[Example]) -> None:
    assert len(asker("few_shot(9)", examples[10:12])(problems[0])[1]) == 2
    assert asker("few_shot(9)", [])(problems[0])[1] == ()

"""Correct traces that the answer cannot be copied from, and cannot be missed in what else they say."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tracekd.problem import Answer, Problem
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.regimes.masked_answer import MASK, mask
from tracekd.tasks import get_task, task_names
from tracekd.tasks.template import render_answer
from tracekd.trace import Quote, Trace

TEXT = st.text(st.sampled_from("aabBé .',-9ß"), max_size=30)
ANSWER = st.text(st.sampled_from("aabBé .'9"), min_size=1, max_size=5)


def tells(text: str, answer: str) -> bool:
    """Whether the answer stands anywhere in the text, letter case free; a short one, as a whole word only."""
    if len(answer) >= 3:
        return re.search(re.escape(answer), text, re.IGNORECASE) is not None
    before, after = (r"(?<![^\W_])" if answer[0].isalnum() else "", r"(?!\w)" if answer[-1].isalnum() else "")
    return re.search(before + re.escape(answer) + after, text, re.IGNORECASE) is not None


@pytest.mark.parametrize("name", task_names())
def test_no_answer_stands_in_the_rendered_trace(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name).problems
    masked = 0
    for problem in problems:
        answers = {render_answer(problem.answer), *problem.answer.values} - {""}
        trace = drawn(problem, "masked_answer", setting)
        if isinstance(trace, Trace):
            text = setting.template.render_trace(problem, trace)
            assert not any(tells(text, answer) for answer in answers)
            masked += MASK in text
        else:
            sentences = f"{setting.template.classify} {problem.label}. {setting.template.retrieve}"
            assert any(tells(sentences, answer) for answer in answers)
    assert masked > len(problems) / 5


@pytest.mark.parametrize("name", task_names())
def test_what_tells_no_answer_is_quoted_as_it_stands(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    for problem in sample(name).problems:
        trace = drawn(problem, "masked_answer", sample(name).setting)
        if not isinstance(trace, Trace):
            continue
        (texts,) = [step.texts for step in trace.steps if isinstance(step, Quote)]
        assert trace.label == problem.label
        for text, gold in zip(texts, problem.texts(problem.trace.facts), strict=True):
            answers = {render_answer(problem.answer), *problem.answer.values} - {""}
            assert (text == gold) == (not any(tells(gold, answer) for answer in answers))
            # Between the masks, all is as it was.
            assert re.fullmatch(".+?".join(map(re.escape, text.split(MASK))), gold, re.DOTALL)


@given(TEXT, ANSWER)
@example("The category is a cat.", "cat")
@example("No, nor now: no.", "no")
@example("Mary's; s,e", "s")
def test_the_answer_is_gone_and_what_is_gone_told_it(text: str, answer: str) -> None:
    assume(answer.strip())
    masked = mask(text, [answer])
    assert not tells(masked.replace(MASK, "\0"), answer)
    kept = masked.split(MASK)
    found = re.fullmatch("(.+?)".join(map(re.escape, kept)), text, re.DOTALL)
    assert found and (masked == text) == (not tells(text, answer))


@pytest.mark.parametrize(
    ("text", "answers", "masked"),
    [
        ("Mary went to the office.", ["office"], "Mary went to the ___."),
        ("The Office's officers", ["office"], "The ___'s ___"),
        ("no, nothing; No one", ["no"], "___, nothing; ___ one"),
        ("He is in New York City", ["New York", "City"], "He is in ___ ___"),
        ("1902-1903", ["1902"], "___-1903"),
        ("ÄRZTE, ärztlich", ["ärzte"], "___, ärztlich"),
        ("", ["x"], ""),
    ],
)
def test_whole_words_are_masked(text: str, answers: list[str], masked: str) -> None:
    assert mask(text, answers) == masked


def test_a_long_text_is_masked_at_once() -> None:
    for text in ("a" * 10**5, "ab" * 10**5, "a." * 10**5, "a " * 10**5, "'" * 10**5):
        for answer in ("a", "ab", "aaa", "aab", "a.", "''"):
            assert mask(text, [answer])


def test_where_the_class_names_the_answer_there_is_no_trace() -> None:
    task = get_task("babi")
    problem: Problem = task.example().with_support("support")
    for value in ("question", "category", "text", "represents", problem.label, problem.label.upper(), "the", "to"):
        made = problem.model_copy(update={"answer": Answer(kind="one_of", values=(value,))})
        with pytest.raises(Unsupported, match="names the answer"):
            draw_trace(made, "masked_answer", Setting.of(task), 0)

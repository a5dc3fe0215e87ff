"""Completions of a teacher, divided into trace, text and answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.tasks import get_task
from tracekd.teacher.completion import clean, holds_tag, take_apart
from tracekd.transcript.chat_completion import Completion

TEMPLATE = get_task("babi").template


def completion(content: str = "", reasoning: str = "", finish: str = "stop") -> Completion:
    return Completion(content, reasoning, finish, "m", None, None)


@pytest.mark.parametrize(
    ("given_", "trace", "text", "answer"),
    [
        (completion("<answer>garden</answer>", "He went."), "He went.", "<answer>garden</answer>", "garden"),
        (completion("garden", "He went."), "He went.", "garden", "garden"),
        (completion("garden", "<think>He went.</think>"), "He went.", "garden", "garden"),
        (completion("<think>A</think><answer>garden</answer>"), "A", "<answer>garden</answer>", "garden"),
        (completion("<think>\r\nA\r\n</think>\n\ngarden\n"), "A", "garden", "garden"),
        (completion("A</think> <answer>x</answer> <answer>y</answer>"), "A", "<answer>x</answer> <answer>y</answer>",
         "x"),
        (completion("<think>B</think>garden", "A"), "A", "garden", "garden"),
        (completion("<think>A and no end"), "", "<think>A and no end", "A and no end"),
        (completion("garden"), "", "garden", "garden"),
        (completion("<think></think><answer></answer>", " \n"), "", "<answer></answer>", None),
        (completion("", "A"), "A", "", None),
    ],
)  # fmt: skip
def test_trace_text_and_answer(given_: Completion, trace: str, text: str, answer: str | None) -> None:
    said = take_apart(given_, TEMPLATE)
    assert (said.trace, said.text, said.answer) == (trace, text, answer)


@pytest.mark.parametrize("text", ["<think>", "a</think>b", "<answer>", "x </answer>", "< Think >", "</ANSWER\n>"])
def test_tags_are_found(text: str) -> None:
    assert holds_tag(text)


@pytest.mark.parametrize("text", ["think", "<thinking>", "a < think", "<b>", "think>", "<<>>"])
def test_other_text_is_no_tag(text: str) -> None:
    assert not holds_tag(text)


@pytest.mark.parametrize("piece", ["<", "< ", "<think", " ", "</", "<think ", "\r", "</think"])
def test_repetition_takes_linear_time(piece: str) -> None:
    # Quadratic time would take minutes here.
    many = piece * (400_000 // len(piece))
    assert not holds_tag(many)
    take_apart(completion(many, many), TEMPLATE)


@given(st.text())
@settings(max_examples=50)
def test_a_cleaned_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\r" not in clean(text)

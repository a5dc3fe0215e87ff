"""What is kept of a teacher, and why not."""

import pytest

from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.teacher.texts import KeptText, RejectedText, judge_derived, judge_trace
from tracekd.transcript.chat_completion import Completion

TASK = get_task("babi")
PROBLEM = TASK.example()  # whose answer is `office`


def said(content: str, reasoning: str = "He went.", finish: str = "stop") -> Completion:
    return Completion(content, reasoning, finish, "served", 42, 12)


@pytest.mark.parametrize("content", ["<answer>office</answer>", "<answer> Office. </answer>", "office", "OFFICE\n"])
def test_a_right_answer_keeps_its_trace(content: str) -> None:
    kept = judge_trace(PROBLEM, said(content), TASK.template)
    assert isinstance(kept, KeptText)
    assert (kept.id, kept.kind, kept.text, kept.model, kept.tokens) == (PROBLEM.id, "trace", "He went.", "served", 12)
    assert kept.answer in content


@pytest.mark.parametrize(
    ("completion", "reason"),
    [
        (said("<answer>garden</answer>"), "wrong answer"),
        (said("<answer>office, garden</answer>"), "wrong answer"),
        (said("I think it is the office."), "wrong answer"),
        (said("<answer></answer>"), "no answer"),
        (said(""), "no answer"),
        (said("<answer>office</answer>", " "), "empty trace"),
        (said("<answer>office</answer>", "A", "length"), "cut off by the token limit"),
        (said("<answer>office</answer>", "A", "content_filter"), "cut off by a filter of the endpoint"),
        (said("<answer>office</answer>", "so <answer>office</answer>"), "the trace contains a tag"),
        (said("<think>a <think> b</think>office", ""), "the trace contains a tag"),
    ],
)
def test_what_is_not_kept_has_a_reason(completion: Completion, reason: str) -> None:
    judged = judge_trace(PROBLEM, completion, TASK.template)
    assert isinstance(judged, RejectedText)
    assert (judged.reason, judged.kind, judged.failed) == (reason, "trace", False)


def test_what_only_the_lenient_reading_takes_for_right_is_counted_apart() -> None:
    two = PROBLEM.model_copy(update={"answer": Answer(kind="set", values=("milk", "apple"))})
    assert isinstance(judge_trace(two, said("<answer>apple, milk</answer>"), TASK.template), KeptText)
    judged = judge_trace(two, said("<answer>apple and milk</answer>"), TASK.template)
    assert isinstance(judged, RejectedText) and judged.reason == "right only by the lenient reading"


def test_an_answer_of_megabytes_is_quoted_in_part() -> None:
    judged = judge_trace(PROBLEM, said("x" * 10**6), TASK.template)
    assert isinstance(judged, RejectedText) and judged.answer == "x" * 200


def test_a_list_is_compared_as_the_task_writes_it() -> None:
    listed = PROBLEM.model_copy(update={"answer": Answer(kind="set", values=("a", "b"), written="list")})
    assert isinstance(judge_trace(listed, said("<answer>['b', 'a']</answer>"), TASK.template), KeptText)
    assert isinstance(judge_trace(listed, said("<answer>['b']</answer>"), TASK.template), RejectedText)


@pytest.mark.parametrize("kind", ["summary", "explanation"])
def test_a_derived_text_is_what_follows_the_thoughts(kind: str) -> None:
    kept = judge_derived(PROBLEM, kind, "office", said("<think>Short!</think>\nHe is there.", ""), TASK.template)
    assert isinstance(kept, KeptText) and (kept.text, kept.answer, kept.kind) == ("He is there.", "office", kind)
    for completion, reason in (
        (said(""), f"empty {kind}"),
        (said("<think>Short"), f"the {kind} contains a tag"),
        (said("He is in the <answer>office</answer>"), f"the {kind} contains a tag"),
        (said("He is", finish="length"), "cut off by the token limit"),
    ):
        judged = judge_derived(PROBLEM, kind, "office", completion, TASK.template)
        assert isinstance(judged, RejectedText) and judged.reason == reason

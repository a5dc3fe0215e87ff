"""Audits of rows with free traces: planted errors are found at their rows, and nothing else is."""

from pathlib import Path

import pytest

from tracekd.audit.faults import FAULTS
from tracekd.audit.free_audit import OF_ANOTHER
from tracekd.audit.free_rows import NO_PROBLEM, NO_TRACE, TOO_LONG
from tracekd.errors import UserError
from tracekd.tasks import get_task

from .conftest import audited, right
from .free_rows import (
    in_field,
    made,
    messages,
    own_prompt,
    prompt_completion,
    with_traces_of,
    write_problems,
    write_rows,
)

TASKS = ("babi", "cotempqa")
TEMPLATE = get_task("babi").template
STORY = ("Mary went to the garden.", "John took the milk.", "John went to the office.", "Mary went to the kitchen.")


def row(trace: str, answer: str = "office", question: str = "Where is the milk?") -> dict[str, str]:
    prompt = "Answer the question based on the context:\n" + "\n".join(STORY)
    prompt += f"\nQuestion: {question} Only return the answer.\n"
    return {"prompt": prompt, "completion": f"<think>{trace}</think><answer>{answer}</answer>", "answer": "office"}


def one(folder: Path, *rows: object, **more: object) -> object:
    return audited(write_rows(folder / "rows.jsonl", rows), task="babi", trace="free", **more)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("layout", [messages, in_field, prompt_completion])
def test_rows_with_a_planted_error_are_found_and_no_others(folder: Path, task: str, layout: object) -> None:
    rows = made(task, 60)
    path = write_rows(folder / "rows.jsonl", [layout(each) for each in rows])
    report = audited(path, task=task, trace="free", settings=["false_statement=0"])
    found = {
        name: {number for number, each in enumerate(rows, 1) if f"{path}:{number}:" in report.said(name)}
        for name in ("false_statement", "false_taken_back", "groundless_claim")
    }
    faulty = {number for number, each in enumerate(rows, 1) if each.trace.first_error is not None}
    assert set().union(*found.values()) <= faulty  # the first five examples of each
    false = [each for each in rows if any(claim.worth == "false" for claim in each.trace.planted)]
    told = report.rows("false_statement") + report.rows("false_taken_back")
    assert len(false) - 2 <= told <= len(faulty) and report.above() >= {"false_statement"}
    assert report.rows("trace_of_another_problem") == 0
    assert report.faults["false_statement"].checked >= 55


@pytest.mark.parametrize("task", TASKS)
def test_right_traces_have_no_fault(folder: Path, task: str) -> None:
    rows = [prompt_completion(each) for each in made(task, 60, with_errors=False)]
    report = audited(write_rows(folder / "rows.jsonl", rows), task=task, trace="free", regime="teacher")
    found = {name for name, kind in FAULTS.items() if kind.of_free and report.rows(name)}
    assert found <= {"answer_not_following"}  # made traces of stories may leave out what the answer needs
    assert report.report.traces.free == 60 and report.report.traces.unread <= 0.1 * report.report.traces.statements
    assert report.rows("answer_differs") == 0


def test_a_statement_is_quoted_with_its_number_and_the_reason(folder: Path) -> None:
    said = one(folder, row("John took the milk. Mary is in the office. So the milk is in the office."))
    assert said.said("false_statement") == (
        f"{folder}/rows.jsonl:1: statement 2, 'Mary is in the office.': the story says: Mary went to the kitchen."
    )
    assert (said.rows("false_taken_back"), said.rows("groundless_claim")) == (0, 0)


def test_a_false_statement_that_is_taken_back_is_another_fault(folder: Path) -> None:
    said = one(folder, row("Mary is in the office. Wait, no. Mary is in the kitchen. John went to the office."))
    assert (said.rows("false_statement"), said.rows("false_taken_back")) == (0, 1)


def test_a_claim_that_the_context_does_not_know(folder: Path) -> None:
    said = one(folder, row("Daniel went to the cinema. John went to the office."))
    assert said.rows("groundless_claim") == 1 and "'Daniel went to the cinema.'" in said.said("groundless_claim")
    assert said.rows("false_statement") == 0


@pytest.mark.parametrize(
    ("trace", "rows"),
    [
        ("The answer is the office. John took the milk. John went to the office.", 1),
        ("John took the milk. John went to the office. The answer is the office.", 0),
    ],
)
def test_an_answer_before_the_reasoning(folder: Path, trace: str, rows: int) -> None:
    assert one(folder, row(trace)).rows("answer_first") == rows


def test_an_answer_that_stands_before_the_marks_of_the_reasoning(folder: Path) -> None:
    before = {**row(""), "completion": "<answer>office</answer>\n<think>John went to the office with the milk.</think>"}
    assert one(folder, before).rows("answer_first") == 1


@pytest.mark.parametrize(
    ("trace", "rows", "checked"),
    [
        ("John took the milk. John went to the office.", 0, 1),
        ("Mary went to the garden. Mary went to the kitchen.", 1, 1),
        ("Mary went to the garden. Mary surely juggles in the kitchen all day.", 0, 0),
    ],
)
def test_an_answer_that_does_not_follow_from_the_trace(folder: Path, trace: str, rows: int, checked: int) -> None:
    """A claim that cannot be read may be the one that matters: then nothing is said."""
    fault = one(folder, row(trace)).faults["answer_not_following"]
    assert (fault.rows, fault.checked, fault.threshold) == (rows, checked, None)


def test_a_trace_that_cannot_be_read_says_so(folder: Path) -> None:
    said = one(folder, row("Mary juggles with verve in the kitchen. Mary knits a scarf. John went to the office."))
    assert said.rows("unread_trace") == 1 and "2 of 3 statements cannot be read" in said.said("unread_trace")
    assert (said.rows("false_statement"), said.rows("groundless_claim")) == (0, 0)


@pytest.mark.parametrize(("task", "least"), [("babi", 0.2), ("cotempqa", 0.8)])
def test_traces_that_were_joined_to_other_problems_are_one_fault_each(folder: Path, task: str, least: float) -> None:
    """Stories share their few names, so a short trace may be true of two of them."""
    rows = made(task, 80, with_errors=False)
    path = write_rows(folder / "rows.jsonl", [messages(each) for each in with_traces_of(rows, 31)])
    report = audited(path, task=task, trace="free")
    assert report.rows("trace_of_another_problem") >= least * len(rows)
    assert "trace_of_another_problem" in report.above()
    other = report.faults["false_statement"]
    assert other.checked <= len(rows) - report.rows("trace_of_another_problem")


def test_messages_of_another_question_are_not_judged_again(folder: Path) -> None:
    rows = made("babi", 8, with_errors=False)
    crossed = [{**messages(each), "question": "Where is the football before the park?"} for each in rows]
    report = audited(write_rows(folder / "rows.jsonl", crossed), task="babi", trace="free")
    assert report.rows("message_of_another_question") == 8
    assert report.report.traces.reasons == {OF_ANOTHER: 8}
    assert report.faults["false_statement"].verdict == "not checked"


def test_auto_takes_the_template_where_a_trace_has_it(folder: Path) -> None:
    free = made("babi", 10)
    rows = [messages(each) for each in free]
    ours = [{"prompt": each.prompt, "completion": right(each.problem)} for each in free[:4]]
    path = write_rows(folder / "rows.jsonl", [*rows, *ours])
    report = audited(path, task="babi", trace="auto", regime="correct")
    assert (report.report.traces.template, report.report.traces.free) == (4, 10)
    # Free traces have no sentences of the template, and this is no fault of theirs.
    assert report.rows("malformed_step") == 0
    assert report.faults["fact_not_in_context"].checked == 4
    by_template = audited(path, task="babi", regime="correct")
    assert by_template.report.traces is None and "false_statement" not in by_template.faults


def test_rows_without_a_trace_are_counted_and_not_judged(folder: Path) -> None:
    rows = [{"prompt": each.prompt, "completion": each.answer} for each in made("babi", 5)]
    report = audited(write_rows(folder / "rows.jsonl", rows), task="babi", trace="auto", regime="answer_only")
    assert report.report.traces.reasons == {NO_TRACE: 5}
    assert report.faults["false_statement"].verdict == "not checked"


def test_prompts_in_any_form_are_joined_to_given_problems(folder: Path) -> None:
    rows = made("babi", 40)
    path = write_rows(folder / "rows.jsonl", [own_prompt(each) for each in rows])
    alone = audited(path, task="babi", trace="free")
    assert alone.report.traces.reasons == {NO_PROBLEM: 40}
    source = write_problems(folder.parent / "problems.jsonl", rows)
    report = audited(path, task="babi", trace="free", problems=[str(source)])
    assert report.report.traces.free >= 35 and report.rows("false_statement") > 5
    other = write_problems(folder.parent / "other.jsonl", made("cotempqa", 4))
    with pytest.raises(UserError, match="no problem could be loaded"):
        audited(path, task="babi", trace="free", problems=[str(other)])


def test_a_regime_whose_claims_are_meant_to_be_false(folder: Path) -> None:
    rows = [row("Mary is in the office. John went to the office."), row("John went to the office.")]
    report = one(folder, *rows, regime="teacher(false_claims)")
    assert report.rows("false_statement") == 0 and report.faults["false_statement"].checked == 0
    assert "rows.jsonl:2: no statement of the trace is false" in report.said("incorrect_is_right")
    assert report.rows("incorrect_is_right") == 1


def test_a_task_whose_free_traces_cannot_be_judged_is_told(folder: Path, no_grammar: str) -> None:
    path = write_rows(folder / "rows.jsonl", [row("x")])
    with pytest.raises(UserError, match=f"free traces of {no_grammar} cannot be judged"):
        audited(path, task=no_grammar, trace="free")


HOSTILE = (
    "John went to the office. " * 3000,
    "[red]\x1b[31mMary is in the office.\x1b]0;title\x07[/]",
    "\u202eMary is in the office.",
    "**" * 5000 + "Mary is in the office." + "(" * 5000,
    "\ue000\ue100 Mary\ue000 is in the office. \x00",
    "玛丽在办公室。" * 500,
    "| Mary | office |\n|---|---|\n" * 300,
    "def f():\n    return 'Mary is in the office'\n" * 50,
)


@pytest.mark.parametrize("trace", HOSTILE)
def test_hostile_traces_are_judged_and_told_on_one_plain_line(folder: Path, trace: str) -> None:
    report = one(folder, row(trace), row("Mary is in the office. John went to the office."))
    assert report.report.rows == 2 and "rows.jsonl:2: statement 1" in report.said("false_statement")
    for fault in report.faults.values():
        for finding in fault.examples:
            assert finding.said.isprintable() and len(finding.said) < 600


def test_a_trace_of_megabytes_is_not_judged(folder: Path) -> None:
    report = one(folder, row("x" * 2**21), row("John went to the office."))
    assert report.report.traces.reasons == {TOO_LONG: 1} and report.report.traces.free == 1


@pytest.mark.parametrize(
    "said", ["John went to the office.\nThe answer is \\boxed{office}.", "The answer is: **Office**"]
)
def test_an_answer_that_stands_in_the_trace_is_not_another_answer(folder: Path, said: str) -> None:
    right, wrong = {**row(""), "completion": said}, {**row(""), "completion": said.lower().replace("office", "garden")}
    report = one(folder, right, wrong)
    assert report.rows("answer_differs") == 1 and "rows.jsonl:2: it answers" in report.said("answer_differs")


def test_a_false_answer_that_is_said_again_and_again_is_no_other_problem(folder: Path) -> None:
    said = one(folder, row("Answer:\n" + "Mary is in the office.\n" * 5 + "So the answer is the garden.\n" * 4))
    assert (said.rows("trace_of_another_problem"), said.rows("false_statement")) == (0, 1)

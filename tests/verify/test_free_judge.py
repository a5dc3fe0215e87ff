"""The verdict on an output with a free trace."""

from dataclasses import replace

import pytest

from tracekd.errors import UserError
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.verify.free_judge import FreeJudge
from tracekd.verify.free_trace import FreeTrace

FACTS = (
    "Ada plays for Rovers from 1990 to 1994.",
    "Bob plays for Rovers from 1992 to 1996.",
    "Eve plays for Rovers from 1997 to 1999.",
    "Gus plays for Rovers from 1988 to 1991.",
)
QUESTION = "While Ada was playing for Rovers, who was also playing for Rovers at the same time?"


@pytest.fixture
def judged():
    judge = FreeJudge.of(get_task("cotempqa"))
    prepared = judge.prepare(make_problem("overlap", QUESTION, FACTS, ("Bob", "Gus"), source="a test:1"))
    return lambda text, **more: judge.judge(prepared, text, **more)


RIGHT = (
    "Ada played for Rovers from 1990 to 1994. Bob: 1992-1996, which overlaps. Eve: 1997-1999, so no overlap. "
    "Gus: 1988-1991. They overlap."
)


def test_a_trace_whose_claims_all_hold(judged):
    verdict = judged(f"<think>{RIGHT}</think><answer>['Bob', 'Gus']</answer>")
    assert verdict.answer and verdict.lenient_answer
    assert verdict.trace.all_hold and verdict.trace.holding_share == 1.0
    assert (verdict.trace.first_false, verdict.trace.first_error, verdict.trace.taken_back) == (None, None, 0)
    assert verdict.used == ("1", "2", "3", "4")
    assert verdict.support["support"] == (0.5, 1.0, pytest.approx(2 / 3))
    assert (verdict.stated_label, verdict.label_is_right) == ("overlap", True)
    assert verdict.follows_from_holding and verdict.follows_from_standing
    assert verdict.trace.unread_share == 0.0


def test_the_first_false_statement_and_the_one_that_takes_it_back(judged):
    text = "Ada played for Rovers from 1990 to 1994. Bob: 1995-1996. Wait, no. Bob: 1992-1996. So Bob overlaps."
    verdict = judged(f"<think>{text}</think><answer>['Bob']</answer>")
    assert verdict.trace.first_false == verdict.trace.first_error == 1
    assert verdict.trace.taken_back == 1 and verdict.statements[1].taken_back_by is not None
    assert not verdict.answer
    assert verdict.follows_from_holding  # Bob alone follows from what it cites
    assert verdict.trace.conclusions == 1 and verdict.statements[4].grounding == "derived"


def test_an_answer_that_follows_only_from_a_false_statement(judged):
    text = "Ada played for Rovers from 1990 to 1994. Eve played for Rovers from 1991 to 1993."
    verdict = judged(f"<think>{text}</think><answer>['Eve']</answer>")
    assert (verdict.trace.first_false, verdict.follows_from_holding, verdict.follows_from_standing) == (1, False, True)


def test_the_answer_of_a_text_without_marks_is_its_last_answer_statement(judged):
    verdict = judged(
        "Let me see. The answer is Eve.\nNo, wait.\nBob: 1992-1996 overlaps.\nThe answer is Bob and Gus.\n"
    )
    assert verdict.answer_text == "The answer is Bob and Gus."
    assert (verdict.answer, verdict.lenient_answer) == (False, True)
    assert verdict.trace.first_false == 1


def test_invented_facts_are_errors_but_not_false(judged):
    verdict = judged("<think>Zoe played for Rovers from 1990 to 1991. Bob played for United from 1992 to 1996.</think>")
    assert verdict.trace.first_false is None
    assert verdict.trace.first_error == 1
    assert verdict.follows_from_holding is None


def test_the_record_of_the_statements(judged):
    text = "Ada played for Rovers from 1990 to 1994. Bob: 1995-1996. Wait, no. Bob: 1992-1996. Zoe slept. The answer is Eve."
    verdict = judged(f"<think>{text}</think><answer>['Bob']</answer>")
    record = verdict.trace
    assert FreeTrace.model_validate_json(record.model_dump_json()) == record
    for one, kept in zip(verdict.statements, record.statements, strict=True):
        assert kept.text == text[kept.start : kept.end] == one.text
        assert (kept.grounding, kept.facts, kept.taken_back_by) == (one.grounding, one.facts, one.taken_back_by)
    # The answer is false as well, but it is no step.
    assert (record.counts["contradicted"], record.false_steps, record.invented_steps) == (2, 1, 0)
    assert (record.claims, record.holding, record.steps, record.holding_steps) == (4, 2, 3, 2)
    assert (record.first_false, record.taken_back, record.standing_errors) == (1, 1, 0)
    assert not record.all_hold and not record.has_no_false_step


def test_the_record_is_bounded(judged):
    record = judged("<think>" + "Bob: 1995-1996. " * 5000 + "</think>").trace
    assert (record.total, len(record.statements), record.false_steps) == (5000, 256, 5000)
    assert len(record.model_dump_json()) < 100_000


@pytest.mark.parametrize("text", ["", "<think>", "<think></think>", "玛丽" * 1000, "<answer>"])
def test_odd_outputs_have_a_verdict(judged, text):
    verdict = judged(text, finish="length")
    assert verdict.trace.claims == 0 and verdict.trace.holding_share is None and not verdict.trace.all_hold
    assert not verdict.lenient_answer


def test_a_story():
    task = get_task("babi")
    problem = task.example()
    judge = FreeJudge.of(task)
    verdict = judge.judge(
        judge.prepare(problem),
        "<think>Daniel took the apple. Then he went to the office.</think><answer>office</answer>",
    )
    assert verdict.answer and verdict.follows_from_holding and verdict.support["support"] == (1.0, 1.0, 1.0)


def test_a_task_without_a_grammar_is_refused():
    unknown = replace(get_task("msmarco"), name="riddles")
    with pytest.raises(UserError, match="riddles"):
        FreeJudge.of(unknown)

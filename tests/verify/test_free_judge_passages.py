"""Free traces of tasks without rules: statements are judged by the passages, and no rule says whether the answer follows."""

import pytest

from tracekd.tasks import get_task
from tracekd.verify.free_judge import FreeJudge

TRACE = (
    "Okay, let me see. Passage 3 says that Ida Brandt was an engraver. She worked at Kolm Mill for nine years. "
    "Kolm Mill is a paper mill built in 1871. So the answer is 1871."
)


@pytest.fixture
def judged():
    judge = FreeJudge.of(get_task("hotpotqa"))
    prepared = judge.prepare(get_task("hotpotqa").example())
    return lambda text: judge.judge(prepared, text)


@pytest.mark.parametrize("task", ["hotpotqa", "2wikimultihopqa", "musique", "msmarco"])
def test_no_rule_says_whether_an_answer_follows(task):
    judge = FreeJudge.of(get_task(task))
    prepared = judge.prepare(get_task(task).example())
    verdict = judge.judge(prepared, f"{prepared.problem.context[0].text} So the answer is x.")
    assert (verdict.follows_from_holding, verdict.follows_from_standing) == (None, None)
    assert verdict.used == (prepared.problem.context[0].id,)
    assert verdict.trace.all_hold


def test_a_right_trace(judged):
    verdict = judged(TRACE)
    assert verdict.lenient_answer and verdict.trace.all_hold
    assert verdict.answer_text == "So the answer is 1871."
    assert verdict.used == ("1.0", "2.0", "2.1")
    assert verdict.support["support"] == (pytest.approx(2 / 3), 1.0, pytest.approx(0.8))


def test_a_wrong_date_is_the_first_false_statement(judged):
    verdict = judged(TRACE.replace("1871", "1881"))
    assert not verdict.lenient_answer
    assert [verdict.statements[verdict.trace.first_false].text] == ["Kolm Mill is a paper mill built in 1881."]
    assert not verdict.trace.all_hold


def test_reasoning_in_tags(judged):
    verdict = judged(f"<think>{TRACE}</think>1871")
    assert verdict.answer and verdict.trace.all_hold and verdict.answer_text == "1871"

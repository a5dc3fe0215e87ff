"""Traces that are kept by their answer, by their claims, or by both."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.requests.students import TeacherRequest
from tracekd.cli.teacher import run
from tracekd.errors import UserError
from tracekd.tasks import get_task
from tracekd.teacher.gate import Gate
from tracekd.teacher.manifest import Manifest
from tracekd.teacher.texts import KeptText, RejectedText, judge_trace, read_texts
from tracekd.transcript.chat_completion import Completion
from tracekd.verify.claims import FALSE, GROUNDLESS, NO_CLAIM, UNREAD, Keep
from tracekd.worlds.free_traces import ERRORS, make_trace
from tracekd.worlds.free_traces.developed import DEVELOPED_STORIES

from .conftest import PLACES, Reply, Server, chat, lines, said_of

TASK = get_task("babi")
PROBLEM = TASK.example()  # whose answer is `office`
RIGHT = "Daniel took the apple. Daniel went to the office."
FALSE_TRACE = "Mary is in the office. Daniel went to the office."


def said(trace: str, answer: str) -> Completion:
    return Completion(f"<answer>{answer}</answer>", trace, "stop", "served", 42, 12)


@pytest.mark.parametrize(
    ("trace", "answer", "reasons"),
    [
        (RIGHT, "office", (None, None, None)),
        (RIGHT, "garden", ("wrong answer", None, "wrong answer")),
        (FALSE_TRACE, "office", (None, FALSE, FALSE)),
        (FALSE_TRACE, "garden", ("wrong answer", FALSE, "wrong answer")),
        ("John went to the office.", "office", (None, GROUNDLESS, GROUNDLESS)),
        ("Daniel hums a song with the apple.", "office", (None, UNREAD, UNREAD)),
        ("Hm, let me think.", "office", (None, NO_CLAIM, NO_CLAIM)),
        (RIGHT, "", ("no answer",) * 3),
        ("a <think> b", "office", ("the trace contains a tag",) * 3),
    ],
)
def test_what_each_gate_keeps(trace: str, answer: str, reasons: tuple[str | None, ...]) -> None:
    keeps: tuple[Keep, ...] = ("answer", "claims", "both")
    for keep, reason in zip(keeps, reasons, strict=True):
        judged = judge_trace(PROBLEM, said(trace, answer), TASK.template, Gate.of(keep, "babi"))
        if reason is None:
            assert isinstance(judged, KeptText) and (judged.text, judged.answer) == (trace, answer)
        else:
            assert isinstance(judged, RejectedText) and judged.reason == reason


def test_the_statement_that_does_not_hold_is_told() -> None:
    judged = judge_trace(PROBLEM, said(FALSE_TRACE, "office"), TASK.template, Gate.of("both", "babi"))
    assert isinstance(judged, RejectedText)
    assert judged.statement == "1: Mary is in the office. (the story says: Mary moved to the garden.)"
    hostile = said("Mary is in\x1b[31m the\n\n" + "x" * 900 + " office. \u202eMary is in the office.", "office")
    judged = judge_trace(PROBLEM, hostile, TASK.template, Gate.of("claims", "babi"))
    assert isinstance(judged, RejectedText) and judged.statement
    assert judged.statement.isprintable() and len(judged.statement) < 500


@pytest.mark.parametrize("error", [None, *ERRORS["babi"]])
def test_no_trace_with_a_planted_error_is_kept_by_its_claims(error: str | None) -> None:
    for seed in range(20):
        trace = make_trace(PROBLEM, DEVELOPED_STORIES, seed, error)
        judged = judge_trace(PROBLEM, said(trace.text, "office"), TASK.template, Gate.of("claims", "babi"))
        assert isinstance(judged, RejectedText) or trace.first_error is None, trace.text


def test_a_task_whose_free_traces_cannot_be_judged_is_kept_by_answer_only(no_grammar: str) -> None:
    assert Gate.of("answer", no_grammar).keep == "answer"
    with pytest.raises(UserError, match=f"no grammar '{no_grammar}'"):
        Gate.of("both", no_grammar)


def answers(body: dict[str, Any], before: int) -> Reply:
    """Right answers; Mary0 and Mary1 are said to be somewhere else, and the answer about Mary5 is wrong."""
    text = said_of(body)
    if "Question:" not in text:
        return Reply(chat("Somebody went somewhere."))
    at = next(at for at in range(6) if f"Where is Mary{at}?" in text)
    stated = PLACES[(at + 3) % 6] if at < 2 else PLACES[at]
    answer = "cellar" if at == 5 else PLACES[at]
    return Reply(chat(f"<answer>{answer}</answer>", reasoning_content=f"Mary{at} went to the {stated}."))


def test_a_folder_is_kept_again_by_another_choice_without_a_request(
    server: Server, order: Callable[..., TeacherRequest], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    server.respond = answers
    kept = {}
    for keep, rejected in (
        ("answer", {"wrong answer": 1}),
        ("claims", {FALSE: 2}),
        ("both", {FALSE: 2, "wrong answer": 1}),
        ("answer", {"wrong answer": 1}),
    ):
        assert run(order(keep=keep)) == 0
        manifest = Manifest.model_validate_json((tmp_path / "out/manifest.json").read_bytes())
        assert manifest.keep == keep and manifest.kinds["trace"].counts.rejected == rejected
        kept[keep] = len(read_texts(tmp_path / "out")["trace"])
    assert kept == {"answer": 5, "claims": 4, "both": 3} and len(server.asked) == 6
    capsys.readouterr()
    assert run(order(keep="claims", json=False)) == 0
    assert "traces are kept if all their claims hold" in capsys.readouterr().out
    (first, _) = lines(tmp_path / "out/rejected.jsonl")
    assert first["statement"].startswith("1: Mary0 went to the hallway.")
    with pytest.raises(UserError, match="did you mean 'claims'"):
        run(order(keep="claim"))


def test_summaries_are_made_of_kept_traces_only(
    server: Server, order: Callable[..., TeacherRequest], tmp_path: Path
) -> None:
    server.respond = answers
    assert run(order(keep="both", kinds=["trace,summary"])) == 0
    texts = read_texts(tmp_path / "out")
    assert len(texts["trace"]) == len(texts["summary"]) == 3 and len(server.seen) == 9

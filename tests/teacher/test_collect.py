"""Collecting from a server that misbehaves in every way: what came is kept, nothing is asked twice, all is counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.requests.students import TeacherRequest
from tracekd.cli.teacher import run
from tracekd.errors import UserError
from tracekd.http.endpoint import LARGEST_BODY
from tracekd.teacher.texts import read_texts

from .conftest import Reply, Server, chat, good, lines, said_of, write_stories

Make = Callable[..., TeacherRequest]
Printed = pytest.CaptureFixture[str]


def report(capsys: Printed) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def is_about(body: dict[str, Any], name: str) -> bool:
    return f"Where is {name}?" in said_of(body)


def test_all_kinds_are_collected_in_the_order_of_the_problems(
    server: Server, order: Make, capsys: Printed, tmp_path: Path
) -> None:
    assert run(order(kinds=["trace", "explanation,summary"], concurrency=4)) == 0
    found = report(capsys)
    assert [found["kinds"][kind]["counts"]["kept"] for kind in ("trace", "summary", "explanation")] == [6, 6, 6]
    assert found["stopped"] is None and found["problems"] == 6
    assert "--regime 'teacher(trace),teacher(summary),teacher(explanation)'" in found["next"]
    kept = read_texts(tmp_path / "out")
    assert list(kept) == ["explanation", "summary", "trace"]
    assert list(kept["trace"].values()) == [f"Mary{i} went to the {place}." for i, place in enumerate(
        ("kitchen", "garden", "office", "hallway", "bathroom", "bedroom"))]  # fmt: skip
    assert set(kept["summary"].values()) == {"Somebody went somewhere."}
    assert [len(rows) for rows in kept.values()] == [6, 6, 6]
    assert list(kept["summary"]) == list(kept["trace"])
    assert found["kinds"]["trace"]["counts"]["tokens"] == 6 * 42
    assert found["kinds"]["trace"]["counts"]["served_by"] == {"served": 6}
    assert lines(tmp_path / "out/rejected.jsonl") == []
    assert max(server.asked.values()) == 1 and len(server.asked) == 18


def test_what_is_sent_is_what_the_manifest_says(server: Server, order: Make, tmp_path: Path) -> None:
    assert run(order(kinds=["trace,summary"], temperature=0.5, seed=3, max_tokens=None)) == 0
    trace, summary = server.seen[0][2], server.seen[-1][2]
    assert (trace["model"], trace["temperature"], trace["seed"], trace["max_tokens"]) == ("m", 0.5, 3, 4096)
    assert summary["max_tokens"] == 200
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    recipe = manifest["kinds"]["summary"]["recipe"]
    assert (recipe["max_tokens"], recipe["temperature"], recipe["seed"]) == (200, 0.5, 3)
    package = Path(__file__).parents[2] / "src/tracekd/teacher/prompts"
    for kind in ("trace", "summary"):
        assert (tmp_path / f"out/prompts/{kind}.txt").read_bytes() == (package / f"{kind}.txt").read_bytes()


def test_raw_responses_are_kept_as_they_came(server: Server, order: Make, tmp_path: Path) -> None:
    body = chat("<answer>kitchen</answer>", reasoning_content="\u2028 é \U0001f600")
    server.respond = lambda asked, before: Reply(body)
    run(order(limit=1))
    (row,) = lines(tmp_path / "out/raw/trace.jsonl")
    assert row["body"].encode() == body
    assert (row["attempt"], row["status"], row["outcome"], row["tokens"]) == (1, 200, "answered", 42)
    assert read_texts(tmp_path / "out")["trace"] == {row["id"]: "\u2028 é \U0001f600".strip()}


PASSING = {
    "429 with Retry-After": Reply(b"slow down", 429, {"Retry-After": "1"}),
    "500": Reply(b"oh", 500),
    "503 with a date": Reply(b"oh", 503, {"Retry-After": "Mon, 01 Jan 2035 00:00:00 GMT"}),
    "408": Reply(b"", 408),
    "HTML": Reply(b"<html>Just a moment ...</html>"),
    "half a JSON": Reply(chat("<answer>kitchen</answer>", reasoning="A")[:-20]),
    "a lost connection": Reply(b"{", cut=True),
    "an error with 200": Reply(b'{"error": {"message": "busy"}}'),
    "no choices": Reply(b'{"choices": []}'),
    "wrong types": Reply(b'{"choices": [{"message": {"content": {"a": 1}}}]}'),
    "no UTF-8": Reply(b'{"choices": "\xff\xfe\x00'),
    "an empty trace": Reply(chat("<answer>kitchen</answer>", reasoning_content="")),
    "a huge body": Reply(b" " * (LARGEST_BODY + 1)),
    "slow": Reply(b"", wait=30),
}
LASTING = {
    "429 with Retry-After": "HTTP 429", "500": "HTTP 500", "503 with a date": "HTTP 503", "408": "HTTP 408",
    "HTML": "HTML instead of JSON", "half a JSON": "broken JSON", "a lost connection": "connection lost",
    "an error with 200": "not a chat completion", "no choices": "no choices", "wrong types": "not a chat completion",
    "no UTF-8": "broken JSON", "a huge body": "body too large", "slow": "timeout",
}  # fmt: skip


@pytest.mark.parametrize("case", PASSING)
def test_what_passes_is_asked_again_and_kept(server: Server, order: Make, tmp_path: Path, case: str) -> None:
    server.respond = lambda body, before: PASSING[case] if before < 2 else good(body, before)
    # At temperature 0, an answer without a trace would be the same again.
    temperature = 0.7 if case == "an empty trace" else 0.0
    assert run(order(limit=2, timeout=0.3 if case == "slow" else 60.0, temperature=temperature)) == 0
    assert len(read_texts(tmp_path / "out")["trace"]) == 2
    assert set(server.asked.values()) == {3}
    outcomes = [row["outcome"] for row in lines(tmp_path / "out/raw/trace.jsonl")]
    bad = "empty" if case == "an empty trace" else "failed"
    assert outcomes == [bad, bad, "answered"] * 2


@pytest.mark.parametrize("case", LASTING)
def test_what_lasts_is_recorded_as_failed_and_the_rest_stays(
    server: Server, order: Make, capsys: Printed, tmp_path: Path, case: str
) -> None:
    server.respond = lambda body, before: PASSING[case] if is_about(body, "Mary2") else good(body, before)
    assert run(order(retries=1, timeout=0.3 if case == "slow" else 60.0)) == 1
    counts = report(capsys)["kinds"]["trace"]["counts"]
    assert (counts["kept"], counts["failed"], counts["left"]) == (5, {LASTING[case]: 1}, 0)
    (rejected,) = lines(tmp_path / "out/rejected.jsonl")
    assert (rejected["reason"], rejected["failed"]) == (LASTING[case], True)
    # The next run asks for just that one.
    server.respond = good
    server.asked.clear()
    assert run(order()) == 0
    assert len(server.asked) == 1 and len(read_texts(tmp_path / "out")["trace"]) == 6
    assert lines(tmp_path / "out/rejected.jsonl") == []


@pytest.mark.parametrize(("temperature", "requests"), [(0.0, 1), (0.7, 3)])
def test_an_empty_trace_is_asked_for_again_only_if_the_answer_may_differ_and_never_in_the_next_run(
    server: Server, order: Make, capsys: Printed, tmp_path: Path, temperature: float, requests: int
) -> None:
    empty = Reply(chat("<answer>kitchen</answer>"))
    server.respond = lambda body, before: empty if is_about(body, "Mary0") else good(body, before)
    assert run(order(temperature=temperature)) == 0
    assert report(capsys)["kinds"]["trace"]["counts"]["rejected"] == {"empty trace": 1}
    assert sorted(server.asked.values()) == [1, 1, 1, 1, 1, requests]
    reasons = [row["reason"] for row in lines(tmp_path / "out/raw/trace.jsonl") if row["outcome"] == "empty"]
    assert len(reasons) == requests and all(("not asked again" in each) == (temperature == 0) for each in reasons)
    server.asked.clear()
    assert run(order(temperature=temperature)) == 0
    assert not server.asked


def test_no_answer_has_a_trace_and_each_was_paid_once(server: Server, order: Make, capsys: Printed) -> None:
    """Five identical replies to one request at temperature 0 were seen, and paid."""
    server.respond = lambda body, before: Reply(chat("The answer is office."))
    assert run(order(limit=3, json=False)) == 0
    assert sorted(server.asked.values()) == [1, 1, 1]
    assert "rejected: 3 trace: empty trace (not asked again" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("status", [400, 402, 413, 422, 301])
def test_a_request_that_is_refused_is_not_asked_again(
    server: Server, order: Make, capsys: Printed, status: int
) -> None:
    server.respond = lambda body, before: Reply(b"no", status) if is_about(body, "Mary0") else good(body, before)
    assert run(order()) == 1
    assert report(capsys)["kinds"]["trace"]["counts"]["failed"] == {f"HTTP {status}": 1}
    assert set(server.asked.values()) == {1}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_of_everything_stops_everything(
    server: Server, order: Make, capsys: Printed, tmp_path: Path, status: int
) -> None:
    server.respond = lambda body, before: (
        Reply(b"\x1b[31mno", status) if is_about(body, "Mary2") else good(body, before)
    )
    with pytest.raises(UserError, match=f"HTTP {status}") as error:
        run(order())
    assert "next:" in str(error.value) and "\x1b" not in str(error.value)
    counts = report(capsys)["kinds"]["trace"]["counts"]
    assert (counts["kept"], counts["left"]) == (2, 3)
    assert len(read_texts(tmp_path / "out")["trace"]) == 2 and len(server.seen) == 3


def test_wrong_answers_are_rejected_and_never_asked_for_again(
    server: Server, order: Make, capsys: Printed, tmp_path: Path
) -> None:
    server.respond = lambda body, before: Reply(chat("<answer>garden</answer>", reasoning_content="Hm."))
    assert run(order()) == 0
    counts = report(capsys)["kinds"]["trace"]["counts"]
    assert (counts["kept"], counts["rejected"]) == (1, {"wrong answer": 5})
    assert {row["answer"] for row in lines(tmp_path / "out/rejected.jsonl")} == {"garden"}
    server.asked.clear()
    assert run(order()) == 0
    assert not server.asked


def test_an_endpoint_that_goes_down_ends_it_soon(server: Server, order: Make, capsys: Printed, tmp_path: Path) -> None:
    stories = write_stories(tmp_path / "qa1_forty.txt", 40)
    server.respond = lambda body, before: good(body, before) if len(server.seen) <= 10 else Reply(b"", 503)
    assert run(order(sources=[stories], retries=1)) == 1
    found = report(capsys)
    assert "in a row" in found["stopped"] and "HTTP 503" in found["stopped"]
    counts = found["kinds"]["trace"]["counts"]
    assert (counts["kept"], counts["failed"], counts["left"]) == (10, {"HTTP 503": 5}, 25)
    server.respond = good
    assert run(order(sources=[stories])) == 0
    assert report(capsys)["kinds"]["trace"]["counts"]["kept"] == 40


def test_failures_far_between_do_not_end_it(server: Server, order: Make, capsys: Printed, tmp_path: Path) -> None:
    stories = write_stories(tmp_path / "qa1_forty.txt", 40)
    bad = {f"Mary{i}" for i in range(40) if i % 5}  # four of five fail
    server.respond = lambda body, before: (
        Reply(b"", 500) if any(is_about(body, name) for name in bad) else good(body, before)
    )
    assert run(order(sources=[stories], retries=0)) == 1
    found = report(capsys)
    assert found["stopped"] is None and found["kinds"]["trace"]["counts"]["kept"] == 8


def test_an_endpoint_that_is_down_at_the_start_leaves_nothing_behind(
    server: Server, order: Make, capsys: Printed, tmp_path: Path
) -> None:
    server.end()
    assert run(order(model="m")) == 1
    assert "does not respond: no connection" in report(capsys)["stopped"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".lock"]


def test_a_finished_folder_needs_no_endpoint(server: Server, order: Make, capsys: Printed, tmp_path: Path) -> None:
    assert run(order()) == 0
    before = (tmp_path / "out/kept/trace.jsonl").read_bytes()
    (tmp_path / "out/kept/trace.jsonl").unlink()
    server.end()
    assert run(order()) == 0
    assert (tmp_path / "out/kept/trace.jsonl").read_bytes() == before


@pytest.mark.parametrize("concurrency", [1, 4])
def test_the_budget_of_requests_is_never_overdrawn(
    server: Server, order: Make, capsys: Printed, concurrency: int
) -> None:
    server.respond = lambda body, before: good(body, before) if before else Reply(b"", 500)
    assert run(order(max_requests=7, concurrency=concurrency)) == 1
    found = report(capsys)
    assert len(server.seen) == 7 and "7 requests" in found["stopped"] and "--max-requests" in found["stopped"]
    assert run(order(max_requests=7)) == 1  # a kill and another start do not spend it twice
    assert len(server.seen) == 7
    assert run(order(max_requests=20)) == 0
    assert len(server.seen) <= 7 + 6 * 2


def test_the_budget_of_tokens_ends_it(server: Server, order: Make, capsys: Printed) -> None:
    assert run(order(max_tokens_total=100)) == 1
    found = report(capsys)
    counts = found["kinds"]["trace"]["counts"]
    assert (counts["kept"], counts["left"], counts["tokens"]) == (3, 3, 126)
    assert "100 tokens" in found["stopped"]


def test_tokens_that_are_not_counted_are_estimated_and_said_so(server: Server, order: Make, capsys: Printed) -> None:
    server.respond = lambda body, before: Reply(chat("<answer>kitchen</answer>", reasoning="A" * 40, usage=None))
    assert run(order(limit=1)) == 0
    counts = report(capsys)["kinds"]["trace"]["counts"]
    chars = len(said_of(server.seen[0][2])) + 24 + 40
    assert (counts["estimated"], counts["tokens"]) == (1, -(-chars // 4))
    assert run(order(limit=1, json=False)) == 0
    assert "estimated" in capsys.readouterr().out


def test_only_kept_traces_are_summed_up_and_explained(server: Server, order: Make, capsys: Printed) -> None:
    wrong = Reply(chat("<answer>nowhere</answer>", reasoning_content="Hm."))
    server.respond = lambda body, before: (
        wrong if is_about(body, "Mary0") or is_about(body, "Mary1") else good(body, before)
    )
    assert run(order(kinds=["trace", "summary", "explanation"])) == 0
    kinds = report(capsys)["kinds"]
    assert [kinds[kind]["counts"]["wanted"] for kind in ("trace", "summary", "explanation")] == [6, 4, 4]
    asked = [body["messages"] for _, _, body in server.seen if len(body["messages"]) == 3]
    assert len(asked) == 4
    assert all(messages[1]["content"].startswith("<answer>") and "went" not in messages[1]["content"]
               for messages in asked)  # fmt: skip


def test_a_kind_may_be_added_later_by_another_model(
    server: Server, order: Make, capsys: Printed, tmp_path: Path
) -> None:
    assert run(order()) == 0
    assert run(order(kinds=["summary"], model="other")) == 0
    kinds = json.loads((tmp_path / "out/manifest.json").read_text())["kinds"]
    assert {kind: each["recipe"]["model"] for kind, each in kinds.items()} == {"trace": "m", "summary": "other"}
    assert len(server.seen) == 12 and set(read_texts(tmp_path / "out")) == {"trace", "summary"}
    assert run(order()) == 0  # the trace alone: the summaries stay
    assert set(read_texts(tmp_path / "out")) == {"trace", "summary"} and len(server.seen) == 12


def test_a_summary_without_traces_is_refused(server: Server, order: Make) -> None:
    with pytest.raises(UserError, match="--kind trace,summary"):
        run(order(kinds=["summary"]))
    assert not server.seen


@pytest.mark.parametrize("change", [{"temperature": 1.0}, {"seed": 9}, {"max_tokens": 5}, {"model": "other"}])
def test_other_settings_do_not_mix_with_what_is_there(server: Server, order: Make, change: dict[str, Any]) -> None:
    assert run(order(limit=1)) == 0
    with pytest.raises(UserError, match=next(iter(change))):
        run(order(**change))
    assert len(server.seen) == 1


def test_settings_may_be_mended_as_long_as_nothing_was_answered(server: Server, order: Make) -> None:
    server.models = Reply(b"", 404)
    server.respond = lambda body, before: good(body, before) if body["model"] == "m" else Reply(b"no model", 404)
    with pytest.raises(UserError):
        run(order(model="mm"))
    assert run(order()) == 0


def test_prompts_of_ones_own_are_used_and_kept(server: Server, order: Make, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "trace.txt").write_text("Ahem.\n{problem}\nGo on.")
    assert run(order(prompts=own, limit=1)) == 0
    asked = said_of(server.seen[0][2])
    assert asked.startswith("Ahem.\n") and "Mary0 went" in asked and asked.endswith("Go on.")
    assert (tmp_path / "out/prompts/trace.txt").read_text() == "Ahem.\n{problem}\nGo on."
    with pytest.raises(UserError, match="prompt_sha256"):
        run(order(limit=1))


def test_the_answer_to_another_problem_of_the_same_id_is_not_taken(
    server: Server, order: Make, stories: str, tmp_path: Path
) -> None:
    assert run(order(limit=1)) == 0
    Path(stories).write_text("1 Mary9 went to the office.\n2 Zoe went to the kitchen.\n3 Where is Mary9?\toffice\t1\n")
    assert run(order()) == 0
    assert list(read_texts(tmp_path / "out")["trace"].values()) == ["Mary9 went to the office."]
    assert len(server.seen) == 2


def test_the_folder_of_something_else_is_left_alone(server: Server, order: Make, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/own.txt").write_text("mine")
    with pytest.raises(UserError, match="something else"):
        run(order())
    (tmp_path / "out/manifest.json").write_text("{}")
    with pytest.raises(UserError, match="not the manifest"):
        run(order())
    assert not server.seen


MODELS = {
    "404": Reply(b"", 404),
    "HTML": Reply(b"<html>"),
    "none": Reply(b'{"data": []}'),
    "odd": Reply(b'{"data": [{"name": "x"}]}'),
    "500": Reply(b"", 500),
}


@pytest.mark.parametrize("case", MODELS)
def test_a_list_of_models_that_says_nothing_is_passed_over(server: Server, order: Make, case: str) -> None:
    server.models = MODELS[case]
    assert run(order(limit=1, model="any")) == 0


def test_a_model_that_is_not_listed_is_refused_with_the_nearest(server: Server, order: Make) -> None:
    names = ["llama-3", "\x1b[31mred", *(f"model-{i}" for i in range(400))]
    server.models = Reply(json.dumps({"data": [{"id": name} for name in names]}).encode())
    with pytest.raises(UserError, match="did you mean 'llama-3'") as error:
        run(order(model="lama-3"))
    assert "\x1b" not in str(error.value) and len(str(error.value)) < 500 and not server.seen
    assert run(order(model="lama-3", unlisted=True, limit=1)) == 0


def test_a_key_that_is_refused_at_the_start_is_told(server: Server, order: Make, tmp_path: Path) -> None:
    server.models = Reply(b'{"error": "bad key"}', 401)
    with pytest.raises(UserError, match="--api-key-env"):
        run(order())
    assert not server.seen and not (tmp_path / "out/manifest.json").exists()


def test_hostile_text_reaches_the_terminal_without_markup_or_control_characters(
    server: Server, order: Make, capsys: Printed
) -> None:
    server.respond = lambda body, before: Reply(
        chat("<answer>\x1b[31m[bold]x</answer>", finish="\x1b[2J", reasoning_content="\x1b]0;x\x07[red]")
    )
    assert run(order(json=False)) == 0
    assert "\x1b" not in capsys.readouterr().out

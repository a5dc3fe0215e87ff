"""`tracekd teacher`, as a user runs it: killed, locked out, with a key, with nobody there."""

import base64
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from tracekd.http.endpoint import LARGEST_BODY

from ..teacher.conftest import PLACES, Reply, Server, chat, good, lines, said_of, write_stories
from .conftest import Run, environment

KEY = "sk-secret-0123456789"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.end()


def arguments(server: Server, tmp_path: Path, n: int, *more: str) -> list[str]:
    stories = write_stories(tmp_path / "qa1_many.txt", n)
    return ["teacher", "babi", stories, "--endpoint", server.url, "--model", "m", "--out", "out", *more]


def start(tmp_path: Path, arguments: list[str], **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracekd", *arguments], cwd=tmp_path, env={**environment(), **variables},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 600
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


def answered(tmp_path: Path) -> set[str]:
    """The ids whose answers are on disk, as far as whole lines go."""
    path = tmp_path / "out/raw/trace.jsonl"
    data = path.read_bytes() if path.exists() else b""
    return {json.loads(line)["id"] for line in data[: data.rfind(b"\n") + 1].splitlines()}


def test_killed_again_and_again_it_goes_on_and_asks_nobody_twice(server: Server, tracekd: Run, tmp_path: Path) -> None:
    command = arguments(server, tmp_path, 120, "--concurrency", "4", "--json")
    asked_before: dict[str, int] = {}  # how often those were asked whose answer was on disk at a kill
    for enough in (15, 60):
        process = start(tmp_path, command)
        until(lambda enough=enough: len(answered(tmp_path)) >= enough)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for ident in answered(tmp_path):
            asked_before.setdefault(ident, times_asked(server, ident))
    # A kill in the middle of a line.
    raw = tmp_path / "out/raw/trace.jsonl"
    whole = raw.read_bytes()
    raw.write_bytes(whole[: whole.rfind(b"\n") + 1] + b'{"key":"12')
    result = tracekd(*command)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["kinds"]["trace"]["counts"]["kept"] == 120
    rows = lines(raw)
    assert len({row["id"] for row in rows}) == len(rows) == 120
    # Nobody whose answer was on disk was asked again; only what was under way was, four requests at most.
    assert len(asked_before) >= 60
    assert {ident: times_asked(server, ident) for ident in asked_before} == asked_before
    assert len(server.asked) == 120 and sum(server.asked.values()) <= 120 + 2 * 4
    kept = [row["id"] for row in lines(tmp_path / "out/kept/trace.jsonl")]
    assert kept == sorted(kept, key=lambda ident: int(ident.split("/")[1]))


def times_asked(server: Server, ident: str) -> int:
    asked = f"Where is Mary{ident.split('/')[1]}?"
    return sum(count for messages, count in server.asked.items() if asked in messages)


def test_what_is_kept_does_not_depend_on_who_comes_first(server: Server, tracekd: Run, tmp_path: Path) -> None:
    server.respond = lambda body, before: Reply(b"", 500, {"Retry-After": "0"}) if before == 0 else good(body, before)
    command = arguments(server, tmp_path, 30, "--kind", "trace,summary")
    assert tracekd(*command, "--concurrency", "8").returncode == 0
    command[command.index("out")] = "again"
    assert tracekd(*command, "--concurrency", "1").returncode == 0
    for name in ("kept/trace.jsonl", "kept/summary.jsonl", "rejected.jsonl", "prompts/trace.txt"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_budget_ends_in_1_and_says_what_is_left(server: Server, tracekd: Run, tmp_path: Path) -> None:
    command = arguments(server, tmp_path, 12)
    result = tracekd(*command, "--max-requests", "5", "--concurrency", "2")
    assert result.returncode == 1
    assert "5 requests" in result.stderr and "next: run the same command" in result.stderr
    assert "trace" in result.stdout and "12" in result.stdout and "7" in result.stdout
    assert len(server.seen) == 5
    done = tracekd(*command)
    assert done.returncode == 0
    assert "next: tracekd sft babi" in done.stdout and "--traces out" in done.stdout
    assert len(server.seen) == 12


def echoes(number: int) -> Reply:
    """What an endpoint that repeats the key may send: escaped, encoded, cut, in errors and in answers."""
    escaped = "".join(f"\\u{ord(char):04x}" for char in KEY)
    good_body = chat(f"<answer>{PLACES[number % 6]}</answer>", reasoning_content=f"My key is {KEY}, or KEY.").decode()
    huge = b"x" * 990 + KEY.encode() + b"y" * LARGEST_BODY
    return [
        Reply(f"what is {KEY}?".encode(), 400),
        Reply(good_body.replace("KEY", escaped).encode()),
        Reply(f"Authorization: {base64.b64encode(f'Bearer {KEY}'.encode()).decode()}".encode(), 500),
        Reply(f'{{"error": "{escaped}'.encode(), 422, {"X-Request-ID": "r" * 70 + KEY}),
        Reply(huge),
        Reply(good_body.replace("KEY", f"{KEY[:9]} and {KEY[9:]}").encode()),
        Reply(f"?key={''.join(f'%{ord(char):02x}' for char in KEY)}".encode(), 429, {"Retry-After": KEY}),
        Reply(f"<html>{KEY[:-1]}".encode()),
        Reply(KEY.encode("utf-16"), 503),
    ][number]


def test_the_key_is_sent_and_no_part_of_it_is_kept_or_printed(server: Server, tmp_path: Path) -> None:
    def respond(body: dict[str, Any], before: int) -> Reply:
        number = re.search(r"Mary(\d+)\?", json.dumps(body))
        return echoes(int(number[1])) if number and number[1] != "9" else good(body, before)

    server.respond = respond
    printed = ""
    models = [
        ([], server.models),
        (["--json"], Reply(f'{{"data": [{{"id": "m {KEY}"}}]}}'.encode())),
        ([], Reply(f"no {KEY}".encode(), 401)),
    ]
    for more, server.models in models:
        result = subprocess.run(
            [sys.executable, "-m", "tracekd", *arguments(server, tmp_path, 10, "--retries", "0", "--concurrency", "1", *more)],
            cwd=tmp_path, env={**environment(), "OPENAI_API_KEY": KEY}, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        printed += result.stdout + result.stderr
    assert result.returncode == 2 and "[API key]" in result.stderr and "--api-key-env" in result.stderr
    assert server.seen[0][1]["Authorization"] == f"Bearer {KEY}"
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) >= 5 and "[API key]" in (tmp_path / "out/kept/trace.jsonl").read_text()
    raw = lines(tmp_path / "out/raw/trace.jsonl")
    assert {row["status"] for row in raw} == {200, 400, 422, 429, 500, 503}
    payloads = [base64.b64decode(row["body"]) if row["base64"] else row["body"].encode() for row in raw]
    texts = [printed.encode(), *payloads, *(path.read_bytes() for path in written)]
    for text in texts:
        assert not leaks(text) and not leaks(text.replace(b"\0", b""))
        assert not leaks(text.decode("latin-1").encode().decode("unicode_escape").encode())
        assert not leaks(unquote_to_bytes(text))


def leaks(text: bytes) -> list[str]:
    """All runs of 8 characters of the key in a text, as they are or in base64."""
    runs = [KEY[at : at + 8] for at in range(len(KEY) - 7)]
    encoded = {run: base64.b64encode(b"Bearer " + run.encode())[10:18] for run in runs}
    return [run for run in runs if run.encode() in text or encoded[run] in text]


def test_one_process_a_folder(server: Server, tracekd: Run, tmp_path: Path) -> None:
    server.respond = lambda body, before: Reply(b"", wait=60)
    command = arguments(server, tmp_path, 2)
    process = start(tmp_path, command)
    until(lambda: bool(server.seen))
    second = tracekd(*command)
    process.kill()
    process.wait()
    assert second.returncode == 2 and "another tracekd is collecting in this folder" in second.stderr


def begin(tmp_path: Path, arguments: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tracekd", *arguments], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True,
        # Where the tests run in the background of a shell, they and their children ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_ctrl_c_waits_for_the_requests_under_way_and_keeps_their_replies(
    server: Server, tracekd: Run, tmp_path: Path
) -> None:
    released = threading.Event()

    def respond(body: dict[str, Any], before: int) -> Reply:
        released.wait(600)
        return good(body, before)

    server.respond = respond
    command = arguments(server, tmp_path, 20, "--concurrency", "8")
    process = begin(tmp_path, command)
    until(lambda: len(server.seen) == 8)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    said = process.stderr.readline()
    assert (
        said
        == "tracekd: interrupted; waiting for the replies to 8 requests, at most 30 s (Ctrl-C again: do not wait)\n"
    )
    released.set()
    _, said = process.communicate(timeout=600)
    assert process.returncode == 1 and "Traceback" not in said
    assert "tracekd: interrupted; what was collected is kept in out\n  next: run the same command to continue" in said
    assert len(server.seen) == len(answered(tmp_path)) == len(lines(tmp_path / "out/kept/trace.jsonl")) == 8
    assert tracekd(*command).returncode == 0
    assert set(server.asked.values()) == {1} and len(server.seen) == 20, "nobody is asked twice"


def test_a_second_ctrl_c_waits_for_nothing_and_says_what_it_costs(server: Server, tracekd: Run, tmp_path: Path) -> None:
    server.respond = lambda body, before: good(body, before) if "Mary0?" in json.dumps(body) else Reply(b"", wait=600)
    command = arguments(server, tmp_path, 3)
    process = begin(tmp_path, command)
    until(lambda: len(answered(tmp_path)) == 1 and len(server.seen) == 3)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert "waiting for the replies to 2 requests" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 1 and "Traceback" not in said
    assert "interrupted; 2 requests were given up and will be sent again; what was collected is kept in out" in said
    server.respond = good
    assert tracekd(*command).returncode == 0
    assert sorted(server.asked.values())[0] == 1 and len(lines(tmp_path / "out/kept/trace.jsonl")) == 3


def test_nobody_there_ends_in_1_soon_and_leaves_no_trace(server: Server, tracekd: Run, tmp_path: Path) -> None:
    command = arguments(server, tmp_path, 50, "--retries", "1")
    server.end()
    result = tracekd(*command)
    assert result.returncode == 1
    assert "does not respond: no connection" in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "out/manifest.json").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--kind", "tracs"], "did you mean 'trace'?"),
        (["--model", "othr"], "did you mean 'other'?"),
        (["--subset", "papr"], "did you mean 'paper'?"),
        (["--endpoint", "nowhere"], "is invalid"),
        (["--endpoint", f"http://{KEY}@localhost"], "more than an address"),
        (["--prompts", "absent"], "there is no prompt"),
        (["--concurrency", "0"], "--concurrency"),
        (["--kind", "explanation"], "--kind trace,explanation"),
    ],
)
def test_a_request_that_is_wrong_ends_in_2(
    server: Server, tracekd: Run, tmp_path: Path, more: list[str], said: str
) -> None:
    result = tracekd(*arguments(server, tmp_path, 2, *more))
    assert result.returncode == 2 and said in result.stderr, result.stderr
    assert "Traceback" not in result.stderr and KEY not in result.stderr
    assert not (tmp_path / "out/manifest.json").exists() and not server.seen


def test_a_source_without_problems_is_told(server: Server, tracekd: Run, tmp_path: Path) -> None:
    command = arguments(server, tmp_path, 2)
    (tmp_path / "qa1_many.txt").write_text("nothing\n")
    result = tracekd(*command)
    assert result.returncode == 2 and "next: tracekd problems babi" in result.stderr


def test_a_full_disk_ends_in_1_and_what_fits_is_kept(server: Server, tracekd: Run, tmp_path: Path) -> None:
    command = arguments(server, tmp_path, 40, "--concurrency", "4")
    limited = ["bash", "-c", 'ulimit -f 4 && exec "$@"', "-", sys.executable, "-m", "tracekd", *command]
    result = subprocess.run(limited, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=600)
    assert result.returncode == 1 and "Traceback" not in result.stderr and "too large" in result.stderr
    fitted = answered(tmp_path)
    assert 0 < len(fitted) < 40
    assert (tmp_path / "out/raw/trace.jsonl").read_bytes().endswith(b"\n")
    assert tracekd(*command).returncode == 0
    assert len(lines(tmp_path / "out/kept/trace.jsonl")) == 40
    assert sum(server.asked.values()) <= 40 + 4


def claiming(body: dict[str, Any], before: int) -> Reply:
    """Right answers; every second trace has a false statement after a right one."""
    text = said_of(body)
    at = int(re.findall(r"Where is Mary(\d+)\?", text)[-1])
    trace = f"John{at} went to the {PLACES[(at + 1) % 6]}."
    trace += f" Mary{at} is in the {PLACES[(at + 3) % 6]}, so I am done." if at % 2 else ""
    return Reply(chat(f"<answer>{PLACES[at % 6]}</answer>", reasoning_content=trace))


def test_traces_are_kept_by_claims_and_repaired_for_training(server: Server, tracekd: Run, tmp_path: Path) -> None:
    server.respond = claiming
    command = arguments(server, tmp_path, 6)
    made = tracekd(*command, "--keep", "both")
    assert made.returncode == 0, made.stderr
    assert "traces are kept if their answer is right and all their claims hold" in made.stdout
    assert "rejected: 3 trace: a statement is false" in made.stdout
    assert tracekd(*command).returncode == 0  # by answer, without a new request
    assert len(server.seen) == 6
    regimes = "teacher,teacher(repaired),teacher(false_claims)"
    sft = ("sft", "babi", "qa1_many.txt", "--traces", "out", "--regime", regimes, "--out", "data", "--json")
    manifest = json.loads(tracekd(*sft).stdout)
    assert manifest["examples"] == 9 and manifest["left_out"] == 3
    assert manifest["regimes"]["teacher(false_claims)"]["left_out"] == {"no claim of the teacher's trace is false": 3}
    told = {name: lines(tmp_path / "data" / f"teacher{name}.jsonl") for name in ("", "-repaired", "-false_claims")}
    for whole, repaired, false in zip(*told.values(), strict=True):
        assert whole["completion"] == false["completion"]
        trace = repaired["completion"][0]["content"]
        assert trace.startswith("<think>John") and "Mary" not in trace and trace.endswith("</answer>")
        assert trace.count(".") == 1
    audited = tracekd("audit", "data", "--trace", "free", "--json")
    faults = {fault["name"]: fault for fault in json.loads(audited.stdout)["faults"]}
    assert faults["false_statement"]["by_part"] == {"teacher": 3} and faults["incorrect_is_right"]["rows"] == 0
    assert faults["incorrect_is_right"]["checked"] == 3

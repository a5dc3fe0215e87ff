"""`tracekd generate`: killed, resumed, with another student, behind an endpoint.

What needs no process of its own runs in this one: torch takes seconds to import.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tracekd.cli.generate import run
from tracekd.cli.requests.students import GenerateRequest
from tracekd.errors import UserError
from tracekd.http.endpoint import LARGEST_BODY

from ..students.engines.server import Server
from ..teacher.conftest import write_stories
from .conftest import Run, environment

# One thread, said before torch is imported.
os.environ["OMP_NUM_THREADS"] = "1"

Make = Callable[..., GenerateRequest]


@pytest.fixture
def request_for(tiny_base: Path, tmp_path: Path) -> Make:
    """A request for so many stories, to the file `o.jsonl`."""

    def make(n: int, **changes: Any) -> GenerateRequest:
        stories = write_stories(tmp_path / "qa1_many.txt", n)
        given: dict[str, Any] = {
            "student": str(tiny_base), "task": "babi", "sources": [stories], "out": tmp_path / "o.jsonl",
            "max_new_tokens": 12, "json": True,
        }  # fmt: skip
        return GenerateRequest(**{**given, **changes})

    return make


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[GenerateRequest], dict[str, Any]]:
    """What a run that comes to its end reports."""

    def read(request: GenerateRequest) -> dict[str, Any]:
        assert run(request) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return read


Report = Callable[[GenerateRequest], dict[str, Any]]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def whole_lines(path: Path) -> list[bytes]:
    data = path.read_bytes() if path.exists() else b""
    return [line.partition(b"\t")[0] for line in data[: data.rfind(b"\n") + 1].splitlines()]


def test_killed_it_goes_on_and_ends_with_the_same_bytes(
    request_for: Make, report: Report, ready_python: str, tmp_path: Path
) -> None:
    request = request_for(120, batch=1)
    part = tmp_path / "o.jsonl.part"
    process = subprocess.Popen(
        [ready_python, "-m", "tracekd", "generate", request.student, "babi", *request.sources, "--out", "o.jsonl",
         "--max-new-tokens", "12", "--batch", "1"],
        cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    end = time.monotonic() + 600
    while len(whole_lines(part)) < 5:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = whole_lines(part)
    with part.open("ab") as torn:
        torn.write(b'{"id": "half a l')
    assert report(request)["made"] == 120 - len(kept) > 0
    gone_on = (tmp_path / "o.jsonl").read_bytes()
    assert set(kept) <= set(gone_on.splitlines()) and not part.exists()
    (tmp_path / "o.jsonl").unlink()
    assert report(request_for(120, batch=64))["made"] == 120
    assert (tmp_path / "o.jsonl").read_bytes() == gone_on, "outputs depend on neither batch size nor kill"


def test_the_table_and_the_outputs_say_the_same(
    request_for: Make, report: Report, tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(request_for(9, regime="correct", json=False)) == 0
    rows = lines(tmp_path / "o.jsonl")
    assert [row["id"].split("/")[1] for row in rows] == [str(number) for number in range(9)]
    assert {row["regime"] for row in rows} == {"correct"} and {row["student"] for row in rows} == {tiny_base.name}
    finishes, tokens = Counter(row["finish"] for row in rows), sum(len(row["token_ids"]) for row in rows)
    shown = capsys.readouterr().out.replace(",", "").split()
    at = shown.index("9")
    assert list(map(int, shown[at : at + 5])) == [9, tokens, finishes["stop"], finishes["length"], 9]
    again = report(request_for(9, regime="correct"))
    assert (again["outputs"], again["made"], again["cut_off"]) == (9, 0, finishes["length"])


def test_samples_are_drawn_and_another_limit_adds_to_them(request_for: Make, report: Report, tmp_path: Path) -> None:
    drawing: dict[str, Any] = {"samples": 3, "temperature": 1.0}
    assert report(request_for(6, limit=2, **drawing))["made"] == 6
    first = lines(tmp_path / "o.jsonl")
    assert [row["sample"] for row in first] == [0, 1, 2] * 2 and len({row["text"] for row in first}) > 3
    assert report(request_for(6, **drawing))["made"] == 12
    assert lines(tmp_path / "o.jsonl")[:6] == first


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"max_new_tokens": 9}, "max_new_tokens = 12, not 9"),
        ({"seed": 2}, "seed = 0, not 2"),
        ({"regime": "correct"}, "regime = 'unknown', not 'correct'"),
        ({"precision": "bfloat16"}, "precision = 'float32', not 'bfloat16'"),
        ({"student": "embedded"}, "student = 'base0', not 'embedded'"),
    ],
)
def test_outputs_of_two_kinds_do_not_end_in_one_file(
    request_for: Make, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    assert run(request_for(2)) == 0
    before = (tmp_path / "o.jsonl").read_bytes()
    with pytest.raises(UserError, match=said):
        run(request_for(2, **change))
    assert (tmp_path / "o.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--engine", "transformer"], "did you mean 'transformers'?"),
        (["--samples", "2"], "--temperature 1"),
        (["--out", "."], "this is a folder"),
    ],
)
def test_a_request_that_is_wrong_ends_in_2(
    tracekd: Run, tiny_base: Path, tmp_path: Path, more: list[str], said: str
) -> None:
    stories = write_stories(tmp_path / "qa1_two.txt", 2)
    result = tracekd("generate", str(tiny_base), "babi", stories, "--out", "o.jsonl", *more)
    assert result.returncode == 2 and said in result.stderr, result.stderr
    assert "Traceback" not in result.stderr and not (tmp_path / "o.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"regime": "corect"}, "did you mean 'correct'?"),
        ({"regime": "few_shot"}, "needs worked examples"),
        ({"precision": "float16"}, "did you mean 'bfloat16'?"),
        ({"subset": "papr"}, "did you mean 'paper'?"),
        ({"endpoint": "http://localhost:1"}, "--engine endpoint"),
        ({"engine": "endpoint"}, "--endpoint URL"),
        ({"engine": "vllm"}, "pip install 'tracekd[vllm]'"),
        ({"student": "nowhere"}, "there is no base 'nowhere'"),
    ],
)
def test_what_cannot_be_is_told_before_a_file_is_made(
    request_for: Make, tmp_path: Path, change: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(UserError) as raised:
        run(request_for(2, **change))
    assert said in str(raised.value)
    assert not (tmp_path / "o.jsonl").exists() and not (tmp_path / "o.jsonl.part").exists()


@pytest.mark.parametrize("with_tokenizer", [True, False])
def test_an_adapter_writes_what_its_merged_student_does(
    request_for: Make, tiny_base: Path, tmp_path: Path, with_tokenizer: bool
) -> None:
    import torch
    from peft import LoraConfig, get_peft_model

    from tracekd.students.checkpoint import load

    model, tokenizer = load(tiny_base, device="cpu")
    torch.manual_seed(0)
    config = LoraConfig(
        r=2, target_modules="all-linear", init_lora_weights=False, base_model_name_or_path=str(tiny_base)
    )
    adapted = get_peft_model(model, config)
    adapted.save_pretrained(tmp_path / "adapter")
    merged = adapted.merge_and_unload()
    merged.save_pretrained(tmp_path / "merged")
    for folder in ("merged", "adapter") if with_tokenizer else ("merged",):
        tokenizer.save_pretrained(tmp_path / folder)
    texts = {}
    for student in (tmp_path / "adapter", tmp_path / "merged", tiny_base):
        out = tmp_path / f"{student.name}.jsonl"
        assert run(request_for(4, student=str(student), out=out)) == 0
        texts[student.name] = [row["text"] for row in lines(out)]
    assert texts["adapter"] == texts["merged"] != texts[tiny_base.name]


@pytest.mark.parametrize("chat", [True, False])
def test_a_student_is_asked_as_it_was_trained(request_for: Make, tiny_base: Path, tmp_path: Path, chat: bool) -> None:
    student = tmp_path / "student"
    shutil.copytree(tiny_base, student)
    (student / "chat_template.jinja").write_text(
        "{% for m in messages %}Q: {{ m['content'] }}{% endfor %}", encoding="utf-8"
    )
    assert run(request_for(1, student=str(student), out=tmp_path / "by_template.jsonl")) == 0
    record = {"student": {"name": "s", "chat": chat}, "seed": 0, "seconds": 1.0}
    (student / "training.json").write_text(json.dumps(record, indent=1))
    assert run(request_for(1, student=str(student))) == 0
    assert run(request_for(1, student=str(student), chat=not chat, out=tmp_path / "other.jsonl")) == 0
    prompts = {name: lines(tmp_path / f"{name}.jsonl")[0]["prompt"] for name in ("by_template", "o", "other")}
    assert (prompts["o"] == prompts["by_template"]) is chat and (prompts["other"] == prompts["by_template"]) is not chat
    assert json.loads((tmp_path / "o.jsonl.recipe.json").read_text())["chat"] is chat


@pytest.fixture
def server(tiny_base: Path) -> Iterator[Server]:
    from transformers import AutoTokenizer

    made = Server(AutoTokenizer.from_pretrained(tiny_base))
    yield made
    made.end()


def test_behind_an_endpoint(
    request_for: Make, report: Report, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    behind: dict[str, Any] = {
        "engine": "endpoint", "endpoint": server.url, "model": "m", "max_new_tokens": 99, "retries": 0, "api_key_env": ""
    }  # fmt: skip
    assert report(request_for(5, **behind))["made"] == 5
    rows = lines(tmp_path / "o.jsonl")
    assert all(row["text"].endswith("</answer>") and row["finish"] == "stop" for row in rows)
    recipe = json.loads((tmp_path / "o.jsonl.recipe.json").read_text())
    assert recipe["student"] == f"m at {server.url}/v1" and recipe["weights"] is None
    server.faults = {"no max_tokens"}
    with pytest.raises(UserError, match="ignores max_tokens"):
        run(request_for(5, **behind, out=tmp_path / "other.jsonl"))
    server.faults, server.fails = set(), [500] * 9
    assert run(request_for(6, **behind)) == 1
    said = capsys.readouterr().err
    assert "HTTP 500" in said and "run the same command to continue" in said
    server.fails = []
    assert report(request_for(6, **behind))["made"] == 1


UNICODE = re.compile(r"\\u([0-9a-f]{4})")
KEY = "sk-Secret-0123456789/abcDEF_ghi+jkl"


def echoes(number: int, fine: dict[str, Any]) -> tuple[int, bytes]:
    """What an endpoint that repeats the key may send instead of a good reply."""
    escaped = "".join(f"\\u{ord(char):04x}" for char in KEY)
    said = json.dumps(fine)
    text = json.dumps(fine["choices"][0]["text"])
    return [
        (401, f"no {KEY}".encode()),
        (500, json.dumps({"error": KEY}).replace("/", "\\/").encode()),
        (503, f'{{"error": "{escaped}'[:150].encode()),
        (200, b"<html>" + base64.b64encode(f"Bearer {KEY}".encode())),
        (200, said.replace('"finish_reason": "', f'"finish_reason": "{escaped}').encode()),
        (200, b"x" * 990 + KEY.encode() + b"y" * LARGEST_BODY),
        (429, quote(f"key={KEY}", safe="").encode()),
        (400, b"a" * (2**16 - 20) + KEY.encode()),
        (502, b" " * 390 + KEY.encode()),
        (200, said.replace(text, f'"{KEY} {escaped}' + text[1:]).encode()),
    ][number]


@pytest.mark.parametrize("number", range(11))
def test_an_endpoint_that_repeats_the_key_writes_it_nowhere(
    request_for: Make, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("KEY_OF_TEST", KEY)
    complete, usual = server._complete, server.respond

    def spelled(body: dict[str, Any]) -> dict[str, Any]:
        fine = complete(body)
        if number == 10 and body["max_tokens"] > 16:
            fine["choices"][0]["token_ids"] = server.tokenizer.encode(f"I know {KEY}", add_special_tokens=False)
        return fine

    def respond(path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        status, said = usual(path, body)
        return echoes(number, json.loads(said)) if number < 10 and body["max_tokens"] > 16 else (status, said)

    monkeypatch.setattr(server, "_complete", spelled)
    monkeypatch.setattr(server, "respond", respond)
    if number == 9:
        server.faults = {"plain"}  # text counts, not token ids
    request = request_for(
        2, engine="endpoint", endpoint=server.url, model="m", max_new_tokens=99, retries=0, api_key_env="KEY_OF_TEST"
    )
    said = ""
    try:
        assert run(request) == (0 if number == 9 else 1)
    except UserError as error:
        assert number in (0, 7)
        said = str(error)
    printed = capsys.readouterr()
    files = [file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()]
    texts = [said, printed.out, printed.err, *files]
    assert any("[API key]" in text for text in texts) or number in (3, 4, 5, 7, 10)
    for text in texts:
        for seen in (
            text,
            UNICODE.sub(lambda found: chr(int(found[1], 16)), text),
            unquote(text),
            text.replace("\\/", "/"),
        ):
            assert not [KEY[at : at + 8] for at in range(len(KEY) - 7) if KEY[at : at + 8] in seen]
        encoded = base64.b64encode(f"Bearer {KEY}".encode()).decode()
        assert not [at for at in range(10, len(encoded) - 12) if encoded[at : at + 11] in text]


@pytest.mark.parametrize("lacks", ["no completions", "no ids"])
@pytest.mark.parametrize("engine", ["endpoint", "chat-endpoint"])
def test_a_server_of_messages_is_asked_through_messages_and_the_losses_are_said(
    request_for: Make, server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path, engine: str, lacks: str
) -> None:
    server.faults = {"chat", lacks}
    request = request_for(4, engine=engine, endpoint=server.url, model="m", max_new_tokens=99, retries=0)
    assert run(request) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["engine"], found["outputs"], found["made"]) == ("chat-endpoint", 4, 4)
    assert any("chat template" in note for note in found["notes"])
    assert ("asked through /chat/completions instead" in printed.err) == (engine == "endpoint")
    rows = lines(tmp_path / "o.jsonl")
    assert all(row["text"].startswith("<think>") and row["text"].endswith("</answer>") for row in rows)
    assert {row["prompt_tokens"] for row in rows} == {None} and all(row["prompt"] for row in rows)
    # Nothing is asked twice, neither now nor in the next run.
    before = len([body for body in server.seen if body.get("max_tokens", 0) > 16])
    assert before == 4
    assert run(request) == 0
    assert len([body for body in server.seen if body.get("max_tokens", 0) > 16]) == 4


def test_no_chat_is_refused_for_a_server_of_messages(request_for: Make) -> None:
    with pytest.raises(UserError, match="its own chat template"):
        run(request_for(1, engine="chat-endpoint", endpoint="http://localhost:9", model="m", chat=False))

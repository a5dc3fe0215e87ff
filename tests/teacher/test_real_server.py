"""A real server with a real model: `transformers serve`, and the base that comes with the package as the teacher."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tracekd.cli.requests.students import TeacherRequest
from tracekd.cli.teacher import run
from tracekd.teacher.texts import read_texts

from .conftest import lines

pytestmark = pytest.mark.xdist_group("real teacher")

# The base has learnt to say something in one tag and to answer in another; never `think` and `answer`.
CHAT = """\
{%- set said = messages[-1]['content'] -%}
{%- set who = said.split('Where is ')[-1].split('?')[0] -%}
{{- said.replace('Only return the answer.', 'Repeat the last sentences about ' ~ who ~ ' in box, then answer in say.') -}}
{{- '\\n' -}}
"""
# What the server makes of it: thoughts and answer in fields of their own, as a reasoning model's.
PARTS = {
    "defaults": {"role": "assistant"},
    "start_anchor": "then answer in say.\n",
    "fields": {
        "reasoning_content": {"open": "<box>", "close": "</box>", "content": "text"},
        "content": {"open": "<say>", "close": "</say>", "content": "text"},
    },
}
STORIES = """\
1 Mary went to the kitchen.
2 John went to the garden.
3 Where is Mary?\tkitchen\t1
1 John moved to the hallway.
2 Daniel journeyed to the office.
3 Where is Daniel?\toffice\t2
1 Sandra travelled to the bedroom.
2 Mary went back to the bathroom.
3 Where is Sandra?\tgarden\t1
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "base"
    shutil.copytree(str(files("tracekd.students") / "embedded"), folder)  # type: ignore[arg-type]
    (folder / "chat_template.jinja").write_text(CHAT, encoding="utf-8")
    settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    (folder / "tokenizer_config.json").write_text(json.dumps({**settings, "response_template": PARTS}))
    return folder


@pytest.fixture(scope="module")
def url(model: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "transformers.cli.transformers", "serve", str(model), "--host", "127.0.0.1",
         "--port", str(port), "--device", "cpu"],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HF_HOME": str(model.parent / "cache")},
        stdout=subprocess.DEVNULL, stderr=(model.parent / "log").open("w"),
    )  # fmt: skip
    try:
        _wait(server, port, model.parent / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + 600
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()[-3000:]
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server never came up")


@pytest.fixture
def stories(tmp_path: Path) -> str:
    path = tmp_path / "qa1_three.txt"
    path.write_text(STORIES, encoding="utf-8")
    return str(path)


def collect(url: str, model: Path, stories: str, out: Path) -> int:
    own = out.parent / "own"
    own.mkdir(exist_ok=True)
    (own / "trace.txt").write_text("{problem}")
    return run(
        TeacherRequest(
            task="babi", sources=[stories], endpoint=url, model=str(model), out=out, prompts=own, max_tokens=48,
            concurrency=2, retries=0, api_key_env="", json=True,
        )
    )  # fmt: skip


def test_a_real_models_traces_are_collected_and_judged(
    url: str, model: Path, stories: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert collect(url, model, stories, out) == 0
    counts = json.loads(capsys.readouterr().out)["kinds"]["trace"]["counts"]
    assert (counts["kept"], counts["rejected"], counts["failed"], counts["left"]) == (2, {"wrong answer": 1}, {}, 0)
    assert list(read_texts(out)["trace"].values()) == ["Mary went to the kitchen.", "Daniel journeyed to the office."]
    (rejected,) = lines(out / "rejected.jsonl")
    assert rejected["answer"] == "bedroom"
    assert list(counts["served_by"]) == [f"{model}@main"]
    raw = lines(out / "raw/trace.jsonl")
    assert len(raw) == 3 == counts["requests"] and all(row["status"] == 200 for row in raw)
    # The server counts tokens, and gives back the name of the request.
    assert counts["estimated"] == 0 and counts["tokens"] == sum(row["tokens"] for row in raw) > 3 * 20
    assert all(row["request_id"] == f"{row['key']}-1" for row in raw)
    # Another run asks nothing.
    before = (out / "raw/trace.jsonl").read_bytes()
    assert collect(url, model, stories, out) == 0
    assert (out / "raw/trace.jsonl").read_bytes() == before


def test_a_real_server_refuses_another_model(
    url: str, model: Path, stories: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect(url, model / "another", stories, tmp_path / "out") == 1
    counts = json.loads(capsys.readouterr().out)["kinds"]["trace"]["counts"]
    assert counts["failed"] == {"HTTP 400": 3}
    assert "Server is pinned to" in lines(tmp_path / "out/raw/trace.jsonl")[0]["body"]

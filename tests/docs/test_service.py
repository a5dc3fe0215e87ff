"""The service in `examples/service`: over HTTP, with good and with hostile input."""

import importlib.util
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

FILE = Path(__file__).parents[2] / "examples/service/app.py"
TEXT = """<think>The category of the question represents what is being asked in that question. The category of the
question asked is: single-supporting-fact.
I need to use the following text to answer the question: ['Mary went to the office.']</think> <answer>office</answer>"""
ASKED = {"task": "babi", "context": ["Mary went to the office."], "question": "Where is Mary?", "text": TEXT}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """The service at a free port of this machine."""
    spec = importlib.util.spec_from_file_location("service", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(module.app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as asking:
            yield asking
        server.should_exit = True
        thread.join(30)


def test_an_output_is_checked(client: httpx.Client) -> None:
    reply = client.post("/check", json=ASKED)
    assert reply.status_code == 200
    checked = reply.json()
    assert (checked["passes"], checked["answer"], checked["cited"]) == (True, "office", [0])
    assert client.post("/check", json={**ASKED, "text": "<answer>garden</answer>"}).json()["passes"] is False


def test_an_unknown_task_is_named_with_the_nearest(client: httpx.Client) -> None:
    reply = client.post("/check", json={**ASKED, "task": "babbi"})
    assert reply.status_code == 422
    assert "did you mean 'babi'?" in reply.json()["detail"]


HOSTILE = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"task": "\xff"}',
    "an array": b"[]",
    "deep": b"[" * 100_000,
    "half a surrogate": json.dumps({**ASKED, "task": "\ud800"}).encode(),
    "a field that is missing": json.dumps({"task": "babi"}).encode(),
    "a context of one text": json.dumps({**ASKED, "context": "Mary went to the office."}).encode(),
    "a number for a text": json.dumps({**ASKED, "text": 1}).encode(),
    "another finish": json.dumps({**ASKED, "finish": "error"}).encode(),
    "a task with a long name": json.dumps({**ASKED, "task": "b" * 900_000}).encode(),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=list(HOSTILE))
def test_a_body_that_is_wrong_is_refused(client: httpx.Client, body: bytes) -> None:
    reply = client.post("/check", content=body)
    assert (reply.status_code, len(reply.content) < 500) == (422, True), reply.text[:500]
    assert client.post("/check", json=ASKED).json()["passes"] is True


def test_a_body_that_is_too_long_is_refused(client: httpx.Client) -> None:
    assert client.post("/check", content=iter([b" " * 600_000] * 2)).status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "<think>" * 50_000,
        "['" * 100_000,
        "\0\x1b[31m" * 1000,
        "<script>alert(1)</script>",
        "__import__('os')",
        "]" * 300_000,
    ],
    ids=["tags", "quotes", "control characters", "HTML", "code", "brackets"],
)
def test_a_hostile_text_fails_the_check_and_is_not_repeated_at_length(client: httpx.Client, text: str) -> None:
    for output in (text, f"<think>{text}</think> <answer>{text}</answer>"):
        reply = client.post("/check", json={**ASKED, "text": output})
        assert reply.status_code == 200
        assert reply.json()["passes"] is False
        assert len(reply.content) < 50_000

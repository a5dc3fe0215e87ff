"""A real HTTP server on the loopback that behaves as badly as it is told, and stories whose answers it knows."""

import json
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.requests.students import TeacherRequest
from tracekd.http import retries

PLACES = ("kitchen", "garden", "office", "hallway", "bathroom", "bedroom")
WENT = re.compile(r"(\w+) went to the (\w+)\.")


@dataclass(frozen=True)
class Reply:
    """What the server sends; `body` may be bytes of anything. `wait` is seconds, cut short when the server ends."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    cut: bool = False  # fewer bytes than were announced
    drip: bool = False  # a byte now and then, without end


# body of the request, how often this very request was made before -> what to send
Respond = Callable[[dict[str, Any], int], Reply]


def chat(content: Any = None, *, finish: Any = "stop", usage: Any = (30, 12), **message: Any) -> bytes:
    """The body of a chat completion."""
    counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1]} if isinstance(usage, tuple) else usage
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
    return json.dumps({"model": "served", "choices": [choice], "usage": counted}).encode()


def said_of(body: dict[str, Any]) -> str:
    """What the last message of a request says."""
    text = body["messages"][-1]["content"]
    assert isinstance(text, str)
    return text


def good(body: dict[str, Any], before: int) -> Reply:
    """The teacher as it should be: traces, summaries and explanations, with the right answer."""
    if len(body["messages"]) > 1:
        return Reply(chat("The text says where everybody is.", reasoning_content="Explain it."))
    text = said_of(body)
    if "Question:" not in text:
        return Reply(chat("Somebody went somewhere.", reasoning="I shall be short."))
    places = dict(WENT.findall(text))
    name = re.search(r"Where is (\w+)\?", text)
    assert name
    answer = places[name[1]]
    return Reply(chat(f"<answer>{answer}</answer>", reasoning_content=f"{name[1]} went to the {answer}."))


class Server:
    """Counts what it is asked. `respond` may be set at any time."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.respond: Respond = good
        self.models: Reply = Reply(json.dumps({"data": [{"id": "m"}, {"id": "other"}]}).encode())
        self.asked: Counter[str] = Counter()
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.ending = threading.Event()
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # 40 ms a reply

            def do_GET(self) -> None:
                self._send(server.models)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = json.dumps(body["messages"])
                with server._lock:
                    before = server.asked[key]
                    server.asked[key] += 1
                    server.seen.append((self.path, dict(self.headers), body))
                self._send(server.respond(body, before))

            def _send(self, reply: Reply) -> None:
                server.ending.wait(reply.wait)
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(reply.body) + 10**6 * (reply.cut or reply.drip)))
                    self.end_headers()
                    self.wfile.write(reply.body)
                    while reply.drip and not server.ending.wait(0.01):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                except OSError:
                    pass
                self.close_connection = self.close_connection or reply.cut or reply.drip

            def log_message(self, *arguments: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *arguments: object) -> None:
                pass  # a client that was killed

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._http.server_port}"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        self.ending.set()
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.end()


def write_stories(path: Path, n: int) -> str:
    """n one-question stories in bAbI's format; no two are alike."""
    stories = (
        f"1 Mary{i} went to the {PLACES[i % 6]}.\n2 John{i} went to the {PLACES[(i + 1) % 6]}.\n"
        f"3 Where is Mary{i}?\t{PLACES[i % 6]}\t1\n"
        for i in range(n)
    )
    path.write_text("".join(stories), encoding="utf-8")
    return str(path)


@pytest.fixture
def stories(tmp_path: Path) -> str:
    return write_stories(tmp_path / "qa1_six.txt", 6)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting takes no time worth a mention."""
    monkeypatch.setattr(retries, "_FIRST", 0.001)
    monkeypatch.setattr(retries, "_LONGEST_ASKED_FOR", 0.002)


@pytest.fixture
def order(server: Server, stories: str, tmp_path: Path, quick: None) -> Callable[..., TeacherRequest]:
    """A request for all six stories, one at a time, so that what happens has an order."""

    def make(**changes: Any) -> TeacherRequest:
        settings: dict[str, Any] = {
            "task": "babi", "sources": [stories], "endpoint": server.url, "model": "m", "out": tmp_path / "out",
            "concurrency": 1, "retries": 2, "timeout": 5.0, "api_key_env": "", "json": True,
        }  # fmt: skip
        return TeacherRequest(**{**settings, **changes})

    return make


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

"""The endpoint: where it is, what may be sent to it, and everything that may come back."""

import asyncio
import gzip
import socket
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tracekd.errors import UserError
from tracekd.http.endpoint import LARGEST_BODY, Endpoint, Response

from ..teacher.conftest import Reply, Server, chat

KEY = "sk-secret-0123456789"


def endpoint(url: str, timeout: float = 5.0) -> Endpoint:
    return Endpoint.of(url, timeout=timeout, key_name="KEY_OF_TEST")


def post(at: Endpoint) -> Response:
    async def send() -> Response:
        async with at.open(2) as line:
            return await line.post("/chat/completions", {"messages": [{"content": "x"}]}, "r-1")

    return asyncio.run(send())


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://localhost:8000", "http://localhost:8000/v1"),
        ("http://localhost:8000/", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        ("https://a.example/api/v1/chat/completions", "https://a.example/api/v1"),
        ("https://a.example/api", "https://a.example/api/v1"),
        ("https://a.example/paas/v4", "https://a.example/paas/v4"),
        ("https://a.example/v1beta/openai/", "https://a.example/v1beta/openai"),
        (" http://[::1]:80/v1 ", "http://[::1]:80/v1"),
    ],
)
def test_urls_with_and_without_the_version(url: str, base: str) -> None:
    assert endpoint(url).base == base


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://a.example", "http://", "http://a:port", "http://[::1",
                                 "http://a.example/\x1b[31m", "file:///etc/passwd"])  # fmt: skip
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(UserError, match="is invalid"):
        endpoint(url)


@pytest.mark.parametrize("url", [f"https://u:{KEY}@a.example", f"https://{KEY}@a.example", f"https://a.example?k={KEY}",
                                 f"https://a.example/#{KEY}"])  # fmt: skip
def test_a_url_with_a_secret_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(UserError) as error:
        endpoint(url)
    assert KEY not in str(error.value)


def test_a_key_is_sent_but_never_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_OF_TEST", KEY)
    server.respond = lambda body, before: Reply(f"no {KEY}!".encode(), 401, {"X-Request-ID": f"of {KEY}"})
    at = endpoint(server.url)
    received = post(at)
    assert server.seen[0][1]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(at) and KEY not in repr(received)
    assert received.body == b"no [API key]!" and received.status == 401


def test_a_placeholder_is_no_secret(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_OF_TEST", "EMPTY")
    server.respond = lambda body, before: Reply(b"an EMPTY box")
    assert post(endpoint(server.url)).body == b"an EMPTY box"


@pytest.mark.parametrize("key", ["a\nb: c", "schlüssel", "a\x00b"])
def test_a_key_that_cannot_be_one_is_refused_without_being_quoted(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"KEY_OF_TEST": key})
    with pytest.raises(UserError) as error:
        endpoint("http://localhost")
    assert key not in str(error.value)


@pytest.mark.parametrize("host", ["a.example", "10.0.0.1", "localhost.a.example", "128.0.0.1"])
def test_a_key_never_travels_unencrypted(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert endpoint(f"http://{host}").key == ""
    monkeypatch.setenv("KEY_OF_TEST", KEY)
    with pytest.raises(UserError, match="unencrypted"):
        endpoint(f"http://{host}")
    for fine in (f"https://{host}", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"):
        assert endpoint(fine).key == KEY


def test_no_proxy_stands_before_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.respond = lambda body, before: Reply(chat("x"))
    assert post(endpoint(server.url)).body == chat("x")


def test_what_came_is_what_is_received(server: Server) -> None:
    server.respond = lambda body, before: Reply(b"\xff\x00", 429, {"Retry-After": "3", "X-Request-ID": "q"})
    received = post(endpoint(server.url))
    assert (received.status, received.body, received.fault) == (429, b"\xff\x00", "")
    assert (received.retry_after, received.request_id) == ("3", "q")
    assert not received.is_fine and received.seconds > 0
    assert server.seen[0][0] == "/v1/chat/completions" and server.seen[0][1]["X-Request-ID"] == "r-1"


CASES: dict[str, tuple[Callable[[], Reply], str]] = {
    "huge": (lambda: Reply(b"x" * (LARGEST_BODY + 1)), "body too large"),
    "compressed": (lambda: Reply(gzip.compress(chat("x")), headers={"Content-Encoding": "gzip"}), "compressed body"),
    "cut": (lambda: Reply(chat("x"), cut=True), "connection lost"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_body_that_is_not_to_be_had(server: Server, case: str) -> None:
    make, fault = CASES[case]
    server.respond = lambda body, before: make()
    received = post(endpoint(server.url))
    assert received.fault == fault and not received.is_fine and len(received.body) <= 1000


def test_the_search_for_the_key_in_a_long_body_delays_no_other_request(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_OF_TEST", KEY)
    server.respond = lambda body, before: Reply(b"\0s" * 2**20)

    async def longest_pause() -> tuple[float, float]:
        async def beat() -> None:
            while True:
                times.append(time.monotonic())
                await asyncio.sleep(0.005)

        times: list[float] = []
        async with endpoint(server.url, timeout=60).open(1) as line:
            beating = asyncio.create_task(beat())
            response = await line.post("/chat/completions", {"messages": []}, "r")
            beating.cancel()
        assert len(response.body) == 2**21 and not response.fault
        pauses = [after - before for before, after in pairwise(times)]
        return max(pauses), times[-1] - times[0]

    longest, whole = asyncio.run(longest_pause())
    assert longest < whole / 3


@pytest.mark.parametrize("reply", [Reply(b"", wait=30), Reply(b"{", drip=True)])
def test_an_endpoint_that_never_ends_is_left_in_time(server: Server, reply: Reply) -> None:
    server.respond = lambda body, before: reply
    assert post(endpoint(server.url, timeout=0.2)).fault == "timeout"


def test_redirects_are_not_followed(server: Server) -> None:
    server.respond = lambda body, before: Reply(b"", 307, {"Location": f"{server.url}/v1/chat/completions"})
    received = post(endpoint(server.url))
    assert received.status == 307 and len(server.seen) == 1


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    received = post(endpoint(f"http://127.0.0.1:{port}"))
    assert (received.status, received.fault) == (None, "no connection")


def test_what_speaks_no_http_is_a_lost_connection() -> None:
    async def meet() -> Any:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"\x00\x01 hello\r\n\r\n")
            await writer.drain()
            writer.close()

        at = await asyncio.start_server(babble, "127.0.0.1", 0)
        async with at, endpoint(f"http://127.0.0.1:{at.sockets[0].getsockname()[1]}").open(1) as line:
            return await line.post("/x", {}, "r")

    assert asyncio.run(meet()).fault == "connection lost"

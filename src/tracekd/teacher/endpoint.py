"""The teacher's endpoint: where it is, with which key it is asked, and one request at a time."""

import ipaddress
import os
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from tracekd.errors import UserError

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 8 * 2**20  # bytes
_CONNECT_TIMEOUT = 10.0  # seconds
# A shorter key (such as EMPTY, which local servers are given) is no secret, and would mangle what is recorded.
_SHORTEST_SECRET = 8
_ENDS_IN_VERSION = re.compile(r"/(?:v\d[^/]*|openai)\Z")
_SHAPE = "a URL such as https://api.example.org/v1 or http://localhost:8000"


@dataclass(frozen=True, slots=True)
class Received:
    """What one attempt brought: a status and a body, or the `fault` of the transport. `seconds` it took in all."""

    status: int | None
    body: bytes
    fault: str
    seconds: float
    retry_after: str = ""
    request_id: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether there is a body that may be an answer."""
        return not self.fault and self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Endpoint:
    """Where requests go. `base` ends in the version of the API; the key is in no representation of the object."""

    base: str
    timeout: float
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, *, timeout: float, key_name: str) -> "Endpoint":
        """From a URL with or without `/v1`; the key is read from the environment variable `key_name`.

        Raises UserError, which quotes neither, for what is no such URL, or for a key that would travel unencrypted.
        """
        parts = _split(url)
        key = os.environ.get(key_name, "").strip() if key_name else ""
        if not (key.isascii() and key.isprintable()):
            raise UserError("the API key holds characters that no key has", where=f"environment variable {key_name}")
        if key and parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
            raise UserError(
                "the API key would travel unencrypted", where=f"{parts.scheme}://{parts.netloc}",
                expected="https, or a server on this machine",
                next_step="use https, or name a variable that is not set: --api-key-env NONE",
            )  # fmt: skip
        path = parts.path.rstrip("/").removesuffix("/chat/completions")
        version = "" if _ENDS_IN_VERSION.search(path) else "/v1"
        return cls(f"{parts.scheme}://{parts.netloc}{path}{version}", timeout, key)

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, where no proxy may stand between."""
        return _is_loopback(urlsplit(self.base).hostname or "")

    @asynccontextmanager
    async def open(self, connections: int) -> AsyncIterator["Line"]:
        """A line to the endpoint, for at most so many requests at a time. Redirects are not followed."""
        import httpx

        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        timeout = httpx.Timeout(self.timeout, connect=min(_CONNECT_TIMEOUT, self.timeout))
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        async with httpx.AsyncClient(
            headers=headers, timeout=timeout, limits=limits, follow_redirects=False, trust_env=not self.is_local,
            verify=self.base.startswith("https:"),  # certificates take a tenth of a second to load
        ) as client:  # fmt: skip
            yield Line(self, client)

    def without_key(self, body: bytes) -> bytes:
        """What an endpoint says of a key may quote it: it is never recorded."""
        return body.replace(self.key.encode(), b"[API key]") if len(self.key) >= _SHORTEST_SECRET else body


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises ValueError for one that is none
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    # The URL is not quoted: it may hold a password.
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UserError(
            "the URL of the endpoint holds more than an address", expected=_SHAPE,
            next_step="put the API key into the environment variable OPENAI_API_KEY",
        )  # fmt: skip
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.strip().isprintable():
        raise UserError("the endpoint is no URL", where="--endpoint", expected=_SHAPE)
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True)
class Line:
    """An open connection pool to an endpoint."""

    endpoint: Endpoint
    _client: "httpx.AsyncClient"

    async def post(self, path: str, body: dict[str, object], request_id: str) -> Received:
        """Send a JSON object. Never raises for what an endpoint may do."""
        return await self._send("POST", path, body, {"X-Request-ID": request_id})

    async def get(self, path: str) -> Received:
        """Ask without a body."""
        return await self._send("GET", path, None, {})

    async def _send(self, method: str, path: str, json: object, headers: dict[str, str]) -> Received:
        import asyncio

        import httpx

        begun = time.monotonic()
        try:
            # httpx bounds each step only: an endpoint that sends a byte now and then would never end.
            async with asyncio.timeout(self.endpoint.timeout):
                async with self._client.stream(method, self.endpoint.base + path, json=json, headers=headers) as got:
                    body, fault = await _read(got)
        except (TimeoutError, httpx.TimeoutException):
            return Received(None, b"", "timeout", time.monotonic() - begun)
        except httpx.ConnectError:
            return Received(None, b"", "no connection", time.monotonic() - begun)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
            return Received(None, b"", "connection lost", time.monotonic() - begun)
        return Received(
            got.status_code, self.endpoint.without_key(body), fault, time.monotonic() - begun,
            got.headers.get("retry-after", "")[:80], self._header(got, "x-request-id"),
        )  # fmt: skip

    def _header(self, response: "httpx.Response", name: str) -> str:
        said = response.headers.get(name, "").encode(errors="replace")
        return self.endpoint.without_key(said).decode(errors="replace")[:80]


async def _read(response: "httpx.Response") -> tuple[bytes, str]:
    """The bytes of the body, and what is wrong with it. Compressed ones might grow without bound, and are not read."""
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return b"", "compressed body"
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            return bytes(body[:1000]), "body too large"
    return bytes(body), ""

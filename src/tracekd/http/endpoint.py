"""An endpoint: its address, its API key, and single requests to it."""

import ipaddress
import os
import re
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from tracekd.errors import UserError
from tracekd.http.redaction import Redaction
from tracekd.http.retries import RETRIED_STATUS

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 8 * 2**20  # bytes
# If a body is too large, only its beginning is kept. The search for the key covers more: a cut must not hide the key.
_KEPT, _SEARCHED = 1000, 2**16
_LONGEST_HEADER = 80
_CONNECT_TIMEOUT = 10.0  # seconds
_LONG = 2**16  # bytes; the search for the key in a longer body would delay other requests
_ENDS_IN_VERSION = re.compile(r"/(?:v\d[^/]*|openai)\Z")
_SHAPE = "a URL such as https://api.example.org/v1 or http://localhost:8000"


@dataclass(frozen=True, slots=True)
class Response:
    """The response: a status and a body without the API key, or the `fault` of the transport; and the time it took."""

    status: int | None
    body: bytes
    fault: str
    seconds: float
    retry_after: str = ""
    request_id: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether the body may be an answer."""
        return not self.fault and self.status is not None and 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """Whether the same request would get the same response again."""
        return not self.is_fine and not self.fault and self.status not in RETRIED_STATUS

    @property
    def text(self) -> str:
        """The body as text, for a person to read."""
        return self.body.decode(errors="replace")


class UntrustedCertificate(UserError):
    """The endpoint's TLS certificate is not trusted, so nothing was sent."""

    def __init__(self, endpoint: "Endpoint", reason: str) -> None:
        parts = urlsplit(endpoint.base)
        super().__init__(
            f"the TLS certificate of the endpoint is not trusted: {reason}",
            where=f"{parts.hostname}:{parts.port or 443}",
            expected=f"a certificate for {parts.hostname} from a known authority",
            next_step="if you trust this server: SSL_CERT_FILE=FILE tracekd ..., where FILE is its certificate (PEM)",
        )


@dataclass(frozen=True)
class Endpoint:
    """An address for requests. `base` ends with the version of the API; no representation of the object shows the key."""

    base: str
    timeout: float
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, *, timeout: float, key_name: str) -> "Endpoint":
        """From a URL with or without `/v1`; the key is read from the environment variable `key_name`.

        Raises UserError, without quoting them, for an invalid URL, and for a key that would be sent unencrypted.
        """
        parts = _split(url)
        key = os.environ.get(key_name, "").strip() if key_name else ""
        if not (key.isascii() and key.isprintable()):
            raise UserError("the API key has invalid characters", where=f"environment variable {key_name}")
        if key and parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
            raise UserError(
                "the API key would be sent unencrypted", where=f"{parts.scheme}://{parts.netloc}",
                expected="https, or a server on this machine",
                next_step="use https, or name a variable that is not set: --api-key-env NONE",
            )  # fmt: skip
        if Redaction(key.encode())(url.encode()) != url.encode():
            raise UserError("the URL of the endpoint contains the API key", expected=_SHAPE)
        path = parts.path.rstrip("/").removesuffix("/chat/completions")
        version = "" if _ENDS_IN_VERSION.search(path) else "/v1"
        return cls(f"{parts.scheme}://{parts.netloc}{path}{version}", timeout, key)

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine: then no proxy may be used."""
        return _is_loopback(urlsplit(self.base).hostname or "")

    def quotes_key(self, text: str) -> bool:
        """Whether a text, however it was put together, contains a part of the API key."""
        sent = text.encode(errors="replace")
        return Redaction(self.key.encode())(sent) != sent

    @asynccontextmanager
    async def open(self, connections: int) -> AsyncIterator["Connection"]:
        """A connection to the endpoint, for a limited number of requests at a time. Redirects are not followed.

        Raises UserError if the file of trusted certificates that the environment names (SSL_CERT_FILE) is invalid.
        """
        import httpx

        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        timeout = httpx.Timeout(self.timeout, connect=min(_CONNECT_TIMEOUT, self.timeout))
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        async with httpx.AsyncClient(
            headers=headers, timeout=timeout, limits=limits, follow_redirects=False, trust_env=not self.is_local,
            verify=_trusted() if self.base.startswith("https:") else False,
        ) as client:  # fmt: skip
            yield Connection(self, client)


def _trusted() -> ssl.SSLContext:
    """The trusted certificates: those of SSL_CERT_FILE or SSL_CERT_DIR, even for a server on this machine, or the usual
    ones. They take a tenth of a second to load.
    """
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise UserError(
            f"the trusted certificates cannot be read: {error}", where=os.environ.get("SSL_CERT_FILE"),
            expected="SSL_CERT_FILE, if it is set, names a file of certificates (PEM)",
        ) from None  # fmt: skip


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises ValueError for an invalid one
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    # The URL is not quoted: it may contain a password.
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UserError(
            "the URL of the endpoint contains more than an address", expected=_SHAPE,
            next_step="put the API key into the environment variable OPENAI_API_KEY",
        )  # fmt: skip
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.strip().isprintable():
        raise UserError("the URL of the endpoint is invalid", where="--endpoint", expected=_SHAPE)
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True)
class Connection:
    """Open connections to an endpoint."""

    endpoint: Endpoint
    _client: "httpx.AsyncClient"

    async def post(self, path: str, body: dict[str, object], request_id: str) -> Response:
        """Send a JSON object. Whatever the endpoint does, this raises only UntrustedCertificate."""
        return await self._send("POST", path, body, {"X-Request-ID": request_id})

    async def get(self, path: str) -> Response:
        """Send a request without a body. Raises UntrustedCertificate."""
        return await self._send("GET", path, None, {})

    async def _send(self, method: str, path: str, json: object, headers: dict[str, str]) -> Response:
        import asyncio

        import httpx

        begun = time.monotonic()
        try:
            # httpx limits only each step: an endpoint that sends single bytes would never end.
            async with asyncio.timeout(self.endpoint.timeout):
                async with self._client.stream(method, self.endpoint.base + path, json=json, headers=headers) as got:
                    body, fault = await _read(got)
        except (TimeoutError, httpx.TimeoutException):
            return Response(None, b"", "timeout", time.monotonic() - begun)
        except httpx.ConnectError as error:
            if reason := _distrust(error):
                raise UntrustedCertificate(self.endpoint, reason) from None
            return Response(None, b"", "no connection", time.monotonic() - begun)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
            return Response(None, b"", "connection lost", time.monotonic() - begun)
        is_long = len(body) > _LONG
        kept = await asyncio.to_thread(self._without_key, body) if is_long else self._without_key(body)
        return Response(
            got.status_code, kept[:_KEPT] if fault else kept, fault, time.monotonic() - begun,
            self._header(got, "retry-after"), self._header(got, "x-request-id"),
        )  # fmt: skip

    def _header(self, response: "httpx.Response", name: str) -> str:
        text = response.headers.get(name, "").encode(errors="replace")[:_SEARCHED]
        return self._without_key(text).decode(errors="replace")[:_LONGEST_HEADER]

    def _without_key(self, text: bytes) -> bytes:
        return Redaction(self.endpoint.key.encode())(text)


def _distrust(error: BaseException | None) -> str:
    """Why a certificate is not trusted; empty if that is not what went wrong."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        error = error.__cause__ or error.__context__
    return ""


async def _read(response: "httpx.Response") -> tuple[bytes, str]:
    """The bytes of the body, and its fault. A compressed body could grow without limit, so it is not read."""
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return b"", "compressed body"
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            return bytes(body[:_SEARCHED]), "body too large"
    return bytes(body), ""

"""A server whose certificate nobody knows: named as such, never trusted in silence, and usable for those who trust it."""

import asyncio
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracekd.errors import UserError
from tracekd.http.endpoint import Endpoint, Response, UntrustedCertificate

from ..cli.conftest import environment
from ..teacher.conftest import Server, write_stories

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")


def certificate(folder: Path, name: str, days: int = 2) -> Path:
    """A file with a new key and a certificate for it, signed by itself."""
    file = folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a test", "-days", str(days)]
    named = ["-addext", f"subjectAltName=IP:{name}", "-keyout", str(file), "-out", str(folder / "public.pem")]
    subprocess.run([*command, *named], check=True, capture_output=True)
    file.write_text(file.read_text() + (folder / "public.pem").read_text())
    return file


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("own"), "127.0.0.1")


def served(file: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    made = Server(context)
    yield made
    made.end()


@pytest.fixture
def server(own: Path) -> Iterator[Server]:
    yield from served(own)


def post(url: str) -> Response:
    async def send() -> Response:
        async with Endpoint.of(url, timeout=20, key_name="").open(1) as line:
            return await line.post("/chat/completions", {"messages": []}, "r-1")

    return asyncio.run(send())


def test_a_certificate_that_signs_itself_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(UntrustedCertificate) as error:
        post(server.url)
    assert error.value.problem == "the TLS certificate of the endpoint is not trusted: self-signed certificate"
    assert error.value.where == server.url.removeprefix("https://")
    assert "SSL_CERT_FILE" in str(error.value.next_step)
    assert not server.seen, "nothing is sent to whom nobody knows"


def test_who_trusts_it_can_say_so(server: Server, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    server.respond = lambda body, before: server.models
    assert post(server.url).status == 200


def test_a_certificate_for_another_address_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path, "10.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with contextmanager(served)(file) as server:
        with pytest.raises(UntrustedCertificate, match="IP address mismatch"):
            post(server.url)
        assert not server.seen


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_a_file_of_certificates_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    file = tmp_path / "trusted.pem"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(UserError, match="the trusted certificates cannot be read"):
        post("https://127.0.0.1:9")


def test_the_command_ends_in_2_at_once(server: Server, tmp_path: Path) -> None:
    stories = write_stories(tmp_path / "qa1_two.txt", 2)
    command = ["teacher", "babi", stories, "--endpoint", server.url, "--model", "m", "--out", "out"]
    variables = {name: value for name, value in environment().items() if name != "SSL_CERT_FILE"}
    result = subprocess.run(
        [sys.executable, "-m", "tracekd", *command],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert result.stderr.startswith(
        f"tracekd: {server.url.removeprefix('https://')}: the TLS certificate of the endpoint"
    )
    assert not (tmp_path / "out/manifest.json").exists()

"""The API key in all the forms in which an endpoint may send it back."""

import base64
import json
import random
import string
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.http.redaction import REDACTED, Redaction

KEY = "sk-secret/0123+456789_AbCdEfGhIjKl"


def codes(text: str, form: str) -> str:
    return "".join(form.format(ord(char)) for char in text)


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "JSON": lambda key: json.dumps(key).replace("/", r"\/").encode(),
    "JSON, every character": lambda key: codes(key, r"\u{:04x}").encode(),
    "JSON, every other character": lambda key: "".join(
        codes(char, r"\u{:04X}") if place % 2 else char for place, char in enumerate(key)
    ).encode(),
    "JSON in JSON": lambda key: json.dumps(codes(key, r"\u{:04x}")).encode(),
    "URL": lambda key: quote(key, safe="").encode(),
    "URL, every character": lambda key: codes(key, "%{:02X}").encode(),
    "URL in URL": lambda key: quote(codes(key, "%{:02x}"), safe="").encode(),
    "URL in JSON": lambda key: codes(codes(key, "%{:02x}"), r"\u{:04x}").encode(),
    "HTML": lambda key: codes(key, "&#{};").encode(),
    "HTML, hexadecimal": lambda key: codes(key, "&#x{:X};").encode(),
    "program text": lambda key: codes(key, r"\x{:02x}").encode(),
    "UTF-16": lambda key: key.encode("utf-16"),
    "base64": lambda key: base64.b64encode(key.encode()),
    "base64, after a name": lambda key: base64.b64encode(f"user:{key}".encode()),
    "base64, after Bearer": lambda key: base64.b64encode(f"Bearer {key} and more".encode()),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(f"?{key}".encode()),
    "base64 in URL": lambda key: quote(base64.b64encode(key.encode())).encode(),
}


def leaks(body: bytes) -> list[bytes]:
    """All runs of 8 characters of the key in what is kept: as they are, or in base64."""
    runs = [KEY[at : at + 8].encode() for at in range(len(KEY) - 7)]
    encoded = [
        base64.b64encode(b"?" * before + run)[-(-8 * before // 6) : (8 * (before + 8)) // 6]
        for run in runs
        for before in range(3)
    ]
    return [run for run in [*runs, *encoded] if run in body.translate(bytes.maketrans(b"-_", b"+/")) or run in body]


def unescaped(body: bytes) -> list[bytes]:
    """The body as readers of escapes would see it."""
    text = body.decode("latin-1")
    json_read = text.encode("latin-1").decode("unicode_escape", errors="replace")
    return [body, json_read.encode(errors="replace"), body.replace(b"\0", b"")]


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_key_is_kept(form: str) -> None:
    body = b'{"error": "not valid: ' + FORMS[form](KEY) + b'", "n": 1}'
    redacted = Redaction(KEY.encode())(body)
    assert REDACTED in redacted
    for text in unescaped(redacted):
        assert not leaks(text), redacted
    assert redacted.startswith(b'{"error": "not valid: ') and redacted.endswith(b'", "n": 1}')


@pytest.mark.parametrize("form", FORMS)
def test_no_part_of_the_key_is_kept(form: str) -> None:
    for begin, end in ((0, 8), (0, 12), (9, 17), (3, len(KEY) - 1), (len(KEY) - 12, len(KEY))):
        part = KEY[begin:end]
        if not part.isalpha():
            assert REDACTED in Redaction(KEY.encode())(b"no " + FORMS[form](part) + b"... here")


@given(st.integers(0, len(KEY)), st.sampled_from(list(FORMS)))
def test_a_body_that_ends_inside_the_key(cut: int, form: str) -> None:
    body = FORMS[form](KEY)
    assert not leaks(Redaction(KEY.encode())(b"key " + body[: len(body) * cut // len(KEY)]))


@given(st.text(), st.text())
def test_everything_else_stays(before: str, after: str) -> None:
    redact = Redaction(KEY.encode())
    assert redact(before.encode()) == before.encode()
    assert redact(f"{before} {KEY} {after}".encode()) == f"{before} [API key] {after}".encode()


@pytest.mark.parametrize(
    "json_text", [r'{"a": "\u0073k-secret\/0123+456789_AbCdEfGhIjKl\n"}', r'"\\\\sk-secret\/0123"']
)
def test_json_stays_json(json_text: str) -> None:
    assert "[API key]" in str(json.loads(Redaction(KEY.encode())(json_text.encode())))


def test_words_of_a_placeholder_are_no_secret() -> None:
    redact = Redaction(b"sk-no-key-required")
    assert redact(b"a number is required here") == b"a number is required here"
    assert redact(b"sk-no-key-required") == REDACTED
    assert Redaction(b"EMPTY")(b"an EMPTY box") == b"an EMPTY box"
    assert Redaction(b"passwords")(b"passwords, password") == b"[API key], password"


def test_the_secret_is_in_no_representation() -> None:
    assert KEY not in repr(Redaction(KEY.encode()))


def test_hostile_bodies_take_linear_time() -> None:
    redact = Redaction(KEY.encode())
    for piece in (b"\\", b"%25", b"&#x0", b"&#0", b"\x00", b"sk-s", b"\\u007", b"%2525&#x25;"):
        body = piece * (2**18 // len(piece))
        assert redact(body) == body, piece


def test_a_long_key_in_a_long_text() -> None:
    draw = random.Random(0)
    key = "".join(draw.choices(string.ascii_letters + string.digits + "-_", k=164))
    text = " ".join("".join(draw.choices(string.ascii_letters, k=7)) for _ in range(20_000))
    assert Redaction(key.encode())(f"{text}{key}{text}".encode()) == f"{text}[API key]{text}".encode()

"""Removes the API key from everything that an endpoint sends, before anything is kept or printed.

An endpoint may quote all or part of the key, with escaped characters (JSON, URL, HTML, program text), in UTF-16, or
inside base64. So the search is for sequences of characters of the key, not for the key itself.
"""

import base64
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

REDACTED = b"[API key]"
# A shorter key (such as EMPTY, common for local servers) is not secret, and removing it would damage the records.
SHORTEST_SECRET = 8
# A shorter sequence of letters may be a word of the text: `sk-no-key-required` is a common key of local servers.
_SHORTEST_LETTERS = 12
# At any offset, 8 bytes contain at least this many whole characters of base64.
_SHORTEST_BASE64 = 10
_CODE = rb"([0-7][0-9a-fA-F])"
# A character that was escaped once or several times; zero bytes, which UTF-16 has between characters.
_ESCAPED = re.compile(
    rb'\\+(?:u00|x)' + _CODE + rb"|%(?:25)*" + _CODE + rb"|&#[xX]0*" + _CODE + rb";|&#0*(\d{2,3});|\\+([/\"\\])|\x00+"
)  # fmt: skip
# How often escapes of escapes are undone.
_DEPTH = 3
_URL_SAFE = bytes.maketrans(b"-_", b"+/")

Span = tuple[int, int]


@dataclass(frozen=True)
class Redaction:
    """Removes a secret from bytes. No representation of the object shows the secret."""

    secret: bytes = field(repr=False)

    def __call__(self, body: bytes) -> bytes:
        """The body without the secret and without any sequence of at least 8 of its characters (12, if all are letters)."""
        if len(self.secret) < SHORTEST_SECRET:
            return body
        parts: list[bytes] = []
        end = 0
        for begin, until in sorted(self._spans(body, _DEPTH)):
            if begin > end or not parts:
                parts += [body[end:begin], REDACTED]
            end = max(end, until)
        return b"".join([*parts, body[end:]])

    def _spans(self, body: bytes, depth: int) -> Iterator[Span]:
        """Where the secret occurs in the body: unchanged, in base64, or with escaped characters."""
        for begin, end in _runs(body, self.secret, SHORTEST_SECRET):
            if end - begin >= min(len(self.secret), _SHORTEST_LETTERS) or not body[begin:end].isalpha():
                yield begin, end
        standard = body.translate(_URL_SAFE)
        for encoded in _in_base64(self.secret):
            yield from _runs(standard, encoded, _SHORTEST_BASE64)
        if depth and (plain := _Unescaped.of(body)):
            yield from (plain.span_of(*span) for span in self._spans(plain.text, depth - 1))


def _runs(text: bytes, secret: bytes, least: int) -> Iterator[Span]:
    """Where a minimum number of consecutive characters of the secret occurs."""
    step = least // 2  # any such sequence contains a whole piece that begins at a multiple of it
    for place in range(0, len(secret) - step + 1, step):
        piece = secret[place : place + step]
        at = text.find(piece)
        while at >= 0:
            begin, end = _widened(text, at, secret, place, step)
            if end - begin >= least:
                yield begin, end
            at = text.find(piece, at + 1)


def _widened(text: bytes, at: int, secret: bytes, place: int, length: int) -> Span:
    """A place where text and secret agree, extended as far as they agree."""
    before = 0
    while before < min(at, place) and text[at - before - 1] == secret[place - before - 1]:
        before += 1
    most = min(len(text) - at, len(secret) - place)
    while length < most and text[at + length] == secret[place + length]:
        length += 1
    return at - before, at + length


def _in_base64(secret: bytes) -> Iterator[bytes]:
    """The base64 characters that depend only on the secret, if 0, 1 or 2 other bytes come before it."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret)
        bits = 8 * (before + len(secret))
        yield encoded[-(-8 * before // 6) : bits // 6]


@dataclass(frozen=True)
class _Unescaped:
    """A text with its escapes decoded.

    `begins`: where its parts begin. Each escaped character is a part, and so is the text between two of them.
    `origins`: where each part is in the original: (begin, length of the escape, or 0 for a part without escape).
    """

    text: bytes
    begins: list[int]
    origins: list[Span]

    @classmethod
    def of(cls, original: bytes) -> "_Unescaped | None":
        """None if nothing is escaped."""
        parts: list[bytes] = []
        begins: list[int] = []
        origins: list[Span] = []
        length = end = 0
        for found in _ESCAPED.finditer(original):
            between = original[end : found.start()]
            begins += [length, length + len(between)]
            origins += [(end, 0), (found.start(), len(found[0]))]
            parts += [between, _meant(found)]
            length += len(parts[-2]) + len(parts[-1])
            end = found.end()
        if not parts:
            return None
        return cls(b"".join([*parts, original[end:]]), [*begins, length], [*origins, (end, 0)])

    def span_of(self, begin: int, end: int) -> Span:
        """Where in the original a part of the text is."""
        return self._character(begin)[0], self._character(end - 1)[1]

    def _character(self, at: int) -> Span:
        part = bisect_right(self.begins, at) - 1
        begin, escape = self.origins[part]
        inside = at - self.begins[part]
        return (begin, begin + escape) if escape else (begin + inside, begin + inside + 1)


def _meant(found: re.Match[bytes]) -> bytes:
    """The character that an escape stands for; nothing for zero bytes."""
    hexadecimal = found[1] or found[2] or found[3]
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    return bytes([int(found[4]) % 256]) if found[4] else found[5] or b""

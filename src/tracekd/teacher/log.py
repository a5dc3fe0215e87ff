"""The raw responses for one kind of text: one line for each attempt, written to disk before the next request."""

import base64
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.http.endpoint import Response

RAW = "raw"
_SEAL = 16  # hex digits
Outcome = Literal["answered", "empty", "failed"]


class Attempt(BaseModel):
    """One attempt. `key` names the request (see `ChatRequest.key`), `attempt` counts from 1, `seconds` is its duration.

    `outcome`: `answered` (with a text), `empty` (an answer without a text), or `failed` (no answer; `reason`
    says why). `body` is what was received, without the API key: as text, or in base64 if it is not UTF-8. `tokens`
    counts prompt and answer; they are estimated (four characters each) if the endpoint did not count them. `seal` is the
    beginning of the SHA-256 of all other fields, because a file that grows has no hash of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str
    id: str
    attempt: int
    outcome: Outcome
    reason: str
    status: int | None
    seconds: float
    tokens: int
    tokens_estimated: bool
    request_id: str
    body: str
    base64: bool = False
    seal: str = ""

    @property
    def payload(self) -> bytes:
        """The response, with the bytes of the body."""
        return base64.b64decode(self.body) if self.base64 else self.body.encode()

    def sealed(self) -> "Attempt":
        """The same with its seal."""
        text = self.model_dump_json(exclude={"seal"})
        return self.model_copy(update={"seal": hashlib.sha256(text.encode()).hexdigest()[:_SEAL]})


def attempt_of(
    key: str, ident: str, number: int, response: Response, outcome: Outcome, reason: str, tokens: int, estimated: bool
) -> Attempt:
    """The line of the log for an attempt."""
    try:
        body, encoded = response.body.decode(), False
    except UnicodeDecodeError:
        body, encoded = base64.b64encode(response.body).decode(), True
    return Attempt(
        key=key, id=ident, attempt=number, outcome=outcome, reason=reason, status=response.status,
        seconds=round(response.seconds, 3), tokens=tokens, tokens_estimated=estimated,
        request_id=response.request_id, body=body, base64=encoded,
    )  # fmt: skip


def raw_file(folder: Path, kind: str) -> Path:
    """The file of the raw responses of a kind."""
    return folder / RAW / f"{kind}.jsonl"


@dataclass
class RawLog:
    """A file of attempts. Memory contains only their keys, and the positions of the answers in the file."""

    path: Path
    requests: int = 0
    tokens: int = 0
    estimated: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, int] = field(default_factory=dict)
    _descriptor: int | None = None

    @classmethod
    def read(cls, path: Path) -> "RawLog":
        """Read the log from a file, which may be missing. An incomplete last line, left by a kill, is ignored.

        Raises UserError, which names the line, for an invalid line.
        """
        log, unsealed = cls(path), 0
        if path.is_file():
            with path.open("rb") as lines:
                at = 0
                for number, line in enumerate(lines, start=1):
                    if not line.endswith(b"\n"):
                        logging.getLogger("tracekd").warning(
                            "%s:%s is incomplete; this request is sent again", path, number
                        )
                        break
                    attempt = _parse(line, f"{path}:{number}")
                    unsealed += not attempt.seal
                    log._note(attempt, at)
                    at += len(line)
        if unsealed:
            logging.getLogger("tracekd").warning(
                "%s: %s responses of an earlier version have no hash; they are used as they are", path, f"{unsealed:,}"
            )
        return log

    def _note(self, attempt: Attempt, at: int) -> None:
        self.requests += 1
        self.tokens += attempt.tokens
        self.estimated += attempt.tokens_estimated
        if attempt.outcome == "failed":
            self.failures[attempt.key] = attempt.reason
        else:
            self._answers[attempt.key] = at
            self.failures.pop(attempt.key, None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Attempts can be added within the block. An incomplete last line, left by a kill, is removed first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.ftruncate(self._descriptor, _end_of_last_line(self.path))
            yield
        finally:
            os.close(self._descriptor)
            self._descriptor = None

    def add(self, attempt: Attempt) -> None:
        """Write a line, to disk before this returns."""
        assert self._descriptor is not None, "the log is not open"
        at = os.fstat(self._descriptor).st_size
        line = attempt.sealed().model_dump_json().encode() + b"\n"
        try:
            while line:  # a write may write only a part
                line = line[os.write(self._descriptor, line) :]
            os.fsync(self._descriptor)
        except BaseException:  # such as a full disk: the next line must not begin inside this one
            os.ftruncate(self._descriptor, at)
            raise
        self._note(attempt, at)

    @property
    def has_answers(self) -> bool:
        """Whether any request was answered."""
        return bool(self._answers)

    def has_answer(self, key: str) -> bool:
        """Whether this request was answered: it is never sent again."""
        return key in self._answers

    def answer(self, key: str) -> Attempt | None:
        """The last answered attempt of a request."""
        if key not in self._answers:
            return None
        with self.path.open("rb") as file:
            file.seek(self._answers[key])
            return _parse(file.readline(), str(self.path))


def _parse(line: bytes, where: str) -> Attempt:
    try:
        attempt = Attempt.model_validate_json(line)
        if attempt.seal not in ("", attempt.sealed().seal):
            raise ValueError("damaged")
        return attempt
    except ValueError:
        raise UserError(
            "this is not a raw response of a teacher, or it is damaged", where=where, expected="a file that tracekd wrote",
            next_step="delete the line and run the same command again",
        ) from None  # fmt: skip


def _end_of_last_line(path: Path) -> int:
    """The number of bytes in a file's complete lines. Reads backwards, one block at a time."""
    block = 2**16
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            begin = max(0, end - block)
            file.seek(begin)
            found = file.read(end - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            end = begin
    return 0

"""The raw responses of one kind, as received: one line for each attempt, on disk before the next one is asked for."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.errors import UserError
from tracekd.teacher.endpoint import Received

Outcome = Literal["answered", "empty", "failed"]


class Attempt(BaseModel):
    """One attempt. `key` names the request (see `Request.key`), `attempt` counts from 1, `seconds` it took in all.

    `outcome`: a text came (`answered`), an answer without one (`empty`), or no answer (`failed`, and `reason` says
    why). `body` is what came, as text, or in base64 where it is no UTF-8. `tokens` of prompt and answer; estimated
    (four characters each) where the endpoint did not count.
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

    @property
    def payload(self) -> bytes:
        """The bytes of the body, as received."""
        return base64.b64decode(self.body) if self.base64 else self.body.encode()


def attempt_of(
    key: str, ident: str, number: int, received: Received, outcome: Outcome, reason: str, tokens: int, estimated: bool
) -> Attempt:
    """The line that is written of an attempt."""
    try:
        body, encoded = received.body.decode(), False
    except UnicodeDecodeError:
        body, encoded = base64.b64encode(received.body).decode(), True
    return Attempt(
        key=key, id=ident, attempt=number, outcome=outcome, reason=reason, status=received.status,
        seconds=round(received.seconds, 3), tokens=tokens, tokens_estimated=estimated,
        request_id=received.request_id, body=body, base64=encoded,
    )  # fmt: skip


@dataclass
class RawLog:
    """A file of attempts. In memory are only their keys, and where in the file the answers stand."""

    path: Path
    requests: int = 0
    tokens: int = 0
    estimated: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, int] = field(default_factory=dict)
    _descriptor: int | None = None

    @classmethod
    def read(cls, path: Path) -> "RawLog":
        """The log as a file holds it; a last line that a kill cut short is left out. The file may be missing.

        Raises UserError naming the line for one that is no attempt.
        """
        log = cls(path)
        if path.is_file():
            with path.open("rb") as lines:
                at = 0
                for number, line in enumerate(lines, start=1):
                    if not line.endswith(b"\n"):
                        break
                    log._note(_parse(line, f"{path}:{number}"), at)
                    at += len(line)
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
        """Within the block, attempts can be added. What a kill left of a line is taken away first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.ftruncate(self._descriptor, _end_of_last_line(self.path))
            yield
        finally:
            os.close(self._descriptor)
            self._descriptor = None

    def add(self, attempt: Attempt) -> None:
        """Write a line. It is on disk when this returns."""
        assert self._descriptor is not None, "the log is not open"
        at = os.fstat(self._descriptor).st_size
        line = attempt.model_dump_json().encode() + b"\n"
        try:
            while line:  # a write may be short
                line = line[os.write(self._descriptor, line) :]
            os.fsync(self._descriptor)
        except BaseException:  # a full disk: the next line must not begin in the middle of this one
            os.ftruncate(self._descriptor, at)
            raise
        self._note(attempt, at)

    @property
    def has_answers(self) -> bool:
        """Whether any request was answered."""
        return bool(self._answers)

    def has_answer(self, key: str) -> bool:
        """Whether this request is never to be sent again."""
        return key in self._answers

    def answer(self, key: str) -> Attempt | None:
        """The attempt that brought the last answer to a request."""
        if key not in self._answers:
            return None
        with self.path.open("rb") as file:
            file.seek(self._answers[key])
            return _parse(file.readline(), str(self.path))


def _parse(line: bytes, where: str) -> Attempt:
    try:
        return Attempt.model_validate_json(line)
    except ValidationError:
        raise UserError(
            "this is no raw response of a teacher", where=where, expected="a file that tracekd wrote",
            next_step="delete the line, and run the same command again",
        ) from None  # fmt: skip


def _end_of_last_line(path: Path) -> int:
    """How many bytes of a file are whole lines. Reads backwards, a block at a time."""
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

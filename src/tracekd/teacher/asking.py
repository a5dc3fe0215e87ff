"""Asks, and asks again: retries, the budget, and when to stop altogether."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from tracekd.errors import UserError
from tracekd.tasks.template import Template
from tracekd.teacher.backoff import RETRIED_STATUS, delay
from tracekd.teacher.completion import Completion, NoCompletion, read_completion
from tracekd.teacher.endpoint import Line, Received
from tracekd.teacher.judge import text_of
from tracekd.teacher.log import Attempt, Outcome, RawLog, attempt_of
from tracekd.teacher.request import Request
from tracekd.teacher.shown import quoted

CHAT = "/chat/completions"
_CHARS_A_TOKEN = 4
_IN_A_ROW = 5
_NEXT_STEP = {
    401: "set the environment variable of the API key (--api-key-env) to a valid one",
    403: "ask with an API key that may use this model (--api-key-env)",
    404: "look at --endpoint and --model: the endpoint knows one of them not",
}


@dataclass(frozen=True)
class Limits:
    """What may be spent in one folder, over all runs: attempts, and tokens of prompts and answers. None is no limit."""

    requests: int | None = None
    tokens: int | None = None

    def reached(self, requests: int, tokens: int) -> str | None:
        """Which limit is used up, if one is."""
        if self.requests is not None and requests >= self.requests:
            return f"the budget of {self.requests:,} requests is used up (--max-requests)"
        if self.tokens is not None and tokens >= self.tokens:
            return f"the budget of {self.tokens:,} tokens is used up (--max-tokens-total)"
        return None


class Stop:
    """Why nothing more is asked; None as long as all is well. Waiting ends when it is set."""

    def __init__(self) -> None:
        self.reason: str | UserError | None = None
        self._event = asyncio.Event()

    def set(self, reason: str | UserError) -> None:
        """Ask nothing more. The first reason counts; what is under way is waited for."""
        if self.reason is None:
            self.reason = reason
            self._event.set()

    async def wait(self, seconds: float) -> None:
        """Wait, but not longer than until it is set."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass


@dataclass
class Asker:
    """Sends requests of one kind, and logs what comes. `spent` is what all kinds of the folder cost, this one too."""

    line: Line
    log: RawLog
    logs: Sequence[RawLog]
    template: Template
    limits: Limits
    retries: int
    seed: int
    stop: Stop
    pause: Callable[[float], Awaitable[None]]
    _under_way: int = 0
    _failed_in_a_row: int = 0

    async def ask_all(self, requests: Iterator[Request], concurrency: int, tell: Callable[[], None]) -> None:
        """Ask what has no answer yet, at most so many at a time. `tell` is called after each."""

        async def work() -> None:
            for request in requests:
                if self.stop.reason is not None:
                    return
                if not self.log.has_answer(request.key):
                    await self._ask(request)
                tell()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(concurrency):
                    group.create_task(work())
        except BaseExceptionGroup as errors:  # a full disk, say, met by several at a time
            raise errors.exceptions[0] from None

    async def _ask(self, request: Request) -> None:
        for number in range(1, self.retries + 2):
            if not self._may_ask():
                return
            attempt, retry_after = await self._attempt(request, number)
            if attempt.outcome == "answered":
                self._failed_in_a_row = 0
                return
            if attempt.status in _NEXT_STEP:
                self.stop.set(_refused(self.line, attempt))
                return
            if attempt.reason.startswith("HTTP") and attempt.status not in RETRIED_STATUS:
                break
            if number <= self.retries:
                await self.pause(delay(self.seed, request.key, number, retry_after))
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= _IN_A_ROW:
            self.stop.set(f"{_IN_A_ROW} requests in a row came to nothing, the last one: {_shown(attempt)}")

    def _may_ask(self) -> bool:
        """Whether there is budget left, also when all that is under way is counted."""
        if self.stop.reason is None:
            requests = sum(log.requests for log in self.logs) + self._under_way
            reached = self.limits.reached(requests, sum(log.tokens for log in self.logs))
            if reached:
                self.stop.set(reached)
        return self.stop.reason is None

    async def _attempt(self, request: Request, number: int) -> tuple[Attempt, str]:
        self._under_way += 1
        try:
            received = await self.line.post(CHAT, request.body, f"{request.key}-{number}")
        finally:
            self._under_way -= 1
        attempt = self._judge(request, number, received)
        self.log.add(attempt)
        return attempt, received.retry_after

    def _judge(self, request: Request, number: int, received: Received) -> Attempt:
        def attempt(outcome: Outcome, reason: str, tokens: int = 0, estimated: bool = False) -> Attempt:
            return attempt_of(request.key, request.problem.id, number, received, outcome, reason, tokens, estimated)

        if not received.is_fine:
            return attempt("failed", received.fault or f"HTTP {received.status}")
        try:
            completion = read_completion(received.body)
        except NoCompletion as why:
            return attempt("failed", str(why))
        tokens, estimated = _tokens(request, completion)
        if completion.finish != "length" and not text_of(request.kind, completion, self.template):
            return attempt("empty", f"empty {request.kind}", tokens, estimated)
        return attempt("answered", "", tokens, estimated)


def _tokens(request: Request, completion: Completion) -> tuple[int, bool]:
    if completion.tokens is not None:
        return completion.tokens, False
    chars = request.chars + len(completion.content) + len(completion.reasoning)
    return -(-chars // _CHARS_A_TOKEN), True


def _refused(line: Line, attempt: Attempt) -> UserError:
    assert attempt.status is not None
    return UserError(
        f"the endpoint refused: {_shown(attempt)}", where=line.endpoint.base, next_step=_NEXT_STEP[attempt.status]
    )


def _shown(attempt: Attempt) -> str:
    said = quoted(attempt.payload.decode(errors="replace")) if attempt.reason.startswith("HTTP") else ""
    return f"{attempt.reason} ({said})" if said else attempt.reason

"""Sends requests: retries, the budget, and when to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass

from tracekd.errors import UserError
from tracekd.http.endpoint import Connection, Response, UntrustedCertificate
from tracekd.http.replies import LASTING_STATUS, Refused, http_status
from tracekd.http.retries import delay
from tracekd.tasks.template import Template
from tracekd.teacher.log import Attempt, Outcome, RawLog, attempt_of
from tracekd.teacher.prompts import ChatRequest
from tracekd.teacher.texts import text_of
from tracekd.transcript.chat_completion import Completion, NoCompletion, read_completion
from tracekd.transcript.trace_tags import TraceTags

CHAT = "/chat/completions"
_CHARS_A_TOKEN = 4
_IN_A_ROW = 5
NOT_AGAIN = "not asked again, because at temperature 0 the same request gets the same answer"


@dataclass(frozen=True)
class Limits:
    """The budget of one folder, over all runs: attempts, and tokens of prompts and answers. None means no limit."""

    requests: int | None = None
    tokens: int | None = None

    def reached(self, requests: int, tokens: int) -> str | None:
        """A message that names the limit that is used up, or None."""
        if self.requests is not None and requests >= self.requests:
            return f"the budget of {self.requests:,} requests is used up (--max-requests)"
        if self.tokens is not None and tokens >= self.tokens:
            return f"the budget of {self.tokens:,} tokens is used up (--max-tokens-total)"
        return None


class Stop:
    """The reason to send no more requests, or None. Setting a reason ends all waiting. `sent` are the requests under way;
    `given_up` counts those whose responses were not waited for.
    """

    def __init__(self) -> None:
        self.reason: str | UserError | None = None
        self.sent: set[asyncio.Task[Response]] = set()
        self.given_up = 0
        self._event = asyncio.Event()

    def set(self, reason: str | UserError) -> None:
        """Send no more requests. The first reason counts. Requests that were sent already may finish."""
        if self.reason is None:
            self.reason = reason
            self._event.set()

    def give_up(self) -> None:
        """Wait no longer for the requests under way."""
        for request in self.sent:
            self.given_up += request.cancel()

    async def unless_given_up(self, sending: Coroutine[None, None, Response]) -> Response | None:
        """The response to a request; None if it was given up."""
        request = asyncio.create_task(sending)
        self.sent.add(request)
        try:
            await asyncio.wait([request])
        finally:
            self.sent.discard(request)
            request.cancel()  # no effect, unless this is cancelled itself
        return None if request.cancelled() else request.result()

    async def wait(self, seconds: float) -> None:
        """Wait for a number of seconds, or until a reason is set."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass


@dataclass
class Asker:
    """Sends requests for one kind of text, and logs the responses. `logs` are the logs of all kinds, for the budget.
    `tags` are marks of reasoning that the user names.
    """

    connection: Connection
    log: RawLog
    logs: Sequence[RawLog]
    template: Template
    limits: Limits
    retries: int
    seed: int
    stop: Stop
    pause: Callable[[float], Awaitable[None]]
    tags: TraceTags | None = None
    _failed_in_a_row: int = 0

    async def ask_all(self, requests: Iterator[ChatRequest], concurrency: int, tell: Callable[[], None]) -> None:
        """Send the requests that have no answer yet, `concurrency` at a time. `tell` is called after each."""

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
        except BaseExceptionGroup as errors:  # such as a full disk, which several requests find at once
            raise errors.exceptions[0] from None

    async def _ask(self, request: ChatRequest) -> None:
        for number in range(1, self.retries + 2):
            if not self._may_ask():
                return
            try:
                made = await self._attempt(request, number)
            except UntrustedCertificate as error:
                self.stop.set(error)
                return
            if made is None:
                return
            attempt, response = made
            if attempt.outcome == "answered":
                self._failed_in_a_row = 0
                return
            if attempt.status in LASTING_STATUS:
                self.stop.set(Refused(self.connection.endpoint, attempt.status, _body_text(attempt)))
                return
            if response.is_refusal or _is_final(request, attempt):
                break
            if number <= self.retries:
                await self.pause(delay(self.seed, request.key, number, response.retry_after))
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= _IN_A_ROW:
            got = "an answer without the text" if attempt.outcome == "empty" else "no answer"
            self.stop.set(f"{_IN_A_ROW} requests in a row got {got}; the last one: {_reason(attempt)}")

    def _may_ask(self) -> bool:
        """Whether there is budget left. Requests that were sent but not answered yet count as used."""
        if self.stop.reason is None:
            requests = sum(log.requests for log in self.logs) + len(self.stop.sent)
            reached = self.limits.reached(requests, sum(log.tokens for log in self.logs))
            if reached:
                self.stop.set(reached)
        return self.stop.reason is None

    async def _attempt(self, request: ChatRequest, number: int) -> tuple[Attempt, Response] | None:
        """None if the response was not waited for."""
        response = await self.stop.unless_given_up(self.connection.post(CHAT, request.body, f"{request.key}-{number}"))
        if response is None:
            return None
        attempt = self._judge(request, number, response)
        self.log.add(attempt)
        return attempt, response

    def _judge(self, request: ChatRequest, number: int, response: Response) -> Attempt:
        def attempt(outcome: Outcome, reason: str, tokens: int = 0, estimated: bool = False) -> Attempt:
            return attempt_of(request.key, request.problem.id, number, response, outcome, reason, tokens, estimated)

        if not response.is_fine:
            return attempt("failed", response.fault or f"HTTP {response.status}")
        try:
            completion = read_completion(response.body, self.tags)
        except NoCompletion as why:
            return attempt("failed", str(why))
        tokens, estimated = _tokens(request, completion)
        if completion.finish != "length" and not text_of(request.kind, completion, self.template):
            again = f"; {NOT_AGAIN}" if request.recipe.temperature == 0 else ""
            return attempt("empty", f"empty {request.kind}{again}", tokens, estimated)
        return attempt("answered", "", tokens, estimated)


def _is_final(request: ChatRequest, attempt: Attempt) -> bool:
    """Whether the same request would get the same answer: at temperature 0, an answer without the text is never asked again."""
    return attempt.outcome == "empty" and request.recipe.temperature == 0


def _tokens(request: ChatRequest, completion: Completion) -> tuple[int, bool]:
    if completion.tokens is not None:
        return completion.tokens, False
    chars = request.chars + len(completion.content) + len(completion.reasoning)
    return -(-chars // _CHARS_A_TOKEN), True


def _body_text(attempt: Attempt) -> str:
    return attempt.payload.decode(errors="replace")


def _reason(attempt: Attempt) -> str:
    is_status = attempt.status is not None and attempt.reason.startswith("HTTP ")
    return http_status(attempt.status, _body_text(attempt)) if is_status else attempt.reason

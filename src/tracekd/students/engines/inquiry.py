"""Sends one question to an endpoint, and repeats it if that may help."""

import asyncio
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tracekd.files import recipe_key
from tracekd.http.endpoint import Connection
from tracekd.http.replies import Refused, http_status
from tracekd.http.retries import delay
from tracekd.students.engines.contract import EngineError
from tracekd.students.engines.wire import NoReply

Reply = TypeVar("Reply", covariant=True)


class Askable(Protocol[Reply]):
    """A request for one output, and the reading of its reply."""

    @property
    def seed(self) -> int: ...

    @property
    def path(self) -> str: ...

    def body(self, model: str, *, extras: bool) -> dict[str, object]: ...

    def read(self, body: bytes) -> Reply: ...


@dataclass(frozen=True)
class Inquiry:
    """Asks one model. `extras` says whether the endpoint accepts fields that are not part of OpenAI's interface."""

    connection: Connection
    model: str
    retries: int
    extras: bool = True

    async def ask(self, question: Askable[Reply]) -> Reply:
        """Raises Refused, or EngineError if no usable reply came after all retries."""
        key = recipe_key(**question.body(self.model, extras=self.extras))
        for attempt in range(1, self.retries + 2):
            response = await self.connection.post(
                question.path, question.body(self.model, extras=self.extras), f"{key}-{attempt}"
            )
            if response.is_refusal:
                raise Refused(self.connection.endpoint, response.status, response.text)
            reason = response.fault or http_status(response.status, response.text)
            if response.is_fine:
                try:
                    return question.read(response.body)
                except NoReply as why:
                    reason = str(why)
            if attempt <= self.retries:
                await asyncio.sleep(delay(question.seed, key, attempt, response.retry_after))
        raise EngineError(
            f"the endpoint gave no answer in {self.retries + 1} attempts; the last time: {reason}",
            where=self.connection.endpoint.base, next_step="run the same command to continue",
        )  # fmt: skip

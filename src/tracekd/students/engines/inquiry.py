"""Asking an endpoint one question, and again where that may help."""

import asyncio
from dataclasses import dataclass

from tracekd.errors import UserError
from tracekd.files import recipe_key
from tracekd.students.engines.contract import EngineError
from tracekd.students.engines.wire import COMPLETIONS, NoReply, Question, Reply, read_reply
from tracekd.teacher.backoff import RETRIED_STATUS, delay
from tracekd.teacher.endpoint import Line, Received
from tracekd.teacher.shown import quoted

_NEXT_STEP = {
    401: "set the environment variable of the API key (--api-key-env) to a valid one",
    403: "ask with an API key that may use this model (--api-key-env)",
    404: "look at --endpoint and --model: the endpoint knows one of them not, or has no raw completions",
}


class Refused(UserError):
    """The endpoint will not answer this question, however often it is asked."""

    def __init__(self, received: Received, where: str) -> None:
        said = quoted(received.body.decode(errors="replace"))
        super().__init__(
            f"the endpoint refused: HTTP {received.status} ({said})", where=where,
            next_step=_NEXT_STEP.get(received.status or 0),
        )  # fmt: skip
        self.status = received.status


@dataclass(frozen=True)
class Inquiry:
    """Asks one model. `extras` says whether the endpoint takes the fields that are not OpenAI's."""

    line: Line
    model: str
    retries: int
    extras: bool = True

    async def ask(self, question: Question) -> Reply:
        """Raises Refused, or EngineError where nothing of use came after all retries."""
        key = recipe_key(**question.body(self.model, extras=self.extras))
        for attempt in range(1, self.retries + 2):
            received = await self.line.post(
                COMPLETIONS, question.body(self.model, extras=self.extras), f"{key}-{attempt}"
            )
            if received.is_fine:
                try:
                    return read_reply(received.body)
                except NoReply as why:
                    reason = str(why)
            elif received.status is None or received.fault or received.status in RETRIED_STATUS:
                reason = received.fault or f"HTTP {received.status} ({quoted(received.body.decode(errors='replace'))})"
            else:
                raise Refused(received, self.line.endpoint.base)
            if attempt <= self.retries:
                await asyncio.sleep(delay(question.seed, key, attempt, received.retry_after))
        raise EngineError(
            f"the endpoint came to nothing in {self.retries + 1} attempts, the last time: {reason}",
            where=self.line.endpoint.base, next_step="run the same command to go on",
        )  # fmt: skip

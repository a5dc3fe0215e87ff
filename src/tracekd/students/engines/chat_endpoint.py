"""Chat completions of an OpenAI-compatible server, several at a time: for servers without raw completions."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from tracekd.errors import UserError
from tracekd.files import recipe_key
from tracekd.http.endpoint import Endpoint
from tracekd.http.replies import Refused
from tracekd.randomness import stream
from tracekd.students.engines.contract import Decoding, EngineError, Finish, Generation, Turns
from tracekd.students.engines.inquiry import Inquiry
from tracekd.students.engines.running import Done, as_done, run_through
from tracekd.students.engines.wire import NoReply
from tracekd.transcript.chat_completion import Completion, NoCompletion, read_completion
from tracekd.transcript.finish import finish_of
from tracekd.transcript.transcript import FIELD, Transcript

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What is lost without raw completions, in sentences for people.
LOSSES = (
    "the server applies its own chat template: the exact tokens of the prompts are unknown, and outputs record none",
    "outputs are identified by the text of their prompt, not by its tokens",
    "the server does not stop at </answer>: what it writes after it is cut off here, and was computed",
    "whether the server obeys temperature and seed is not tested",
    "token ids are those of the student's tokenizer for the text, not those that the server chose",
)
_CLOSE = "</think>"
_FILTERED = "content_filter"


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """One request for one output."""

    turns: Turns
    max_tokens: int
    temperature: float
    seed: int

    @property
    def path(self) -> str:
        """Where it is sent, below the address of the endpoint."""
        return "/chat/completions"

    def body(self, model: str, *, extras: bool) -> dict[str, object]:
        """The JSON object that is sent; it has no fields beyond OpenAI's."""
        return {
            "model": model,
            "messages": [{"role": role, "content": text} for role, text in self.turns],
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
            "top_p": 1.0,
            "n": 1,
            "stream": False,
        }

    def read(self, body: bytes) -> Completion:
        """The body of a response. Raises NoReply if it is not a chat completion."""
        try:
            return read_completion(body)
        except NoCompletion as why:
            raise NoReply(str(why)) from None


@dataclass(frozen=True)
class ChatEndpointEngine:
    """A student behind `/v1/chat/completions`. `tokenizer` is the student's own, and counts the tokens of outputs.

    Reasoning in a field of its own becomes part of the output, as `<think>..</think>`. Each request asks for one output,
    with its own seed. An answer is never asked for again because of its content.
    """

    endpoint: Endpoint
    model: str
    tokenizer: "PreTrainedTokenizerBase"
    concurrency: int = 8
    retries: int = 4

    def answer(self, conversations: Sequence[Turns], decoding: Decoding) -> Iterator[Done]:
        """See `ChatEngine.answer`."""
        if conversations:
            yield from run_through(self._all(conversations, decoding))

    async def _all(self, conversations: Sequence[Turns], decoding: Decoding) -> AsyncGenerator[Done, None]:
        async with self.endpoint.open(self.concurrency) as connection:
            inquiry = Inquiry(connection, self.model, self.retries)

            async def samples(index: int, turns: Turns) -> Done:
                return index, tuple(
                    [await self._sample(inquiry, turns, sample, decoding) for sample in range(decoding.samples)]
                )

            async for done in as_done(map(samples, count(), conversations), self.concurrency):
                yield done

    async def _sample(self, inquiry: Inquiry, turns: Turns, sample: int, decoding: Decoding) -> Generation:
        seed = stream(decoding.seed, recipe_key(turns=turns), f"generation:{sample}").getrandbits(31)
        reply = await inquiry.ask(ChatQuestion(turns, decoding.max_new_tokens, decoding.temperature, seed))
        if (reply.completion_tokens or 0) > decoding.max_new_tokens:
            raise UserError(
                f"the endpoint ignores max_tokens: it wrote {reply.completion_tokens:,} tokens instead of "
                f"{decoding.max_new_tokens:,}",
                where=self.endpoint.base, expected="a server that ends an output at its limit",
            )  # fmt: skip
        text, finish = self._text(reply, decoding.stop)
        if self.endpoint.quotes_key(text):  # the reply was searched for it before escapes were decoded
            raise EngineError(
                "the endpoint wrote the API key into an output", where=self.endpoint.base,
                next_step="use another endpoint, and replace the key",
            )  # fmt: skip
        return Generation(tuple(self.tokenizer.encode(text, add_special_tokens=False)), finish, text)

    def _text(self, reply: Completion, stop: str | None) -> tuple[str, Finish]:
        """The output as one text, up to the stop string after its reasoning."""
        finish: Finish = "length" if reply.finish == _FILTERED else finish_of(reply.finish)
        said = Transcript.of(reply.content, reasoning=reply.reasoning, is_hidden=reply.is_hidden, finish=finish)
        if said.state == "hidden":
            raise EngineError(
                "the endpoint keeps the reasoning of the model back, so there is no trace to verify",
                where=self.endpoint.base, expected="a model whose reasoning is in the reply",
            )  # fmt: skip
        if finish == "length" and reply.reasoning.strip() and said.state == "open":
            return f"<think>{reply.reasoning}", finish  # the limit fell into the reasoning
        text = said.written() if said.form == FIELD else reply.content
        found = text.find(stop, text.rfind(_CLOSE) + 1) if stop else -1
        return (text, finish) if found < 0 else (text[: found + len(stop or "")], "stop")


def speaks_chat(endpoint: Endpoint, model: str) -> bool:
    """Whether the endpoint answers a chat completion of one token."""

    async def ask() -> bool:
        async with endpoint.open(1) as connection:
            try:
                await Inquiry(connection, model, 0).ask(ChatQuestion((("user", "Hello"),), 1, 0.0, 1))
            except (Refused, EngineError):
                return False
            return True

    return asyncio.run(ask())

"""Raw completions of an OpenAI-compatible server, several at a time."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from tracekd.errors import UserError
from tracekd.http.endpoint import Endpoint
from tracekd.students.engines.context import check_prompts
from tracekd.students.engines.contract import Decoding, EngineError, Generation
from tracekd.students.engines.inquiry import Inquiry
from tracekd.students.engines.probe import Manners, check_prompt, probe
from tracekd.students.engines.running import Done, as_done, run_through
from tracekd.students.engines.stopping import Stopping, end_tokens
from tracekd.students.engines.wire import Question, Reply

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_TAGS = "<think></think><answer></answer>"


@dataclass(frozen=True)
class EndpointEngine:
    """A student behind `/v1/completions`. `tokenizer` is the student's own: token ids are sent, never text.

    Each request asks for one output, with its own seed: so a server that ignores `n` does no harm, and samples do not
    depend on their number. Whether an output is the same in another batch depends on the server's arithmetic.
    """

    endpoint: Endpoint
    model: str
    tokenizer: "PreTrainedTokenizerBase"
    concurrency: int = 8
    retries: int = 4
    ends: Iterable[int] = ()

    def generate(self, prompts: Sequence[Sequence[int]], decoding: Decoding) -> Iterator[Done]:
        """See `Engine.generate`. Raises UserError for a server that ignores options, after a few small requests."""
        check_prompts(prompts, None)
        if not prompts:
            return
        yield from run_through(self._all(prompts, decoding))

    async def _all(self, prompts: Sequence[Sequence[int]], decoding: Decoding) -> AsyncGenerator[Done, None]:
        # With a new connection: after an error, servers may close the old one without notice.
        async with self.endpoint.open(1) as connection:
            manners = await probe(Inquiry(connection, self.model, self.retries), prompts[0], decoding)
        if not manners.gives_ids:
            _check_tags(self.tokenizer, self.endpoint.base)
        async with self.endpoint.open(self.concurrency) as connection:
            asking = _Asking(replace(manners, inquiry=replace(manners.inquiry, connection=connection)), self, decoding)
            async for done in as_done(map(asking.samples, count(), prompts), self.concurrency):
                yield done


class _Asking:
    """The objects that all requests of a run share."""

    def __init__(self, manners: Manners, engine: EndpointEngine, decoding: Decoding) -> None:
        self.manners, self.tokenizer, self.decoding = manners, engine.tokenizer, decoding
        self.stopping = Stopping(engine.tokenizer, decoding.stop, end_tokens(engine.tokenizer) | set(engine.ends))

    async def samples(self, index: int, prompt: Sequence[int]) -> Done:
        """All samples of a prompt, one after the other."""
        return index, tuple([await self._sample(prompt, sample) for sample in range(self.decoding.samples)])

    async def _sample(self, prompt: Sequence[int], sample: int) -> Generation:
        decoding, manners = self.decoding, self.manners
        question = Question(
            prompt,
            decoding.max_new_tokens,
            decoding.temperature,
            decoding.seed_of(prompt, sample),
            None if manners.stops == "silent" else decoding.stop,
        )
        reply = await manners.inquiry.ask(question)
        check_prompt(manners.inquiry, question, reply)
        made = self._generation(reply)
        # In text, the key was removed before it was read. Token ids may spell it, too.
        if reply.ids is not None and manners.inquiry.connection.endpoint.quotes_key(self._decoded(made.ids)):
            raise EngineError(
                "the endpoint wrote the API key into an output", where=manners.inquiry.connection.endpoint.base,
                next_step="use another endpoint, and replace the key",
            )  # fmt: skip
        return made

    def _decoded(self, ids: Sequence[int]) -> str:
        text = self.tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False)
        return str(text)

    def _generation(self, reply: Reply) -> Generation:
        if reply.ids is not None:
            return self.stopping.cut(reply.ids, reply.finish)
        text, finish, stop = reply.text, reply.finish, self.decoding.stop
        if stop is not None:
            if self.manners.stops == "named" and reply.stopped_by == stop:
                text += stop
            before, found, _ = text.partition(stop)
            text, finish = before + found, "stop" if found else finish
        ids = self.tokenizer.encode(text, add_special_tokens=False)
        return self.stopping.cut(ids, finish) if self._decoded(ids) == text else Generation(tuple(ids), finish, text)


def _check_tags(tokenizer: "PreTrainedTokenizerBase", where: str) -> None:
    """Raises UserError if a server's text would lack the tags because servers leave out special tokens."""
    ids = tokenizer.encode(_TAGS, add_special_tokens=False)
    if tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False) != _TAGS:
        raise UserError(
            "the endpoint returns only text, without special tokens, but the tags of this tokenizer are special tokens",
            where=where, expected="a server that returns token ids (return_token_ids), such as `vllm serve`",
        )  # fmt: skip

"""A few small test requests, which find out what the server silently ignores."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tracekd.errors import UserError
from tracekd.http.replies import Refused
from tracekd.students.engines.contract import Decoding
from tracekd.students.engines.inquiry import Inquiry
from tracekd.students.engines.wire import Question, Reply

_BEGINNING, _TOKENS = 8, 16
_HOT = 2.0
_SERVER = "a server of raw completions that takes token ids, such as `vllm serve`"

# Whether the text ends with the stop string, or a field of the reply names it, or neither.
Stops = Literal["written", "named", "silent"]


class NoTokenIds(UserError):
    """The server takes prompts as text only."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server behaves. If it does not report what stopped it, it gets no stop string."""

    inquiry: Inquiry
    stops: Stops
    gives_ids: bool


async def probe(inquiry: Inquiry, prompt: Sequence[int], decoding: Decoding) -> Manners:
    """Raises UserError for a server that ignores options. `prompt` is one of the prompts of the run."""
    inquiry = await _first(inquiry, prompt)
    # A trained student is certain about the text after a prompt, but uncertain in the middle of a prompt: sampling
    # shows there.
    question = Question(prompt[:_BEGINNING], _TOKENS, 0.0, 1)
    greedy = [await inquiry.ask(replace(question, seed=seed)) for seed in (1, 2, 3)]
    if len({reply.text for reply in greedy}) > 1:
        raise _refuse(inquiry, "draws at random at temperature 0")
    if decoding.temperature > 0:
        drawn = [await inquiry.ask(replace(question, temperature=_HOT, seed=seed)) for seed in (1, 1, 2, 3)]
        if len({reply.text for reply in drawn}) == 1:
            raise _refuse(inquiry, "ignores the temperature: it writes the same with every seed")
        if drawn[0].text != drawn[1].text:
            raise _refuse(inquiry, "ignores the seed, so samples could not be repeated")
    stops = await _stops(inquiry, question, greedy[0].text) if decoding.stop else "silent"
    return Manners(inquiry, stops, greedy[0].ids is not None)


async def _first(inquiry: Inquiry, prompt: Sequence[int]) -> Inquiry:
    """Ask for one token after a whole prompt, with the additional fields if the server accepts them."""
    question = Question(prompt, 1, 0.0, 1)
    try:
        reply = await inquiry.ask(question)
    except Refused as refused:
        if refused.status not in (400, 422):
            raise
        inquiry = replace(inquiry, extras=False)
        try:
            reply = await inquiry.ask(question)
        except Refused as again:
            if again.status not in (400, 422):
                raise
            raise NoTokenIds(
                f"the endpoint does not accept a prompt of token ids: {again.problem}", where=again.where, expected=_SERVER,
                next_step="--engine chat-endpoint, which sends messages",
            ) from None  # fmt: skip
    check_prompt(inquiry, question, reply)
    if reply.completion_tokens is None or max(reply.completion_tokens, len(reply.ids or ())) > 1:
        raise _refuse(inquiry, f"ignores max_tokens: it wrote {reply.completion_tokens} tokens instead of 1")
    return inquiry


def check_prompt(inquiry: Inquiry, question: Question, reply: Reply) -> None:
    """Raises UserError if the server read another prompt than we sent."""
    sent = len(question.prompt)
    if reply.prompt_tokens is None:
        raise _refuse(inquiry, "does not report how many tokens it read, so it may add something to a prompt")
    if reply.prompt_tokens != sent or (reply.prompt_ids is not None and reply.prompt_ids != tuple(question.prompt)):
        read = f"{reply.prompt_tokens:,}" if reply.prompt_tokens != sent else "other"
        raise _refuse(
            inquiry,
            f"read {read} tokens, but {sent:,} were sent: it adds a chat template or a start token, or cuts the prompt",
        )


async def _stops(inquiry: Inquiry, question: Question, text: str) -> Stops:
    """Ask it to stop at a part of a text that it has already written."""
    middle = len(text) // 2
    piece = text[middle : middle + 3]
    if not piece.strip() or not piece.isprintable() or "\N{REPLACEMENT CHARACTER}" in piece:
        return "silent"  # no text to test it with
    reply = await inquiry.ask(replace(question, stop=piece))
    before = text.partition(piece)[0]
    if reply.text == before + piece:
        return "written"
    if reply.text.rstrip() == before.rstrip():
        return "named" if reply.stopped_by == piece else "silent"
    raise _refuse(inquiry, "does not stop at a stop string")


def _refuse(inquiry: Inquiry, what: str) -> UserError:
    return UserError(f"the endpoint {what}", where=inquiry.connection.endpoint.base, expected=_SERVER)

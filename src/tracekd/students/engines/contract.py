"""The interface of a generation engine: token ids in, token ids out."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from tracekd.errors import UserError
from tracekd.files import recipe_key
from tracekd.randomness import stream

STOP = "</answer>"
_TEMPERATURES = (0.01, 10.0)

Finish = Literal["stop", "length"]
# The turns of a conversation: (role, text) of each.
Turns = tuple[tuple[str, str], ...]


class EngineError(UserError):
    """An engine cannot continue. The outputs that it yielded before are valid and need not be made again."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How tokens are chosen, and when an output ends.

    An output ends with an end token (which is removed), with the token that completes the string `stop`, or after
    `max_new_tokens` tokens, including the end token. A `temperature` of 0 takes the most likely token; otherwise a prompt
    gets `samples` outputs, drawn from the whole distribution. Raises UserError for invalid values.
    """

    max_new_tokens: int
    temperature: float = 0.0
    samples: int = 1
    seed: int = 0
    stop: str | None = STOP

    def __post_init__(self) -> None:
        low, high = _TEMPERATURES
        if self.max_new_tokens < 1 or self.samples < 1:
            raise UserError(
                "an output has at least one token, and a prompt at least one output", expected="numbers of 1 or more"
            )
        if self.temperature != 0 and not low <= self.temperature <= high:
            raise UserError(f"the temperature is {self.temperature}", expected=f"0, or {low} to {high:g}")
        if self.temperature == 0 and self.samples > 1:
            raise UserError(
                f"{self.samples} samples at temperature 0 would all be the same", next_step="add --temperature 1"
            )
        if self.stop is not None and not self.stop:
            raise UserError("the stop string is empty", expected="a string such as </answer>, or none")

    def draws(self, prompt: Sequence[int], sample: int) -> random.Random:
        """The random stream of one sample: a pure function of (seed, prompt, sample).

        It depends on nothing else: not on the batch, the order, or earlier outputs of an interrupted run.
        """
        return stream(self.seed, recipe_key(prompt=list(prompt)), f"generation:{sample}")

    def seed_of(self, prompt: Sequence[int], sample: int) -> int:
        """A seed in [0, 2^31) for an engine with its own random numbers."""
        return self.draws(prompt, sample).getrandbits(31)


@dataclass(frozen=True, slots=True)
class Generation:
    """One output. `ids` without the end token, with the tokens of the stop string.

    `finish` is `stop` if the student ended it, `length` if the limit cut it off. `text` is None if `ids` decode to it; it
    is given by engines that return only text.
    """

    ids: tuple[int, ...]
    finish: Finish
    text: str | None = None


class Engine(Protocol):
    """A loaded student that generates outputs."""

    def generate(
        self, prompts: Sequence[Sequence[int]], decoding: Decoding
    ) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        """Yield (index of the prompt, its samples) as they are finished, in any order. Raises EngineError if it cannot
        continue, and UserError for unsupported prompts or decodings.
        """


class ChatEngine(Protocol):
    """A student behind a server that takes conversations, not token ids."""

    def answer(
        self, conversations: Sequence[Turns], decoding: Decoding
    ) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        """Yield (index of the conversation, its samples), as `Engine.generate` does. Raises the same errors."""

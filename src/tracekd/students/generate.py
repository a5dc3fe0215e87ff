"""Generates outputs for problems with an engine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracekd.files import recipe_key
from tracekd.problem import Problem
from tracekd.students.engines.contract import ChatEngine, Decoding, Engine, Generation, Turns
from tracekd.students.output import Output

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True)
class Asked:
    """One prompt for a student: the id of a problem, and the token ids of its prompt, or the turns of a conversation."""

    id: str
    ids: tuple[int, ...]
    turns: Turns = ()

    @property
    def key(self) -> str:
        """A hash of the prompt."""
        return recipe_key(turns=self.turns) if self.turns else recipe_key(prompt=self.ids)


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of outputs: the regime, the student and the seed that each output records."""

    regime: str
    student: str
    seed: int


def asked_for(problems: Iterable[Problem], prompt_ids: Callable[[Problem], Sequence[int]]) -> list[Asked]:
    """The prompt for each problem; `prompt_ids` makes its token ids."""
    return [Asked(problem.id, tuple(prompt_ids(problem))) for problem in problems]


def generate(
    engine: Engine, tokenizer: "PreTrainedTokenizerBase", asked: Sequence[Asked], decoding: Decoding, origin: Origin
) -> Iterator[tuple[Output, ...]]:
    """Yield the outputs for each prompt (all of its samples) as they are finished. Raises the errors of the engine."""
    for index, made in engine.generate([one.ids for one in asked], decoding):
        yield tuple(_output(asked[index], sample, each, tokenizer, origin) for sample, each in enumerate(made))


def answer(
    engine: ChatEngine,
    tokenizer: "PreTrainedTokenizerBase",
    asked: Sequence[Asked],
    decoding: Decoding,
    origin: Origin,
) -> Iterator[tuple[Output, ...]]:
    """The same for an engine that takes conversations."""
    for index, made in engine.answer([one.turns for one in asked], decoding):
        yield tuple(_output(asked[index], sample, each, tokenizer, origin) for sample, each in enumerate(made))


def _output(
    asked: Asked, sample: int, made: Generation, tokenizer: "PreTrainedTokenizerBase", origin: Origin
) -> Output:
    text = made.text
    if text is None:
        text = tokenizer.decode(list(made.ids), skip_special_tokens=False, clean_up_tokenization_spaces=False)
    return Output(
        id=asked.id,
        regime=origin.regime,
        student=origin.student,
        seed=origin.seed,
        text=text,
        token_ids=made.ids,
        finish=made.finish,
        sample=sample,
        prompt=asked.key,
        prompt_tokens=None if asked.turns else len(asked.ids),
    )


def generate_ids(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    batch: int,
) -> list[tuple[list[int], bool]]:
    """For each prompt, in order: the most likely token ids up to the end token, and whether the student itself ended
    the output.
    """
    from tracekd.students.engines.transformers import TransformersEngine

    engine = TransformersEngine(model, tokenizer, batch=batch)
    made = dict(engine.generate(prompts, Decoding(max_new_tokens, stop=None)))
    return [(list(one.ids), one.finish == "stop") for (one,) in (made[index] for index in range(len(prompts)))]

"""A session with a student, for the command line and for studies: its prompts and its outputs. Its weights are loaded
when they are first needed, and then kept.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.files import recipe_key
from tracekd.problem import Problem
from tracekd.regimes import Regime
from tracekd.sft.example import Example
from tracekd.students.adapter_config import tokenizer_folder
from tracekd.students.asking import Ask, asker, conversation, stop_of
from tracekd.students.engines.contract import Decoding, Engine
from tracekd.students.engines.settings import (
    REMOTE,
    ChatEndpointSettings,
    EndpointSettings,
    EngineSettings,
    TransformersSettings,
)
from tracekd.students.generate import Asked, Origin, answer, asked_for, generate
from tracekd.students.output import Output
from tracekd.students.output_file import OutputRecipe, complete
from tracekd.students.training_record import RECORD
from tracekd.tasks.contract import Task

if TYPE_CHECKING:  # torch takes seconds to import, so errors in the request are reported before
    from transformers import PreTrainedModel

    from tracekd.students.prompting import Prompting


@dataclass
class Made:
    """The newly generated outputs: their number, their tokens, and the seconds without loading the student."""

    outputs: int = 0
    tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Session:
    """A student in a folder, its task, and the origin that its outputs record."""

    folder: Path
    task: Task
    prompting: "Prompting"
    ask: Ask
    decoding: Decoding
    origin: Origin
    settings: EngineSettings

    @classmethod
    def of(
        cls,
        folder: Path,
        task: Task,
        regime: Regime,
        origin: Origin,
        *,
        max_new_tokens: int,
        settings: EngineSettings,
        chat: bool | None = None,
        temperature: float = 0.0,
        samples: int = 1,
        examples: Sequence[Example] = (),
        prompting: "Prompting | None" = None,
    ) -> "Session":
        """A session under a regime, with worked `examples` if the regime shows some. `prompting` is given if the student's
        tokenizer is already loaded. Raises UserError if the tokenizer cannot be loaded, or has no chat template although
        `chat` is true.
        """
        is_chat = isinstance(settings, ChatEndpointSettings)
        # A server of chat completions has its own template: the student's is not needed.
        prompting = prompting or load_prompting(folder, False if is_chat else chat)
        return cls(
            folder=folder,
            task=task,
            prompting=prompting,
            ask=asker(regime, task.template, examples, origin.seed),
            decoding=Decoding(
                max_new_tokens, temperature, samples, origin.seed, stop_of(regime, is_chat or prompting.chat)
            ),
            origin=origin,
            settings=settings,
        )

    def asked(self, problems: Sequence[Problem]) -> list[Asked]:
        """The prompts for these problems under the regime."""
        if isinstance(self.settings, ChatEndpointSettings):
            return [Asked(problem.id, (), conversation(*self.ask(problem))) for problem in problems]
        return asked_for(problems, lambda problem: self.prompting.prompt_ids(*self.ask(problem)))

    def recipe(self) -> OutputRecipe:
        """Everything that the outputs depend on, except the problems and the batch size."""
        settings, decoding, is_here = self.settings, self.decoding, self.settings.name not in REMOTE
        student = self.origin.student
        if isinstance(settings, EndpointSettings | ChatEndpointSettings):
            student = f"{settings.model} at {settings.endpoint.base}"
        return OutputRecipe(
            task=self.task.name,
            regime=self.origin.regime,
            student=student,
            weights=weights_hash(self.folder) if is_here else None,
            engine=settings.name,
            precision=settings.precision,
            chat=self.prompting.chat or isinstance(settings, ChatEndpointSettings),
            max_new_tokens=decoding.max_new_tokens,
            temperature=decoding.temperature,
            samples=decoding.samples,
            seed=self.origin.seed,
            stop=decoding.stop,
        )

    @cached_property
    def engine(self) -> Engine:
        """The engine, with the student loaded. Raises UserError if it cannot be loaded."""
        return self.settings.open(self.folder, self.prompting)

    def outputs(self, asked: Sequence[Asked]) -> Iterator[tuple[Output, ...]]:
        """Load the student, and yield its outputs for these prompts as they are finished."""
        tokenizer = self.prompting.tokenizer
        if isinstance(self.settings, ChatEndpointSettings):
            return answer(self.settings.open_chat(self.prompting), tokenizer, asked, self.decoding, self.origin)
        return generate(self.engine, tokenizer, asked, self.decoding, self.origin)

    def outputs_of(self, model: "PreTrainedModel", asked: Sequence[Asked]) -> Iterator[tuple[Output, ...]]:
        """The same for a model in memory, such as one in training."""
        from tracekd.students.engines.transformers import TransformersEngine

        assert isinstance(self.settings, TransformersSettings)  # a model in memory
        batch, tokenizer = self.settings.batch, self.prompting.tokenizer
        engine = TransformersEngine(model, tokenizer, batch=batch, ends=[self.prompting.end])
        return generate(engine, tokenizer, asked, self.decoding, self.origin)

    def complete(
        self,
        path: Path,
        asked: Sequence[Asked],
        tell: Callable[[int], None],
        seen: Callable[[tuple[Output, ...]], None] = lambda outputs: None,
    ) -> Made:
        """Generate the missing outputs of a file, and count them; see `output_file.complete`. `seen` is called with the
        new outputs of each prompt.
        """
        made = Made()

        def make(missing: Sequence[Asked]) -> Iterator[tuple[Output, ...]]:
            written, begun = self.outputs(missing), time.monotonic()  # the student is loaded before the clock starts
            for outputs in written:
                made.outputs += len(outputs)
                made.tokens += sum(len(output.token_ids) for output in outputs)
                made.seconds = time.monotonic() - begun
                seen(outputs)
                yield outputs

        complete(path, self.recipe(), asked, make, tell)
        return made


def load_prompting(folder: Path, chat: bool | None) -> "Prompting":
    """The prompting of the student in a folder; an adapter without a tokenizer uses that of its base. Raises UserError
    if the tokenizer cannot be loaded, or has no chat template although `chat` is true.
    """
    try:
        from tracekd.students.checkpoint import load_tokenizer
        from tracekd.students.prompting import Prompting
        from tracekd.students.quiet import quiet
    except ImportError as error:
        raise UserError(
            f"a student needs another package ({error.name})", next_step="pip install 'tracekd[train]'"
        ) from None
    quiet()
    return Prompting.of(load_tokenizer(tokenizer_folder(folder)), chat)


def weights_hash(folder: Path) -> str:
    """A hash of a student's weights, configuration and tokenizer; for an adapter, the base counts only by its name."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".safetensors", ".json", ".jinja"))
    files = [path for path in files if path.name != RECORD]  # the duration of the training does not matter
    return recipe_key(**{path.name: sha256_of(path) for path in files})

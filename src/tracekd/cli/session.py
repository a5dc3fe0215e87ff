"""The student that `tracekd generate` asks: its prompts, its engine, and what names it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from tracekd.cli.requests.students import GenerateRequest
from tracekd.errors import UserError
from tracekd.files import recipe_key, sha256_of
from tracekd.http.endpoint import Endpoint
from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.students.adapter_config import tokenizer_folder
from tracekd.students.base import base_folder
from tracekd.students.engines.contract import Decoding, Engine
from tracekd.students.generate import Asked, Origin, asked_for, generate
from tracekd.students.output import Output
from tracekd.students.output_file import OutputRecipe
from tracekd.students.student import Student
from tracekd.tasks import Task

if TYPE_CHECKING:  # torch takes seconds to import: a mistake in the request is told before
    from tracekd.students.prompting import Prompting

UNKNOWN = "unknown"  # the regime of a student from elsewhere
_RECORD = "training.json"


class _Training(BaseModel):
    """What is wanted of a training's record; `teach`, which knows it all, takes seconds to import."""

    student: Student


class Session:
    """A student with its tokenizer; its weights are loaded only if something is to be generated."""

    def __init__(self, request: GenerateRequest, decoding: Decoding, address: Endpoint | None) -> None:
        self.request, self.decoding, self.address = request, decoding, address
        # Where its folder lay on this machine is nobody's concern.
        self.name = Path(request.student).resolve().name if Path(request.student).exists() else request.student
        self.folder = _folder(request.student, only_tokenizer=address is not None)
        self.prompting = _prompting(self.folder, request.chat)
        self.made = self.made_tokens = 0
        self.seconds = 0.0

    def asked(self, task: Task, problems: Sequence[Problem]) -> list[Asked]:
        """The prompts, as the regime has them."""
        from tracekd.students.asking import asker

        ask = asker(get_regime(self.request.regime or "correct"), task.template, (), self.request.seed)
        return asked_for(problems, lambda problem: self.prompting.prompt_ids(*ask(problem)))

    def recipe(self, task: Task) -> OutputRecipe:
        """All that the outputs depend on, but the problems and how many are generated at a time."""
        request, address = self.request, self.address
        return OutputRecipe(
            task=task.name,
            regime=request.regime or UNKNOWN,
            student=self.name if address is None else f"{request.model} at {address.base}",
            weights=_hash(self.folder) if address is None else None,
            engine=request.engine,
            precision=request.precision if request.engine == "transformers" else None,
            chat=self.prompting.chat,
            max_new_tokens=self.decoding.max_new_tokens,
            temperature=request.temperature,
            samples=request.samples,
            seed=request.seed,
            stop=self.decoding.stop,
        )

    def make(self, missing: Sequence[Asked]) -> Iterator[tuple[Output, ...]]:
        """Load the student, and yield what it writes."""
        engine = self._engine()
        origin = Origin(self.request.regime or UNKNOWN, self.name, self.request.seed)
        begun = time.monotonic()
        for outputs in generate(engine, self.prompting.tokenizer, missing, self.decoding, origin):
            self.made += len(outputs)
            self.made_tokens += sum(len(output.token_ids) for output in outputs)
            self.seconds = time.monotonic() - begun
            yield outputs

    def _engine(self) -> Engine:
        request, tokenizer, ends = self.request, self.prompting.tokenizer, [self.prompting.end]
        if self.address is not None:
            from tracekd.students.engines.endpoint import EndpointEngine

            assert request.model is not None  # where there is an endpoint
            return EndpointEngine(self.address, request.model, tokenizer, request.concurrency, request.retries, ends)
        if request.engine == "vllm":
            from tracekd.students.engines.vllm import VllmEngine

            return VllmEngine.load(self.folder, tokenizer, ends=ends)
        import torch

        from tracekd.students.checkpoint import load
        from tracekd.students.engines.transformers import TransformersEngine

        model, _ = load(self.folder, dtype=getattr(torch, request.precision or "float32"))
        return TransformersEngine(model, tokenizer, batch=request.batch, ends=ends)


def _folder(student: str, *, only_tokenizer: bool) -> Path:
    """The student's folder; behind an endpoint, its weights need not be here."""
    folder = Path(student)
    return folder if only_tokenizer and (folder / "tokenizer_config.json").is_file() else base_folder(student)


def _prompting(folder: Path, chat: bool | None) -> "Prompting":
    """How the student is asked: as said, else as it was in its training, else by its tokenizer's chat template."""
    try:
        from tracekd.students.checkpoint import load_tokenizer
        from tracekd.students.prompting import Prompting
        from tracekd.students.quiet import quiet
    except ImportError as error:
        raise UserError(
            f"generating needs another package ({error.name})", next_step="pip install 'tracekd[train]'"
        ) from None
    quiet()
    if chat is None and (folder / _RECORD).is_file():
        with suppress(ValidationError):  # another program's file of this name
            chat = _Training.model_validate_json((folder / _RECORD).read_bytes()).student.chat
    return Prompting.of(load_tokenizer(tokenizer_folder(folder)), chat)


def _hash(folder: Path) -> str:
    """Names a student by its weights, its configuration and its tokenizer. Of an adapter, the base goes by its name."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".safetensors", ".json", ".jinja"))
    files = [path for path in files if path.name != _RECORD]  # how long it took does not matter
    return recipe_key(**{path.name: sha256_of(path) for path in files})

"""The settings of each engine. `open` makes the engine."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracekd.errors import UserError
from tracekd.students.engines.contract import ChatEngine, Engine

if TYPE_CHECKING:  # torch takes seconds to import, so errors in the request are reported before
    from tracekd.http.endpoint import Endpoint
    from tracekd.students.prompting import Prompting


@dataclass(frozen=True)
class TransformersSettings:
    """The engine that runs anywhere. `batch` prompts at a time; `precision` is float32 or bfloat16."""

    precision: str = "float32"
    batch: int = 64
    name = "transformers"

    def open(self, folder: Path, prompting: "Prompting") -> Engine:
        """Load the student. Raises UserError if it cannot be loaded."""
        import torch

        from tracekd.students.checkpoint import load
        from tracekd.students.engines.fused_reading import fuse_reading
        from tracekd.students.engines.transformers import TransformersEngine

        model, _ = load(folder, dtype=getattr(torch, self.precision))
        fuse_reading(model)
        return TransformersEngine(model, prompting.tokenizer, batch=self.batch, ends=[prompting.end])


@dataclass(frozen=True)
class VllmSettings:
    """vLLM, for GPUs. It decides its precision itself."""

    precision = None
    name = "vllm"

    def open(self, folder: Path, prompting: "Prompting") -> Engine:
        """Load the student. Raises UserError if it cannot be loaded."""
        from tracekd.students.engines.vllm import VllmEngine

        return VllmEngine.load(folder, prompting.tokenizer, ends=[prompting.end])


@dataclass(frozen=True)
class EndpointSettings:
    """A server of raw completions, which names the student `model`. It decides its precision itself."""

    endpoint: "Endpoint"
    model: str
    concurrency: int = 8
    retries: int = 4
    precision = None
    name = "endpoint"

    def open(self, folder: Path, prompting: "Prompting") -> Engine:
        """The engine; no request is sent yet. Only the student's tokenizer must be in its folder."""
        from tracekd.students.engines.endpoint import EndpointEngine

        return EndpointEngine(
            self.endpoint, self.model, prompting.tokenizer, self.concurrency, self.retries, [prompting.end]
        )


@dataclass(frozen=True)
class ChatEndpointSettings:
    """A server of chat completions, for servers without raw completions (`transformers serve`, llama.cpp, Ollama).

    It applies its own chat template, so it takes conversations; see `chat_endpoint.LOSSES`. Nothing can be forced on it.
    """

    endpoint: "Endpoint"
    model: str
    concurrency: int = 8
    retries: int = 4
    precision = None
    name = "chat-endpoint"

    def open(self, folder: Path, prompting: "Prompting") -> Engine:
        """Raises UserError: it has no engine for token ids."""
        raise UserError(
            "this server takes messages, not token ids", expected="a server of raw completions, such as `vllm serve`",
            next_step="--engine endpoint, or --engine transformers",
        )  # fmt: skip

    def open_chat(self, prompting: "Prompting") -> ChatEngine:
        """The engine; no request is sent yet. Only the student's tokenizer must be in its folder."""
        from tracekd.students.engines.chat_endpoint import ChatEndpointEngine

        return ChatEndpointEngine(self.endpoint, self.model, prompting.tokenizer, self.concurrency, self.retries)


EngineSettings = TransformersSettings | VllmSettings | EndpointSettings | ChatEndpointSettings
REMOTE = (EndpointSettings.name, ChatEndpointSettings.name)  # the student is behind a server
ENGINES = (TransformersSettings.name, VllmSettings.name, *REMOTE)
PRECISIONS = ("float32", "bfloat16")

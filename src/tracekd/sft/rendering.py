"""How the prompts of supervised data are written: as they are, or as the student will be asked."""

from dataclasses import dataclass
from typing import Protocol

from tracekd.sft.example import Example
from tracekd.sft.tokens import TokenizedExample, Tokenizer, tokenize


class Rendering(Protocol):
    """Writes prompts, and examples as token ids. `students.Prompting` is one, with the chat template of a student."""

    def prompt(self, text: str) -> str:
        """The prompt as the model gets it."""

    def row(self, example: Example) -> TokenizedExample:
        """The example as token ids and labels."""


@dataclass(frozen=True)
class PlainRendering:
    """Prompts as they are. Token ids need a tokenizer."""

    tokenizer: Tokenizer | None = None

    def prompt(self, text: str) -> str:
        """The prompt itself."""
        return text

    def row(self, example: Example) -> TokenizedExample:
        """See `tokenize`. Raises ValueError without a tokenizer."""
        if self.tokenizer is None:
            raise ValueError("token ids need a tokenizer")
        return tokenize(example, self.tokenizer)

"""Examples as token ids and labels: the loss covers the completion and its end token only."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tracekd.sft.example import Example
from tracekd.sft.row import IGNORED, Row


class Tokenizer(Protocol):
    """What is needed of a tokenizer."""

    @property
    def eos_token_id(self) -> int | None: ...

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]: ...


def tokenize(example: Example, tokenizer: Tokenizer) -> Row:
    """Prompt and completion are tokenised apart, so that the prompt's ids are the same in training and in testing."""
    prompt = tokenizer.encode(example.prompt, add_special_tokens=False)
    completion = [*tokenizer.encode(example.completion, add_special_tokens=False), int(tokenizer.eos_token_id or 0)]
    return Row([*prompt, *completion], [*[IGNORED] * len(prompt), *completion])


def split_by_length(rows: Iterable[Row], limit: int) -> tuple[list[Row], int]:
    """The rows of at most `limit` tokens, and how many are longer: those would lose their end, the target."""
    kept: list[Row] = []
    longer = 0
    for row in rows:
        if len(row.ids) <= limit:
            kept.append(row)
        else:
            longer += 1
    return kept, longer


def total_tokens(rows: Sequence[Row]) -> int:
    """How many tokens the loss covers."""
    return sum(label != IGNORED for row in rows for label in row.labels)

"""Examples as token ids and labels, and tokenizers that are read without importing transformers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.sft.example import Example

IGNORED = -100  # the label of a token that is not part of the loss


class TokenizedExample(NamedTuple):
    """Token ids, a label for each (IGNORED for tokens that are not part of the loss), and weights (None: all are 1)."""

    ids: Sequence[int]
    labels: Sequence[int]
    weights: Sequence[float] | None = None


class Tokenizer(Protocol):
    """The part of a tokenizer that examples need."""

    @property
    def eos_token_id(self) -> int | None: ...

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]: ...


def tokenize(example: Example, tokenizer: Tokenizer) -> TokenizedExample:
    """The ids and labels of an example. The loss covers the completion, without a trace that is given, and the end token.

    Prompt, given trace and the rest are tokenised separately, so that the prompt has the same ids in training and in testing.
    """
    given, learnt = example.completion[: example.learnt_from], example.completion[example.learnt_from :]
    before = [ident for text in (example.prompt, given) for ident in tokenizer.encode(text, add_special_tokens=False)]
    taught = [*tokenizer.encode(learnt, add_special_tokens=False), int(tokenizer.eos_token_id or 0)]
    return TokenizedExample([*before, *taught], [*[IGNORED] * len(before), *taught])


def split_by_length(examples: Iterable[TokenizedExample], limit: int) -> tuple[list[TokenizedExample], int]:
    """The examples of at most `limit` tokens, and the number of longer ones, which would lose their end, the target."""
    kept: list[TokenizedExample] = []
    longer = 0
    for example in examples:
        if len(example.ids) <= limit:
            kept.append(example)
        else:
            longer += 1
    return kept, longer


def total_tokens(examples: Sequence[TokenizedExample]) -> int:
    """How many tokens are part of the loss."""
    return sum(label != IGNORED for example in examples for label in example.labels)


@dataclass(frozen=True)
class FastTokenizer:
    """Text to token ids. `inner` is a `tokenizers.Tokenizer`."""

    inner: Any
    eos_token_id: int | None

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        """The token ids of a text."""
        return list(self.inner.encode(text, add_special_tokens=add_special_tokens).ids)

    def length(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.inner.encode(text, add_special_tokens=False).ids)

    def lengths(self, texts: list[str]) -> list[int]:
        """How many tokens each text has."""
        return [len(encoded.ids) for encoded in self.inner.encode_batch_fast(texts, add_special_tokens=False)]


def load_tokenizer(folder: Path) -> FastTokenizer:
    """The tokenizer of a folder in the Hub's layout. Raises UserError if it has no readable `tokenizer.json`."""
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise UserError("tokenizing needs the package tokenizers", next_step="pip install 'tracekd[train]'") from None
    file = folder / "tokenizer.json"
    for name in ("tokenizer.json", "tokenizer_config.json"):
        check(folder / name)
    try:
        inner = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises plain Exception objects
        raise UserError(
            f"this file has no readable tokenizer ({str(error)[:120]})", where=file, expected="tokenizer.json"
        ) from None
    end = _end_token(folder)
    return FastTokenizer(inner, None if end is None else inner.token_to_id(end))


def _end_token(folder: Path) -> str | None:
    """The end token, which the configuration gives as a text or as an object with a `content`."""
    try:
        said = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))["eos_token"]
        return str(said["content"] if isinstance(said, dict) else said)
    except (OSError, ValueError, KeyError, TypeError):
        return None

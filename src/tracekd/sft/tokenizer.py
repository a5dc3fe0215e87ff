"""A tokenizer from a folder in the Hub's layout, without importing transformers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracekd.errors import UserError


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
    """The tokenizer of a folder with `tokenizer.json`. Raises UserError if there is none, or it cannot be read."""
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise UserError("tokenizing needs another package", next_step="pip install 'tracekd[train]'") from None
    file = folder / "tokenizer.json"
    try:
        inner = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises plain exceptions of its own
        raise UserError(
            f"there is no tokenizer here ({str(error)[:120]})", where=file, expected="tokenizer.json"
        ) from None
    end = _end_token(folder)
    return FastTokenizer(inner, None if end is None else inner.token_to_id(end))


def _end_token(folder: Path) -> str | None:
    """The end token's text, which its configuration gives as it is, or as an object with its `content`."""
    try:
        said = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))["eos_token"]
        return str(said["content"] if isinstance(said, dict) else said)
    except (OSError, ValueError, KeyError, TypeError):
        return None

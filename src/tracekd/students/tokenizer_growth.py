"""Keeps a tokenizer from making a text many times longer before it splits it: its native code has no limit of memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracekd.errors import UserError

_MOST_TIMES = 100  # the real ones put `\u2581` in the place of a space


def check_growth(folder: Path) -> None:
    """Raises UserError if the replacements of tokenizer.json could make a text more than 100 times longer."""
    file = folder / "tokenizer.json"
    if not file.is_file():
        return
    times = 1
    for replacement in _replacements(json.loads(file.read_bytes()), 0):
        times *= max(1, len(str(replacement.get("content", ""))))
        if times > _MOST_TIMES:
            raise UserError(
                f"the tokenizer could make a text more than {_MOST_TIMES} times longer", where=file,
                expected="replacements by short texts",
            )  # fmt: skip


def _replacements(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The steps that replace a part of a text, outside the vocabulary."""
    if depth > 20:
        raise UserError("the tokenizer is nested too deeply")
    if isinstance(found, dict):
        if found.get("type") == "Replace":
            yield found
        for key, value in found.items():
            if key not in ("model", "added_tokens", "decoder"):
                yield from _replacements(value, depth + 1)
    elif isinstance(found, list):
        for value in found:
            yield from _replacements(value, depth + 1)

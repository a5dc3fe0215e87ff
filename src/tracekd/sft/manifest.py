"""The description of a folder of supervised data for programs: `manifest.json`, with the lengths of its examples."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.sft.tokens import FastTokenizer

MANIFEST = "manifest.json"
_SAMPLED = 2000  # the most completions whose tokens are counted


class Lengths(BaseModel):
    """Means over the completions of a regime. `tokens` is the mean of `sampled` of them; None without a tokenizer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rows: int
    chars: float
    words: float
    tokens: float | None
    sampled: int


@dataclass
class LengthMeter:
    """Measures completions one at a time. The sample has every n-th completion; n doubles when the sample is full."""

    rows: int = 0
    chars: int = 0
    words: int = 0
    _every: int = 1
    _sample: list[str] = field(default_factory=list)

    def add(self, example: Example) -> None:
        """Count one example."""
        if self.rows % self._every == 0:
            self._keep(example.completion)
        self.rows += 1
        self.chars += len(example.completion)
        self.words += len(example.completion.split())

    def _keep(self, completion: str) -> None:
        self._sample.append(completion)
        if len(self._sample) > _SAMPLED:
            self._sample = self._sample[::2]
            self._every *= 2

    def lengths(self, tokenizer: FastTokenizer | None) -> Lengths:
        """The means so far; 0 without any example."""
        tokens = tokenizer.lengths(self._sample) if tokenizer else []
        return Lengths(
            rows=self.rows,
            chars=self.chars / max(1, self.rows),
            words=self.words / max(1, self.rows),
            tokens=sum(tokens) / len(tokens) if tokens else None,
            sampled=len(tokens),
        )


class RegimePart(BaseModel):
    """One regime: its files with their SHA-256, its lengths, and how many problems have no trace under it, by reason.

    `not_gold` counts the examples that teach another answer than gold, as the regime intends, and `given` those whose trace
    is given: only the answer after it is learnt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    summary: str
    files: dict[str, str]
    lengths: Lengths
    left_out: dict[str, int]
    not_gold: int = 0
    given: int = 0


class Kept(BaseModel):
    """What a chat template does to completions. Of `examples`, it drops the trace of `lost`, writes `changed` otherwise
    (such as other blanks around the tags), and writes an empty trace into `added`, which have none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    examples: int = 0
    lost: int = 0
    changed: int = 0
    added: int = 0


# How the prompts are written: as turns of a conversation, as they are, or through a chat template.
Prompts = Literal["conversation", "plain", "chat template"]


class SftManifest(BaseModel):
    """How supervised data was made. `template` is what the student's chat template does to it, if that was checked.

    `sources` maps the sources to their SHA-256 (None if a source is not a file). `skipped` counts the records that are
    not valid problems, `left_out` the problems without a trace under some regime, `too_long` those of more than
    `max_tokens` tokens.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    tracekd: str
    task: str
    licence: str
    citation: str
    sources: dict[str, str | None]
    command: str
    seed: int
    format: str
    tokenizer: str | None
    support: str
    subset: str | None
    classes: dict[str, int]
    wrong_classes: tuple[str, ...]
    problems: int
    examples: int
    left_out: int
    too_long: int
    max_tokens: int | None
    skipped: dict[str, int]
    regimes: dict[str, RegimePart]
    prompts: Prompts = "conversation"
    template: Kept | None = None


def read_manifest(folder: Path) -> SftManifest:
    """The manifest of a folder. Raises UserError if it is damaged, or not one that `tracekd sft` wrote."""
    check(folder / MANIFEST)
    try:
        return SftManifest.model_validate_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, ValidationError):
        raise UserError(
            "this is not a folder of supervised data", where=folder, expected="one that `tracekd sft` wrote"
        ) from None

"""What a folder of supervised data says of itself, for programs: `manifest.json`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.errors import UserError
from tracekd.sft.lengths import Lengths

MANIFEST = "manifest.json"


class RegimePart(BaseModel):
    """One regime: its files with their SHA-256, its lengths, and how many problems it has no trace for, by reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    summary: str
    files: dict[str, str]
    lengths: Lengths
    left_out: dict[str, int]


class SftManifest(BaseModel):
    """How supervised data was made.

    `sources` maps what was read to its SHA-256 (None for what is no file). `skipped` counts the records that are no
    problems, `left_out` the problems that some regime has no trace for, `too_long` those of more than `max_tokens`.
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


def read_manifest(folder: Path) -> SftManifest:
    """The manifest of a folder. Raises UserError if it is not one that `tracekd sft` wrote."""
    try:
        return SftManifest.model_validate_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, ValidationError):
        raise UserError(
            "this is no folder of supervised data", where=folder, expected="one that `tracekd sft` wrote"
        ) from None

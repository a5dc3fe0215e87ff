"""What is kept of a teacher's texts, what is not and why; and reading it, for the regime `teacher`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.teacher.completion import holds_tag

MANIFEST, KEPT, REJECTED, RAW, PROMPTS = "manifest.json", "kept", "rejected.jsonl", "raw", "prompts"


class Kept(BaseModel):
    """A text that can be taught. `answer` is the teacher's, which is right; `tokens` are those of its whole reply,
    None if the endpoint did not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: str
    text: str
    answer: str
    model: str
    tokens: int | None


class Rejected(BaseModel):
    """What is not kept. `failed`: there was no reply, so that the next run asks again; `answer` is its beginning."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: str
    reason: str
    failed: bool = False
    answer: str | None = None


def kept_file(folder: Path, kind: str) -> Path:
    """Where the kept texts of a kind are."""
    return folder / KEPT / f"{kind}.jsonl"


def raw_file(folder: Path, kind: str) -> Path:
    """Where the raw responses of a kind are."""
    return folder / RAW / f"{kind}.jsonl"


def read_kept(folder: Path) -> dict[str, dict[str, str]]:
    """The kept texts of a teacher's folder: by kind, then by problem id.

    Raises UserError if it is no such folder, if nothing in it is finished, or for a line that is not what it should be.
    """
    if not (folder / MANIFEST).is_file():
        raise UserError(
            "this is no folder of a teacher's traces", where=folder, expected="a folder that `tracekd teacher` wrote",
            next_step="tracekd teacher TASK SOURCE --endpoint URL --model NAME --out DIR",
        )  # fmt: skip
    files = sorted((folder / KEPT).glob("*.jsonl"))
    if not files:
        raise UserError(
            "the traces in this folder are not finished", where=folder,
            next_step="run the `tracekd teacher` that made it again: it goes on",
        )  # fmt: skip
    return {file.stem: _texts(file) for file in files}


def _texts(file: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, row in enumerate(read_jsonl(file, Kept), start=1):
        # The file may have been edited: no text may end the trace that it is taught as.
        if row.kind != file.stem or row.id in texts or not row.text.strip() or holds_tag(row.text):
            raise UserError(
                "this text cannot be taught", where=f"{file}:{number}",
                expected=f"one {file.stem} for each problem, without tags", next_step="delete the line",
            )  # fmt: skip
        texts[row.id] = row.text
    return texts

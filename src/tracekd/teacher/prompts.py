"""What the teacher is told: one text file a kind, with named places that are filled in."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tracekd.errors import UserError

# What each file must hold, else the teacher would never see it. `{answer_format}` may stand in `trace`.
_NEEDED = {"trace": "{problem}", "summary": "{trace}", "explanation": ""}
_ANSWER_FORMAT = "{answer_format}"
_LARGEST = 2**16  # bytes


@dataclass(frozen=True)
class Prompt:
    """The prompt of one kind, as its file holds it."""

    kind: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the bytes of the file, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def fill(self, hostile: str = "", answer_format: str = "") -> str:
        """The text with its places filled: by our own words first, so that hostile text is never looked into."""
        text = self.text.replace(_ANSWER_FORMAT, answer_format)
        return text.replace(_NEEDED[self.kind], hostile) if _NEEDED[self.kind] else text


def file_name(kind: str) -> str:
    """The name of the file of a kind's prompt."""
    return f"{kind}.txt"


def read_prompts(kinds: Iterable[str], folder: Path | None = None) -> dict[str, Prompt]:
    """The prompts of these kinds, from a folder, or those that come with the package.

    Raises UserError for a file that is missing, is no text, or lacks the place of what it is about.
    """
    source = Path(str(files("tracekd.teacher"))) / "prompts" if folder is None else folder
    return {kind: _read(kind, source / file_name(kind)) for kind in kinds}


def _read(kind: str, path: Path) -> Prompt:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode()
    except FileNotFoundError:
        raise UserError(
            f"there is no prompt of the kind {kind!r}", where=path, expected="a folder with a text file for each kind"
        ) from None
    except UnicodeDecodeError:
        raise UserError("this prompt is no UTF-8 text", where=path) from None
    if _NEEDED[kind] not in text or not text.strip():
        raise UserError("this prompt would tell the teacher nothing", where=path, expected=f"text with {_NEEDED[kind]}")
    return Prompt(kind, text)

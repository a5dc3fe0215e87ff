"""What is known of the GGUF file from which the weights of a base come, and the model card that says it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.files import read_json
from tracekd.plain_text import plain_line

SOURCE = "gguf.json"
_CARD = "README.md"
_FLOATS = {"F32", "F16", "BF16", "F64"}
_MOST_SHOWN = 100


class GgufSource(BaseModel):
    """The file `gguf.json` in the folder of a converted base, and in those of its students. `types` counts the parameters
    of each type of weights, for example `Q4_1`. `name` and `license` are what the GGUF file says; None if it says nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    sha256: str
    bytes: int
    architecture: str
    name: str | None
    license: str | None
    types: Mapping[str, int]
    unused: int

    def in_words(self) -> str:
        """One line: from which weights the base was made, and from which file."""
        total = sum(self.types.values())
        shares = ", ".join(f"{kind} ({100 * count / total:.1f} %)" for kind, count in self._by_count())
        made = "dequantized from" if set(self.types) - _FLOATS else "converted from"
        return f"weights {made} a GGUF file: {shares}; SHA-256 {self.sha256}"

    def _by_count(self) -> list[tuple[str, int]]:
        return sorted(self.types.items(), key=lambda item: -item[1])


def source_of(folder: Path) -> GgufSource | None:
    """The GGUF file from which the weights of a base or a student come; None if they come from none."""
    return read_json(folder / SOURCE, GgufSource) if (folder / SOURCE).is_file() else None


def write_source(folder: Path, source: GgufSource) -> None:
    """Write the record and the card of a converted base."""
    (folder / SOURCE).write_text(source.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / _CARD).write_text(_card(source, "A base converted by tracekd"), encoding="utf-8")


def keep_source(base: Path, student: Path) -> None:
    """Copy the record of a base into the folder of its student, with a card, if the base comes from a GGUF file."""
    if (source := source_of(base)) is not None:
        shutil.copy(base / SOURCE, student / SOURCE)
        (student / _CARD).write_text(_card(source, "A student trained by tracekd"), encoding="utf-8")


def _card(source: GgufSource, title: str) -> str:
    facts = {
        "name in the file": source.name, "licence in the file": source.license, "architecture": source.architecture,
        "parameters": f"{sum(source.types.values()):,}", "size": f"{source.bytes:,} bytes", "SHA-256": source.sha256,
        "types of weights": ", ".join(f"{kind}: {count:,}" for kind, count in source.types.items()),
        "parameters that are not used": f"{source.unused:,}" if source.unused else None,
    }  # fmt: skip
    rows = [f"| {key} | {_cell(value)} |" for key, value in facts.items() if value]
    return "\n".join(
        [
            f"# {title}", "",
            "The weights of its base come from a GGUF file. They were **quantized** there, and are kept here in float32: the",
            "model is that of the GGUF file, not the one from before the quantization." if set(source.types) - _FLOATS
            else "The weights of its base come from a GGUF file, and are kept here in float32.", "",
            "| GGUF file | |", "|---|---|", *rows, "",
        ]
    )  # fmt: skip


def _cell(text: str) -> str:
    """Text of the file as a cell of a table: on one line, without markup."""
    return "".join(f"\\{char}" if char in r"\|<>[]`*_#&" else char for char in plain_line(text[:_MOST_SHOWN]))

"""Records in the official v2.1 layout, and the official file: one object of columns, as pandas writes a table."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracekd.content_hash import remove
from tracekd.files import replacing
from tracekd.worlds.contract import Supports

NO_ANSWER = "No Answer Present."
COLUMNS = ("answers", "passages", "query", "query_id", "query_type", "wellFormedAnswers")


@dataclass(frozen=True, slots=True)
class RecordPassage:
    """A passage of a record."""

    text: str
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class MarcoRecord:
    """One question with its passages."""

    query_id: int
    query: str
    query_type: str
    answers: tuple[str, ...]
    well_formed: tuple[str, ...]
    passages: tuple[RecordPassage, ...]

    @property
    def supports(self) -> Supports:
        """Each selected passage alone, in the order of the passages.

        For a question without an answer, the only support is the empty set.
        """
        return tuple((str(at),) for at, passage in enumerate(self.passages) if passage.selected) or ((),)

    def line(self) -> str:
        """The record as a line of JSON, its columns in the order of COLUMNS."""
        values = (
            self.answers,
            [{"is_selected": int(p.selected), "passage_text": p.text, "url": p.url} for p in self.passages],
            self.query,
            self.query_id,
            self.query_type,
            # If there are none, v2.1 does not have an empty list, but the text "[]".
            self.well_formed or "[]",
        )
        return json.dumps(dict(zip(COLUMNS, values, strict=True)), separators=(",", ":")) + "\n"


@dataclass(frozen=True, slots=True)
class MarcoItem:
    """One question, or none after a cut; an item of the world (see `worlds.contract.Item`)."""

    records: tuple[MarcoRecord, ...]

    @property
    def questions(self) -> int:
        return len(self.records)

    @property
    def supports(self) -> tuple[Supports, ...]:
        return tuple(record.supports for record in self.records)

    def cut(self, questions: int) -> "MarcoItem":
        return MarcoItem(self.records[:questions])

    def text(self) -> str:
        return "".join(record.line() for record in self.records)


OFFICIAL = "train_v2.1.json"


def to_columns(folder: Path, file_names: Iterable[str]) -> str:
    """Turn the files of records in a folder into one `train_v2.1.json`, and remove them. Returns the name of the file.

    The records have the order of the file names. Only one record is in memory at a time: the files are read once
    for each column. They are removed because a loader of the folder would otherwise find every question twice.
    """
    records = [path for path in (folder / name for name in file_names) if path.exists()]
    official = folder / OFFICIAL
    # If the file exists, it is complete: an earlier run ended while it removed the records.
    if not official.exists():
        with replacing(official) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_table(records))
    for path in records:
        remove(path)
    return OFFICIAL


def _table(records: Sequence[Path]) -> Iterator[str]:
    for at, column in enumerate(COLUMNS):
        yield f'{"," if at else "{"}"{column}":{{'
        for row, line in enumerate(_lines(records)):
            yield f'{"," if row else ""}"{row}":{_cut(line, at)}'
        yield "}"
    yield "}"


def _lines(records: Iterable[Path]) -> Iterator[str]:
    for path in records:
        with path.open(encoding="utf-8") as file:
            yield from file


def _cut(line: str, at: int) -> str:
    """The JSON text of one column of a record. Quotes in a text are escaped, so no text can look like a key."""
    start = line.index(_KEYS[at]) + len(_KEYS[at])
    end = line.index(_KEYS[at + 1], start) if at + 1 < len(_KEYS) else line.rindex("}")
    return line[start:end]


_KEYS = [f'{"," if at else "{"}"{column}":' for at, column in enumerate(COLUMNS)]

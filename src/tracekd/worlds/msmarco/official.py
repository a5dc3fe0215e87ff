"""The official v2.1 file: one object of columns, each an object of rows numbered from 0, as pandas writes a table."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tracekd.files import replacing
from tracekd.worlds.msmarco.row import COLUMNS

OFFICIAL = "train_v2.1.json"


def to_columns(folder: Path, file_names: Iterable[str]) -> str:
    """Turn the files of records that are in a folder into one `train_v2.1.json`, and remove them; its name.

    The records stand in the order of the names. Only one of them is in memory at a time: the files are read once for
    each column. They do not stay, as who loads the folder would then find every question twice.
    """
    records = [path for path in (folder / name for name in file_names) if path.exists()]
    official = folder / OFFICIAL
    # If it is there, it is whole: an earlier run was ended while it removed the records.
    if not official.exists():
        with replacing(official) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_table(records))
    for path in records:
        path.unlink()
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
    """The JSON text of one column of a record. Quotes in a text are escaped, so that no text can look like a key."""
    start = line.index(_KEYS[at]) + len(_KEYS[at])
    end = line.index(_KEYS[at + 1], start) if at + 1 < len(_KEYS) else line.rindex("}")
    return line[start:end]


_KEYS = [f'{"," if at else "{"}"{column}":' for at, column in enumerate(COLUMNS)]

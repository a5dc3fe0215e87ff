"""Writes the rows of a data file that are kept: with all their columns, in the layout in which they were read.

Rows of Parquet and Arrow are written as Parquet with the same types, rows of CSV as CSV, all others as JSON Lines.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tracekd.errors import UserError
from tracekd.files import replacing
from tracekd.tasks.reading.compressed import COMPRESSED
from tracekd.tasks.reading.record import Record

Write = Callable[[Record], None]

# Rows of Parquet in memory: their number, and about their characters.
_BATCH, _LARGEST_BATCH = 4096, 2**25
_BUFFERED = 2**20
_AS_PARQUET = (".parquet", ".arrow")
_LINE_ENDS = bytes.maketrans(b"\r\n", b"  ")


def kept_name(source: Path) -> str:
    """The name of the file with the kept rows of a source: `rows.json.gz` becomes `rows.jsonl`."""
    name = source.name
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    stem, ending = Path(name).stem, Path(name).suffix.lower()
    return f"{stem}.parquet" if ending in _AS_PARQUET else f"{stem}.csv" if ending == ".csv" else f"{stem}.jsonl"


@contextmanager
def kept_rows(source: Path, target: Path) -> Iterator[Write]:
    """A function that writes a row of the source. The target appears complete when the block ends without an error.

    Raises UserError if the types of a Parquet file cannot be written.
    """
    ending = source.suffix.lower()
    with replacing(target) as temporary:
        if ending in _AS_PARQUET:
            with _parquet(source, temporary) as write:
                yield write
        elif ending == ".csv":
            with _csv(source, temporary) as write:
                yield write
        else:
            with temporary.open("wb", _BUFFERED) as file:
                yield lambda record: _write_line(file, record.data)


def _write_line(file: Any, data: bytes | dict[str, Any]) -> None:
    assert isinstance(data, bytes), "a record of a JSON file is text"
    # Line ends within a record stand between its values, never in a text, where JSON writes them as `\\n`.
    file.write(data.translate(_LINE_ENDS) + b"\n")


@contextmanager
def _csv(source: Path, temporary: Path) -> Iterator[Write]:
    with source.open(encoding="utf-8-sig", newline="") as read:
        heading = next(csv.reader(read), [])
    with temporary.open("w", encoding="utf-8", newline="", buffering=_BUFFERED) as file:
        writer = csv.DictWriter(file, heading, lineterminator="\n")
        writer.writeheader()
        yield lambda record: writer.writerow(record.data)  # type: ignore[arg-type]  # the columns of a row


@contextmanager
def _parquet(source: Path, temporary: Path) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[Any] = []
    size = 0
    try:
        schema = _schema(source)
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:

            def flush() -> None:
                nonlocal size
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
                size = 0

            def write(record: Record) -> None:
                nonlocal size
                rows.append(record.data)
                size += _size(record.data)
                if len(rows) == _BATCH or size > _LARGEST_BATCH:
                    flush()

            yield write
            flush()
    except pa.ArrowException as error:
        raise UserError(
            f"the rows of this file cannot be written with its types ({str(error)[:80]})", where=source,
            next_step="convert the file to JSON Lines",
        ) from None  # fmt: skip


def _size(value: Any) -> int:
    """About how many characters a value has."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list | tuple) else 8


def _schema(source: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if source.suffix.lower() == ".parquet":
        return pq.read_schema(source)
    with pa.memory_map(str(source)) as file:
        try:
            return pa.ipc.open_stream(file).schema
        except pa.ArrowInvalid:
            return pa.ipc.open_file(file).schema

"""Files of one record an output: JSON Lines, a JSON array, CSV, Parquet."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel
from pydantic_core import from_json

from tracekd.errors import UserError
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.json_stream import read_lines
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import records_of_file
from tracekd.verify.reading.format import Head, Outputs
from tracekd.verify.reading.written import Unread, Written

Row = TypeVar("Row", bound=BaseModel)
_START = 2**12
_LOOKED_AT = 20


def read_rows(path: Path, row: type[Row], make: Callable[[Row, str], Iterable[Written]]) -> Outputs:
    """Yield what `make(row, where)` makes of each record; a Fault that it raises becomes an Unread."""
    return read_records(path, lambda record: make(record.parse(row), record.where))


def read_records(path: Path, make: Callable[[Record], Iterable[Written]]) -> Outputs:
    """Yield what `make` makes of each record as it stands; a Fault that it raises becomes an Unread."""
    for record in _records(path):
        if isinstance(record, Skipped):
            yield Unread(record.where, record.reason, record.detail)
            continue
        try:
            yield from make(record)
        except Fault as fault:
            yield unread(fault, record.where)


def unread(fault: Fault, where: str) -> Unread:
    """The fault of the record that stands at `where`; what it quotes is bounded, and holds no control characters."""
    skipped = Skipped.of(fault, where)
    return Unread(skipped.where, skipped.reason, skipped.detail)


def head_of(path: Path) -> Head:
    """How a file begins. Raises UserError where it cannot be read, or not more than once, as a pipe."""
    if path.exists() and not path.is_file():
        raise UserError(
            "this is no regular file, and is read more than once", where=path, next_step="write it to a file"
        )
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise UserError(f"this cannot be read ({str(error.strerror or error)[:80]})", where=path) from None
    return Head(path, start, _fields(path))


def _fields(path: Path) -> frozenset[str]:
    """The names of the fields of the first record that can be read, if one of the first can."""
    for record in islice(_records(path), _LOOKED_AT):
        if isinstance(record, Record) and (fields := _names(record)):
            return fields
    return frozenset()


def _names(record: Record) -> frozenset[str]:
    if isinstance(record.data, dict):
        return frozenset(record.data)
    try:
        parsed = from_json(record.data)
    except ValueError:
        return frozenset()
    return frozenset(parsed) if isinstance(parsed, dict) else frozenset()


def _records(path: Path) -> Iterator[Record | Skipped]:
    return _json_lines(path) if path.suffix.lower() == ".csv" and _begins_an_object(path) else records_of_file(path)


def _begins_an_object(path: Path) -> bool:
    # Some released files are JSON Lines, and named .csv.
    with path.open("rb") as file:
        return file.read(_START).lstrip().startswith(b'{"')


def _json_lines(path: Path) -> Iterator[Record | Skipped]:
    for number, found in enumerate(read_lines(path)):
        yield (
            Skipped.of(found, str(path)) if isinstance(found, Fault) else Record(path, found.line, number, found.text)
        )

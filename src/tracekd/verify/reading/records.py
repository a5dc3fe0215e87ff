"""Files with one record for each output: JSON Lines, a JSON array, CSV, Parquet; and the types of their common fields."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import from_json

from tracekd.errors import UserError
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.reading.compressed import COMPRESSED, open_text
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.json_stream import read_lines
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import records_of_file
from tracekd.transcript.finish import finish_of
from tracekd.transcript.message import read_reasoning
from tracekd.transcript.transcript import Finish
from tracekd.verify.reading.output_record import Head, OutputRecord, Outputs, Unread

_LONGEST_NAME = 200
# A part of a divided file: `x-00000-of-00002`.
SHARD = re.compile(r"[-_.][0-9]{1,6}-of-[0-9]{1,6}(?=\.|$)")
_FILE_ENDINGS = frozenset({".json", ".jsonl", ".csv", ".parquet", ".arrow", ".eval", *COMPRESSED})
_HASH = 12  # the length of a hash of a prompt


def _name(value: Any) -> Any:
    """Ids may be numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else value


def _texts(value: Any) -> Any:
    """A list of texts: as an array, as a printed list (in CSV files), or as one text on each line."""
    if not isinstance(value, str):
        return value
    listed = read_list(value) if value.lstrip().startswith("[") else None
    return listed if listed is not None else tuple(line for line in value.split("\n") if line.strip())


# What a field with reasoning says, and whether it says that some is hidden; a value of another kind says nothing.
Reasoning = Annotated[tuple[str | None, bool], BeforeValidator(read_reasoning)]
Finished = Annotated[Finish, BeforeValidator(finish_of)]
# A prompt as a text; our own outputs have a hash of it in this field.
Prompt = Annotated[
    str | None, BeforeValidator(lambda value: value if isinstance(value, str) and len(value) > _HASH else None)
]
Ident = Annotated[str, BeforeValidator(_name)]
Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
# Counts from 0 that fit into 64 bits.
Count = Annotated[int, Field(ge=0, lt=2**31)]
Seed = Annotated[int, Field(ge=-(2**63), lt=2**63)]


def name_of(path: Path) -> str:
    """The name of a file without its endings; the parts of a divided file (`x-00000-of-00002.parquet`) have one name."""
    stem = path.name
    while (ending := Path(stem).suffix.lower()) in _FILE_ENDINGS:
        stem = stem[: -len(ending)]
    return SHARD.sub("", stem) or path.name


Fields = TypeVar("Fields", bound=BaseModel)
_START = 2**12
_LOOKED_AT = 20


def read_rows(path: Path, row: type[Fields], make: Callable[[Fields, str], Iterable[OutputRecord]]) -> Outputs:
    """Yield the outputs that `make(row, where)` makes from each record; a Fault that it raises becomes an Unread."""
    return read_records(path, lambda record: make(record.parse(row), record.where))


def read_records(path: Path, make: Callable[[Record], Iterable[OutputRecord]]) -> Outputs:
    """Yield the outputs that `make` makes from each unchanged record; a Fault that it raises becomes an Unread."""
    for record in _records(path):
        if isinstance(record, Skipped):
            yield Unread(record.where, record.reason, record.detail)
            continue
        try:
            yield from make(record)
        except Fault as fault:
            yield unread(fault, record.where)


def unread(fault: Fault, where: str) -> Unread:
    """The fault of the record at `where`; its quotations are short and contain no control characters."""
    skipped = Skipped.of(fault, where)
    return Unread(skipped.where, skipped.reason, skipped.detail)


def head_of(path: Path) -> Head:
    """The beginning of a file. Raises UserError if it cannot be read, or cannot be read twice (such as a pipe)."""
    if path.exists() and not path.is_file():
        raise UserError(
            "this is not a regular file, but it must be read more than once", where=path, next_step="write it to a file"
        )
    try:
        with open_text(path) as file:
            start = file.read(_START)
    except OSError as error:
        raise UserError(f"this file cannot be read ({str(error.strerror or error)[:80]})", where=path) from None
    return Head(path, start, _fields(path))


def _fields(path: Path) -> frozenset[str]:
    """The names of the fields of the first readable record, if one of the first few is readable."""
    for record in islice(_records(path), _LOOKED_AT):
        if isinstance(record, Record) and (fields := _names(record)):
            return fields
    return frozenset()


def parsed(record: Record) -> Any:
    """The value of a record. Raises Fault if it is not JSON."""
    if isinstance(record.data, dict):
        return record.data
    try:
        return from_json(record.data)
    except ValueError as error:
        raise Fault("not JSON", str(error)) from None


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
    # Some released files are JSON Lines but are named .csv.
    with open_text(path) as file:
        return file.read(_START).lstrip().startswith(b'{"')


def _json_lines(path: Path) -> Iterator[Record | Skipped]:
    for number, found in enumerate(read_lines(path)):
        yield (
            Skipped.of(found, str(path)) if isinstance(found, Fault) else Record(path, found.line, number, found.text)
        )

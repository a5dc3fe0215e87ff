"""Reads the rows of Parquet files, one at a time, in bounded memory.

A small file can stand for very much data: a text is stored once (in a dictionary), however many rows have it, and
compression makes repetition small. So the sizes that the file states decide how many rows are read at a time.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from tracekd.errors import UserError
from tracekd.tasks.reading.arrow import rows_of
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.thrift import Struct, read_struct

_BATCH = 256
# In bytes. A batch takes at most this, if a single row does not take more.
_LARGEST_BATCH = 2**26
_LARGEST_ROW = 2**28
# Texts shrink to about a fifth. A file whose data shrink to a five-hundredth holds nothing that is worth reading.
_MOST_SHRUNK, _FREE_BYTES = 500, 2**28
# Lists of equal numbers take no space in the file, but 8 bytes for each number in memory.
_MOST_VALUES_OF_ROW, _FREE_VALUES = 1000, 2**26
# parquet.thrift, Encoding: this one stores the beginning that texts share only once. Type: texts.
_SHARED_BEGINNINGS, _BYTE_ARRAY = 7, 6
_LONGEST_HEADER = 2**12
# The end of a file: the length of its footer, and a mark.
_END, _MAGIC = struct.Struct("<i4s"), b"PAR1"


def read_parquet(path: Path) -> Iterator[dict[str, Any] | Fault]:
    """Yield each row, or a Fault for a row that Python cannot hold, such as one with text that is not UTF-8.

    Raises UserError if the file is not Parquet, or unpacks to far more data than a data set has.
    """
    try:
        size = _batch_size(path)
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=size):
                yield from rows_of(batch)
    except UserError:  # which is a ValueError
        raise
    except (pa.ArrowException, ValueError) as error:  # a ValueError if the name of a column is not UTF-8
        raise UserError(f"not a Parquet file ({str(error)[:80]})", where=path) from None


class _Chunk(NamedTuple):
    """A column in a group of rows, as the footer states it (parquet.thrift, ColumnMetaData)."""

    rows: int
    values: int
    unpacked: int
    holds_texts: bool
    shares_beginnings: bool
    dictionary_offset: int | None


def _batch_size(path: Path) -> int:
    """How many rows may be read at a time. Raises UserError if the file unpacks to too much, ValueError without a footer."""
    with path.open("rb") as file:
        chunks = _chunks(file)
        unpacked = sum(chunk.unpacked for chunk in chunks)
        if unpacked > _MOST_SHRUNK * path.stat().st_size + _FREE_BYTES:
            raise _too_large(path, f"{unpacked:,} bytes")
        if any(chunk.shares_beginnings for chunk in chunks):
            return 1
        row = max((_largest_row(file, chunk, path) for chunk in chunks), default=1)
    return max(1, min(_BATCH, _LARGEST_BATCH // max(1, row)))


def _largest_row(file: BinaryIO, chunk: _Chunk, path: Path) -> int:
    """How many bytes a row of this column may take, because all its texts are in a dictionary; 1 without a dictionary."""
    if chunk.values > _MOST_VALUES_OF_ROW * chunk.rows + _FREE_VALUES:
        raise _too_large(path, f"{chunk.values:,} values in {chunk.rows:,} rows")
    if chunk.dictionary_offset is None or not chunk.holds_texts:
        return 1
    dictionary = _dictionary(file, chunk.dictionary_offset)
    values = -(-chunk.values // max(1, chunk.rows))
    if values > 1 and values * dictionary.size // max(1, dictionary.texts) > _LARGEST_ROW:
        raise _too_large(path, f"{values:,} texts in a row that are in a dictionary of {dictionary.size:,} bytes")
    return values * dictionary.size


def _chunks(file: BinaryIO) -> list[_Chunk]:
    """The columns of all groups of rows (parquet.thrift, FileMetaData). Raises ValueError if they are not stated."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size))
    length, mark = _END.unpack(file.read(_END.size)) if size >= _END.size else (0, b"")
    if mark != _MAGIC or not 0 < length <= size - _END.size:
        raise ValueError("no footer")
    file.seek(size - _END.size - length)
    found: list[_Chunk] = []
    for group in _structs(read_struct(file.read(length)).get(4)):
        for column in _structs(group.get(1)):
            meta = column.get(3, {})
            if not isinstance(meta, dict):
                raise ValueError("a column without its description")
            encodings = meta.get(2, [])
            found.append(
                _Chunk(
                    rows=_count(group.get(3)),
                    values=_count(meta.get(5)),
                    unpacked=_count(meta.get(6)),
                    holds_texts=meta.get(1) == _BYTE_ARRAY,
                    shares_beginnings=isinstance(encodings, list) and _SHARED_BEGINNINGS in encodings,
                    dictionary_offset=_count(meta[11]) if 11 in meta else None,
                )
            )
    return found


def _structs(value: Any) -> list[Struct]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("a footer of another form")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("a count that is not a number")
    return value


def _too_large(path: Path, what: str) -> UserError:
    return UserError(
        f"this file unpacks to far more data than a data set has ({what})", where=path,
        next_step="write the data anew, without repetition",
    )  # fmt: skip


class _Dictionary(NamedTuple):
    """The texts that a column refers to: their bytes together, and their number. No text is longer than `size`."""

    size: int
    texts: int


def _dictionary(file: BinaryIO, offset: int) -> _Dictionary:
    """What the header of a dictionary page states (parquet.thrift, PageHeader and DictionaryPageHeader)."""
    file.seek(offset)
    header = read_struct(file.read(_LONGEST_HEADER))
    described = header.get(7)
    if not isinstance(described, dict):
        raise ValueError("a page without a header")
    return _Dictionary(_count(header.get(2)), _count(described.get(1)))

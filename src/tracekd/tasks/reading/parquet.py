"""Reads the rows of Parquet files, one at a time, in bounded memory.

A small file can stand for very much data: a text is stored once (in a dictionary), however many rows have it, and
compression makes repetition small. So the sizes that the file states decide how many rows are read at a time.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from tracekd.errors import UserError
from tracekd.tasks.reading.arrow import rows_of
from tracekd.tasks.reading.fault import Fault

_BATCH = 256
# In bytes. A batch takes at most this, if a single row does not take more.
_LARGEST_BATCH = 2**26
_LARGEST_ROW = 2**28
# Texts shrink to about a fifth. A file whose data shrink to a five-hundredth holds nothing that is worth reading.
_MOST_SHRUNK, _FREE_BYTES = 500, 2**28
# Lists of equal numbers take no space in the file, but 8 bytes for each number in memory.
_MOST_VALUES_OF_ROW, _FREE_VALUES = 1000, 2**26
# This encoding stores the beginning that texts share only once.
_SHARED_BEGINNINGS = "DELTA_BYTE_ARRAY"
# Thrift's compact protocol, in which a page begins: the types of a field that is a number, and of one that is a struct.
_NUMBER, _STRUCT = (4, 5, 6), 12
_LONGEST_HEADER = 256


def read_parquet(path: Path) -> Iterator[dict[str, Any] | Fault]:
    """Yield each row, or a Fault for a row that Python cannot hold, such as one with text that is not UTF-8.

    Raises UserError if the file is not Parquet, or unpacks to far more data than a data set has.
    """
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_batch_size(file.metadata, path)):
                yield from rows_of(batch)
    except UserError:  # which is a ValueError
        raise
    except (pa.ArrowException, ValueError) as error:  # a ValueError if the name of a column is not UTF-8
        raise UserError(f"not a Parquet file ({str(error)[:80]})", where=path) from None


def _batch_size(metadata: Any, path: Path) -> int:
    """How many rows may be read at a time. Raises UserError if the file unpacks to too much."""
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    chunks = [(group, group.column(at)) for group in groups for at in range(group.num_columns)]
    unpacked = sum(chunk.total_uncompressed_size for _, chunk in chunks)
    if unpacked > _MOST_SHRUNK * path.stat().st_size + _FREE_BYTES:
        raise _too_large(path, f"{unpacked:,} bytes")
    if any(_SHARED_BEGINNINGS in chunk.encodings for _, chunk in chunks):
        return 1
    row = 1
    with path.open("rb") as file:
        for group, chunk in chunks:
            if chunk.num_values > _MOST_VALUES_OF_ROW * group.num_rows + _FREE_VALUES:
                raise _too_large(path, f"{chunk.num_values:,} values in {group.num_rows:,} rows")
            if chunk.has_dictionary_page and chunk.physical_type == "BYTE_ARRAY":
                dictionary = _dictionary(file, chunk.dictionary_page_offset)
                values = -(-chunk.num_values // max(1, group.num_rows))
                if values > 1 and values * dictionary.size // max(1, dictionary.texts) > _LARGEST_ROW:
                    raise _too_large(
                        path, f"{values:,} texts in a row that are in a dictionary of {dictionary.size:,} bytes"
                    )
                row = max(row, values * dictionary.size)
    return max(1, min(_BATCH, _LARGEST_BATCH // row))


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
    header, at, field, size = file.read(_LONGEST_HEADER), 0, 0, 0
    try:
        while header[at]:
            field, kind, at = field + (header[at] >> 4), header[at] & 15, at + 1
            if kind == _STRUCT:  # the fields after it are not needed; the first field inside is the number of texts
                return _Dictionary(size, _number(header, at + 1)[0])
            if kind not in _NUMBER:
                break
            value, at = _number(header, at)
            if field == 2:
                size = value
    except IndexError:
        pass
    raise ValueError("a page without a header")


def _number(header: bytes, at: int) -> tuple[int, int]:
    """A number in zigzag form with 7 bits in each byte, and the place after it."""
    value = shift = 0
    while True:
        byte = header[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return (value >> 1) ^ -(value & 1), at

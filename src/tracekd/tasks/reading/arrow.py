"""Reads the rows of Arrow files (`.arrow`, as `datasets` saves them), one at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracekd.errors import UserError
from tracekd.tasks.reading.fault import Fault

_ROWS = 256


def read_arrow(path: Path) -> Iterator[dict[str, Any] | Fault]:
    """Yield each row, or a Fault for a row that Python cannot hold. Raises UserError if the file is not Arrow."""
    try:
        with pa.memory_map(str(path)) as file:
            for batch in _batches(file):
                for at in range(0, batch.num_rows, _ROWS):
                    yield from rows_of(batch.slice(at, _ROWS))
    except UserError:  # which is a ValueError
        raise
    except (pa.ArrowException, ValueError) as error:
        raise UserError(f"not an Arrow file ({str(error)[:80]})", where=path) from None


def _batches(file: Any) -> Iterator[Any]:
    """The batches of a stream, or of a file with an index at its end."""
    try:
        stream = pa.ipc.open_stream(file)
    except pa.ArrowInvalid:
        found = pa.ipc.open_file(file)
        yield from (found.get_batch(at) for at in range(found.num_record_batches))
    else:
        yield from stream


def rows_of(batch: Any) -> list[dict[str, Any] | Fault]:
    """The rows of a batch, with a Fault in place of a row that Python cannot hold, such as one that is not UTF-8."""
    try:
        return list(batch.to_pylist())
    except (ValueError, OverflowError) as error:
        if batch.num_rows == 1:
            return [Fault("malformed row", str(error))]
    return [row for at in range(batch.num_rows) for row in rows_of(batch.slice(at, 1))]

"""Reads outputs from files of several formats, of tracekd and of other tools."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from tracekd.errors import UserError
from tracekd.verify.reading.files import FORMATS, Planned, plan
from tracekd.verify.reading.output_record import GoldRecord, OutputRecord, Unread

__all__ = ["FORMATS", "GoldRecord", "OutputRecord", "Unread", "read_outputs"]

_NONE: Mapping[str, str] = MappingProxyType({})


def read_outputs(
    paths: Sequence[str], format: str | None = None, mapping: Mapping[str, str] = _NONE
) -> Iterator[OutputRecord | Unread]:
    """The outputs of files and folders, one at a time, and an Unread for each line or file without an output.

    The beginning of a file tells its format, unless `format` or a `mapping` (field -> path into a record) is given.
    Raises UserError at once for a missing path, an unknown format, or a named file of a different or unknown
    format. Such a file in a named folder, or a file that later turns out to be unreadable, becomes an Unread.
    """
    return _read(plan(paths, format, mapping))


def _read(planned: Sequence[Planned]) -> Iterator[OutputRecord | Unread]:
    for found in planned:
        if isinstance(found, Unread):
            yield found
            continue
        file, format = found
        try:
            yield from format.read(file)
        except UserError as error:
            yield Unread(error.where or str(file), "file cannot be read", error.problem)

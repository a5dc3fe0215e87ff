"""Outputs of anyone's, read from whatever files they lie in."""

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
    """The outputs of files and folders, one at a time, and an Unread for each line or file that is none.

    A file's format is told by how it begins, unless `format` or a `mapping` (field -> path into a record) says it.
    Raises UserError at once for a path that is missing, a format that is none, or a named file that is of another one
    or of none. A file of a folder that is such, and one that later turns out unreadable, is an Unread.
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

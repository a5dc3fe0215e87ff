"""The records of a source: a file of any format, a folder of them, or a data set of the Hub."""

import csv
import string
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks.reading.compressed import COMPRESSED, open_text, refuse_compressed
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.json_stream import LONGEST_RECORD, Value, read_array, read_columns, read_lines
from tracekd.tasks.reading.record import Record

ENDINGS = (
    ".json",
    ".jsonl",
    ".csv",
    ".parquet",
    ".arrow",
    *(f".jsonl{each}" for each in COMPRESSED),
    *(f".json{each}" for each in COMPRESSED),
)
HUB = "hub:"
# Files that describe a folder (of a world, or one that `datasets` saved) are not data.
_DESCRIPTIONS = frozenset({"manifest.json", "dataset_info.json", "dataset_infos.json", "state.json"})
_SNIFFED = 2**16

Records = Iterator[Record | Skipped]


def load_records(source: str, read: Callable[[Record], Iterable[Problem]]) -> Iterator[Problem | Skipped]:
    """Yield the problems that `read` makes of each record of a source; a Fault that it raises becomes a Skipped.

    Raises UserError for a source that cannot be read at all.
    """
    for record in records(source):
        if isinstance(record, Skipped):
            yield record
            continue
        try:
            yield from read(record)
        except Fault as fault:
            yield Skipped.of(fault, record.where)


def records(source: str) -> Records:
    """Yield the records of `hub:NAME[:CONFIG[:SPLIT]]`, of a file, or of the data files of a folder, sorted by name."""
    if source.startswith(HUB):
        yield from _of_hub(source)
        return
    for file in data_files(Path(source), ENDINGS):
        yield from records_of_file(file)


def data_files(source: Path, endings: Iterable[str]) -> list[Path]:
    """The source itself if it is a file, or the files of the folder with one of these endings, sorted by name, without
    hidden ones.

    Raises UserError if there are none.
    """
    known = tuple(endings)
    try:
        if source.is_file():
            return [source]
        if not source.is_dir():
            raise UserError(
                "there is no such file or folder", where=source,
                expected=f"a file ({', '.join(known)}) or a folder of them",
            )  # fmt: skip
        named = (file for file in source.iterdir() if file.name.lower().endswith(known))
        found = sorted(file for file in named if not _is_description(file.name) and file.is_file())
    except OSError as error:
        raise _unreadable(source, error) from None
    if not found:
        raise UserError("there is no data file in this folder", where=source, expected=f"files in {', '.join(known)}")
    return found


def _is_description(name: str) -> bool:
    """Whether a file describes its folder, as the hidden list of files that a command has written also does."""
    return name in _DESCRIPTIONS or name.startswith(".")


def records_of_file(path: Path) -> Records:
    """Yield the records of one file. Its ending and its first bytes decide about the format."""
    if not path.name.isprintable():  # it is part of every problem, and may not be UTF-8
        raise UserError("the name of this file cannot be written", where=ascii(str(path)), next_step="rename the file")
    try:
        check(path)
        if path.suffix.lower() == ".csv":
            yield from _of_csv(path)
        elif path.suffix.lower() in (".parquet", ".arrow"):
            yield from _of_columns(path)
        else:
            yield from _of_json(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> UserError:
    return UserError(f"cannot be read ({str(error.strerror or error)[:80]})", where=path)


def _of_json(path: Path) -> Records:
    for number, found in enumerate(_json_reader(path)(path)):
        if isinstance(found, Fault):
            yield Skipped.of(found, str(path))
        else:
            yield Record(path, found.line, number, found.text)


def _json_reader(path: Path) -> Callable[[Path], Iterator[Value | Fault]]:
    with open_text(path) as file:
        head = file.read(_SNIFFED).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"["):
        return read_array
    if not _is_columns(head):
        return read_lines
    refuse_compressed(path)
    return read_columns


def _is_columns(head: bytes) -> bool:
    """Whether an object begins with a column, `{"name": {"ROW NUMBER": `. Records of data sets never do."""
    squeezed = head[:_SNIFFED].translate(None, string.whitespace.encode())[:200]
    name, colon, rest = squeezed.partition(b'":{"')
    row, quote, _ = rest.partition(b'":')
    return bool(colon and quote) and name.startswith(b'{"') and b'"' not in name[2:] and row.isdigit()


def _of_csv(path: Path) -> Records:
    # Bytes that are not UTF-8 become lone surrogates: only rows with such bytes are faults.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = _csv_rows(iter(partial(file.readline, LONGEST_RECORD), ""))
        heading = _csv_heading(rows, path)
        for number, (line, row) in enumerate(rows):
            try:
                fields = _csv_fields(row)
                if len(fields) != len(heading):
                    raise Fault("not CSV", f"{len(fields)} fields, but the heading has {len(heading)}")
            except Fault as fault:
                yield Skipped.of(fault, f"{path}:{line}")
            else:
                yield Record(path, line, number, dict(zip(heading, fields, strict=True)))


def _csv_heading(rows: Iterator[tuple[int, list[str] | Fault]], path: Path) -> list[str]:
    try:
        heading = _csv_fields(next(rows, (1, list[str]()))[1])
        if len(set(heading)) < len(heading):
            raise Fault("not CSV", "a column occurs twice")
    except Fault as fault:
        raise UserError(f"the heading cannot be read ({fault})", where=path) from None
    return heading


def _csv_rows(lines: Iterator[str]) -> Iterator[tuple[int, list[str] | Fault]]:
    """Yield each row that is not empty, with the line on which it begins."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield line, Fault("not CSV", str(error))
            continue
        if row is None:
            return
        if row:
            yield line, row


def _csv_fields(row: list[str] | Fault) -> list[str]:
    if isinstance(row, Fault):
        raise row
    try:
        "".join(row).encode("utf-8")
    except UnicodeEncodeError:
        raise Fault("not UTF-8", "a field of this row") from None
    return row


def _of_columns(path: Path) -> Records:
    from tracekd.tasks.reading.arrow import read_arrow
    from tracekd.tasks.reading.parquet import read_parquet

    read = read_arrow if path.suffix.lower() == ".arrow" else read_parquet
    for number, row in enumerate(read(path)):
        if isinstance(row, Fault):
            yield Skipped.of(row, f"{path}:{number + 1}")
        else:
            yield Record(path, number + 1, number, row)


def _of_hub(source: str) -> Records:
    name, *rest = source.removeprefix(HUB).split(":")
    config = rest[0] if rest else None
    split = rest[1] if len(rest) > 1 else "train"
    for number, row in enumerate(_hub_rows(name, config or None, split, source)):
        yield Record(Path(f"{HUB}{name}/{config or 'default'}/{split}"), number + 1, number, row)


def _hub_rows(name: str, config: str | None, split: str, source: str) -> Iterator[dict[str, Any]]:
    try:
        import datasets
    except ImportError:
        raise UserError(
            "data sets of the Hub need the package `datasets`", where=source, next_step="pip install 'tracekd[train]'"
        ) from None
    try:
        # Never with code from the Hub: `datasets` no longer runs any.
        yield from datasets.load_dataset(name, config, split=split, streaming=True)
    except Exception as error:  # its many back ends may raise anything
        raise UserError(
            f"the data set could not be loaded from the Hub ({type(error).__name__}: {str(error)[:200]})", where=source,
            expected="hub:NAME[:CONFIG[:SPLIT]] and a network, or the name of a local folder",
            next_step="download the files and give the name of their folder",
        ) from None  # fmt: skip

"""Reads JSON files larger than memory, one value at a time: JSON Lines, one array, or one column-oriented object.

The byte offsets of values are found in the file read as Latin-1: there, every byte is one character, and JSON's own signs
have the same places as in UTF-8. The values are then decoded as UTF-8.
"""

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tracekd.tasks.reading.compressed import open_text
from tracekd.tasks.reading.fault import Fault

# Records of real data sets are far smaller. Without a limit, one missing line end would read a whole file into memory.
LONGEST_RECORD = 64 * 2**20
_CHUNK = 2**20
_MOST_COLUMNS = 256
_BOM = b"\xef\xbb\xbf"
_SPACE = " \t\r\n"


class Value(NamedTuple):
    """The JSON text of one value, and the line on which it begins."""

    line: int
    text: bytes


def read_lines(path: Path) -> Iterator[Value | Fault]:
    """Yield the lines that are not empty; a line that is too long for a record is a Fault."""
    with open_text(path) as file:
        number = 0
        while line := file.readline(LONGEST_RECORD):
            number += 1
            if not line.endswith(b"\n") and len(line) == LONGEST_RECORD:
                _skip_line(file)
                yield Fault("record too long", f"over {LONGEST_RECORD} bytes", where=f"{path}:{number}")
                continue
            text = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
            if text:
                yield Value(number, text)


def _skip_line(file: BinaryIO) -> None:
    while rest := file.readline(_CHUNK):
        if rest.endswith(b"\n"):
            return


def read_array(path: Path) -> Iterator[Value | Fault]:
    """Yield the elements of a file with one array. After an element that is not JSON, the rest cannot be read."""
    with open_text(path) as file:
        scanner = Scanner(file)
        try:
            yield from _elements(scanner)
        except Broken as broken:
            yield Fault("not JSON", f"{broken}; the rest of the file is lost", where=f"{path}:{scanner.line}")


def read_columns(path: Path) -> Iterator[Value | Fault]:
    """Yield the rows of a column-oriented object (`{"a": {"0": ..}, "b": {"0": ..}}`, as pandas writes it) as objects.

    The file is read twice: once to find the place of each value (16 bytes of memory per value, 200 per row), once row by
    row. If a column has no value for a row, the row has no such field. Rows that only a later column has come last. A row
    that occurs twice in a column is a Fault.
    """
    with path.open("rb") as file:
        scanner = Scanner(file)
        table = _Table()
        broken: str | None = None
        try:
            _find_columns(scanner, table)
        except Broken as error:
            broken = str(error)
        yield from _rows(file, table, path)
        if broken is not None:
            yield Fault("not JSON", f"{broken}; the rest of the file is lost", where=f"{path}:{scanner.line}")


class Broken(Exception):
    """From here on, the file is not JSON."""


@dataclass
class _Column:
    """The places of the values of a column in the file.

    `places` maps a row to its index in the arrays; None as long as both are equal, as in all real files.
    """

    name: str
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    lengths: "array[int]" = field(default_factory=lambda: array("Q"))
    places: dict[int, int] | None = None

    def note(self, row: int, offset: int, length: int) -> bool:
        """Store the place of the value of a row. Returns False if the column already has a value for this row."""
        place = len(self.offsets)
        if self.places is None and row != place:
            self.places = {at: at for at in range(place)}
        if self.places is not None and self.places.setdefault(row, place) != place:
            return False
        self.offsets.append(offset)
        self.lengths.append(length)
        return True

    def place(self, row: int) -> int | None:
        if self.places is not None:
            return self.places.get(row)
        return row if row < len(self.offsets) else None


@dataclass
class _Table:
    """The columns, the rows by their keys, the line of the first value of each row, and the rows that occur twice."""

    columns: dict[str, _Column] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    twice: set[int] = field(default_factory=set)

    def column(self, name: str) -> _Column:
        if name in self.columns or len(self.columns) == _MOST_COLUMNS:
            raise Broken("a column occurs twice" if name in self.columns else f"more than {_MOST_COLUMNS} columns")
        return self.columns.setdefault(name, _Column(name))

    def row(self, key: str, line: int) -> int:
        row = self.rows.setdefault(key, len(self.rows))
        if row == len(self.lines):
            self.lines.append(line)
        return row


class Scanner:
    """Finds values in a file; only a window of the file is in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # Numbers are skipped here: even very long ones are never computed.
        self._decode = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode
        self._text = file.read(_CHUNK).removeprefix(_BOM).decode("latin-1")
        self._at = 0
        self._base = file.tell() - len(self._text)
        self.line = 1

    def peek(self) -> str:
        """The next character that is not white space; an empty text at the end of the file."""
        while True:
            while self._at < len(self._text):
                char = self._text[self._at]
                if char not in _SPACE:
                    return char
                self.line += char == "\n"
                self._at += 1
            if not self._more(_CHUNK):
                return ""

    def take(self, chars: str) -> str:
        """Go past the next character, which must be one of these."""
        char = self.peek()
        if not char or char not in chars:
            raise Broken(f"{char!r}, expected one of {chars!r}" if char else "the file ends too early")
        self._at += 1
        return char

    def end(self) -> None:
        """Check that only white space is left."""
        if self.peek():
            raise Broken("expected the end of the file")

    def value(self) -> tuple[int, int, str]:
        """Go past the next value: its byte offset, its line, its text (as Latin-1)."""
        self.peek()
        size = _CHUNK
        while True:
            try:
                _, end = self._decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                # The value may be cut by the end of the window. Reading larger and larger pieces keeps the time linear.
                if len(self._text) - self._at > LONGEST_RECORD or not self._more(size):
                    raise Broken(getattr(error, "msg", "nested too deep")) from None
                size *= 2
                continue
            length, left = end - self._at, len(self._text) - end
            # A number at the end of the window may continue, as `1` does in `1e-5`.
            if left > len("e-") or not self._text[end - 1].isdigit():
                break
            if not self._more(_CHUNK):
                if not self._text[length:].strip(".eE+-"):
                    raise Broken("the file ends too early")
                break
        text = self._text[self._at : self._at + length]
        found = self._base + self._at, self.line, text
        self.line += text.count("\n")
        self._at += length
        return found

    def _more(self, size: int) -> bool:
        chunk = self._file.read(size)
        self._text = self._text[self._at :] + chunk.decode("latin-1")
        self._base += self._at
        self._at = 0
        return bool(chunk)


def _elements(scanner: Scanner) -> Iterator[Value]:
    scanner.take("[")
    if scanner.peek() == "]":
        scanner.take("]")
    else:
        while True:
            _, line, text = scanner.value()
            yield Value(line, text.encode("latin-1"))
            if scanner.take(",]") == "]":
                break
    scanner.end()


def _find_columns(scanner: Scanner, table: _Table) -> None:
    for name in members(scanner):
        column = table.column(name)
        for key in members(scanner):
            offset, line, text = scanner.value()
            row = table.row(key, line)
            if not column.note(row, offset, len(text)):
                table.twice.add(row)
    scanner.end()


def members(scanner: Scanner) -> Iterator[str]:
    """Yield each name of an object. The caller must take the scanner past its value before the next name."""
    scanner.take("{")
    if scanner.peek() == "}":
        scanner.take("}")
        return
    while True:
        if scanner.peek() != '"':
            raise Broken("expected a name in quotes")
        name = scanner.value()[2]
        scanner.take(":")
        yield _text(name)
        if scanner.take(",}") == "}":
            return


def _text(name: str) -> str:
    try:
        return str(json.loads(name.encode("latin-1").decode("utf-8")))
    except UnicodeDecodeError:
        raise Broken("a name that is not UTF-8") from None


def _rows(file: BinaryIO, table: _Table, path: Path) -> Iterator[Value | Fault]:
    for row, line in enumerate(table.lines):
        if row in table.twice:
            yield Fault("row occurs twice in a column", where=f"{path}:{line}")
            continue
        parts: list[bytes] = []
        for column in table.columns.values():
            place = column.place(row)
            if place is not None:
                file.seek(column.offsets[place])
                parts.append(json.dumps(column.name).encode() + b":" + file.read(column.lengths[place]))
        yield Value(line, b"{" + b",".join(parts) + b"}")

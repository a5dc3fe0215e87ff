"""A table of raw values with units, for a CSV file and for the page."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from tracekd.report.numbers import Number, number, p_value
from tracekd.report.tables import Row, Table

Unit = Literal["percent", "printed", "points", "number", "count", "p"]
Value = float | int | str | None
_NONE = "\u2013"


@dataclass(frozen=True, slots=True)
class Column:
    """`span` is a header over neighbouring columns. Units `percent` and `points` apply to shares in [0, 1].

    `printed` is a percentage with two decimals, as the paper prints it.
    """

    name: str
    unit: Unit
    span: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: its header, a remark under it, and a value for each column (None: no value)."""

    header: str
    values: tuple[Value, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is the name of the CSV file, `corner` the header of the column of row headers."""

    name: str
    caption: str
    corner: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]

    def table(self) -> Table:
        """The table as the page shows it."""
        spans = tuple((name, len(list(of))) for name, of in groupby(self.columns, key=lambda column: column.span))
        return Table(
            caption=self.caption,
            corner=self.corner,
            columns=tuple(column.name for column in self.columns),
            rows=tuple(Row(entry.header, tuple(self._shown(entry)), entry.remark) for entry in self.entries),
            spans=spans if any(name for name, _ in spans) else (),
        )

    def csv(self) -> str:
        """The table as CSV with a heading; values are raw, shares in [0, 1]."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        headings = [": ".join(filter(None, (column.span, column.name))) for column in self.columns]
        writer.writerow([self.corner, "remark", *headings])
        writer.writerows([entry.header, entry.remark, *entry.values] for entry in self.entries)
        return text.getvalue()

    def _shown(self, entry: Entry) -> Iterator[Number]:
        for column, value in zip(self.columns, entry.values, strict=True):
            yield Number(_text(value, column.unit))


def _text(value: Value, unit: Unit) -> str:
    if value is None or isinstance(value, str):
        return value or _NONE
    if unit == "count":
        return f"{value:,}"
    if unit == "p":
        return p_value(value)
    if unit == "printed":
        return f"{round(100 * value, 2):.2f}\u00a0%"
    return number(value, unit if unit in ("percent", "points") else "number")

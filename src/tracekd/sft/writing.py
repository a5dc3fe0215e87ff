"""Rows written as they come: JSON Lines and Parquet with the same rows, or CSV. Memory does not grow with them."""

import csv
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from pydantic_core import to_json

from tracekd.sft.formats import COLUMNS, IDS, MESSAGES, TEXT, TEXTS, Format
from tracekd.tasks.list_literal import write_list

_BATCH = 4096


class RowWriter:
    """The files of one regime, `STEM.jsonl` and `STEM.parquet`, or `STEM.csv`; closed with the stack."""

    def __init__(self, folder: Path, stem: str, kind: Format, files: ExitStack) -> None:
        columns = {**COLUMNS, **kind.columns}
        self.paths = tuple(folder / f"{stem}.{ending}" for ending in _endings(kind))
        if kind.name == "csv":
            self._writers: list[_Jsonl | _Parquet | _Csv] = [_Csv(self.paths[0], columns, files)]
        else:
            self._writers = [_Jsonl(self.paths[0], files), _Parquet(self.paths[1], columns, files)]

    def write(self, row: dict[str, Any]) -> None:
        """Write one row to each file."""
        for writer in self._writers:
            writer.write(row)


def _endings(kind: Format) -> tuple[str, ...]:
    return ("csv",) if kind.name == "csv" else ("jsonl", "parquet")


def _opened(path: Path, files: ExitStack, newline: str) -> TextIO:
    return files.enter_context(path.open("w", encoding="utf-8", newline=newline))


class _Jsonl:
    def __init__(self, path: Path, files: ExitStack) -> None:
        # Rows are long: the usual buffer would be written out every few of them.
        self._file = files.enter_context(path.open("wb", buffering=2**20))

    def write(self, row: dict[str, Any]) -> None:
        self._file.write(to_json(row) + b"\n")


class _Csv:
    def __init__(self, path: Path, columns: Mapping[str, str], files: ExitStack) -> None:
        self._lists = [name for name, kind in columns.items() if kind == TEXTS]
        self._writer = csv.DictWriter(_opened(path, files, ""), list(columns), lineterminator="\n")
        self._writer.writeheader()

    def write(self, row: dict[str, Any]) -> None:
        self._writer.writerow({**row, **{name: write_list(tuple(row[name])) for name in self._lists}})


class _Parquet:
    def __init__(self, path: Path, columns: Mapping[str, str], files: ExitStack) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = pa.schema([(name, _arrow_type(kind)) for name, kind in columns.items()])
        self._rows: list[dict[str, Any]] = []
        self._file = files.enter_context(pq.ParquetWriter(path, self._schema, compression="zstd"))
        files.callback(self._flush)

    def write(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == _BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            columns = {name: [row[name] for row in self._rows] for name in self._schema.names}
            self._file.write_table(pa.table(columns, schema=self._schema))
            self._rows.clear()


def _arrow_type(kind: str) -> Any:
    import pyarrow as pa

    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    return {TEXT: pa.string(), TEXTS: pa.list_(pa.string()), IDS: pa.list_(pa.int32()), MESSAGES: pa.list_(message)}[
        kind
    ]

"""Compressed text and Arrow files are read as any other; a bomb ends in one message."""

import bz2
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tracekd.errors import UserError
from tracekd.tasks.reading import compressed
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import records

ROWS = [{"id": f"q/{number}", "text": "a b " * 20} for number in range(300)]


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def read(path: Path) -> list[dict[str, Any]]:
    found = [record for record in records(str(path)) if isinstance(record, Record)]
    return [record.data if isinstance(record.data, dict) else json.loads(record.data) for record in found]


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstd), (".bz2", bz2.compress)])
@pytest.mark.parametrize("is_array", [False, True])
def test_compressed_json_is_read(ending: str, pack: Callable[[bytes], bytes], is_array: bool, tmp_path: Path) -> None:
    text = json.dumps(ROWS) if is_array else "".join(json.dumps(row) + "\n" for row in ROWS)
    (tmp_path / f"x.json{'' if is_array else 'l'}{ending}").write_bytes(pack(text.encode()))
    assert read(tmp_path) == ROWS


@pytest.mark.parametrize("writer", [pa.ipc.new_stream, pa.ipc.new_file])
def test_arrow_is_read(writer: Callable[..., Any], tmp_path: Path) -> None:
    table = pa.Table.from_pylist(ROWS)
    with writer(str(tmp_path / "x.arrow"), table.schema) as file:
        file.write_table(table, max_chunksize=100)
    assert read(tmp_path) == ROWS


def test_a_bomb_ends_in_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "_FREE", 2**16)
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(b'{"a": "b"}\n' * 1_000_000))
    with pytest.raises(UserError, match="far more data"):
        read(tmp_path / "x.jsonl.gz")


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.jsonl.zst", "x.arrow"])
def test_a_damaged_file_ends_in_one_message(name: str, tmp_path: Path) -> None:
    whole = {
        "x.jsonl.gz": gzip.compress(b'{"a": 1}\n' * 99),
        "x.jsonl.zst": zstd(b'{"a": 1}\n' * 99),
        "x.arrow": b"ARROW1\0\0xx",
    }
    (tmp_path / name).write_bytes(whole[name][:20])
    with pytest.raises(UserError):
        read(tmp_path / name)

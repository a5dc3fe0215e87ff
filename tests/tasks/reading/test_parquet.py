"""Parquet files that unpack to far more data than they have: read a few rows at a time, or refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracekd.errors import UserError
from tracekd.tasks.reading import parquet
from tracekd.tasks.reading.parquet import read_parquet


def write(path: Path, columns: dict[str, Sequence[Any]], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, compression="zstd", **options)
    return path


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of rows that are unpacked at a time."""
    seen: list[int] = []
    rows = parquet.rows_of

    def counted(batch: Any) -> list[Any]:
        seen.append(batch.num_rows)
        return rows(batch)

    monkeypatch.setattr(parquet, "rows_of", counted)
    return seen


def test_ordinary_rows_are_read_many_at_a_time(tmp_path: Path, batches: list[int]) -> None:
    path = write(tmp_path / "a.parquet", {"id": list(range(300)), "text": [f"text {n % 7}" for n in range(300)]})
    assert [row["text"] for row in read_parquet(path)] == [f"text {n % 7}" for n in range(300)]
    assert batches == [256, 44]


def test_a_long_text_that_many_rows_have_is_unpacked_a_few_rows_at_a_time(tmp_path: Path, batches: list[int]) -> None:
    long = "so " * 2**22  # 12.6 MB
    path = write(tmp_path / "a.parquet", {"text": [long] * 12})
    assert path.stat().st_size < 10_000
    assert all(row["text"] == long for row in read_parquet(path))
    assert batches == [5, 5, 2]  # at most 64 MiB


def test_texts_that_share_their_beginning_are_unpacked_row_by_row(tmp_path: Path, batches: list[int]) -> None:
    texts = ["so " * 1000 + str(n) for n in range(5)]
    path = write(
        tmp_path / "a.parquet", {"text": texts}, use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"}
    )
    assert [row["text"] for row in read_parquet(path)] == texts
    assert batches == [1] * 5


@pytest.mark.parametrize("name", ["zeros", "list", "numbers"])
def test_a_file_that_unpacks_to_far_more_than_it_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(parquet, "_FREE_BYTES", 10**4)
    monkeypatch.setattr(parquet, "_FREE_VALUES", 10**4)
    monkeypatch.setattr(parquet, "_LARGEST_ROW", 10**6)
    columns: dict[str, list[Any]] = {
        "zeros": {"text": ["a" * 10**7]}, "list": {"text": [["so " * 1000] * 1000]}, "numbers": {"n": [[0] * 20_000]},
    }[name]  # fmt: skip
    path = write(tmp_path / "a.parquet", columns, use_dictionary=name != "zeros")
    with pytest.raises(UserError, match=r"this file unpacks to far more data than a data set has \([0-9,]+ ") as caught:
        next(read_parquet(path))
    assert caught.value.where == str(path)


def test_rows_with_lists_of_words_of_a_large_vocabulary_are_read(tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(20_000)]
    path = write(tmp_path / "a.parquet", {"words": [words, words[::-1]]})
    assert [row["words"] for row in read_parquet(path)] == [words, words[::-1]]

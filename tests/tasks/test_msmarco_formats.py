"""Every layout that MS MARCO QA comes in: the same rows give the same problems, and no damage does more than a skip."""

import csv
import io
import json
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.msmarco import TASK
from tracekd.tasks.reading.fault import Skipped

REAL = Path(__file__).parents[2].parent / "shared/data/msmarco"
NO_ANSWER = "No Answer Present."
Row = dict[str, Any]


def hub_row(number: int, texts: list[str], selected: list[int], answers: list[str], query_type: str) -> Row:
    return {
        "answers": answers,
        "passages": {
            "is_selected": selected,
            "passage_text": texts,
            "url": [f"http://clay.example/{number}/{at}" for at in range(len(texts))],
        },
        "query": f"what is kiln number {number} for",
        "query_id": number,
        "query_type": query_type,
        "wellFormedAnswers": ["A kiln is for clay."] if number == 7 else [],
    }


# With what the real rows have: quotes of both kinds, dashes, private-use bullets, Hebrew, one passage, one twice.
ROWS = [
    hub_row(
        7,
        [
            "It's a kiln, and it holds more words than fit in a line of seventy-five characters.",
            'He said "clay".',
            "Both ' and \".",
        ],
        [0, 1, 0],
        ["clay"],
        "DESCRIPTION",
    ),
    hub_row(19, ["Pots – from $17 … to $14.99", "\uf0b7 Bisque\\ware"], [1, 1], ["$17", "$14.99"], "NUMERIC"),
    hub_row(20, ["שלום, raku", "Raku.", "Raku."], [0, 0, 0], [NO_ANSWER], "ENTITY"),
    hub_row(3, ["One passage."], [1], ["one"], "PERSON"),
]


def official(row: Row) -> Row:
    columns = row["passages"]
    passages = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return row | {"passages": passages, "wellFormedAnswers": row["wellFormedAnswers"] or "[]"}


def as_rows(rows: list[Row]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_official_rows(rows: list[Row]) -> bytes:
    return "".join(json.dumps(official(row), ensure_ascii=False) + "\r\n" for row in rows).encode()


def as_v1(rows: list[Row]) -> bytes:
    changed = [
        row | {"answers": [a for a in row["answers"] if a != NO_ANSWER], "query_type": row["query_type"].lower()}
        for row in rows
    ]
    return as_official_rows(changed)


def as_columns(rows: list[Row], keys: Callable[[int], int] = lambda at: 3 * at + 2) -> bytes:
    """As pandas writes it; the row numbers have gaps, as after filtering."""
    table = {
        column: {str(keys(at)): official(row)[column] for at, row in enumerate(rows)} for column in sorted(rows[0])
    }
    return json.dumps(table).encode()


def objects(texts: list[str]) -> Any:
    made = np.empty(len(texts), dtype=object)
    made[:] = texts
    return made


def as_csv(rows: list[Row]) -> bytes:
    """As pandas writes the Hub's rows: every array as numpy prints it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    for row in rows:
        passages = row["passages"]
        arrays = {
            "is_selected": np.array(passages["is_selected"], dtype=np.int32),
            "passage_text": objects(passages["passage_text"]),
            "url": objects(passages["url"]),
        }
        lists = {name: str(objects(row[name])) for name in ("answers", "wellFormedAnswers")}
        writer.writerow(row | lists | {"passages": str(arrays)})
    return out.getvalue().encode()


def as_parquet(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


LAYOUTS = {
    "rows.jsonl": as_rows,
    "official.jsonl": as_official_rows,
    "v1.1.json": as_v1,
    "v2.1.json": as_columns,
    "array.json": lambda rows: json.dumps(rows, indent=1).encode(),
    "authors.csv": as_csv,
    "rows.parquet": as_parquet,
}


def write(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_problems(tmp_path: Path, name: str) -> None:
    expected = list(load_strict(TASK, [write(tmp_path, "plain.jsonl", as_rows(ROWS))]))
    found = list(load_strict(TASK, [write(tmp_path, name, LAYOUTS[name](ROWS))]))
    assert [p.source.partition(":")[0] for p in found] == [name] * len(ROWS)
    assert [p.model_copy(update={"source": ""}) for p in found] == [
        p.model_copy(update={"source": ""}) for p in expected
    ]
    assert [tuple(f.text for f in p.context) for p in found] == [tuple(row["passages"]["passage_text"]) for row in ROWS]
    assert [p.answer.values for p in found] == [tuple(row["answers"]) for row in ROWS]
    assert [p.stratum for p in found] == ["answerable", "answerable", "no_answer", "answerable"]


def test_the_rows_of_a_column_oriented_file_belong_together(tmp_path: Path) -> None:
    found = list(load_strict(TASK, [write(tmp_path, "v2.1.json", as_columns(ROWS))]))
    assert [p.id for p in found] == ["7", "19", "20", "3"]  # query ids, not row numbers


def test_the_csv_holds_what_python_would_misread(tmp_path: Path) -> None:
    text = as_csv(ROWS).decode()
    assert "['$17' '$14.99']" in text and "\\uf0b7" in text and "dtype=object)" in text
    assert "array(['One passage.'], dtype=object)" in text  # nothing wraps: the authors' surgery cuts it wrong
    found = list(load_strict(TASK, [write(tmp_path, "authors.csv", text.encode())]))
    assert found[1].answer.values == ("$17", "$14.99")


def test_an_empty_array_of_answers_in_v1s_csv(tmp_path: Path) -> None:
    row = ROWS[2] | {"answers": [], "query_type": "entity"}
    (found,) = load_strict(TASK, [write(tmp_path, "authors.csv", as_csv([row]))])
    assert (found.stratum, found.answer.values) == ("no_answer", (NO_ANSWER,))


def only_skip(source: str) -> Skipped:
    (found,) = load(TASK, [source])
    assert isinstance(found, Skipped)
    return found


def test_test_files_lack_answers(tmp_path: Path) -> None:
    table = json.loads(as_columns(ROWS[:1]))
    del table["answers"], table["wellFormedAnswers"]
    found = only_skip(write(tmp_path, "eval_v2.1_public.json", json.dumps(table).encode()))
    assert (found.reason, found.detail) == ("missing field", "answers")


def test_the_hubs_test_rows_have_no_labels(tmp_path: Path) -> None:
    row = hub_row(1, ["Clay.", "Kiln."], [-1, -1], [], "ENTITY")
    for name in ("rows.jsonl", "rows.parquet"):
        assert only_skip(write(tmp_path, name, LAYOUTS[name]([row]))).reason == "missing field"


def test_the_authors_training_tables_have_no_selection(tmp_path: Path) -> None:
    text = "answers,passages,query,question,query_type\nclay,\"['Clay.', 'Kiln.']\",Answer: what,what,ENTITY\n"
    found = only_skip(write(tmp_path, "train_dataset_for_prompting.csv", text.encode()))
    assert found.reason == "missing field" and "is_selected" in found.detail


@pytest.mark.parametrize("damage", ["...", "array([", "{'is_selected': array([1])}", "[]", "", "nan", "{}"])
def test_a_damaged_cell_is_named(tmp_path: Path, damage: str) -> None:
    out = io.StringIO()
    row = next(csv.DictReader(io.StringIO(as_csv(ROWS).decode(), newline="")))
    writer = csv.DictWriter(out, list(row))
    writer.writeheader()
    writer.writerow(row | {"passages": damage})
    found = only_skip(write(tmp_path, "authors.csv", out.getvalue().encode()))
    assert found.reason in ("malformed field", "missing field")
    assert "passages" in found.detail


def test_a_folder_of_layouts_is_read_file_by_file(tmp_path: Path) -> None:
    for number, (name, layout) in enumerate(LAYOUTS.items()):
        write(tmp_path, name, layout([row | {"query_id": 100 * number + row["query_id"]} for row in ROWS]))
    assert len(list(load_strict(TASK, [str(tmp_path)]))) == len(ROWS) * len(LAYOUTS)


@pytest.mark.parametrize("layout", [as_rows, as_columns])
def test_a_file_is_never_held_in_memory(tmp_path: Path, layout: Callable[[list[Row]], bytes]) -> None:
    row = hub_row(0, ["c" * 4000] * 10, [0] * 10, [NO_ANSWER], "ENTITY")
    data = layout([row | {"query_id": number} for number in range(500)])
    file = write(tmp_path, "large.json", data)
    size = len(data)
    del data
    tracemalloc.start()
    try:
        count = sum(isinstance(found, Problem) for found in load(TASK, [file]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 500
    assert peak < size / 2 and size > 20_000_000


NAMES = [b"answers", b"answer", b"passages", b"is_selected", b"passage_text", b"query", b"query_id", b"url"]


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_mutilated_file_ends_in_problems_skips_or_an_error(
    load_after_accidents: Callable[..., Any], name: str, data: st.DataObject
) -> None:
    whole = LAYOUTS[name](ROWS[: data.draw(st.integers(1, len(ROWS)))])
    file, found = load_after_accidents(data, TASK, name, whole, NAMES)
    if found is not None and name.endswith(".jsonl") and not is_columns(file):
        assert len(found) == sum(
            bool(line.strip()) for line in file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
        )


def is_columns(file: Path) -> bool:
    """Whether an accident made the file look like another layout."""
    return bool(re.match(rb'\s*(\[|\{\s*"[^"]*"\s*:\s*\{\s*"\d+")', file.read_bytes().removeprefix(b"\xef\xbb\xbf")))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real MS MARCO slices are not on this machine")
@pytest.mark.parametrize("name", ["v2.1_train_150.rows.jsonl", "v1.1_train_80.jsonl"])
@pytest.mark.parametrize("layout", ["authors.csv", "rows.parquet", "v2.1.json"])
def test_real_rows_are_the_same_in_every_layout(tmp_path: Path, name: str, layout: str) -> None:
    rows = [json.loads(line) for line in (REAL / name).read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if isinstance(row["passages"], list):
            row["passages"] = {key: [p[key] for p in row["passages"]] for key in row["passages"][0]}
    expected = [p.model_copy(update={"source": ""}) for p in load_strict(TASK, [str(REAL / name)])]
    found = load_strict(TASK, [write(tmp_path, layout, LAYOUTS[layout](rows))])
    assert [p.model_copy(update={"source": ""}) for p in found] == expected

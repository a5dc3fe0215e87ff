"""Sources of every format: the same records come out of all of them, and what is broken is named by file and line."""

import csv
import io
import json
import os
import random
import re
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tracekd.errors import UserError
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks.reading import source as source_module
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records, records


class Row(BaseModel):
    question: str
    passages: dict[str, list[Any]] | str = ""


ROWS = [
    {"question": "Where is Łódź?", "passages": {"is_selected": [0, 1], "text": ["a,b", 'say "c"\nand d']}},
    {"question": "\U0001f600 When?", "passages": {"is_selected": [], "text": []}},
    {"question": "Which?", "passages": {"is_selected": [1], "text": ["e"]}},
]


def lines(rows: list[Any], end: str = "\n") -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + end for row in rows).encode()


def columns(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps({name: {str(i): row[name] for i, row in enumerate(rows)} for name in rows[0]}).encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def parsed(source: str) -> list[tuple[int, int, Any]]:
    found = list(records(source))
    assert not [r for r in found if isinstance(r, Skipped)]
    return [(r.line, r.number, r.parse(Row).model_dump()) for r in found if isinstance(r, Record)]


@pytest.mark.parametrize(
    ("name", "data", "places"),
    [
        ("a.jsonl", lines(ROWS), [1, 2, 3]),
        ("a.json", lines(ROWS, "\r\n"), [1, 2, 3]),
        ("a.json", b"\xef\xbb\xbf" + lines(ROWS), [1, 2, 3]),
        ("a.json", b"\n \n" + lines(ROWS), [3, 4, 5]),
        ("a.json", json.dumps(ROWS).encode(), [1, 1, 1]),
        ("a.jsonl", b"\xef\xbb\xbf \n" + json.dumps(ROWS).encode(), [2, 2, 2]),
        ("a.json", json.dumps(ROWS, indent=0).encode(), [2, 15, 22]),
        ("a.json", columns(ROWS), [1, 1, 1]),
        ("a.without_ending", b"\n" + columns(ROWS), [2, 2, 2]),
        ("a.parquet", parquet(ROWS), [1, 2, 3]),
    ],
)
def test_every_format_gives_the_same_records(tmp_path: Path, name: str, data: bytes, places: list[int]) -> None:
    assert parsed(write(tmp_path / name, data)) == [
        (line, i, row) for i, (line, row) in enumerate(zip(places, ROWS, strict=True))
    ]


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        ({"passages": {"is_selected": [1]}, "question": "a"}, 1),  # a row of the Hub, no column
        ({"0": {"question": "a"}}, 1),  # a row under its number
        ({"question": {"0": "a", "1": "b"}}, 2),
        ({"question": {"17": "a"}}, 1),
        ({"question": {}}, 1),
        ({"question": "{"}, 1),
        ({}, 1),
        (5, 1),
    ],
)
def test_only_columns_of_numbered_rows_are_taken_for_columns(tmp_path: Path, first: Any, wanted: int) -> None:
    found = list(records(write(tmp_path / "a.json", lines([first]))))
    assert len(found) == wanted
    if wanted == 1 and first != {"question": {"17": "a"}}:
        assert json.loads(found[0].data) == first


def test_rows_of_the_hub_are_read_line_by_line(tmp_path: Path) -> None:
    rows = [{"passages": row["passages"], "question": row["question"]} for row in ROWS]
    assert [row["question"] for *_, row in parsed(write(tmp_path / "a.json", lines(rows)))] == [
        row["question"] for row in ROWS
    ]


def csv_bytes(rows: list[list[str]], end: str = "\r\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue().encode()


HEADING = ["question", "passages"]


def found_in_csv(tmp_path: Path, data: bytes) -> list[tuple[int, Any]]:
    """For each row its line, and its fields or the reason why it was skipped."""
    path = write(tmp_path / "a.csv", data)
    found = list(records(path))
    numbers = [r.number for r in found if isinstance(r, Record)]
    assert numbers == sorted(set(numbers))
    return [
        (r.line, r.data) if isinstance(r, Record) else (int(r.where.removeprefix(f"{path}:")), r.reason) for r in found
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_csv_row_begins_where_its_first_line_is(tmp_path: Path, end: str, bom: bytes) -> None:
    rows = [HEADING, ["über", "['a\n\nb']"], ["", 'say "x", it\'s'], ["c", "d"]]
    data = csv_bytes(rows, end).replace(b"c,d", end.encode() + b"c,d")
    fields = [dict(zip(HEADING, row, strict=True)) for row in rows[1:]]
    assert found_in_csv(tmp_path, bom + data) == list(zip([2, 5, 7], fields, strict=True))


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=6), min_size=2, max_size=2)))
@settings(deadline=None)
def test_csv_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    found = found_in_csv(tmp_path_factory.getbasetemp(), csv_bytes([HEADING, *rows]))
    assert [fields for _, fields in found] == [dict(zip(HEADING, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"a,b,c\n", "not CSV"),
        (b"a\n", "not CSV"),
        (b"a,\xff\n", "not UTF-8"),
        (b'"a\xff",b\n', "not UTF-8"),
        (b"a,\xed\xa0\x80\n", "not UTF-8"),  # half a surrogate pair
        (b'"a"b,c\n', "not CSV"),
        (b"a," + b"x" * 200_000 + b"\n", "not CSV"),
    ],
)
def test_a_faulty_csv_row_costs_no_other(tmp_path: Path, row: bytes, reason: str) -> None:
    found = found_in_csv(tmp_path, b"question,passages\n1,2\n" + row + b'3,"4\n5"\n')
    assert found == [
        (2, {"question": "1", "passages": "2"}),
        (3, reason),
        (4, {"question": "3", "passages": "4\n5"}),
    ]


def test_csv_that_breaks_off_within_quotes_is_told(tmp_path: Path) -> None:
    assert found_in_csv(tmp_path, b'question,passages\n1,2\n3,"half of') == [
        (2, {"question": "1", "passages": "2"}),
        (3, "not CSV"),
    ]


def test_a_quote_that_never_closes_does_not_swallow_the_file(tmp_path: Path) -> None:
    data = b'question,passages\n"a,b\n' + b"c,d\n" * 100_000
    found = found_in_csv(tmp_path, data)
    assert found[0] == (2, "not CSV")
    assert found[-1] == (100_002, {"question": "c", "passages": "d"})


def test_a_csv_line_without_end_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LONGEST_RECORD", 10_000)
    path = write(tmp_path / "a.csv", b"question,passages\na,b\n" + b"x" * 10_000_000 + b"\nc,d\n")
    tracemalloc.start()
    reasons = {found.reason if isinstance(found, Skipped) else found.data["question"] for found in records(path)}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reasons == {"a", "not CSV", "c"}
    assert peak < 1_000_000


@pytest.mark.parametrize("heading", [b"a,a\n", b'"a"b,c\n', b"a,\xff\n", b'"a,b\n'])
def test_a_csv_without_a_heading_that_can_be_read_is_refused(tmp_path: Path, heading: bytes) -> None:
    with pytest.raises(UserError, match="the heading cannot be read") as caught:
        list(records(write(tmp_path / "a.csv", heading + b"1,2\n")))
    assert caught.value.where == str(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
def test_an_empty_file_has_no_records(tmp_path: Path, name: str) -> None:
    assert list(records(write(tmp_path / name, b""))) == []


@pytest.mark.parametrize("data", [b"", b"PAR1", b"{}", parquet(ROWS)[:-5], parquet(ROWS)[5:], b"PAR1" * 9])
def test_a_damaged_parquet_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UserError) as caught:
        list(records(write(tmp_path / "a.parquet", data)))
    assert caught.value.where == str(tmp_path / "a.parquet")
    assert len(str(caught.value)) < 400


def test_a_parquet_row_that_is_no_text_costs_no_other(tmp_path: Path) -> None:
    texts = pa.Array.from_buffers(pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"),
                                                   pa.py_buffer(b"a\xffb")])  # fmt: skip
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"question": texts}), path)
    first, second, third = records(str(path))
    assert isinstance(first, Record) and isinstance(third, Record)
    assert (first.data, third.line, third.number, third.data) == ({"question": "a"}, 3, 2, {"question": "b"})
    assert isinstance(second, Skipped) and (second.where, second.reason) == (f"{path}:2", "malformed row")


def test_parquet_rows_are_counted_through_all_batches(tmp_path: Path) -> None:
    rows = [{"question": str(i), "more": [{"a": [i]}]} for i in range(1000)]
    found = list(records(write(tmp_path / "a.parquet", parquet(rows))))
    assert [(r.line, r.number, r.data) for r in found if isinstance(r, Record)] == [
        (i + 1, i, row) for i, row in enumerate(rows)
    ]


def test_of_a_folder_the_data_files_are_read_by_name(tmp_path: Path) -> None:
    for name, question in (("b.jsonl", "2"), ("a.json", "1"), ("c.csv", "3"), ("README.md", "x"), ("a.json.bak", "x")):
        row = [{"question": question}]
        write(tmp_path / name, lines(row) if name != "c.csv" else b"question\n3\n")
    (tmp_path / "d.json").mkdir()
    write(tmp_path / "d.json" / "e.json", lines([{"question": "x"}]))
    write(tmp_path / "e.parquet", parquet([{"question": "4"}]))
    assert [row["question"] for *_, row in parsed(str(tmp_path))] == ["1", "2", "3", "4"]


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "README.md", b"")
    with pytest.raises(UserError, match="no data file in this folder") as caught:
        list(records(str(tmp_path)))
    assert caught.value.where == str(tmp_path) and ".jsonl" in str(caught.value.expected)


@pytest.mark.parametrize("name", ["nowhere.json", "x" * 5000, "a\0b", ""])
def test_a_missing_source_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError):
        list(records(f"{tmp_path / 'deeper' / name}"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write(path, b"[]")
    path.chmod(0)
    with pytest.raises(UserError, match="cannot be read"):
        list(records(str(path)))


def test_a_file_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.json")
    try:
        path.write_bytes(b"[{}]")
    except OSError:
        pytest.skip("this file system has no such names")
    with pytest.raises(UserError, match="name of this file") as caught:
        list(records(str(tmp_path)))
    str(caught.value).encode()


def problem_of(record: Record) -> Iterator[Problem]:
    row = record.parse(Row)
    if row.question == "Which?":
        raise Fault("a reason", "x" * 1000)
    yield Problem(
        id=f"{record.number}",
        task="made",
        group="g",
        question=row.question,
        context=(Fact(id="0", text="This."),),
        answer=Answer(kind="one_of", values=("this",)),
        trace=gold_trace("a", ["0"]),
        source=record.source,
    )


def test_a_record_that_is_no_problem_is_skipped_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", lines(ROWS) + b"{}\n{")
    found = list(load_records(path, problem_of))
    assert [(p.source, p.question) for p in found if isinstance(p, Problem)] == [
        ("a.jsonl:1", ROWS[0]["question"]),
        ("a.jsonl:2", ROWS[1]["question"]),
    ]
    assert [(s.where, s.reason) for s in found if isinstance(s, Skipped)] == [
        (f"{path}:3", "a reason"),
        (f"{path}:4", "missing field"),
        (f"{path}:5", "not JSON"),
    ]
    assert max(len(s.detail) for s in found if isinstance(s, Skipped)) == 300


VALID: dict[str, bytes] = {
    "a.jsonl": lines(ROWS),
    "b.json": json.dumps(ROWS, indent=1).encode(),
    "c.json": columns(ROWS),
    "d.csv": csv_bytes([HEADING, *([row["question"], str(row["passages"])] for row in ROWS)]),
    "e.parquet": parquet(ROWS),
}


def mutilate(data: bytes, rng: random.Random) -> bytes:
    """A file after one to three accidents."""
    made = bytearray(data)
    accidents: list[Callable[[int], None]] = [
        lambda at: made.__delitem__(slice(at, None)),
        lambda at: made.__delitem__(slice(at, at + rng.randint(1, 9))),
        lambda at: made.__setitem__(slice(at, at + 1), rng.randbytes(1)),
        lambda at: made.__setitem__(slice(at, at), rng.choice([b'"', b"\\", b"\n", b"\0", b"\xff", b",", b"}", b"\\ud800"])),
        lambda at: made.extend(made[at:]),
    ]  # fmt: skip
    for _ in range(rng.randint(1, 3)):
        rng.choice(accidents)(rng.randint(0, len(made)))
    return bytes(made)


@pytest.mark.parametrize("name", VALID)
@given(rng=st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_mutilated_file_gives_problems_skips_or_a_user_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, rng: random.Random
) -> None:
    path = write(tmp_path_factory.getbasetemp() / name, mutilate(VALID[name], rng))
    try:
        found = list(load_records(path, problem_of))
    except UserError as error:
        assert name in ("d.csv", "e.parquet") and error.where == path  # noqa: PT017
        str(error).encode()
        return
    for each in found:
        each.model_dump_json().encode()
        if isinstance(each, Skipped):
            assert re.fullmatch(rf"{re.escape(str(path))}:\d+( \(record \d+\))?", each.where)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.mark.xdist_group("torch")
@pytest.mark.usefixtures("no_network")
def test_a_data_set_in_the_layout_of_the_hub_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    folder = tmp_path / "set"
    (folder / "data").mkdir(parents=True)
    write(folder / "data" / "train-00000-of-00001.parquet", parquet(ROWS))
    write(folder / "data" / "validation-00000-of-00001.parquet", parquet(ROWS[:1]))
    train = list(records(f"hub:{folder}"))
    assert [(r.where, r.number, r.data) for r in train if isinstance(r, Record)] == [
        (f"hub:{folder}/default/train:{i + 1}", i, row) for i, row in enumerate(ROWS)
    ]
    assert [r.data for r in records(f"hub:{folder}::validation") if isinstance(r, Record)] == ROWS[:1]
    with pytest.raises(UserError, match="Bad split"):
        list(records(f"hub:{folder}::nowhere"))

    def unreachable(*args: object, **options: object) -> None:
        assert args == ("someone/something", "a config") and options == {"split": "test", "streaming": True}
        raise ConnectionError("no route")

    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    with pytest.raises(UserError, match="ConnectionError: no route") as caught:
        list(records("hub:someone/something:a config:test"))
    assert caught.value.where == "hub:someone/something:a config:test"
    assert caught.value.next_step == "download the files and give the name of their folder"


def test_without_the_package_the_hub_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UserError) as caught:
        list(records("hub:someone/something"))
    assert caught.value.next_step == "pip install 'tracekd[train]'"

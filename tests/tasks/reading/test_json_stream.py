"""JSON files a value at a time: what is read is what `json.loads` reads of the whole, wherever the windows end."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.tasks.reading import json_stream
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.json_stream import Value, read_array, read_columns, read_lines

Reader = Callable[[Path], Iterator[Value | Fault]]

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
NUMBERS = (
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e-5, -2.5e300, 0.0, -0.0])
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
BOM = b"\xef\xbb\xbf"


@st.composite
def layouts(draw: st.DrawFn) -> Callable[[Any], bytes]:
    """A way to write a value down, as different libraries do."""
    indent = draw(st.sampled_from([None, None, 0, 1, "\t"]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" , ", "\t:  ")]))
    end, bom, ascii_only = draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans()), draw(st.booleans())
    around = draw(st.sampled_from(["", "\n", " \r\n\t"]))

    def write(value: Any) -> bytes:
        text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators)
        return BOM * bom + (around + text.replace("\n", end) + around).encode()

    return write


WINDOWS = st.integers(len(BOM), 40) | st.just(2**20)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("json") / "made.json"


def read(reader: Reader, file: Path, data: bytes, window: int = 2**20) -> tuple[list[Value], list[Fault]]:
    file.write_bytes(data)
    with patch.object(json_stream, "_CHUNK", window):
        found = list(reader(file))
    return [f for f in found if isinstance(f, Value)], [f for f in found if isinstance(f, Fault)]


def loaded(values: list[Value]) -> list[Any]:
    return [json.loads(value.text) for value in values]


def same(a: Any, b: Any) -> bool:
    """Equal as JSON: 1 is neither 1.0 nor true."""
    return json.dumps(a) == json.dumps(b)


@given(st.lists(VALUES, max_size=6), layouts(), WINDOWS)
@settings(deadline=None)
def test_an_array_gives_its_elements(
    file: Path, elements: list[Any], write: Callable[[Any], bytes], window: int
) -> None:
    values, faults = read(read_array, file, write(elements), window)
    assert faults == []
    assert same(loaded(values), elements)


@given(st.lists(VALUES, min_size=1, max_size=6), layouts(), WINDOWS)
@settings(deadline=None)
def test_an_element_has_the_line_on_which_it_begins(
    file: Path, elements: list[Any], write: Callable[[Any], bytes], window: int
) -> None:
    data = write(elements)
    at = data.index(b"[") + 1
    for value in read(read_array, file, data, window)[0]:
        at = data.index(value.text, at)
        assert value.line == data.count(b"\n", 0, at) + 1
        at += len(value.text)


@given(st.lists(VALUES, min_size=1, max_size=5), layouts(), WINDOWS, st.data())
@settings(deadline=None)
def test_an_array_that_breaks_off_gives_what_came_before_and_one_fault(
    file: Path, elements: list[Any], write: Callable[[Any], bytes], window: int, data: st.DataObject
) -> None:
    whole = write(elements)
    end = whole.rindex(b"]")
    values, faults = read(read_array, file, whole[: data.draw(st.integers(0, end))], window)
    assert [fault.reason for fault in faults] == ["not JSON"]
    assert same(loaded(values), elements[: len(values)])
    values, _ = read(read_array, file, whole[: whole.rindex(b"]")] + b",", window)
    assert same(loaded(values), elements)


@given(st.lists(st.none() | VALUES, max_size=6), st.sampled_from(["\n", "\r\n", " \n"]), st.booleans(), st.booleans())
@settings(deadline=None)
def test_lines_are_numbered_with_the_empty_ones(
    file: Path, elements: list[Any], end: str, bom: bool, closed: bool
) -> None:
    lines = ["" if element is None else json.dumps(element, ensure_ascii=False) for element in elements]
    data = BOM * bom + (end.join(lines) + end * closed).encode()
    values, faults = read(read_lines, file, data)
    assert faults == []
    expected = [(number, element) for number, element in enumerate(elements, start=1) if element is not None]
    assert [value.line for value in values] == [number for number, _ in expected]
    assert same(loaded(values), [element for _, element in expected])


@st.composite
def tables(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Columns whose rows come in any order, and of which some lack rows."""
    keys = draw(st.lists(st.integers(0, 99).map(str), max_size=6, unique=True))
    names = draw(st.lists(TEXTS, max_size=4, unique=True))
    in_order = draw(st.booleans())
    table: dict[str, dict[str, Any]] = {}
    for name in names:
        there = keys if in_order else draw(st.permutations(keys))[: draw(st.integers(0, len(keys)))]
        table[name] = {key: draw(VALUES) for key in there}
    return table


@given(tables(), layouts(), WINDOWS)
@settings(deadline=None)
def test_columns_give_their_rows(
    file: Path, table: dict[str, dict[str, Any]], write: Callable[[Any], bytes], window: int
) -> None:
    values, faults = read(read_columns, file, write(table), window)
    assert faults == []
    keys = dict.fromkeys(key for column in table.values() for key in column)
    assert same(loaded(values), [{n: column[key] for n, column in table.items() if key in column} for key in keys])


@given(tables().filter(bool), layouts(), WINDOWS, st.data())
@settings(deadline=None)
def test_columns_that_break_off_give_only_values_that_were_there(
    file: Path, table: dict[str, dict[str, Any]], write: Callable[[Any], bytes], window: int, data: st.DataObject
) -> None:
    whole = write(table)
    values, faults = read(read_columns, file, whole[: data.draw(st.integers(0, whole.rindex(b"}")))], window)
    assert [fault.reason for fault in faults] == ["not JSON"]
    keys = list(dict.fromkeys(key for column in table.values() for key in column))
    for key, row in zip(keys, loaded(values), strict=False):
        assert row and all(same(value, table[name][key]) for name, value in row.items())


def test_a_row_has_the_line_of_its_first_value(file: Path) -> None:
    data = b'{"a": {\n"7": 1,\n"5":\n\n[2,\n3]},\n"b": {"5": 4, "6":\n5, "7": 6}\n}'
    values, faults = read(read_columns, file, data, window=3)
    assert ([(value.line, json.loads(value.text)) for value in values], faults) == (
        [(2, {"a": 1, "b": 6}), (5, {"a": [2, 3], "b": 4}), (8, {"b": 5})],
        [],
    )


def test_a_row_that_stands_twice_in_a_column_is_a_fault(file: Path) -> None:
    values, faults = read(
        read_columns, file, b'{"a": {"0": 1, "1": 2,\n"2": 3, "2": 4}, "b": {"0": 1, "1": 1, "0": 5}}'
    )
    assert loaded(values) == [{"a": 2, "b": 1}]
    assert [(fault.reason, fault.where) for fault in faults] == [
        ("row occurs twice in a column", f"{file}:1"),
        ("row occurs twice in a column", f"{file}:2"),
    ]


BROKEN: list[tuple[Reader, bytes, int, list[Any]]] = [
    (read_array, b"", 1, []),
    (read_array, b"{}", 1, []),
    (read_array, b"[1,\n2}", 2, [1, 2]),
    (read_array, b"[1,\n2,]", 2, [1, 2]),
    (read_array, b"[1\n2]", 2, [1]),
    (read_array, b"[1, x, 3]", 1, [1]),
    (read_array, b'[1,\n"a\tb", 3]', 2, [1]),
    (read_array, b"[1, 2]\n\n[3]", 3, [1, 2]),
    (read_array, b"[1, 2]\n]", 2, [1, 2]),
    (read_array, b"[1, " + b"[" * 10**5 + b"]" * 10**5 + b"]", 1, [1]),
    (read_columns, b'{"a": [1]}', 1, []),
    (read_columns, b'{"a": {"0": 1}, "b": 5}', 1, [{"a": 1}]),
    (read_columns, b'{"a": {"0": 1},\n7: {}}', 2, [{"a": 1}]),
    (read_columns, b'{"a": {"0": 1}}\n{"a": {"0": 2}}', 2, [{"a": 1}]),
    (read_columns, b'{"a": {"0": 1}, "a": {"0": 2}}', 1, [{"a": 1}]),
    (read_columns, b'{"a": {"0": 1},\n"\xff": {"0": 2}}', 2, [{"a": 1}]),
]


@pytest.mark.parametrize(("reader", "data", "line", "before"), BROKEN)
def test_where_a_file_is_no_json_is_said_and_what_came_before_is_kept(
    file: Path, reader: Reader, data: bytes, line: int, before: list[Any]
) -> None:
    values, (fault,) = read(reader, file, data)
    assert (fault.reason, fault.where, loaded(values)) == ("not JSON", f"{file}:{line}", before)
    assert "lost" in fault.detail and len(fault.detail) < 200


def test_columns_without_end_are_refused(file: Path) -> None:
    table = {f"c{i}": {"0": i} for i in range(300)}
    _, faults = read(read_columns, file, json.dumps(table).encode())
    assert [fault.reason for fault in faults] == ["not JSON"]


@pytest.mark.parametrize("number", ["9" * 5000, "NaN", "Infinity", "-Infinity", "1e999", "-0.5E+17", "1e-5"])
@pytest.mark.parametrize("window", [1, 7, 2**20])
def test_numbers_are_passed_over_whatever_they_are(file: Path, number: str, window: int) -> None:
    values, faults = read(read_array, file, f"[{number}, 1,{number}]".encode(), window)
    assert ([value.text.decode() for value in values], faults) == ([number, "1", number], [])
    values, faults = read(read_columns, file, f'{{"a":{{"0":{number}}}}}'.encode(), window)
    assert ([value.text.decode() for value in values], faults) == ([f'{{"a":{number}}}'], [])


@pytest.mark.parametrize("window", [1, 5, 2**20])
def test_a_line_that_is_too_long_is_one_fault_and_the_next_is_read(
    file: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(json_stream, "LONGEST_RECORD", 20)
    values, faults = read(read_lines, file, b'{"a": 1}\n"' + b"x" * 99 + b'"\n{"a": 2}\r\n"' + b"x" * 99, window)
    assert [(value.line, value.text) for value in values] == [(1, b'{"a": 1}'), (3, b'{"a": 2}')]
    assert [(fault.reason, fault.where) for fault in faults] == [
        ("record too long", f"{file}:2"),
        ("record too long", f"{file}:4"),
    ]


def test_an_element_that_is_too_long_ends_the_array(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LONGEST_RECORD", 100)
    values, (fault,) = read(read_array, file, b'[1, "' + b"x" * 10**6 + b'", 2]', window=64)
    assert (loaded(values), fault.reason) == ([1], "not JSON")


@pytest.mark.parametrize("reader", [read_lines, read_array, read_columns])
def test_memory_is_bounded_by_the_window_and_not_by_the_file(file: Path, reader: Reader) -> None:
    rows = [{"text": "x" * 10_000}] * 400
    column = {str(i): row["text"] for i, row in enumerate(rows)}
    whole = {"read_lines": "\n".join(map(json.dumps, rows)), "read_array": json.dumps(rows), "read_columns":
             json.dumps({"text": column})}[reader.__name__]  # fmt: skip
    file.write_text(whole)
    with patch.object(json_stream, "_CHUNK", 2**14):
        tracemalloc.start()
        count = sum(isinstance(found, Value) for found in reader(file))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 400
    assert peak < 400_000 < len(whole) / 10


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A valid file of any layout after a few accidents."""
    made = draw(st.lists(VALUES, max_size=4) | tables())
    data = bytearray(draw(layouts())(made))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        accident = draw(st.sampled_from(["cut", "drop", "replace", "insert", "swap", "repeat"]))
        if accident == "cut":
            del data[at:]
        elif accident == "drop":
            del data[at : at + draw(st.integers(1, 4))]
        elif accident == "replace":
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
        elif accident == "insert":
            data[at:at] = draw(st.sampled_from([b'"', b"\\", b"{", b"}", b"[", b",", b":", b"\0", b"\xff", b"\n", BOM]))
        elif accident == "swap":
            data = data[at:] + data[:at]
        else:
            data += data[at:]
    return bytes(data)


@given(mutilated() | st.binary(max_size=60), WINDOWS)
@settings(max_examples=100, deadline=None)
def test_whatever_a_file_holds_it_gives_values_and_faults_with_their_lines(
    file: Path, data: bytes, window: int
) -> None:
    lines = data.count(b"\n") + 1
    for reader in (read_lines, read_array, read_columns):
        values, faults = read(reader, file, data, window)
        assert all(0 < value.line <= lines and isinstance(value.text, bytes) for value in values)
        for fault in faults:
            name, _, line = (fault.where or "").rpartition(":")
            assert name == str(file) and 0 < int(line) <= lines
        if reader is not read_columns:
            assert (values, [str(fault) for fault in faults]) == _with_one_window(reader, file, data)


def _with_one_window(reader: Reader, file: Path, data: bytes) -> tuple[list[Value], list[str]]:
    values, faults = read(reader, file, data)
    return values, [str(fault) for fault in faults]

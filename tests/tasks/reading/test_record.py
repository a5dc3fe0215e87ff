"""Records as models: what is no record is a Fault that names the field, and what passes can be written down again."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record


class Inner(BaseModel):
    model_config = ConfigDict(frozen=True)
    title: str


class Row(BaseModel):
    model_config = ConfigDict(frozen=True)
    text: str
    items: tuple[Inner, ...] = ()
    number: int = 0
    score: float = 0
    anything: Any = None


def record(data: bytes | dict[str, Any]) -> Record:
    return Record(Path("some/folder/file.jsonl"), 7, 3, data)


def fault_of(data: bytes | dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(Fault) as caught:
        record(data).parse(Row)
    return caught.value.reason, caught.value.detail


def test_a_record_says_where_it_stands() -> None:
    assert (record(b"").where, record(b"").source) == ("some/folder/file.jsonl:7", "file.jsonl:7")


def test_json_and_columns_make_the_same_model() -> None:
    expected = Row(text="größer \U0001f600", items=(Inner(title="a"),))
    text = '{"text": "größer \\ud83d\\ude00", "items": [{"title": "a", "more": 1}], "of no use": [1e400]}'
    assert record(text.encode()).parse(Row) == expected
    assert (
        record({"text": "größer \U0001f600", "items": [{"title": "a"}], "of no use": object()}).parse(Row) == expected
    )


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        (b'{"items": []}', "missing field", "text"),
        ({"items": []}, "missing field", "text"),
        (b'{"text": "a", "items": [{"title": "b"}, {}]}', "missing field", "items.1.title"),
        (b'{"text": 5}', "malformed field", "text: Input should be a valid string"),
        (b'{"text": null}', "malformed field", "text: Input should be a valid string"),
        ({"text": "a", "items": [["b"]]}, "malformed field", "items.0: Input should be"),
        (b'{"text": "a", "number": 1.5}', "malformed field", "number: "),
        (b"[]", "malformed field", "Input should be an object"),
        (b"null", "malformed field", "Input should be an object"),
        (b'{"text": "a"', "not JSON", "EOF while parsing an object"),
        (b'{"text": "a"} {"text": "b"}', "not JSON", "trailing characters"),
        (b'{"text": "a\tb"}', "not JSON", "control character"),
        (b'{"text": "\\ud800"}', "not JSON", "half of a surrogate pair"),
        (b'{"text": "a", "of no use": "\\udc00 x"}', "not JSON", ""),
        (b'{"text": "\xff"}', "not UTF-8", ""),
        (b'{"text": "a", "of no use": "\xff"}', "not UTF-8", ""),
        (b'{"text": "a", "number": ' + b"9" * 5000 + b"}", "not JSON", "number out of range"),
        (b'{"text": "a", "anything": ' + b"9" * 5000 + b"}", "not JSON", "number out of range"),
        (b'{"text": "a", "number": NaN}', "malformed field", "number: "),
        ({"text": "a", "number": float("inf")}, "malformed field", "number: "),
        ({"text": "a", "number": "9" * 5000}, "malformed field", "number: "),
        (b'{"text": "a", "anything": ' + b"[" * 10**5 + b"]" * 10**5 + b"}", "not JSON", "recursion limit"),
        (b'{"text": "a", "of no use": ' + b'{"a":' * 10**5 + b"1" + b"}" * 10**5 + b"}", "not JSON", "recursion limit"),
        (b"[" * 10**6, "not JSON", ""),
        ({"text": "half a \ud83d"}, "not UTF-8", "a field of this record"),
        ({"text": "a", "items": [{"title": "\udcff"}]}, "not UTF-8", "a field of this record"),
        ({"text": "a", "anything": {"deep": ["\ud800"]}}, "not UTF-8", "a field of this record"),
        ({"text": b"\xff"}, "malformed field", "text: Input should be a valid string"),
    ],
)
def test_what_is_no_record_is_told_by_its_field(data: bytes | dict[str, Any], reason: str, detail: str) -> None:
    found = fault_of(data)
    assert found[0] == reason and detail in found[1]
    assert len(found[1]) < 300


def test_not_a_number_is_a_number_where_one_is_asked_for() -> None:
    assert str(record(b'{"text": "a", "score": NaN, "anything": -Infinity}').parse(Row).score) == "nan"


def test_half_a_pair_that_no_field_reads_does_no_harm() -> None:
    assert record({"text": "a", "of no use": "\ud800", "\ud800": 1}).parse(Row) == Row(text="a")


def test_a_fault_in_one_of_very_many_items_is_told_briefly() -> None:
    reason, detail = fault_of({"text": "a", "items": [{"x" * 1000: 1}] * 10_000})
    assert (reason, detail) == ("missing field", "items.0.title")


_ANY_TEXT = st.text(st.characters(), max_size=5)  # half pairs too
_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _ANY_TEXT | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.binary(max_size=40) | st.dictionaries(st.sampled_from(list(Row.model_fields)) | _ANY_TEXT, _JUNK, max_size=6))
def test_any_data_makes_a_model_that_can_be_written_or_a_fault(data: bytes | dict[str, Any]) -> None:
    try:
        row = record(data).parse(Row)
    except Fault as fault:
        assert fault.reason in ("not JSON", "not UTF-8", "missing field", "malformed field")  # noqa: PT017
        fault.detail.encode()
    else:
        row.model_dump_json().encode()


def test_the_place_in_an_array_on_one_line_names_the_record() -> None:
    assert Record(Path("a/b.json"), 1, 16, b"{}").where == "a/b.json:1 (record 17)"
    assert Record(Path("a/b.json"), 1, 16, b"{}").source == "b.json:1 (record 17)"
    assert Record(Path("a/b.jsonl"), 17, 16, b"{}").where == "a/b.jsonl:17"

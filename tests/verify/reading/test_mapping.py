"""Any other file, by paths into its records; the paths can do nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.verify.reading import GoldRecord, OutputRecord, Unread
from tracekd.verify.reading.mapping import follow, read_path

from .conftest import FACTS, TRACE, Write, read, written

RECORD = {
    "custom_id": "p1",
    "response": {"choices": [{"message": {"content": TRACE}, "finish_reason": "length"}], "usage": {"out tokens": 7}},
    "doc": {"facts": list(FACTS), "gold": "King's Clock Company"},
}


def test_each_field_is_where_its_path_says(write: Write) -> None:
    mapping = {
        "text": ".response.choices[0].message.content",
        "id": ".custom_id",
        "finish": ".response.choices[-1].finish_reason",
        "tokens": '.response.usage.["out tokens"]',
        "context": ".doc.facts",
        "answer": ".doc.gold",
        "regime": ".nowhere[3].at.all",
    }
    (found,) = written(write("batch_correct.jsonl", [RECORD]), mapping=mapping)
    assert (found.text, found.id, found.finish, found.tokens) == (TRACE, "p1", "length", 7)
    assert (found.context, found.gold) == (FACTS, GoldRecord(("King's Clock Company",)))
    assert (found.model, found.regime) == ("batch_correct", "correct")


def test_a_record_without_the_text_is_told(write: Write) -> None:
    found = read(write("x.jsonl", [{"a": 1}, {"a": [1]}, {"a": "fine"}]), mapping={"text": ".a"})
    assert [each.reason if isinstance(each, Unread) else each.text for each in found] == [
        "malformed field",
        "malformed field",
        "fine",
    ]
    assert [each.reason for each in read(write("y.jsonl", [{"b": 1}]), mapping={"text": ".a"})] == ["missing field"]  # type: ignore[union-attr]


def test_a_text_of_null_or_nothing_is_an_output(write: Write) -> None:
    null, empty = read(write("x.jsonl", [{"a": None}, {"a": "", "b": None}]), mapping={"text": ".a", "regime": ".b"})
    assert isinstance(null, OutputRecord)
    assert null.text == ""
    assert isinstance(empty, OutputRecord)
    assert (empty.text, empty.regime) == ("", "unknown")


@pytest.mark.parametrize(
    "path", ["", ".", "text", "[", "[x]", ".a..b", ".a[0", ".a()", ".__class__()", ".a b", "[99999999]", ".a" * 40]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(UserError, match="not a path into a record"):
        read_path(path)


@given(st.text(max_size=60))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        steps = read_path(text)
    except UserError:
        return
    assert steps and follow({}, steps) is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    ),
    st.lists(st.sampled_from("abc") | st.integers(-4, 4), max_size=4),
)
def test_a_path_leads_where_python_would_get_or_nowhere(value: object, path: list[str | int]) -> None:
    expected = value
    try:
        for step in path:
            expected = expected[step] if isinstance(expected, list | dict) else {}[step]  # type: ignore[index,call-overload]
    except (LookupError, TypeError):
        expected = None
    assert follow(value, path) == expected


def test_attributes_of_objects_are_out_of_reach() -> None:
    assert follow({"a": "text"}, read_path(".a.__class__")) is None


@pytest.mark.parametrize(
    ("mapping", "message"), [({"id": ".a"}, "where the text is"), ({"text": ".a", "txet": ".b"}, "did you mean 'text'")]
)
def test_a_mapping_that_says_too_little_or_names_no_field_is_refused(
    write: Write, mapping: dict[str, str], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        read(write("x.jsonl", [{"a": "t"}]), mapping=mapping)

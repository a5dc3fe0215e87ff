"""The context of a record, in the layouts of data sets, as the texts of facts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tracekd.tasks import get_task
from tracekd.tasks.reading.record import Record
from tracekd.verify.reading.stated_context import StatedContext

READ = TypeAdapter(StatedContext).validate_python
FACTS = ("Kolm: It is old.", "Kolm: It grew.", "Denn: It burned.")
ROWS = [["Kolm", ["It is old.", " ", " It grew. "]], ["Denn", ["It burned."]]]


@pytest.mark.parametrize(
    ("stated", "facts"),
    [
        (["a", "b"], ("a", "b")),
        (("a", "b"), ("a", "b")),
        ([], ()),
        ("['a', 'b']", ("a", "b")),
        ("a\n\n b", ("a", " b")),
        ("[1] a\n[2] b", ("[1] a", "[2] b")),
        ("{a}\nb", ("{a}", "b")),
        (ROWS, FACTS),
        (json.dumps(ROWS), FACTS),
        ({"title": ["Kolm", "Denn"], "sentences": [["It is old.", " It grew."], ["It burned."]]}, FACTS),
        ([{"title": "Kolm", "sentences": ["It is old.", "It grew."]}, {"title": "Denn", "sentences": ["It burned."]}], FACTS),
        ([{"idx": 0, "title": "Kolm", "paragraph_text": " It is old. It grew.", "is_supporting": True}],
         ("Kolm: It is old. It grew.",)),
        ([{"title": "Kolm", "text": "It is old."}, {"text": "It grew."}, {"text": " "}], ("Kolm: It is old.", "It grew.")),
        ({"is_selected": [0, 1], "passage_text": ["a", "b"], "url": ["x", "y"]}, ("a", "b")),
        ([{"is_selected": 0, "passage_text": "a"}, {"is_selected": 1, "passage_text": "b"}], ("a", "b")),
        ({"title": ["Kolm"], "text": ["It is old."]}, ("Kolm: It is old.",)),
    ],
)  # fmt: skip
def test_a_context_is_read(stated: Any, facts: tuple[str, ...]) -> None:
    assert READ(stated) == facts


@pytest.mark.parametrize(
    "stated",
    [
        7, None, True, {}, {"title": ["Kolm"]}, {"title": ["Kolm"], "sentences": [["a"], ["b"]]}, ["a", 7], [["Kolm", "a", "b"]],
        [["Kolm", [7]]], [[7, ["a"]]], [{"title": "Kolm"}], [{"title": "Kolm", "sentences": "a"}], [None], {"sentences": [["a"]]},
        {"title": "Kolm", "sentences": ["a"]},
    ],
)  # fmt: skip
def test_another_layout_is_not_guessed(stated: Any) -> None:
    with pytest.raises(ValidationError):
        READ(stated)


@pytest.mark.parametrize("name", ["hotpotqa", "2wikimultihopqa", "musique", "msmarco"])
def test_the_facts_are_those_of_the_task(name: str) -> None:
    """The context that the examples of the documentation have, in the layout of the official files."""
    module = __import__(f"tracekd.tasks.{'twowiki' if name.startswith('2') else name}", fromlist=["_EXAMPLE"])
    record = getattr(module, "_EXAMPLE", None)
    if record is None:
        pytest.skip("this task has no record as its example")
    stated = record.get("context", record.get("paragraphs", record.get("passages")))
    assert READ(Record.of(stated).data if isinstance(stated, bytes) else stated) == tuple(
        fact.text for fact in get_task(name).example().context
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "sentences", "text", "passage_text", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_value_is_read_or_refused(value: Any) -> None:
    for stated in (value, json.dumps(value)):
        try:
            assert all(isinstance(text, str) for text in READ(stated))
        except ValidationError:
            assert not isinstance(stated, str)

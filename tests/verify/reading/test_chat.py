"""Replies of servers: every sample is read once, with its reasoning and its end, whatever holds it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.tasks.reading.fault import Fault
from tracekd.verify.reading import OutputRecord, Unread
from tracekd.verify.reading.generated import read_generated

from .conftest import Write, read

MESSAGE = {"role": "assistant", "content": "b", "reasoning_content": "a"}
CHOICE = {"index": 0, "message": MESSAGE, "finish_reason": "length"}
REPLY = {"id": "chatcmpl-1", "object": "chat.completion", "model": "m", "choices": [CHOICE]}


def outputs(found: list[Any]) -> list[OutputRecord]:
    assert all(isinstance(each, OutputRecord) for each in found), found
    return found


@pytest.mark.parametrize(
    ("record", "ident"),
    [
        (REPLY, None),
        ({**REPLY, "id": "q/1"}, "q/1"),
        ({"id": "batch_req_1", "custom_id": "q/1", "response": {"status_code": 200, "body": REPLY}, "error": None}, "q/1"),
        ({"id": "vllm-1", "custom_id": "q/1", "response": {"status_code": 200, "body": REPLY}}, "q/1"),
        ({"id": "q/1", "message": {**MESSAGE, "finish_reason": "length"}}, "q/1"),
        ({"id": "q/1", "messages": [{"role": "user", "content": "p"}, {**MESSAGE, "finish_reason": "length"}]}, "q/1"),
        ({"id": "q/1", "outputs": [{"text": "b", "reasoning": "a", "finish_reason": "length"}]}, "q/1"),
        ({"id": "q/1", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [
            {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "a"}]},
            {"type": "message", "content": [{"type": "output_text", "text": "b"}]}]}, "q/1"),
        ({"id": "q/1", "candidates": [{"content": {"parts": [{"text": "a", "thought": True}, {"text": "b"}]},
                                       "finishReason": "MAX_TOKENS"}]}, "q/1"),
        ({"custom_id": "q/1", "role": "assistant", "stop_reason": "max_tokens", "content": [
            {"type": "thinking", "thinking": "a", "signature": "s"}, {"type": "text", "text": "b"}]}, "q/1"),
    ],
)  # fmt: skip
def test_a_reply_is_an_output(record: dict[str, Any], ident: str | None, write: Write) -> None:
    (found,) = outputs(read(write("x.jsonl", [record])))
    assert (found.reasoning, found.text, found.finish, found.id) == ("a", "b", "length", ident)


def test_samples_are_numbered(write: Write) -> None:
    records = [{"id": "q/1", "generations": ["a", "b"]}, {"id": "q/2", "generations": ["c"]}]
    found = outputs(read(write("x.jsonl", records)))
    assert [(each.id, each.sample, each.text) for each in found] == [("q/1", 0, "a"), ("q/1", 1, "b"), ("q/2", 0, "c")]


@pytest.mark.parametrize(
    "record",
    [
        {"custom_id": "q/1", "response": None, "error": {"code": "rate_limit"}},
        {"custom_id": "q/1", "response": {"status_code": 500, "body": {"error": "x"}}},
    ],
)
def test_only_a_failed_request_is_no_output(record: dict[str, Any], write: Write) -> None:
    _, failed, _ = read(write("x.jsonl", [{"custom_id": "q/0", "response": {"body": REPLY}}, record, REPLY]))
    assert isinstance(failed, Unread)
    assert failed.reason == "the request failed"


@pytest.mark.parametrize("content", [None, "", " "])
def test_a_reply_without_text_is_an_output(content: str | None, write: Write) -> None:
    record = {**REPLY, "choices": [{**CHOICE, "message": {**MESSAGE, "content": content}}]}
    (found,) = outputs(read(write("x.jsonl", [record])))
    assert (found.transcript.state, found.transcript.answer) == ("open", "")


texts = st.text("ab <>/think", max_size=8)


@given(st.lists(st.tuples(texts, st.none() | texts), min_size=1, max_size=5))
def test_no_sample_is_lost_and_none_counts_twice(samples: list[tuple[str, str | None]]) -> None:
    choices = [{"message": {"role": "assistant", "content": text, "reasoning": said}} for text, said in samples]
    made = read_generated(choices)
    assert [each.text for each in made] == [text for text, _ in samples]
    assert [each.reasoning for each in made] == [said if said and said.strip() else None for _, said in samples]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "text", "type", "outputs", "thinking", "role", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(values)
def test_any_value_is_read_or_has_a_fault(value: Any) -> None:
    try:
        made = read_generated(value)
    except Fault:
        return
    assert made
    assert json.dumps([each.text for each in made])


def test_details_of_lighteval_are_read(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "details/org/model/2026-01-01T00-00-00"
    folder.mkdir(parents=True)
    rows = [
        {
            "doc": {"query": "p", "choices": ["b"], "gold_index": [0], "id": "7", "task_name": "t"},
            "model_response": {
                "input": [{"role": "system", "content": "s"}, {"role": "user", "content": "asked"}],
                "text": ["b", "c"],
                "reasonings": ["a", None],
            },
            "metric": {"em": 1.0},
        }
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "details_custom|t|0_2026.parquet")
    found = outputs(read(tmp_path))
    assert [(each.text, each.reasoning, each.sample) for each in found] == [("b", "a", 0), ("c", None, 1)]
    assert {(each.id, each.prompt, each.model, each.regime) for each in found} == {
        ("7", "asked", "org/model", "unknown")
    }

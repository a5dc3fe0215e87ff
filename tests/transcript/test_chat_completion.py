"""Bodies of responses: anything may come, and nothing but a chat completion is taken for one."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.transcript.chat_completion import NoCompletion, read_completion

from ..teacher.conftest import chat

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "broken JSON"),
        (b"  <!DOCTYPE html><html>", "HTML instead of JSON"),
        (chat("x")[:-9], "broken JSON"),
        (b"\xff\xfe" + chat("x"), "broken JSON"),
        (b'{"choices":[{"message":{"content":"\\ud800"}}]}', "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
        (b"[]", "not a chat completion"),
        (b"null", "not a chat completion"),
        (b'{"error":{"message":"overloaded"}}', "not a chat completion"),
        (b'{"choices":{}}', "not a chat completion"),
        (b'{"choices":[{"message":null}]}', "not a chat completion"),
        (chat({"a": 1}), "not a chat completion"),
        (chat(7), "not a chat completion"),
        (b'{"choices":[' + b"1," * 300_000 + b"1]}", "not a chat completion"),
        (b'{"choices":[]}', "no choices"),
    ],
)
def test_what_is_no_completion_has_a_reason(body: bytes, why: str) -> None:
    with pytest.raises(NoCompletion, match=f"^{why}$"):
        read_completion(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"choices":[' + b'{"message":{}},' * 400_000 + b'{"message":{}}]}', "too many lists and objects"),
        (b'{"choices":[' + b'{"message":{}},' * 50_000 + b'{"message":{}}]}', "more than 16 choices"),
        (b'{"choices":[{"message":{}}],"usage":[' + b"[]," * 400_000 + b"[]]}", "too many lists and objects"),
    ],
    ids=["parts", "choices", "usage"],
)
def test_a_reply_with_very_many_parts_is_refused_at_once(body: bytes, said: str) -> None:
    """Reading all of the first one would keep all other requests waiting for two seconds."""
    times = []
    for _ in range(3):  # the best counts: other work and the collection of garbage disturb
        begun = time.process_time()
        with pytest.raises(NoCompletion, match=said):
            read_completion(body)
        times.append(time.process_time() - begun)
    assert min(times) < 0.5


def test_counts_and_names_of_other_types_are_ignored() -> None:
    for usage in (
        [1],
        {"prompt_tokens": "x"},
        {"prompt_tokens": 1},
        {"prompt_tokens": -1, "completion_tokens": 2},
        "5",
    ):
        body = json.dumps({"choices": [{"message": {"content": "a"}}], "model": {"a": 1}, "usage": usage}).encode()
        read = read_completion(body)
        assert (read.content, read.model, read.tokens) == ("a", "", None)


@given(st.binary(max_size=60) | JSON.map(lambda found: json.dumps(found).encode()))
def test_any_bytes_are_no_completion(body: bytes) -> None:
    with pytest.raises(NoCompletion):
        read_completion(body)


@given(JSON, JSON, JSON, JSON)
def test_any_values_in_the_places_of_a_completion(content: Any, reasoning: Any, finish: Any, usage: Any) -> None:
    body = chat(content, reasoning=reasoning, finish=finish, usage=usage)
    try:
        found = read_completion(body)
    except NoCompletion:
        assert not all(value is None or isinstance(value, str) for value in (content, finish)) or any(
            "\ud800" <= char <= "\udfff" for char in f"{content}{reasoning}{finish}{usage}"
        )
        return
    if not isinstance(content, list):
        assert found.content == (content or "")
    if isinstance(reasoning, str):
        assert found.reasoning == (reasoning if reasoning.strip() else "")
    found.content.encode()
    assert found.tokens is None or found.tokens >= 0


@pytest.mark.parametrize("usage", [None, {}, [], "many", {"prompt_tokens": -1, "completion_tokens": 2},
                                   {"prompt_tokens": 10**30, "completion_tokens": 2}])  # fmt: skip
def test_tokens_that_are_counted_badly_are_not_counted(usage: Any) -> None:
    found = read_completion(chat("fine", usage=usage))
    assert (found.content, found.tokens, found.completion_tokens) == ("fine", None, None)


def test_tokens_are_those_of_prompt_and_answer() -> None:
    assert (found := read_completion(chat("x", usage=(30, 12)))).tokens == 42 and found.completion_tokens == 12


def test_of_two_fields_of_thoughts_the_first_that_says_something_counts() -> None:
    assert read_completion(chat("x", reasoning_content="", reasoning="B")).reasoning == "B"
    assert read_completion(chat("x", reasoning_content="A", reasoning="B")).reasoning == "A"


def test_reasoning_that_the_provider_keeps_back_is_known() -> None:
    parts = [{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "office"}]
    found = read_completion(chat(parts))
    assert (found.content, found.reasoning, found.is_hidden) == ("office", "", True)
    assert not read_completion(chat("office")).is_hidden

"""What comes back from an endpoint is hostile."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.students.engines.wire import NoReply, Question, Reply, read_reply

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("text", "finish_reason", "stop_reason", "matched_stop", "token_ids", "prompt_token_ids")


def body(usage: Any = None, choices: int = 1, **choice: Any) -> bytes:
    return json.dumps(
        {"choices": [{"text": "a", "finish_reason": "stop", **choice}] * choices, "usage": usage}
    ).encode()


@given(st.binary(max_size=200))
def test_bytes_of_anything_are_read_or_told(found: bytes) -> None:
    with pytest.raises(NoReply):
        read_reply(found)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), JSON)
def test_json_of_anything_is_read_or_told(choice: dict[str, Any], usage: Any) -> None:
    try:
        reply = read_reply(json.dumps({"choices": [choice], "usage": usage}).encode())
    except NoReply:
        return
    assert reply.text == choice["text"] and reply.finish == choice["finish_reason"]
    assert reply.ids is None or list(reply.ids) == choice["token_ids"]


def test_all_that_servers_say_is_read() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "more": 1}
    said = {"token_ids": [5, 6], "prompt_token_ids": [1, 2, 3], "stop_reason": "</answer>"}
    assert read_reply(body(usage, **said)) == Reply("a", "stop", "</answer>", (5, 6), (1, 2, 3), 3, 2)
    assert read_reply(body(None, matched_stop="x")) == Reply("a", "stop", "x", None, None, None, None)
    assert read_reply(body(None, stop_reason=7, matched_stop=7)).stopped_by is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (b"<!doctype html>", "HTML"),
        (b'{"choices": [', "not a completion"),
        (b'{"choices": []}', "0 choices"),
        (body(choices=2), "2 choices"),
        (body(text=None), "not a completion"),
        (body(finish_reason=None), "with the reason 'none'"),
        (body(finish_reason="x" * 500), "with the reason 'x{40}'"),
        (body(token_ids=[1, "2"]), "invalid token ids"),
        (body(token_ids=[-1]), "invalid token ids"),
        (body(token_ids=[2**31]), "invalid token ids"),
        (body(token_ids=["a"] * 100_000), "invalid token ids"),
        (b"[" * 100_000, "not a completion"),
        (b'{"choices": ' + b"[" * 100_000, "not a completion"),
        (b'{"choices": [{"text": "\\ud800", "finish_reason": "stop"}]}', "not a completion"),
    ],
)
def test_what_is_no_completion_is_told_shortly(found: bytes, said: str) -> None:
    with pytest.raises(NoReply, match=said) as raised:
        read_reply(found)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("usage", [5, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": 3}, [], "x"])
def test_a_bad_count_does_not_throw_a_good_answer_away(usage: Any) -> None:
    reply = read_reply(body(usage))
    assert reply.text == "a" and reply.prompt_tokens is None and reply.completion_tokens is None


@pytest.mark.parametrize("stop", [None, "</answer>"])
def test_a_question_as_it_is_sent(stop: str | None) -> None:
    plain = Question((1, 2), 7, 0.5, 9, stop).body("m", extras=False)
    assert plain["prompt"] == [1, 2] and plain["model"] == "m" and plain["seed"] == 9
    assert plain.get("stop") == ([stop] if stop else None)
    more = Question((1, 2), 7, 0.5, 9, stop).body("m", extras=True)
    assert plain.items() <= more.items() and more["return_token_ids"] is True
    json.dumps(more)

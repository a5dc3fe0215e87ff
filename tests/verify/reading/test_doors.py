"""At the doors of files: every sample of every record is an output, once, with its own text, reasoning and problem."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.verify.reading import OutputRecord, Unread, read_outputs

# What a model said: its text and its reasoning.
Said = tuple[str, str | None]
texts = st.sampled_from(("hall", "", "<think>a</think>hall", "a\nb"))
reasoning = st.none() | st.just("So it is.")


def plain(said: Said) -> Any:
    """Without reasoning beside it: a text, or a message."""
    return said[0]


def message(said: Said) -> Any:
    return {"role": "assistant", "content": said[0], **({} if said[1] is None else {"reasoning_content": said[1]})}


def parts(said: Said) -> Any:
    thinking = [] if said[1] is None else [{"type": "thinking", "thinking": said[1]}]
    return {"role": "assistant", "content": [*thinking, {"type": "text", "text": said[0]}]}


def choice(said: Said) -> Any:
    return {"message": message(said), "finish_reason": "stop"}


def object_with_text(said: Said) -> Any:
    return {"text": said[0], **({} if said[1] is None else {"reasoning": said[1]})}


FORMS = (plain, message, parts, choice, object_with_text)
samples = st.tuples(st.sampled_from(FORMS), st.lists(st.tuples(texts, reasoning), min_size=1, max_size=4))
# A record without an output: its path leads nowhere, to an empty list, or to a number.
BROKEN = ({}, {"out": []}, {"out": 7}, {"out": [{"score": 1}]}, 7, "out", None)
records = samples | st.sampled_from(BROKEN)


def is_broken(record: Any) -> bool:
    return not isinstance(record, tuple)


def expected(record: Any) -> list[Said]:
    form, said = record
    return [(text, None if form is plain else why) for text, why in said]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mapped")


@given(st.lists(records, max_size=6), st.booleans())
@settings(max_examples=80, deadline=None)
def test_every_sample_is_an_output_once(folder: Path, written: list[Any], is_alone: bool) -> None:
    """`is_alone`: a record with one sample has it without a list around it."""
    lines = []
    for number, record in enumerate(written):
        if is_broken(record):
            lines.append(json.dumps(record if not isinstance(record, dict) else {"key": {"id": number}, **record}))
            continue
        form, said = record
        made = [form(each) for each in said]
        out = made[0] if is_alone and len(made) == 1 else made
        lines.append(json.dumps({"key": {"id": number}, "out": out}))
    file = folder / "mapped.jsonl"
    file.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    found = list(read_outputs([str(file)], mapping={"text": ".out", "id": ".key.id"}))
    unread = [each.where for each in found if isinstance(each, Unread)]
    assert unread == [f"{file}:{at}" for at, record in enumerate(written, start=1) if is_broken(record)]
    outputs = [each for each in found if isinstance(each, OutputRecord)]
    wanted = [
        (f"{file}:{number + 1}", str(number), sample, *said)
        for number, record in enumerate(written) if not is_broken(record)
        for sample, said in enumerate(expected(record))
    ]  # fmt: skip
    assert [(each.where, each.id, each.sample, each.text, each.reasoning) for each in outputs] == wanted


@given(st.lists(st.lists(texts, max_size=3), max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_path_to_every_element_makes_a_sample_of_each(folder: Path, written: list[list[str]]) -> None:
    file = folder / "elements.jsonl"
    rows = [{"id": f"q{at}", "choices": [{"text": each} for each in said]} for at, said in enumerate(written)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = list(read_outputs([str(file)], mapping={"text": ".choices[*].text", "id": ".id"}))
    outputs = [(each.id, each.sample, each.text) for each in found if isinstance(each, OutputRecord)]
    assert outputs == [(f"q{at}", *one) for at, said in enumerate(written) for one in enumerate(said)]
    # A record without samples is named.
    assert [each.where for each in found if isinstance(each, Unread)] == [
        f"{file}:{at}" for at, said in enumerate(written, start=1) if not said
    ]


# The samples of a problem in the layouts of programs; a null is an output without text.
LAYOUTS: dict[str, Callable[[str, list[str | None]], dict[str, Any]]] = {
    "ours": lambda ident, said: {"id": ident, "text": said},
    "lm-eval": lambda ident, said: {"doc_id": 0, "doc": {"id": ident}, "arguments": {}, "resps": [said], "filter": "none"},
    "chat": lambda ident, said: {
        "custom_id": ident,
        "response": {"body": {"choices": [{"message": {"role": "assistant", "content": each}} for each in said]}},
    },
    "generations": lambda ident, said: {"id": ident, "generations": said},
    "lighteval": lambda ident, said: {"doc": {"id": ident, "query": "q"}, "model_response": {"text": said}},
    "langsmith": lambda ident, said: {
        "id": "r", "run_type": "llm", "inputs": {"prompt": "q"}, "extra": {"metadata": {"id": ident}},
        "outputs": {"choices": [{"message": {"role": "assistant", "content": each}} for each in said]},
    },
    "langfuse": lambda ident, said: {
        "id": "o", "traceId": "t", "type": "GENERATION", "input": "q", "metadata": {"id": ident},
        "output": {"choices": [{"message": {"role": "assistant", "content": each}} for each in said]},
    },
}  # fmt: skip


@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.lists(st.lists(st.none() | texts, min_size=1, max_size=4) | st.just([]), min_size=1, max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_every_format_has_every_sample_once(folder: Path, layout: str, written: list[list[str | None]]) -> None:
    lines = [json.dumps(LAYOUTS[layout](f"q{at}", said)) for at, said in enumerate(written)]
    file = folder / "outputs.jsonl"
    # The first line tells the format.
    first = json.dumps(LAYOUTS[layout]("first", ["x"]))
    file.write_text("".join(f"{each}\n" for each in [first, *lines]), encoding="utf-8")
    found = list(read_outputs([str(file)]))[1:]
    outputs = [(each.id, each.sample, each.text) for each in found if isinstance(each, OutputRecord)]
    assert outputs == [
        (f"q{at}", number, text or "") for at, said in enumerate(written) for number, text in enumerate(said)
    ]
    # A record without samples is named.
    assert [each.where for each in found if isinstance(each, Unread)] == [
        f"{file}:{at}" for at, said in enumerate(written, start=2) if not said
    ]

"""Rows in the layouts of many trainers: none loses its trace, none takes something else for one."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.sft.rendered import rendered_turns
from tracekd.sft.supervised_row import SupervisedRow, read_row
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.transcript.transcript import Transcript

TRACE, ANSWER, ASKED = "Mary went to the hall.\nSo she is there.", "<answer>hall</answer>", "Where is Mary?\n"
INLINE = f"<think>{TRACE}</think> {ANSWER}"
FIELD = f"<think>{TRACE}</think>{ANSWER}"
USER = {"role": "user", "content": ASKED}
CLASS = "The category of the question represents what is being asked in that question. The category of the question asked is: x."


def row(columns: dict[str, Any]) -> SupervisedRow:
    return read_row(Record.of(json.dumps(columns).encode()), lambda ids: "".join(map(chr, ids)))


def chatml(asked: str, said: str) -> str:
    return f"<|im_start|>user\n{asked}<|im_end|>\n<|im_start|>assistant\n{said}"


LAYOUTS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "messages": ({"messages": [USER, {"role": "assistant", "content": INLINE}]}, INLINE, "messages", "think"),
    **{
        name: ({"messages": [USER, {"role": "assistant", "content": ANSWER, name: TRACE}]}, FIELD, "messages", "field")
        for name in ("reasoning_content", "reasoning", "thinking", "thoughts")
    },
    "details": (
        {"messages": [USER, {"role": "assistant", "content": ANSWER,
                             "reasoning_details": [{"type": "reasoning.text", "text": TRACE}]}]},
        FIELD, "messages", "field",
    ),
    "parts": (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": ASKED}]},
                      {"role": "assistant", "content": [{"type": "thinking", "thinking": TRACE},
                                                        {"type": "text", "text": ANSWER}]}]},
        FIELD, "messages", "field",
    ),
    "null system": (
        {"messages": [{"role": "system", "content": None}, USER, {"role": "assistant", "content": INLINE}]},
        INLINE, "messages", "think",
    ),
    "ShareGPT": (
        {"conversations": [{"from": "human", "value": ASKED}, {"from": "gpt", "value": INLINE}]},
        INLINE, "conversations", "think",
    ),
    "Alpaca": ({"instruction": ASKED, "input": "", "output": INLINE}, INLINE, "instruction, output", "think"),
    "prompt and response": ({"prompt": ASKED, "response": INLINE}, INLINE, "prompt, response", "think"),
    "with a column": ({"prompt": ASKED, "response": ANSWER, "reasoning": TRACE}, FIELD, "prompt, response", "field"),
    "question and answer": (
        {"question": ASKED, "thinking": TRACE, "answer": ANSWER}, FIELD, "question, answer", "field"
    ),
    "medical": ({"Question": ASKED, "Complex_CoT": TRACE, "Response": ANSWER}, FIELD, "question, response", "field"),
    "s1": ({"question": ASKED, "thinking_trajectories": [TRACE], "attempt": ANSWER}, FIELD, "question, attempt", "field"),
    "beside messages": (
        {"messages": [USER, {"role": "assistant", "content": ANSWER}], "reasoning_content": TRACE}, FIELD, "messages", "field"
    ),
    "reasoning beside messages": (
        {"messages": [USER, {"role": "assistant", "content": ANSWER}], "reasoning": TRACE}, FIELD, "messages", "field"
    ),
    "conversational": (
        {"prompt": [USER], "completion": [{"role": "assistant", "content": ANSWER, "reasoning_content": TRACE}]},
        FIELD, "prompt, completion", "field",
    ),
    "other tags": (
        {"prompt": ASKED, "completion": INLINE.replace("think>", "thinking>")}, f"<think>{TRACE}</think> {ANSWER}",
        "prompt, completion", "<thinking>",
    ),
    "no opening": (
        {"prompt": ASKED, "completion": INLINE.removeprefix("<think>")}, INLINE, "prompt, completion", "think"
    ),
    "rendered": ({"text": chatml(ASKED, INLINE + "<|im_end|>\n")}, INLINE, "text", "think"),
    "rendered prompt": ({"prompt": chatml(ASKED, ""), "completion": INLINE}, INLINE, "prompt, completion", "think"),
    "begun by the prompt": (
        {"prompt": chatml(ASKED, "<think>"), "completion": INLINE.removeprefix("<think>")}, INLINE, "prompt, completion",
        "think",
    ),
    "token ids of a rendered prompt": (
        {"input_ids": [*map(ord, chatml(ASKED, "") + INLINE)],
         "labels": [*[-100] * len(chatml(ASKED, "")), *map(ord, INLINE)]},
        INLINE, "input_ids, labels", "think",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_as_what_it_means(name: str) -> None:
    columns, completion, layout, delimiters = LAYOUTS[name]
    found = row(columns)
    assert (found.prompt, found.completion, found.turns) == (ASKED, completion, 2)
    assert (found.layout, found.delimiters) == (layout, delimiters)


@pytest.mark.parametrize("rendered", [False, True])
def test_a_trace_at_the_end_of_the_prompt_is_given(rendered: bool) -> None:
    head, tail = INLINE.split("</think>")
    prompt = chatml(ASKED, "") if rendered else ASKED
    found = row({"prompt": f"{prompt}{head}</think>", "completion": tail})
    assert (found.prompt, found.completion, found.given) == (ASKED, INLINE, True)
    assert not row({"prompt": prompt, "completion": INLINE}).given
    # Templates of reasoning models end prompts so: with an empty trace, or with one that is only begun.
    assert not row({"prompt": f"{prompt}<think>\n\n</think>\n\n", "completion": "hall"}).given
    assert not row({"prompt": f"{chatml(ASKED, '')}<think>\n", "completion": f"{TRACE}</think>hall"}).given


def test_the_gold_class_in_a_sentence_is_no_trace() -> None:
    """The paper's released files have it in the column `reasoning`, beside messages without a trace."""
    said = {"messages": [USER, {"role": "assistant", "content": "hall"}], "reasoning": f"{CLASS}\n"}
    assert (row(said).completion, row(said).reasoning, row(said).delimiters) == ("hall", f"{CLASS}\n", "none")
    with pytest.raises(Fault):  # nor is such a row without messages an example
        row({"question": ASKED, "answer": "hall", "reasoning": f"{CLASS}\n"})
    taught = row({"prompt": ASKED, "response": "hall", "reasoning": CLASS})
    assert (taught.completion, taught.reasoning) == (f"<think>{CLASS}</think>hall", None)


@pytest.mark.parametrize("name", ["input", "context"])
def test_what_is_below_an_instruction_is_part_of_the_prompt_once(name: str) -> None:
    story = "Mary went to the hall."
    below = row({"instruction": ASKED, name: story, "output": INLINE})
    assert (below.prompt, below.layout) == (f"{ASKED}\n{story}", f"instruction, {name}, output")
    within = row({"instruction": f"{story}\n{ASKED}", "context": story, "output": INLINE})
    assert within.prompt == f"{story}\n{ASKED}"


def test_a_problem_is_no_example() -> None:
    with pytest.raises(Fault, match="missing field"):
        row({"question": ASKED, "answer": "hall", "facts": ["Mary went to the hall."]})


@pytest.mark.parametrize(
    ("before", "turns"),
    [([{"role": "system", "content": "Be brief."}], 3), ([{"role": "developer", "content": "Be brief."}], 3),
     ([USER, {"role": "assistant", "content": "no"}], 4), ([{"role": "tool", "content": "4"}], 3)],
)  # fmt: skip
def test_turns_that_are_not_taught_are_counted(before: list[Any], turns: int) -> None:
    said = {"role": "assistant", "content": ANSWER}
    assert row({"messages": [*before, USER, said]}).turns == turns
    assert row({"prompt": [*before, USER], "completion": [said]}).turns == turns
    assert row({"conversations": [USER, said], "system": "Be brief."}).turns == 3
    assert row({"instruction": ASKED, "output": ANSWER, "history": [["a", "b"]]}).turns == 4


def test_the_field_counts_if_the_text_has_another_trace() -> None:
    found = row({"messages": [USER, {"role": "assistant", "content": f"<think>no</think>{ANSWER}", "thinking": TRACE}]})
    assert found.completion == FIELD and found.delimiters.startswith("field, and another trace")
    found = row({"prompt": ASKED, "response": INLINE, "thinking": "no"})
    assert found.completion == INLINE and found.delimiters.startswith("think, and another trace in a column")
    assert row({"prompt": ASKED, "response": INLINE, "thinking": f" {TRACE}"}).delimiters == "think"


def test_an_unknown_mark_is_named() -> None:
    found = row({"prompt": ASKED, "completion": f"<musing>{TRACE}</musing>{ANSWER}"})
    assert found.delimiters == "not known: <musing>"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"messages": [USER, {"role": "assistant", "content": None}]}, "has no text"),
        (
            {"messages": [{"role": "user", "content": None}, {"role": "assistant", "content": "a"}]},
            "the user has no text",
        ),
        ({"messages": [USER, {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "x"}]}]}, "kept"),
        ({"messages": [USER, {"role": "assistant", "content": 5}]}, "not a text"),
        ({"messages": [USER, {"content": "a"}]}, "without a role"),
        ({"messages": [USER, "hall"]}, "not an object"),
        ({"prompt": ASKED, "response": ["a", "b"]}, "2 completions"),
        ({"text": "Mary went to the hall."}, "missing field|messages"),
    ],
)
def test_what_cannot_be_taught_is_a_fault(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(Fault, match=said):
        row(columns)


PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="<>[]|\u25c1"), min_size=1).filter(
    lambda text: text.strip() and "\n" not in text and not text.startswith("analysis")
)


@given(PLAIN, PLAIN, st.sampled_from(["reasoning_content", "thinking", "reasoning", "thoughts"]), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_no_layout_loses_a_trace(trace: str, answer: str, name: str, layout: int) -> None:
    said = {"role": "assistant", "content": answer, name: trace}
    columns = [
        {"messages": [USER, said]},
        {"prompt": [USER], "completion": [said]},
        {"conversations": [{"from": "human", "value": ASKED}, {"from": "gpt", "value": answer, name: trace}]},
        {"prompt": ASKED, "response": answer, name: trace},
        {"instruction": ASKED, "output": answer, name: trace},
    ][layout]
    found = Transcript.of(row(columns).completion)
    assert ((found.reasoning or "").strip(), found.answer) == (trace.strip(), answer)


@pytest.mark.parametrize(
    "text",
    [
        "<|im_start|>user\n" * 50_000,
        "<|im_start|>" * 50_000,
        " " * 200_000 + "<|im_start|>user\n",
        "<|user|>\n" * 50_000,
    ],
)
def test_hostile_renderings_take_linear_time(text: str) -> None:
    begun = time.process_time()
    rendered_turns(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text",
    [
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nMary<|eot_id|>",
        "<bos><start_of_turn>user\nWho?<end_of_turn>\n<start_of_turn>model\nMary<end_of_turn>\n",
        "<|user|>\nWho?<|end|>\n<|assistant|>\nMary<|end|>",
        "<|user|>\nWho?</s>\n<|assistant|>\nMary</s>",
        "<｜begin▁of▁sentence｜><｜User｜>Who?<｜Assistant｜>Mary<｜end▁of▁sentence｜>",
        "<s><|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\nMary<|im_end|>",
    ],
)
def test_families_of_templates(text: str) -> None:
    assert [turn.content for turn in rendered_turns(text)] == ["Who?", "Mary"]
    found = row({"text": text})
    assert (found.prompt, found.completion) == ("Who?", "Mary")

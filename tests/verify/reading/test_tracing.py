"""Exports of LangSmith and Langfuse: the calls of a model, with their reasoning, their end and what was asked."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.tasks import get_task
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.judge import Judge
from tracekd.verify.reading import OutputRecord, Unread, read_outputs
from tracekd.verify.reading.langchain import plain
from tracekd.verify.run import verify_outputs
from tracekd.verify.verdict import Verdict

from .conftest import Write, read

ASKED = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Where is Mary?"}]
REPLY = {"role": "assistant", "content": "hall", "reasoning_content": "She went."}


def stored(name: str, content: Any, **more: Any) -> dict[str, Any]:
    """A message as LangChain stores it."""
    path = ["langchain", "schema", "messages", name]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": {"content": content, "type": "x", **more}}


LANGCHAIN_ASKED = {"messages": [[stored("SystemMessage", "Be short."), stored("HumanMessage", "Where is Mary?")]]}
AI = stored(
    "AIMessage",
    "hall",
    additional_kwargs={"reasoning_content": "She went."},
    response_metadata={"finish_reason": "length"},
)
# (inputs, outputs) of a run of LangSmith: the same call in the layouts of its documentation.
LANGSMITH = {
    "OpenAI": ({"messages": ASKED}, {"choices": [{"index": 0, "message": REPLY, "finish_reason": "length"}]}),
    "Anthropic": (
        {"messages": ASKED},
        {"role": "assistant", "stop_reason": "max_tokens", "content": [
            {"type": "thinking", "thinking": "She went.", "signature": "s"}, {"type": "text", "text": "hall"}]},
    ),
    "OpenAI's responses": (
        {"input": ASKED},
        {"incomplete_details": {"reason": "max_output_tokens"}, "output": [
            {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "She went."}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hall"}]}]},
    ),
    "LangChain": (LANGCHAIN_ASKED, {"generations": [[{"text": "hall", "type": "ChatGeneration", "message": AI}]]}),
    "LangChain with the end beside": (
        LANGCHAIN_ASKED,
        {"generations": [[{"text": "hall", "generation_info": {"finish_reason": "length"}, "message": stored(
            "AIMessage", "hall", additional_kwargs={"reasoning_content": "She went."})}]]},
    ),
    "a text": ({"prompts": ["Where is Mary?"]}, {"generations": [[
        {"text": "<think>She went.</think>hall", "generation_info": {"finish_reason": "length"}}]]}),
    "messages": ({"messages": ASKED}, {"messages": [*ASKED, {**REPLY, "finish_reason": "length"}]}),
    "a message": ({"prompt": "Where is Mary?"}, {"message": {**REPLY, "finish_reason": "length"}}),
    "flat messages": (
        {"messages": [{"type": "human", "content": "Where is Mary?"}]},
        {"messages": [{"type": "ai", "content": "hall", "additional_kwargs": {"reasoning_content": "She went."},
                       "response_metadata": {"stop_reason": "max_tokens"}}]},
    ),
    "messages with data": (
        {"messages": [{"type": "human", "data": {"content": "Where is Mary?"}}]},
        {"output": {"type": "ai", "data": {"content": "hall", "additional_kwargs": {"reasoning_content": "She went."},
                                           "response_metadata": {"finish_reason": "length"}}}},
    ),
}  # fmt: skip


def run(asked: Any, said: Any, **more: Any) -> dict[str, Any]:
    """A run of LangSmith; other fields are ignored."""
    return {
        "id": "0f1c", "name": "ChatOpenAI", "run_type": "llm", "trace_id": "0f1b", "dotted_order": "2026Z0f1c", "error": None,
        "inputs": asked, "outputs": said, "status": "success", "parent_run_id": "0f1b", "tags": [],
        "extra": {"metadata": {"ls_model_name": "m", "id": "q/1"}, "invocation_params": {"model": "other", "seed": 7}},
        **more,
    }  # fmt: skip


def observation(asked: Any, said: Any, **more: Any) -> dict[str, Any]:
    """An observation of Langfuse; other fields are ignored."""
    return {
        "id": "o1", "traceId": "t1", "type": "GENERATION", "name": "call", "input": asked, "output": said, "level": "DEFAULT",
        "statusMessage": None, "model": "m", "metadata": {"problem_id": "q/1"}, "usageDetails": {"input": 5, "output": 2},
        **more,
    }  # fmt: skip


def only(found: list[OutputRecord | Unread]) -> OutputRecord:
    (output,) = found
    assert isinstance(output, OutputRecord), output
    return output


def check_call(found: OutputRecord, finish: str = "length") -> None:
    transcript = found.transcript
    assert (found.id, found.model, found.prompt, found.seed) == ("q/1", "m", "Where is Mary?", 0)
    if finish == "length" and found.reasoning is None:
        assert found.text == "<think>She went.</think>hall"
    assert (transcript.reasoning, transcript.answer, found.finish) == ("She went.", "hall", finish)


@pytest.mark.parametrize("layout", LANGSMITH)
def test_a_run_of_langsmith(layout: str, write: Write) -> None:
    check_call(only(read(write("runs.jsonl", [run(*LANGSMITH[layout])]))))


@pytest.mark.parametrize("layout", LANGSMITH)
@pytest.mark.parametrize("printed", [json.dumps, repr])
def test_a_run_in_csv_and_parquet_has_its_objects_as_texts(layout: str, printed: Any, tmp_path: Path) -> None:
    row = run(*LANGSMITH[layout])
    texts = {name: printed(value) if isinstance(value, dict) else value for name, value in row.items()}
    with (tmp_path / "runs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(texts))
        writer.writeheader()
        writer.writerow(texts)
    check_call(only(read(tmp_path / "runs.csv")))
    pq.write_table(pa.Table.from_pylist([texts]), tmp_path / "runs.parquet")
    check_call(only(read(tmp_path / "runs.parquet")))


# (input, output) of an observation of Langfuse: any value that a program logs.
LANGFUSE = {
    "messages": (ASKED, REPLY),
    "in an object": ({"messages": ASKED, "tools": []}, REPLY),
    "a text": ("Where is Mary?", "<think>She went.</think>hall"),
    "parts": (ASKED, {"role": "assistant", "content": [{"type": "thinking", "thinking": "She went."},
                                                       {"type": "text", "text": "hall"}]}),
    "LangChain": ([{"role": "user", "content": "Where is Mary?"}],
                  {"role": "assistant", "content": "hall", "additional_kwargs": {"reasoning_content": "She went."}}),
    "a list": (ASKED, [REPLY]),
    "choices": (ASKED, {"choices": [{"message": REPLY, "finish_reason": "stop"}]}),
}  # fmt: skip


@pytest.mark.parametrize("layout", LANGFUSE)
def test_an_observation_of_langfuse(layout: str, write: Write) -> None:
    asked, said = LANGFUSE[layout]
    check_call(only(read(write("o.jsonl", [observation(asked, said)]))), "stop")
    # Blob storage: other names, and values as JSON texts or as plain ones.
    row = observation(json.dumps(asked), json.dumps(said), metadata=json.dumps({"problem_id": "q/1"}))
    del row["traceId"], row["model"]
    check_call(only(read(write("b.jsonl", [{**row, "trace_id": "t1", "provided_model_name": "m"}]))), "stop")


@pytest.mark.parametrize("text", ['{"answer": "hall"}', '["hall"]', '{"facts": ["a"], "answer": "hall"}', "[hall", "{"])
def test_json_that_a_model_wrote_stays_its_text(text: str, write: Write) -> None:
    assert only(read(write("o.jsonl", [observation("Where?", text)]))).text == text


def test_only_calls_of_a_model_are_outputs_and_the_rest_is_told(write: Write) -> None:
    """A chain repeats what the call in it wrote: it must not count twice."""
    asked, said = LANGSMITH["OpenAI"]
    runs = [
        run({"question": "Where?"}, {"output": "hall"}, run_type="chain"),
        run(asked, said),
        run({}, {}, run_type="tool"),
    ]
    found = read(write("runs.jsonl", runs))
    assert [isinstance(each, OutputRecord) for each in found] == [False, True, False]
    assert [(each.reason, each.detail) for each in found if isinstance(each, Unread)] == [
        ("not a call of a model", "run_type chain"), ("not a call of a model", "run_type tool")
    ]  # fmt: skip
    spans = [observation("a", "b", type="SPAN"), observation("a", "b"), observation("a", "b", type="EVENT")]
    found = read(write("o.jsonl", spans))
    assert [isinstance(each, OutputRecord) for each in found] == [False, True, False]


def test_a_failed_call_is_told_and_an_empty_text_is_an_output(write: Write) -> None:
    asked = {"messages": ASKED}
    empty = {"choices": [{"message": {"role": "assistant", "content": None}, "finish_reason": "length"}]}
    found = read(write("runs.jsonl", [run(asked, None, error="429"), run(asked, None), run(asked, empty)]))
    assert [each.reason for each in found if isinstance(each, Unread)] == ["the request failed", "no generated text"]
    assert isinstance(found[2], OutputRecord) and (found[2].text, found[2].finish) == ("", "length")
    failed = observation(ASKED, None, level="ERROR", statusMessage="timeout")
    found = read(write("o.jsonl", [failed, observation(ASKED, "")]))
    assert isinstance(found[0], Unread) and (found[0].reason, found[0].detail) == ("the request failed", "timeout")
    assert isinstance(found[1], OutputRecord) and found[1].text == ""


def test_several_samples_of_a_call(write: Write) -> None:
    said = {
        "generations": [[{"text": "hall", "message": AI}, {"text": "yard", "message": stored("AIMessage", "yard")}]]
    }
    found = read(write("runs.jsonl", [run(LANGCHAIN_ASKED, said)]))
    assert [(each.sample, each.text) for each in found if isinstance(each, OutputRecord)] == [(0, "hall"), (1, "yard")]


def test_a_call_that_answers_several_prompts_is_not_guessed(write: Write) -> None:
    said = {"generations": [[{"text": "a"}], [{"text": "b"}]]}
    found = read(write("runs.jsonl", [run({"prompts": ["p", "q"]}, said)]))
    assert [each.prompt for each in found if isinstance(each, OutputRecord)] == [None, None]


def test_a_call_is_joined_by_the_prompt_that_it_shows(tmp_path: Path) -> None:
    task = get_task("babi")
    problem = task.example()
    trace = task.template.render_trace(problem, problem.trace)
    asked = task.template.render_prompt(problem)
    other = asked.replace(problem.context[0].text, "Nobody went anywhere.")
    rows = [
        run(
            {"messages": [{"role": "user", "content": each}]},
            {"choices": [{"message": {**REPLY, "content": problem.answer.values[0], "reasoning_content": trace}}]},
            extra={"metadata": {"ls_model_name": f"m{at}"}},
        )
        for at, each in enumerate((asked, other, problem.question))
    ]
    (tmp_path / "runs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    files = FilesToJudge([str(tmp_path / "runs.jsonl")])
    verdicts: list[Verdict] = []
    report = verify_outputs(files.read(), files.problems(task, [problem])[0], Judge.of(task), verdicts.append)
    assert [(each.student, each.trace, each.answer) for each in verdicts] == [("m0", True, True)]
    assert report.unknown.count == 2


TRACE = {
    "id": "t1",
    "timestamp": "2026-01-01",
    "name": "agent",
    "input": ASKED,
    "output": REPLY,
    "sessionId": None,
    "tags": [],
}


def test_a_trace_of_langfuse_is_read_as_a_reply(write: Write) -> None:
    found = only(read(write("traces.jsonl", [TRACE])))
    assert (found.prompt, found.reasoning, found.text) == ("Where is Mary?", "She went.", "hall")


@pytest.mark.parametrize("asked", [ASKED, "Where is Mary?"])
def test_a_layout_of_ones_own_is_mapped(asked: Any, write: Write) -> None:
    file = write("own.jsonl", [{"call": {"asked": asked, "said": REPLY}}])
    found = only(list(read_outputs([str(file)], mapping={"text": ".call.said", "prompt": ".call.asked"})))
    assert (found.prompt, found.reasoning, found.text) == ("Where is Mary?", "She went.", "hall")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["messages", "generations", "role", "content", "kwargs", "data", "type", "message", "text", "output",
                         "choices", "additional_kwargs", "response_metadata", "generation_info", "id"]),
        inner, max_size=3,
    ),
    max_leaves=10,
)  # fmt: skip


@given(values, values, values)
def test_whatever_is_logged_is_an_output_or_told(
    tmp_path_factory: pytest.TempPathFactory, a: Any, b: Any, c: Any
) -> None:
    file = tmp_path_factory.getbasetemp() / "logged.jsonl"
    for row in (run(a, b, extra=c), observation(a, b, metadata=c), run(json.dumps(a), json.dumps(b))):
        file.write_text(json.dumps(row) + "\n", encoding="utf-8")
        found = read(file)
        assert found
        assert len({(each.where, each.sample) for each in found if isinstance(each, OutputRecord)}) in (0, len(found))
    plain(a)

"""Exports of tracing platforms, one record for each call: the runs of LangSmith, and the observations of Langfuse.

LangSmith's fields are those of its run data format (JSON Lines, CSV, or Parquet of its bulk export): `run_type`, `inputs`,
`outputs`, `error`, `extra`. Langfuse's are those of its API, its exports from the UI and to blob storage: `type`, `input`,
`output`, `model` or `provided_model_name`, `metadata`, `level`. In CSV and Parquet, objects are texts.

Only the calls of a model are outputs (`run_type` llm, `type` GENERATION): the chains and spans around a call repeat its text.
Messages may be OpenAI's, Anthropic's or LangChain's. A problem is found by an id in the metadata, or by the prompt.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

from tracekd.regimes.names import regime_of_name
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.python_literal import read_literal
from tracekd.tasks.reading.record import Record
from tracekd.transcript.message import last_asked
from tracekd.verify.reading.generated import Generated, last_reply, read_generated
from tracekd.verify.reading.langchain import plain
from tracekd.verify.reading.output_record import UNKNOWN, Format, GoldRecord, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import name_of, parsed, read_records
from tracekd.verify.reading.stated_problem import StatedProblem

# The first one that is stated counts.
_MODELS = ("ls_model_name", "provided_model_name", "providedModelName", "model_name", "model")
_LONGEST_NAME = 200
# Where the messages are in what a call was asked, and in what it returned.
_ASKED = ("messages", "prompts", "prompt", "input")
_SAID = ("generations", "messages", "message", "output")
# The fields of messages, replies and prompts: other objects are what a model wrote.
_OF_MESSAGES = frozenset({"role", "content", "choices", "kwargs", *_ASKED[:3], *_SAID[:3]})


class _Call(NamedTuple):
    """One call of a model: what it was asked, what it returned, what is said about it, and why it failed (empty: it did not)."""

    asked: Any
    said: Any
    metadata: Mapping[str, Any]
    error: str


def _of_langsmith(data: Mapping[str, Any]) -> _Call:
    if data.get("run_type") != "llm":
        raise Fault("not a call of a model", f"run_type {data.get('run_type')}")
    extra = _object(data, "extra")
    parameters, metadata = _object(extra, "invocation_params"), _object(extra, "metadata")
    models = {name: parameters[name] for name in _MODELS if parameters.get(name)}
    error = str(data["error"]) if data.get("error") else ""
    return _Call(_object(data, "inputs"), _object(data, "outputs"), {**models, **metadata}, error)


def _of_langfuse(data: Mapping[str, Any]) -> _Call:
    if str(data.get("type")).upper() != "GENERATION":
        raise Fault("not a call of a model", f"type {data.get('type')}")
    models = {name: data[name] for name in _MODELS if data.get(name)}
    error = str(data.get("statusMessage", data.get("status_message")) or "level ERROR")
    return _Call(
        _value(data.get("input")), _value(data.get("output")), {**models, **_object(data, "metadata")},
        error if data.get("level") == "ERROR" else "",
    )  # fmt: skip


def _read(path: Path, call_of: Callable[[Mapping[str, Any]], _Call]) -> Outputs:
    """Yield the outputs of a file. A record that is no call of a model, and a call that failed, is an Unread."""
    regime = regime_of_name(name_of(path)) or UNKNOWN

    def make(record: Record) -> Iterator[OutputRecord]:
        data = parsed(record)
        if not isinstance(data, dict):
            raise Fault("malformed field", "the record is not an object")
        call = call_of(data)
        samples = _samples(call)
        problem = StatedProblem.of(call.metadata)
        model = next((call.metadata[name] for name in _MODELS if call.metadata.get(name)), None)
        for number, made in enumerate(samples):
            yield OutputRecord(
                text=made.text,
                where=record.where,
                id=problem.id,
                question=problem.question,
                context=problem.context,
                label=problem.label,
                model=model[:_LONGEST_NAME] if isinstance(model, str) else name_of(path),
                regime=problem.regime or regime,
                seed=problem.seed,
                sample=(problem.sample or 0) * len(samples) + number,
                finish=made.finish or "stop",
                gold=None if problem.answers is None else GoldRecord(problem.answers, problem.support),
                reasoning=made.reasoning,
                is_hidden=made.is_hidden,
                prompt=_prompt(call.asked),
            )

    return read_records(path, make)


def _samples(call: _Call) -> list[Generated]:
    """What the model wrote. Raises Fault for a call that failed, or that returned nothing."""
    said = call.said
    if said is None or said == {}:
        raise Fault("the request failed", call.error) if call.error else Fault("no generated text", "no output")
    if isinstance(said, Mapping) and "choices" not in said:
        said = next((said[name] for name in _SAID if name in said), said)
    said = plain(_single(said))
    if isinstance(said, list) and said and all(isinstance(turn, Mapping) and "role" in turn for turn in said):
        said = last_reply(said)
    return read_generated(said, call.said)


def _prompt(asked: Any) -> str | None:
    """The prompt: a text, or what a conversation asks last."""
    if isinstance(asked, Mapping):
        asked = next((asked[name] for name in _ASKED if name in asked), None)
    return last_asked(plain(_single(asked)))


def _single(value: Any) -> Any:
    """The only element of lists around a list or a text: LangChain has a list for each prompt, and a call has one prompt."""
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list | str):
        value = value[0]
    return value


def _value(value: Any) -> Any:
    """The value, or the one that a JSON text holds; but an object that is no message is what a model wrote."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[", '"'):
        return value
    try:
        found = from_json(value)
    except ValueError:
        return value
    return found if isinstance(found, str) or _has_messages(found) else value


def _has_messages(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_has_messages, value))
    return isinstance(value, Mapping) and not _OF_MESSAGES.isdisjoint(value)


def _object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object in a field, or the one that its text holds, as JSON or as Python prints it; empty if there is none.

    Raises Fault for anything else.
    """
    value = data.get(name)
    if isinstance(value, str) and value.strip():
        try:
            value = from_json(value)
        except ValueError:
            value = read_literal(value)
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise Fault("malformed field", f"{name} is not an object")
    return value


def _is_of_langsmith(head: Head) -> bool:
    return {"run_type", "inputs", "outputs"} <= head.fields


def _is_of_langfuse(head: Head) -> bool:
    return {"type", "input", "output"} <= head.fields and not head.fields.isdisjoint(("trace_id", "traceId"))


FORMATS = (
    Format("langsmith", "an export of LangSmith's runs", _is_of_langsmith, lambda path: _read(path, _of_langsmith)),
    Format("langfuse", "an export of Langfuse's observations", _is_of_langfuse, lambda path: _read(path, _of_langfuse)),
)

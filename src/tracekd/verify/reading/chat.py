"""Replies of servers and generators, one JSON object on each line or row: OpenAI's chat, responses and batches, vLLM
(`run_batch`, `RequestOutput`), Anthropic, Gemini, and data sets with a column of messages, generations or responses.

A problem is found by `custom_id` or `id` (not by a server's own id, such as `chatcmpl-..`), or by what the record says of it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tracekd.regimes.names import regime_of_name
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.transcript.message import last_asked
from tracekd.verify.reading.generated import Generated, last_reply, read_generated
from tracekd.verify.reading.output_record import UNKNOWN, Format, GoldRecord, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import name_of, parsed, read_records
from tracekd.verify.reading.stated_problem import StatedProblem

# Where the samples are, in the order of looking.
_PLACES = (
    "choices", "outputs", "candidates", "response", "responses", "generations", "generation", "completions", "completion",
    "output", "message", "prediction", "predictions", "generated_text", "model_output", "r1_generation", "messages",
    "conversations",
)  # fmt: skip
_SERVERS_OWN = re.compile(r"(?:chatcmpl|cmpl|resp|msg|batch|gen|vllm|req)[-_]", re.IGNORECASE)


def read(path: Path) -> Outputs:
    """Yield the outputs of a file: every sample of every record. A request that failed is an Unread."""
    regime = regime_of_name(name_of(path)) or UNKNOWN

    def make(record: Record) -> Iterator[OutputRecord]:
        data = _object(record)
        samples = _samples(data)
        problem = StatedProblem.of(data)
        body = _body(data)
        model = problem.model or _name(body.get("model")) or name_of(path)
        ident = None if problem.id and _SERVERS_OWN.match(problem.id) and "custom_id" not in data else problem.id
        for number, made in enumerate(samples):
            yield OutputRecord(
                text=made.text,
                where=record.where,
                id=ident,
                question=problem.question,
                context=problem.context,
                label=problem.label,
                model=model,
                regime=problem.regime or regime,
                seed=problem.seed,
                sample=(problem.sample or 0) * len(samples) + number,
                is_numbered=problem.sample is not None,
                finish=made.finish or "stop",
                tokens=problem.tokens,
                gold=None if problem.answers is None else GoldRecord(problem.answers, problem.support),
                reasoning=made.reasoning,
                is_hidden=made.is_hidden,
                prompt=_prompt(data),
            )

    return read_records(path, make)


def _object(record: Record) -> dict[str, Any]:
    data = parsed(record)
    if not isinstance(data, dict):
        raise Fault("malformed field", "the record is not an object")
    return data


def _body(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reply itself: in a batch, it is within `response.body`. Raises Fault if the request failed."""
    response = data.get("response")
    error = data.get("error")
    if isinstance(response, Mapping):
        body = response.get("body", response)
        status = response.get("status_code")
        if isinstance(status, int) and status >= 400:
            raise Fault("the request failed", f"status {status}")
        if isinstance(body, Mapping):
            return body
    if error is not None and error != "" and not any(data.get(name) is not None for name in _PLACES):
        raise Fault("the request failed", str(error)[:200])
    return data


def _samples(data: Mapping[str, Any]) -> list[Generated]:
    body = _body(data)
    place = next((name for name in _PLACES if name in body), None)
    if place is None:
        if "content" in body:  # Anthropic's message
            return read_generated(body, body)
        raise Fault("missing field", "no field with generated text")
    value = body[place]
    if place in ("messages", "conversations"):
        return read_generated(last_reply(value), body)
    if place == "output" and isinstance(value, list):  # OpenAI's responses: items of reasoning and a message
        return read_generated({"content": list(_items(value)), "role": "assistant"}, body)
    if place == "candidates":  # Gemini
        value = [_candidate(each) for each in value] if isinstance(value, list) else value
    return read_generated(value, body)


def _items(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, Mapping) and item.get("type") == "message":
            yield from item["content"] if isinstance(item.get("content"), list) else [item.get("content")]
        else:
            yield item


def _candidate(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    content = value.get("content")
    parts = content.get("parts") if isinstance(content, Mapping) else content
    return {"role": "model", "content": parts, "finish_reason": value.get("finishReason", value.get("finish_reason"))}


def _prompt(data: Mapping[str, Any]) -> str | None:
    """The prompt as the model saw it: a text, or what was asked last in a conversation."""
    request = data.get("request")
    body = request.get("body", request) if isinstance(request, Mapping) else data
    asked = (last_asked(body.get(name)) for name in ("prompt", "input", "instruction", "messages", "conversations"))
    return next((text for text in asked if text is not None), None)


def _name(value: Any) -> str | None:
    return value[:200] if isinstance(value, str) and value else None


def _recognises(head: Head) -> bool:
    fields = head.fields
    if "text" in fields or "resps" in fields:
        return False
    return not fields.isdisjoint(_PLACES) or ("content" in fields and "role" in fields)


FORMAT = Format("chat", "a file of replies of a server or generator", _recognises, read)

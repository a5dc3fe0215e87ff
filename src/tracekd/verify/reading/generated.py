"""What a model generated, in the places where tools write it: a text, a message, a choice, or a list of samples."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tracekd.tasks.reading.fault import Fault
from tracekd.transcript.finish import FINISH_FIELDS, finish_of
from tracekd.transcript.message import REASONING_FIELDS, read_message, read_reasoning
from tracekd.transcript.transcript import Finish

_DEEPEST = 6
_REPLYING = ("assistant", "gpt", "model", "bot")
_MOST_SAMPLES = 100_000
# The fields of an object with a text that is not a message.
_TEXT_FIELDS = ("text", "generated_text", "completion", "prediction", "response", "output", "generation", "content")


class Generated(NamedTuple):
    """One sample. `finish` is None if nothing says how it ended."""

    text: str
    reasoning: str | None = None
    is_hidden: bool = False
    finish: Finish | None = None


def read_generated(value: Any, holder: Any = None) -> list[Generated]:
    """The samples in a value. `holder` is the object whose member it is: reasoning and end may be its other members.

    A null is an output without text: the model wrote only reasoning, or nothing. Raises Fault if the value has no sample.
    """
    around = holder if isinstance(holder, Mapping) else {}
    found = list(_samples(value, _DEEPEST))
    if not found:
        raise Fault("no generated text", "an empty list")
    if len(found) > _MOST_SAMPLES:
        raise Fault("record too long", f"{len(found):,} samples")
    if len(found) > 1:
        return found
    reasoning, is_hidden = _reasoning_beside(around)
    return [
        found[0]._replace(
            reasoning=found[0].reasoning or reasoning,
            is_hidden=found[0].is_hidden or (is_hidden and reasoning is None),
            finish=found[0].finish or end_of(around),
        )
    ]


def last_reply(turns: Any) -> Mapping[str, Any]:
    """The last message of a conversation. Raises Fault if it is not the model's."""
    last = turns[-1] if isinstance(turns, list | tuple) and turns else None
    if not isinstance(last, Mapping):
        raise Fault("malformed field", "no messages")
    if last.get("role", last.get("from")) not in _REPLYING:
        raise Fault("no generated text", "the last message is not the model's")
    content = {"role": "assistant", "content": last.get("content", last.get("value"))}
    return content | {name: value for name, value in last.items() if name not in content}


def _samples(value: Any, deepest: int) -> Iterator[Generated]:
    if value is None or isinstance(value, str):
        yield Generated(value or "")
    elif isinstance(value, Mapping):
        yield from _of_object(value, deepest)
    elif isinstance(value, list | tuple) and deepest:
        if _are_parts(value):
            said = read_message({"content": value})
            yield Generated(said.text or "", said.reasoning, said.is_hidden)
        else:
            for each in value:
                yield from _samples(each, deepest - 1)
    else:
        raise Fault("malformed field", f"a text, a message or a list of them is expected, not {type(value).__name__}")


def _of_object(value: Mapping[str, Any], deepest: int) -> Iterator[Generated]:
    """The samples of a response, a choice or a message."""
    for name in ("choices", "outputs", "message"):
        if name in value and deepest:
            for made in _samples(value[name], deepest - 1):
                yield made._replace(finish=made.finish or end_of(value))
            return
    if "role" in value or isinstance(value.get("content"), list | tuple):
        said = read_message(value)
        yield Generated(said.text or "", said.reasoning, said.is_hidden, end_of(value))
        return
    field = next((name for name in _TEXT_FIELDS if name in value), None)
    reasoning, is_hidden = _reasoning_beside(value)
    if field is None and reasoning is None and not is_hidden:
        raise Fault("no generated text", f"an object with {', '.join(sorted(map(str, value))[:8])[:120]}")
    for made in _samples(value[field] if field else None, max(deepest - 1, 0)):
        yield made._replace(
            reasoning=made.reasoning or reasoning, is_hidden=is_hidden, finish=made.finish or end_of(value)
        )


def _are_parts(value: list[Any] | tuple[Any, ...]) -> bool:
    """Whether a list is the content of one message, in parts; else it is a list of samples."""
    return bool(value) and all(
        isinstance(part, Mapping) and ("thought" in part or ("type" in part and "message" not in part))
        for part in value
    )


def _reasoning_beside(value: Mapping[str, Any]) -> tuple[str | None, bool]:
    found = [read_reasoning(value.get(name)) for name in REASONING_FIELDS]
    return next((text for text, _ in found if text is not None), None), any(hidden for _, hidden in found)


def end_of(value: Mapping[str, Any]) -> Finish | None:
    """How an output ended, if this object says it."""
    stated = next((value[name] for name in FINISH_FIELDS if value.get(name) is not None), None)
    return None if stated is None else finish_of(stated)

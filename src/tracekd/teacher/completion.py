"""What came back, read as a chat completion: hostile bytes of bounded size in, trace, text and answer out."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, FailFast, Field, TypeAdapter, ValidationError

from tracekd.tasks.template import Template
from tracekd.verify.parse import parse

_END_THINK = "</think>"
_TAG = re.compile(r"<\s*+/?\s*+(?:think|answer)\s*+>", re.IGNORECASE)
_LONGEST_NAME = 200


class _Message(BaseModel):
    """DeepSeek and older vLLM name the thoughts `reasoning_content`, newer vLLM and OpenRouter `reasoning`."""

    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Body(BaseModel):
    choices: Annotated[list[_Choice], FailFast()]  # else a body of millions of them makes as many errors
    model: Any = None
    usage: Any = None


class _Usage(BaseModel):
    prompt_tokens: Annotated[int, Field(ge=0, le=10**9)]
    completion_tokens: Annotated[int, Field(ge=0, le=10**9)]


class NoCompletion(Exception):
    """The body is no chat completion; the message is one of a few fixed phrases."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The first choice of an answer. `tokens` counts prompt and completion; None where the endpoint did not count."""

    content: str
    reasoning: str
    finish: str
    model: str
    tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A completion taken apart: the trace (empty if there is none), what follows it, and the answer."""

    trace: str
    text: str
    answer: str | None


def read_completion(body: bytes) -> Completion:
    """Read the body of a response. Raises NoCompletion if it is not what was asked for. Nothing in it is evaluated."""
    try:
        # Anything but UTF-8, half surrogates among it, is no JSON here; nesting is bounded by the reader.
        found = _Body.model_validate_json(body)
    except ValidationError as error:
        raise NoCompletion(_why(body, error)) from None
    if not found.choices:
        raise NoCompletion("no choices")
    choice, usage = found.choices[0], _read_usage(found.usage)
    return Completion(
        content=choice.message.content or "",
        reasoning=choice.message.reasoning_content or choice.message.reasoning or "",
        finish=(choice.finish_reason or "")[:_LONGEST_NAME],
        model=found.model[:_LONGEST_NAME] if isinstance(found.model, str) else "",
        tokens=usage.prompt_tokens + usage.completion_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
    )


def _why(body: bytes, error: ValidationError) -> str:
    if body.lstrip()[:1] == b"<":
        return "HTML in place of JSON"
    if error.errors(include_url=False, include_context=False, include_input=False)[0]["type"] == "json_invalid":
        return "broken JSON"
    return "no chat completion"


def _read_usage(found: object) -> _Usage | None:
    """A good answer is not thrown away because its tokens were counted badly."""
    try:
        return TypeAdapter(_Usage).validate_python(found)
    except ValidationError:
        return None


def take_apart(completion: Completion, template: Template) -> Said:
    """The trace is what the endpoint calls reasoning, else what stands before the first `</think>` of the content."""
    content = completion.content
    parsed = parse(content, template, "stop")
    text = content.partition(_END_THINK)[2] if parsed.status == "ok" else content
    return Said(clean(_without_tags(completion.reasoning) or parsed.trace_text), clean(text), parsed.answer_text)


def _without_tags(reasoning: str) -> str:
    """Some servers leave the tags in the field of the thoughts."""
    return reasoning.strip().removeprefix("<think>").removesuffix(_END_THINK).strip()


def clean(text: str) -> str:
    """Line ends as ours, no white space at either end: so that it can stand between tags."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def holds_tag(text: str) -> bool:
    """Whether the text would end the trace that it is to be, or begin another part. In linear time."""
    return _TAG.search(text) is not None

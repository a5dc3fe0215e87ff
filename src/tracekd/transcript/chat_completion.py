"""A response of a server, read as a chat completion: from hostile bytes of limited size to text and reasoning."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError

from tracekd.http.replies import MOST_CHOICES, Optionally, Usage, is_html, is_overgrown
from tracekd.transcript.message import read_message
from tracekd.transcript.trace_tags import TraceTags

_LONGEST_NAME = 200


class _Message(BaseModel):
    model_config = ConfigDict(extra="allow")  # reasoning may be in several fields
    content: str | list[Any] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Body(BaseModel):
    # FailFast: otherwise a body with millions of faults would raise millions of errors.
    choices: Annotated[list[_Choice], FailFast(), Field(max_length=MOST_CHOICES)]
    model: Optionally[str] = None
    usage: Optionally[Usage] = None


class NoCompletion(Exception):
    """The body is not a chat completion. The message is one of a few fixed phrases."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The first choice of an answer. `tokens` counts prompt and completion; None if the endpoint did not count.
    `is_hidden`: the provider keeps the reasoning back.
    """

    content: str
    reasoning: str
    finish: str
    model: str
    tokens: int | None
    completion_tokens: int | None
    is_hidden: bool = False


def read_completion(body: bytes, tags: TraceTags | None = None) -> Completion:
    """Read the body of a response. `tags` are marks of reasoning that the user names; reasoning in a field counts before
    them. Raises NoCompletion if the body is not a chat completion. Nothing in it is evaluated.
    """
    if is_overgrown(body):
        raise NoCompletion("too many lists and objects")
    try:
        # The reader refuses invalid UTF-8 and lone surrogates, and limits the depth of nesting.
        found = _Body.model_validate_json(body)
    except ValidationError as error:
        raise NoCompletion(_why(body, error)) from None
    if not found.choices:
        raise NoCompletion("no choices")
    choice, usage = found.choices[0], found.usage
    said = read_message(choice.message.model_dump())
    content, reasoning = said.text or "", said.reasoning or ""
    if tags is not None and not reasoning and (divided := tags.divide(content)) is not None:
        reasoning, content = divided
    return Completion(
        content=content,
        reasoning=reasoning,
        finish=(choice.finish_reason or "")[:_LONGEST_NAME],
        model=(found.model or "")[:_LONGEST_NAME],
        tokens=usage.prompt_tokens + usage.completion_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
        is_hidden=said.is_hidden,
    )


def _why(body: bytes, error: ValidationError) -> str:
    if is_html(body):
        return "HTML instead of JSON"
    kind = error.errors(include_url=False, include_context=False, include_input=False)[0]["type"]
    if kind == "json_invalid":
        return "broken JSON"
    if kind == "too_long":
        return f"more than {MOST_CHOICES} choices"
    return "not a chat completion"

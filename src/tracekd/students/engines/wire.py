"""Requests to `/v1/completions` and their replies, which are untrusted bytes of bounded size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, FailFast, Field, ValidationError

from tracekd.http.replies import MOST_CHOICES, Optionally, Usage, is_html, is_overgrown
from tracekd.students.engines.contract import Finish

COMPLETIONS = "/completions"
_FINISHES: dict[str, Finish] = {"stop": "stop", "length": "length"}
# Fields of vLLM and SGLang in addition to OpenAI's: they request token ids in the reply, special tokens and the stop
# string in the text, and no sampling settings from the model's repository.
EXTRAS: dict[str, object] = {
    "return_token_ids": True, "skip_special_tokens": False, "spaces_between_special_tokens": False,
    "include_stop_str_in_output": True, "no_stop_trim": True, "top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0,
}  # fmt: skip

_TokenId = Annotated[int, Field(ge=0, lt=2**31, strict=True)]
# FailFast: otherwise a body with millions of faults would raise millions of errors.
_TokenIds = Annotated[list[_TokenId] | None, FailFast()]


@dataclass(frozen=True, slots=True)
class Question:
    """One request for one output."""

    prompt: Sequence[int]
    max_tokens: int
    temperature: float
    seed: int
    stop: str | None = None

    @property
    def path(self) -> str:
        """Where it is sent, below the address of the endpoint."""
        return COMPLETIONS

    def read(self, body: bytes) -> "Reply":
        """The body of a response. Raises NoReply if it is not a completion with one finished choice."""
        return read_reply(body)

    def body(self, model: str, *, extras: bool) -> dict[str, object]:
        """The JSON object that is sent."""
        said: dict[str, object] = {
            "model": model,
            "prompt": list(self.prompt),
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
            "top_p": 1.0,
            "frequency_penalty": 0.0,
            "presence_penalty": 0.0,
            "n": 1,
            "stream": False,
        }
        return {**said, **({"stop": [self.stop]} if self.stop else {}), **(EXTRAS if extras else {})}


@dataclass(frozen=True, slots=True)
class Reply:
    """A completion. Fields that the server does not report are None; `stopped_by` is the stop string, if the server
    names it.
    """

    text: str
    finish: Finish
    stopped_by: str | None
    ids: tuple[int, ...] | None
    prompt_ids: tuple[int, ...] | None
    prompt_tokens: int | None
    completion_tokens: int | None


class NoReply(Exception):
    """The body is not a completion; the message says why."""


class _Choice(BaseModel):
    text: str
    finish_reason: str | None = None
    stop_reason: Optionally[str] = None  # vLLM's
    matched_stop: Optionally[str] = None  # SGLang's
    token_ids: _TokenIds = None
    prompt_token_ids: _TokenIds = None


class _Body(BaseModel):
    choices: Annotated[list[_Choice], FailFast(), Field(max_length=MOST_CHOICES)]
    usage: Optionally[Usage] = None


def read_reply(body: bytes) -> Reply:
    """Read the body of a response. Raises NoReply if it is not a completion with one finished choice."""
    if is_overgrown(body):
        raise NoReply("too many lists and objects")
    try:
        found = _Body.model_validate_json(body)
    except ValidationError as error:
        raise NoReply(_why(body, error)) from None
    if len(found.choices) != 1:
        raise NoReply(f"{len(found.choices):,} choices, but one was requested")
    choice, usage = found.choices[0], found.usage
    finish = _FINISHES.get(choice.finish_reason or "")
    if finish is None:
        raise NoReply(f"ended with the reason {(choice.finish_reason or 'none')[:40]!r}")
    return Reply(
        text=choice.text,
        finish=finish,
        stopped_by=choice.matched_stop if choice.stop_reason is None else choice.stop_reason,
        ids=_ids(choice.token_ids),
        prompt_ids=_ids(choice.prompt_token_ids),
        prompt_tokens=usage.prompt_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
    )


def _why(body: bytes, error: ValidationError) -> str:
    if is_html(body):
        return "HTML instead of JSON"
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if fault["type"] == "too_long":
        return f"more than {MOST_CHOICES} choices, but one was requested"
    return "invalid token ids" if {"token_ids", "prompt_token_ids"} & set(fault["loc"]) else "not a completion"


def _ids(found: list[int] | None) -> tuple[int, ...] | None:
    return None if found is None else tuple(found)

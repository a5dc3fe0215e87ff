"""Requests to `/v1/completions` and their replies, which are untrusted bytes of bounded size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, FailFast, Field, TypeAdapter, ValidationError

from tracekd.http.replies import is_html, read_usage
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
_IDS = TypeAdapter(
    Annotated[list[_TokenId], FailFast()]
)  # otherwise a body with millions of faults causes as many errors


@dataclass(frozen=True, slots=True)
class Question:
    """One request for one output."""

    prompt: Sequence[int]
    max_tokens: int
    temperature: float
    seed: int
    stop: str | None = None

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
    stop_reason: Any = None  # vLLM's
    matched_stop: Any = None  # SGLang's
    token_ids: Any = None
    prompt_token_ids: Any = None


class _Body(BaseModel):
    choices: Annotated[list[_Choice], FailFast()]
    usage: Any = None


def read_reply(body: bytes) -> Reply:
    """Read the body of a response. Raises NoReply if it is not a completion with one finished choice."""
    try:
        found = _Body.model_validate_json(body)
    except ValidationError:
        raise NoReply("HTML instead of JSON" if is_html(body) else "not a completion") from None
    if len(found.choices) != 1:
        raise NoReply(f"{len(found.choices):,} choices, but one was requested")
    choice, usage = found.choices[0], read_usage(found.usage)
    finish = _FINISHES.get(choice.finish_reason or "")
    if finish is None:
        raise NoReply(f"ended with the reason {(choice.finish_reason or 'none')[:40]!r}")
    named = next((said for said in (choice.stop_reason, choice.matched_stop) if isinstance(said, str)), None)
    return Reply(
        text=choice.text,
        finish=finish,
        stopped_by=named,
        ids=_ids(choice.token_ids),
        prompt_ids=_ids(choice.prompt_token_ids),
        prompt_tokens=usage.prompt_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
    )


def _ids(found: object) -> tuple[int, ...] | None:
    try:
        return None if found is None else tuple(_IDS.validate_python(found))
    except ValidationError:
        raise NoReply("invalid token ids") from None

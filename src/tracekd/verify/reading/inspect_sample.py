"""One sample of an Inspect log: what the model wrote. Inspect moves the text in think tags into a part of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from tracekd.tasks.reading.fault import Fault
from tracekd.transcript.finish import finish_of
from tracekd.transcript.message import last_asked, read_message
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.reading.records import Count, Ident, Name, Seed
from tracekd.verify.reading.stated_context import CONTEXT_FIELDS, StatedContext


@dataclass(frozen=True, slots=True)
class Run:
    """The model whose outputs a log contains."""

    model: str
    regime: str


class _Logprob(BaseModel):
    model_config = ConfigDict(frozen=True)
    logprob: float = Field(allow_inf_nan=False)


class _Logprobs(BaseModel):
    model_config = ConfigDict(frozen=True)
    content: tuple[_Logprob, ...] = ()


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True)
    message: dict[str, Any]
    stop_reason: str = "stop"
    logprobs: _Logprobs | None = None


class _Usage(BaseModel):
    model_config = ConfigDict(frozen=True)
    output_tokens: Count | None = None


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)
    model: str = ""
    choices: tuple[_Choice, ...] = ()
    usage: _Usage | None = None


class _Metadata(BaseModel):
    """What the metadata of a sample may say of its problem."""

    model_config = ConfigDict(frozen=True)
    id: Ident | None = None
    question: str | None = None
    context: StatedContext | None = Field(None, validation_alias=AliasChoices(*CONTEXT_FIELDS))
    label: Name | None = None
    regime: Name | None = None
    tracekd_seed: Seed = (
        0  # of `tracekd export`: a plain `seed` would often be the data set's, another one in each sample
    )


class Sample(BaseModel):
    """A sample; most of its fields are ignored."""

    model_config = ConfigDict(frozen=True)
    id: Ident
    epoch: Count = 1
    input: str | tuple[dict[str, Any], ...] = ""
    output: _Output = _Output()
    metadata: dict[str, Any] | None = None


def outputs_of(sample: Sample, run: Run, where: str) -> Iterator[OutputRecord]:
    """Yield an output for each choice of the sample. Raises Fault if the model wrote nothing."""
    if not sample.output.choices:
        raise Fault("no generated text", "the sample has no choice")
    stated, choices = _metadata(sample), sample.output.choices
    tokens = sample.output.usage.output_tokens if sample.output.usage and len(choices) == 1 else None
    for number, choice in enumerate(choices):
        said = read_message(choice.message)
        yield OutputRecord(
            text=said.text or "",
            where=where,
            id=stated.id or sample.id,
            question=stated.question,
            prompt=last_asked(sample.input),
            context=stated.context,
            label=stated.label,
            model=run.model,
            regime=stated.regime or run.regime,
            seed=stated.tracekd_seed,
            sample=max(sample.epoch - 1, 0) * len(choices) + number,
            finish=finish_of(choice.stop_reason),
            reasoning=said.reasoning,
            is_hidden=said.is_hidden,
            score=_score(choice),
            tokens=tokens,
        )


def _metadata(sample: Sample) -> _Metadata:
    try:
        return _Metadata.model_validate(sample.metadata or {})
    except ValidationError:  # other data with fields of these names
        return _Metadata.model_validate({})


def _score(choice: _Choice) -> float | None:
    logprobs = choice.logprobs.content if choice.logprobs else ()
    return sum(token.logprob for token in logprobs) / len(logprobs) if logprobs else None

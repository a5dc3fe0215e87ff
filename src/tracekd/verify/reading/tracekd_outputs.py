"""Outputs that tracekd writes, one JSON object on each line: `{"id": .., "text": ..}` and optional fields."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from tracekd.regimes.names import regime_of_name
from tracekd.transcript.finish import FINISH_FIELDS
from tracekd.transcript.message import REASONING_FIELDS
from tracekd.verify.reading.generated import Generated, read_generated
from tracekd.verify.reading.output_record import UNKNOWN, Format, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import (
    Count,
    Finished,
    Ident,
    Name,
    Prompt,
    Reasoning,
    Seed,
    name_of,
    read_rows,
)
from tracekd.verify.reading.stated_context import CONTEXT_FIELDS, StatedContext


class _Line(BaseModel):
    """A line that `tracekd generate` writes. Only the text is required, so that other tools can write it too."""

    model_config = ConfigDict(frozen=True)
    text: Any
    id: Ident | None = None
    question: str | None = None
    context: StatedContext | None = Field(None, validation_alias=AliasChoices(*CONTEXT_FIELDS))
    label: Name | None = Field(None, validation_alias=AliasChoices("label", "class"))
    model: Name | None = Field(None, validation_alias=AliasChoices("student", "model"))
    regime: Name | None = None
    prompt: Prompt = None
    seed: Seed | None = 0
    sample: Count | None = None
    finish: Finished = Field("stop", validation_alias=AliasChoices(*FINISH_FIELDS))
    reasoning: Reasoning = Field((None, False), validation_alias=AliasChoices(*REASONING_FIELDS))
    is_hidden: Annotated[bool, BeforeValidator(lambda value: value is True)] = False
    score: float | None = Field(None, allow_inf_nan=False)
    tokens: Count | None = None
    token_ids: list[Any] | None = None


def read(path: Path) -> Outputs:
    """Yield the outputs of a file. If its lines name no model or regime, the file's name is used."""
    model = name_of(path)
    regime = regime_of_name(model) or UNKNOWN

    def make(row: _Line, where: str) -> Sequence[OutputRecord]:
        if row.text is None or isinstance(row.text, str):  # an empty output counts: it is unparsed, not missing
            return (output(row, where, Generated(row.text or ""), row.sample or 0),)
        samples = read_generated(row.text)
        first = (row.sample or 0) * len(samples)
        return [output(row, where, made, first + number) for number, made in enumerate(samples)]

    def output(row: _Line, where: str, made: Generated, sample: int) -> OutputRecord:
        # By place: there is one for each line, and names would take twice the time.
        return OutputRecord(
            made.text,
            where,
            row.id,
            row.question,
            row.context,
            row.label,
            row.model or model,
            row.regime or regime,
            row.seed or 0,
            sample,
            made.finish or row.finish,
            row.score,
            len(row.token_ids) if row.tokens is None and row.token_ids else row.tokens,
            None,
            row.prompt,
            made.reasoning or row.reasoning[0],
            made.is_hidden or row.is_hidden or row.reasoning[1],
            row.sample is not None,
        )

    return read_rows(path, _Line, make)


def _recognises(head: Head) -> bool:
    return "text" in head.fields and not head.fields.isdisjoint(("id", "question", "prompt"))


FORMAT = Format("ours", "a file of tracekd's outputs", _recognises, read)

"""Outputs that tracekd writes, one JSON object on each line: `{"id": .., "text": ..}` and optional fields."""

from collections.abc import Iterator
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
    regime = regime_of_name(name_of(path)) or UNKNOWN

    def make(row: _Line, where: str) -> Iterator[OutputRecord]:
        if row.text is None or isinstance(row.text, str):  # an empty output counts: it is unparsed, not missing
            yield output(row, where, Generated(row.text or ""), row.sample or 0)
            return
        samples = read_generated(row.text)
        for number, made in enumerate(samples):
            yield output(row, where, made, (row.sample or 0) * len(samples) + number)

    def output(row: _Line, where: str, made: Generated, sample: int) -> OutputRecord:
        return OutputRecord(
            text=made.text,
            where=where,
            id=row.id,
            question=row.question,
            context=row.context,
            label=row.label,
            model=row.model or name_of(path),
            regime=row.regime or regime,
            seed=row.seed or 0,
            sample=sample,
            is_numbered=row.sample is not None,
            finish=made.finish or row.finish,
            reasoning=made.reasoning or row.reasoning[0],
            is_hidden=made.is_hidden or row.is_hidden or row.reasoning[1],
            prompt=row.prompt,
            score=row.score,
            tokens=len(row.token_ids) if row.tokens is None and row.token_ids else row.tokens,
        )

    return read_rows(path, _Line, make)


def _recognises(head: Head) -> bool:
    return "text" in head.fields and not head.fields.isdisjoint(("id", "question", "prompt"))


FORMAT = Format("ours", "a file of tracekd's outputs", _recognises, read)

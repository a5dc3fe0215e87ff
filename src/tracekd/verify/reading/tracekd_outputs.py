"""Outputs that tracekd writes, one JSON object on each line: `{"id": .., "text": ..}` and optional fields."""

from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from tracekd.regimes.names import regime_of_name
from tracekd.transcript.finish import FINISH_FIELDS
from tracekd.transcript.message import REASONING_FIELDS
from tracekd.verify.reading.output_record import UNKNOWN, Format, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import Count, Finished, Ident, Name, Reasoning, Seed, Texts, read_rows


class _Line(BaseModel):
    """A line that `tracekd generate` writes. Only the text is required, so that other tools can write it too."""

    model_config = ConfigDict(frozen=True)
    text: str | None
    id: Ident | None = None
    question: str | None = None
    context: Texts | None = Field(None, validation_alias=AliasChoices("context", "facts", "passages"))
    label: Name | None = Field(None, validation_alias=AliasChoices("label", "class"))
    model: Name | None = Field(None, validation_alias=AliasChoices("student", "model"))
    regime: Name | None = None
    seed: Seed | None = 0
    sample: Count | None = 0
    finish: Finished = Field("stop", validation_alias=AliasChoices(*FINISH_FIELDS))
    reasoning: Reasoning = Field((None, False), validation_alias=AliasChoices(*REASONING_FIELDS))
    score: float | None = Field(None, allow_inf_nan=False)
    tokens: Count | None = None
    token_ids: list[Any] | None = None


def read(path: Path) -> Outputs:
    """Yield the outputs of a file. If its lines name no model or regime, the file's name is used."""
    regime = regime_of_name(path.stem) or UNKNOWN

    def make(row: _Line, where: str) -> tuple[OutputRecord]:
        output = OutputRecord(
            text=row.text or "",  # an empty output counts: it is unparsed, not missing
            where=where,
            id=row.id,
            question=row.question,
            context=row.context,
            label=row.label,
            model=row.model or path.stem,
            regime=row.regime or regime,
            seed=row.seed or 0,
            sample=row.sample or 0,
            finish=row.finish,
            reasoning=row.reasoning[0],
            is_hidden=row.reasoning[1],
            score=row.score,
            tokens=len(row.token_ids) if row.tokens is None and row.token_ids else row.tokens,
        )
        return (output,)

    return read_rows(path, _Line, make)


def _recognises(head: Head) -> bool:
    return "text" in head.fields and not head.fields.isdisjoint(("id", "question"))


FORMAT = Format("ours", "a file of tracekd's outputs", _recognises, read)

"""The released outputs of the paper's students (arXiv 2505.13792): JSON Lines, whatever their ending says.

A record holds its problem: CoTempQA's question, facts and gold answers (the class is the folder's name); bAbI's and
MARCO's class, context, gold facts and gold answer, lists as Python prints them.
"""

from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from tracekd.tasks.list_literal import read_list
from tracekd.verify.reading.fields import Name, Texts
from tracekd.verify.reading.format import Format, Head, Outputs
from tracekd.verify.reading.released_names import origin_of
from tracekd.verify.reading.rows import read_rows
from tracekd.verify.reading.written import GoldRecord, Written


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)
    prediction: str
    question: str | None = None
    gold: str | tuple[str, ...] | None = None
    context: Texts | None = Field(None, validation_alias=AliasChoices("facts", "passage", "passages"))
    label: Name | None = Field(None, validation_alias="query_type")
    support: Texts | None = Field(None, validation_alias="answer_passage")


def read(path: Path) -> Outputs:
    """Yield the outputs of a file; model, regime and seed are in its name."""
    origin = origin_of(path)

    def make(row: _Row, where: str) -> tuple[Written]:
        said = Written(
            text=row.prediction,
            where=where,
            question=row.question,
            context=row.context,
            label=row.label or origin.label,
            model=origin.model,
            regime=origin.regime,
            seed=origin.seed,
            gold=None if row.gold is None else GoldRecord(_answers(row.gold), row.support),
        )
        return (said,)

    return read_rows(path, _Row, make)


def _answers(gold: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(gold, tuple):
        return gold
    listed = read_list(gold) if gold.startswith("[") else None
    return (gold,) if listed is None else listed


def _recognises(head: Head) -> bool:
    return "prediction" in head.fields and not head.fields.isdisjoint(("gold", "question"))


FORMAT = Format("trace-check-qa", "a file of the outputs released with arXiv 2505.13792", _recognises, read)

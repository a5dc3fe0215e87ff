"""Outputs of a student as rows of supervised data: their text is a completion, and their id says which problem it answers."""

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from tracekd.sft.supervised_row import SupervisedRow, read_row
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.transcript.finish import FINISH_FIELDS, finish_of
from tracekd.transcript.message import REASONING_FIELDS, read_reasoning
from tracekd.transcript.trace_tags import TraceTags
from tracekd.transcript.transcript import Finish, Transcript

LAYOUT = "id, text"
CUT_OFF = "cut off by the token limit"


def _name(value: Any) -> Any:
    return str(value) if type(value) is int and abs(value) < 2**63 else value


class _Output(BaseModel):
    """An output as `tracekd generate` writes it; other tools may leave out all except id and text."""

    model_config = ConfigDict(frozen=True)
    id: Annotated[str, BeforeValidator(_name)]
    text: str
    finish: Annotated[Finish, BeforeValidator(finish_of)] = Field("stop", validation_alias=AliasChoices(*FINISH_FIELDS))
    reasoning: Annotated[Any, Field(validation_alias=AliasChoices(*REASONING_FIELDS))] = None


def read_row_or_output(record: Record, tags: TraceTags | None = None) -> SupervisedRow:
    """The row of supervised data in a record, or its output. `tags` are marks of reasoning that the user names.

    Raises Fault if the record is neither, and for an output that the token limit cut off.
    """
    try:
        return read_row(record, None, tags)
    except Fault as fault:
        if fault.reason != "missing field":
            raise
        try:
            output = record.parse(_Output)
        except Fault:
            raise fault from None
    if output.finish == "length":
        raise Fault(CUT_OFF)
    return _row(record, output, tags)


def _row(record: Record, output: _Output, tags: TraceTags | None) -> SupervisedRow:
    text, (reasoning, is_hidden) = output.text, read_reasoning(output.reasoning)
    if tags is not None and reasoning is None and (divided := tags.divide(text)) is not None:
        reasoning, text = divided
    said = Transcript.of(text, reasoning=reasoning, is_hidden=is_hidden)
    return SupervisedRow(
        record.line, record.number, record.where, prompt="", completion=said.written(), id=output.id, layout=LAYOUT,
        delimiters=said.form,
    )  # fmt: skip

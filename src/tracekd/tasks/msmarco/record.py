"""A row of MS MARCO QA in any of its layouts, checked field by field."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictStr, Tag

from tracekd.tasks.msmarco.numpy_repr import read_array, read_arrays
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record

# The Hub writes -1 where a file has no such field, as in the test files.
Selected = Annotated[int, Field(strict=True, ge=-1, le=1)]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, and whether an annotator used it for the answer."""

    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What every layout says. `answers` may be empty; `passages` stand in the order of the file, empty ones included."""

    id: str
    query: str
    query_type: str
    answers: tuple[str, ...]
    passages: tuple[Passage, ...]


def read_row(record: Record) -> Row:
    """The row that the record is. Raises Fault for one that is malformed, or comes without labels (a test file)."""
    parsed = _unprinted(record).parse(_Row)
    passages = parsed.passages
    selected, texts = (
        (passages.is_selected, passages.passage_text)
        if isinstance(passages, _Columns)
        else ([p.is_selected for p in passages], [p.passage_text for p in passages])
    )
    if len(selected) != len(texts):
        raise Fault("malformed field", f"passages: {len(selected)} is_selected, but {len(texts)} passage_text")
    if -1 in selected:
        raise Fault("missing field", "passages.is_selected (-1: the row of a test file)")
    return Row(
        id=str(parsed.query_id),
        query=parsed.query,
        query_type=parsed.query_type,
        answers=tuple(parsed.answers),
        passages=tuple(Passage(text, gold == 1) for gold, text in zip(selected, texts, strict=True)),
    )


class _Passage(BaseModel):
    model_config = ConfigDict(frozen=True)
    is_selected: Selected = -1
    passage_text: StrictStr


class _Columns(BaseModel):
    model_config = ConfigDict(frozen=True)
    is_selected: list[Selected]
    passage_text: list[StrictStr]


def _layout(passages: object) -> str:
    return "rows" if isinstance(passages, list) else "columns"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)
    answers: list[StrictStr]
    passages: Annotated[
        Annotated[list[_Passage], Tag("rows")] | Annotated[_Columns, Tag("columns")], Discriminator(_layout)
    ]
    query: StrictStr
    query_id: Annotated[int, Field(strict=True, ge=0, lt=2**63)] | Annotated[StrictStr, Field(min_length=1)]
    query_type: StrictStr
    # Read by nobody: rewritten answers are another task of the data set. Where there are none, v2.1 has a text.
    well_formed: list[StrictStr] | Literal["[]"] | None = Field("[]", alias="wellFormedAnswers")


def _unprinted(record: Record) -> Record:
    """The record with what a CSV holds as printed arrays read back."""
    if isinstance(record.data, bytes):
        return record
    data = dict(record.data)
    if isinstance(data.get("passages"), str):
        data["passages"] = _passages(data["passages"])
    for field in ("answers", "wellFormedAnswers"):
        if isinstance(data.get(field), str):
            data[field] = read_array(data[field], field)
    return record._replace(data=data)


def _passages(printed: str) -> dict[str, Any]:
    if printed.lstrip().startswith("["):
        # The tables that the paper's authors train on: all that is left is the texts.
        raise Fault("missing field", "passages.is_selected (a list of texts only)")
    return dict(read_arrays(printed, "passages"))

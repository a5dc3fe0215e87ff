"""The lines of the released outputs, and the rows of the tables of test items, checked field by field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from released import DataSet

from tracekd.tasks.cotempqa.load import bare_question
from tracekd.tasks.list_literal import read_list, write_list
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import records_of_file


@dataclass(frozen=True, slots=True)
class Line:
    """One released output with the information on the problem in its record. `where` is FILE:LINE.

    `gold`: the gold answers; `key`: the text by which the official code looks up the gold row; `label`: the gold class;
    `triple_element`: the part of CoTempQA's second event that the question asks for.
    """

    where: str
    prediction: str
    question: str
    facts: tuple[str, ...]
    label: str
    gold: tuple[str, ...]
    key: str
    answer: str
    triple_element: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One test item, which the official code uses as gold. `answer` is the unparsed text of the cell."""

    answer: str
    question: str
    facts: tuple[str, ...]
    label: str


def _list_of(value: Any) -> Any:
    items = read_list(value) if isinstance(value, str) else value
    if items is None:
        raise ValueError("this is not a list")
    return items


Texts = Annotated[tuple[str, ...], BeforeValidator(_list_of)]


class _CoTempQA(BaseModel):
    model_config = ConfigDict(frozen=True)
    prediction: str
    gold: tuple[str, ...] = Field(min_length=1)
    question: str
    facts: tuple[str, ...]
    triple_element: str = ""


class _Flat(BaseModel):
    model_config = ConfigDict(frozen=True)
    prediction: str
    gold: str = Field(min_length=1)
    question: str
    passage: Texts
    query_type: str


class _TableRow(BaseModel):
    model_config = ConfigDict(frozen=True)
    answer: str = Field(validation_alias=AliasChoices("answer", "answers"))
    question: str
    facts: Texts = Field(validation_alias=AliasChoices("facts", "passages"))
    query_type: str | None = None


def read_lines(path: Path, data_set: DataSet, label: str) -> Iterator[Line | Skipped]:
    """Yield the outputs of a file, and a Skipped for each invalid line. `label` is the class of its folder."""
    for record in records_of_file(path):
        if isinstance(record, Skipped):
            yield record
            continue
        try:
            yield _cotempqa(record, label) if data_set == "cotempqa" else _flat(record, data_set)
        except Fault as fault:
            yield Skipped.of(fault, record.where)


def read_rows(path: Path, label: str) -> list[Row]:
    """The rows of a table of test items, in its order. Raises UserError for a row that cannot be read."""
    rows: list[Row] = []
    for record in records_of_file(path):
        if isinstance(record, Skipped):
            raise record.error()
        try:
            row = record.parse(_TableRow)
        except Fault as fault:
            raise Skipped.of(fault, record.where).error() from None
        rows.append(Row(row.answer, bare_question(row.question), row.facts, label or row.query_type or ""))
    return rows


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """The rows of a table, rebuilt from outputs for the same test items; each item once, in the order of the outputs."""
    rows: Mapping[tuple[object, ...], Row] = {
        (line.question, line.facts, line.answer): Row(line.answer, line.question, line.facts, line.label)
        for line in lines
    }
    return list(rows.values())


def _cotempqa(record: Record, label: str) -> Line:
    read = record.parse(_CoTempQA)
    return Line(
        where=record.where,
        prediction=read.prediction,
        question=read.question,
        facts=read.facts,
        label=label,
        gold=read.gold,
        key=read.gold[0],
        answer=write_list(read.gold),
        triple_element=read.triple_element,
    )


def _flat(record: Record, data_set: DataSet) -> Line:
    read = record.parse(_Flat)
    golds = read_list(read.gold) if data_set == "msmarco" else None
    return Line(
        where=record.where,
        prediction=read.prediction,
        question=read.question,
        facts=read.passage,
        label=read.query_type,
        gold=golds or (read.gold,),
        key=read.gold,
        answer=read.gold,
    )

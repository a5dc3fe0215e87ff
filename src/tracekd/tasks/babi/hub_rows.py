"""The rows of the Hub (facebook/babi_qa): each row is a story, as parallel lists or as a list of lines.

The family is not in the row. The name of the file, of a folder above it, or of the Hub's configuration tells it
(`en-10k-qa3`).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from tracekd.errors import UserError
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.story import FactLine, QuestionLine, StoryCheck, question_line
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import HUB

_NAMED = re.compile(r"(?<![a-z0-9])qa([0-9]{1,4})(?![0-9])")

_Id = Annotated[str, Field(pattern="^[0-9]{1,9}$")]
_Type = Literal[0, 1, "context", "question"]
# A line: its id, type, text, supporting ids, and answer.
_Fields = tuple[str, _Type, str, list[str], str]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: _Id
    type: _Type
    text: str
    supporting_ids: list[str]
    answer: str


class _Columns(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: list[_Id]
    type: list[_Type]
    text: list[str]
    supporting_ids: list[list[str]]
    answer: list[str]


def _layout(story: Any) -> str:
    return "lines" if isinstance(story, (list, _Line)) else "columns"


class _HubRow(BaseModel):
    model_config = ConfigDict(frozen=True)
    story: Annotated[Annotated[_Columns, Tag("columns")] | Annotated[list[_Line], Tag("lines")], Discriminator(_layout)]


def family_of_path(path: Path) -> int | None:
    """The family that the path names (`qa3`); the name of the file counts before its folders. None if no part names one."""
    return _place_of_family(path)[0]


def row_group(record: Record) -> tuple[int, str]:
    """The family of a row, and the name of its group. Raises UserError if the path of the record names no family."""
    family, parts = _place_of_family(record.path)
    if family not in FAMILIES:
        raise UserError(
            "the path does not tell which bAbI task these rows belong to",
            where=record.path,
            expected="qa1 to qa20 in the name of the file, of a folder above it, or of the Hub's configuration",
        )
    group = "/".join((*parts, str(record.number)))
    if not group.isprintable():  # it is part of every id, and may not be UTF-8
        raise UserError("the name of this path cannot be written", where=ascii(group), next_step="rename it")
    return family, group


def _place_of_family(path: Path) -> tuple[int | None, tuple[str, ...]]:
    """The family, and the parts of the path from the one that names it, without the ending of the file."""
    parts = (path if str(path).startswith(HUB) else path.absolute()).with_suffix("").parts
    for at in range(len(parts) - 1, -1, -1):
        if named := _NAMED.search(parts[at].lower()):
            return int(named[1]), parts[at:]
    return None, ()


def read_row(record: Record) -> Iterator[FactLine | QuestionLine | Fault]:
    """Yield the lines of the story in a row, and a Fault for each line that cannot be used, or for the whole row."""
    check = StoryCheck()
    try:
        story = _lines(record.parse(_HubRow).story)
    except Fault as fault:
        yield fault
        return
    if all(kind in (0, "context") for _, kind, *_ in story):
        yield Fault("story without a question", f"the story has {len(story)} lines")
    for line in story:
        try:
            yield _checked(line, check, record.line)
        except Fault as fault:
            yield Fault(fault.reason, f"line {line[0]} of the story: {fault.detail}")


def _lines(story: _Columns | list[_Line]) -> list[_Fields]:
    if isinstance(story, list):
        return [(line.id, line.type, line.text, line.supporting_ids, line.answer) for line in story]
    try:
        return list(zip(story.id, story.type, story.text, story.supporting_ids, story.answer, strict=True))
    except ValueError:
        raise Fault("malformed field", "story: its lists have different lengths") from None


def _checked(line: _Fields, check: StoryCheck, number: int) -> FactLine | QuestionLine:
    written, kind, text, support, answer = line
    line_id = int(written)
    check.follow(line_id)
    if kind in (1, "question"):
        made: FactLine | QuestionLine = question_line(line_id, text, answer, support, number)
    else:
        made = FactLine(line_id, text.strip())
    check.admit(made)
    return made

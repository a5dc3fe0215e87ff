"""Any file of records: the user says where each field is, with paths that do nothing else.

In `.choices[0].message.content`, each step names a member of an object or an element of an array (`[-1]` is the last, and
in the path of the text, `[*]` is every one: each is a sample); `.["a name"]` is a member with any name. Nothing is
evaluated. The text may be a list of samples, or of a message's parts. A text that is null or empty is an output, and a
wrong one; only if its path leads nowhere, there is no output.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tracekd.errors import UserError, unknown_name
from tracekd.regimes.names import regime_of_name
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.transcript.message import last_asked
from tracekd.verify.reading.generated import Generated, end_of, read_generated
from tracekd.verify.reading.output_record import UNKNOWN, Format, GoldRecord, OutputRecord, Outputs
from tracekd.verify.reading.records import (
    Count,
    Finished,
    Ident,
    Name,
    Reasoning,
    Seed,
    Texts,
    name_of,
    parsed,
    read_records,
)
from tracekd.verify.reading.stated_context import StatedContext

NAME = "mapping"
_STEP = re.compile(
    r"\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*+)|\[(?P<at>-?[0-9]{1,6}|\*)\]|\.?\[\"(?P<quoted>[^\"\\]{1,200})\"\]"
)
_MOST_STEPS = 32
_MOST_ELEMENTS = 100_000


class _All:
    """The step to every element of an array."""


ALL = _All()
Step = str | int | _All


class _Fields(BaseModel):
    model_config = ConfigDict(frozen=True)
    text: Any = None
    id: Ident | None = None
    question: str | None = None
    context: StatedContext | None = None
    label: Name | None = None
    model: Name | None = None
    regime: Name | None = None
    seed: Seed | None = 0
    sample: Count | None = None
    finish: Finished | None = None
    reasoning: Reasoning = (None, False)
    score: float | None = Field(None, allow_inf_nan=False)
    tokens: Count | None = None
    answer: Texts | None = None
    support: Texts | None = None
    prompt: Annotated[str | None, BeforeValidator(lambda value: last_asked(value) or value)] = None


FIELDS = tuple(_Fields.model_fields)


def mapping_format(mapping: Mapping[str, str]) -> Format:
    """The format that finds each field by its path. Raises UserError for an unknown field or an invalid path."""
    for name in mapping:
        if name not in FIELDS:
            raise unknown_name("field of an output", name, FIELDS)
    if "text" not in mapping:
        raise UserError("the mapping does not say where the text is", next_step="add --map text=.PATH")
    paths = {name: read_path(path) for name, path in mapping.items()}
    return Format(NAME, "a file read by a mapping", lambda head: False, lambda file: _read(file, paths))


def read_path(text: str) -> tuple[Step, ...]:
    """The steps of a path. Raises UserError if it is invalid."""
    steps: list[Step] = []
    at = 0
    while found := _STEP.match(text, at):
        at_element = found["at"]
        steps.append(
            found["name"] or found["quoted"] if at_element is None else ALL if at_element == "*" else int(at_element)
        )
        at = found.end()
    if at < len(text) or not 0 < len(steps) <= _MOST_STEPS:
        raise UserError(
            f"{text[:80]!r} is not a path into a record",
            expected='steps like .name, [0], [*] or .["a name"], such as .choices[0].text',
        )
    return tuple(steps)


def follow(value: Any, path: Iterable[Step]) -> Any:
    """The value at the end of a path; None if the path leads nowhere, or to null."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        elif isinstance(step, _All):
            return None
        else:
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
        if value is None:
            return None
    return value


def _read(file: Path, paths: Mapping[str, tuple[Step, ...]]) -> Outputs:
    """Yield the outputs of a file. If its records name no model or regime, the file's name is used."""
    regime = regime_of_name(name_of(file)) or UNKNOWN

    def make(record: Record) -> Iterator[OutputRecord]:
        data = parsed(record)
        row = Record.of(
            {
                name: value
                for name, path in paths.items()
                if name != "text" and (value := follow(data, path)) is not None
            }
        ).parse(_Fields)
        samples = _samples(data, paths["text"])
        if not samples:
            raise Fault("no generated text", "an empty list")
        for number, made in enumerate(samples):
            yield output(record, row, made, (row.sample or 0) * len(samples) + number)

    def output(record: Record, row: _Fields, made: Generated, sample: int) -> OutputRecord:
        return OutputRecord(
            text=made.text,
            where=record.where,
            id=row.id,
            question=row.question,
            context=row.context,
            label=row.label,
            model=row.model or name_of(file),
            regime=row.regime or regime,
            seed=row.seed or 0,
            sample=sample,
            is_numbered=row.sample is not None,
            finish=row.finish or made.finish or "stop",
            reasoning=row.reasoning[0] or made.reasoning,
            is_hidden=row.reasoning[1] or made.is_hidden,
            prompt=row.prompt,
            score=row.score,
            tokens=row.tokens,
            gold=None if row.answer is None else GoldRecord(row.answer, row.support),
        )

    return read_records(file, make)


def _samples(data: Any, path: tuple[Step, ...]) -> list[Generated]:
    """What the path to the text leads to. If its last member is null, the model wrote no text."""
    if ALL in path:
        at = path.index(ALL)
        elements = follow(data, path[:at]) if at else data
        if not isinstance(elements, list):
            raise Fault("missing field", "text: its path leads to no array")
        if len(elements) > _MOST_ELEMENTS:
            raise Fault("record too long", f"{len(elements):,} samples")
        rest = path[at + 1 :]
        if not rest:
            return read_generated(elements)
        return [made for element in elements for made in _samples(element, rest)]
    holder = follow(data, path[:-1]) if len(path) > 1 else data
    value = follow(data, path)
    if value is None and not (isinstance(holder, dict) and path[-1] in holder):
        raise Fault("missing field", "text: its path leads nowhere")
    made = read_generated(value, holder)
    # How it ended is said beside the text, or beside the message or choice that holds it.
    around = (follow(data, path[:depth]) if depth else data for depth in range(len(path) - 1, -1, -1))
    finish = next((end for each in around if isinstance(each, dict) and (end := end_of(each)) is not None), None)
    return [one._replace(finish=one.finish or finish) for one in made]

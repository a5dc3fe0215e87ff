"""The formats that trainers read: their columns, and files that are written one row at a time.

Every row also has the same `COLUMNS`, so that the data can be audited without other files: they name the problem, its
gold class, facts and answer.
"""

import csv
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pydantic_core import to_json

from tracekd.problem import Problem
from tracekd.sft.example import Example
from tracekd.sft.rendering import Rendering
from tracekd.tasks.list_literal import write_list
from tracekd.tasks.template import Template, render_answer
from tracekd.trace import Classify, Trace

# Arrow types by name, so that this module can be imported without pyarrow.
TEXT, TEXTS, IDS, MESSAGES = "text", "texts", "ids", "messages"

# The default: trainers find by themselves that only the completion is taught, and apply the chat template.
CONVERSATIONAL = "conversational"

_BATCH = 4096  # rows of Parquet that are in memory

COLUMNS: Mapping[str, str] = {
    "id": TEXT, "task": TEXT, "regime": TEXT, "group": TEXT, "label": TEXT, "question": TEXT, "support": TEXTS,
    "answer": TEXT,
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """`columns` maps names to types; `row` makes them from an example. `renders`: prompts are written as the student will be
    asked; in the other formats, the trainer applies the chat template, and a completion is learnt as a whole, so they have no
    place for a trace that is given."""

    name: str
    columns: Mapping[str, str]
    row: Callable[[Problem, Example, Template, Rendering], dict[str, Any]]
    renders: bool = False


def common_columns(problem: Problem) -> dict[str, Any]:
    """The columns of every format. The regime is empty here."""
    return {
        "id": problem.id,
        "task": problem.task,
        "regime": "",
        "group": problem.group,
        "label": problem.label,
        "question": problem.question,
        "support": list(problem.texts(problem.trace.facts)),
        "answer": render_answer(problem.answer),
    }


def messages_of(example: Example) -> list[dict[str, str]]:
    """The example as a conversation."""
    return [{"role": "user", "content": example.prompt}, {"role": "assistant", "content": example.completion}]


def _conversational(problem: Problem, example: Example, template: Template, rendering: Rendering) -> dict[str, Any]:
    prompt, completion = messages_of(example)
    return {"prompt": [prompt], "completion": [completion]}


def _messages(problem: Problem, example: Example, template: Template, rendering: Rendering) -> dict[str, Any]:
    return {"messages": messages_of(example)}


def _prompt_completion(problem: Problem, example: Example, template: Template, rendering: Rendering) -> dict[str, Any]:
    """A trace that is given is in the prompt: trainers find by themselves that only the completion is learnt."""
    given, learnt = example.completion[: example.learnt_from], example.completion[example.learnt_from :]
    return {"prompt": rendering.prompt(example.prompt) + given, "completion": learnt}


def _labels(problem: Problem, example: Example, template: Template, rendering: Rendering) -> dict[str, Any]:
    row = rendering.row(example)
    return {"input_ids": list(row.ids), "labels": list(row.labels)}


def _csv(problem: Problem, example: Example, template: Template, rendering: Rendering) -> dict[str, Any]:
    """The columns of the released CSVs of arXiv 2505.13792: lists and messages as Python prints them."""
    reasoning = template.render_trace(problem, Trace(steps=(Classify(label=problem.label),)))
    swapped = [{"content": message["content"], "role": message["role"]} for message in messages_of(example)]
    return {
        "facts": write_list(tuple(fact.text for fact in problem.context)),
        "reasoning": reasoning,
        "messages": repr(swapped),
    }


FORMATS: Mapping[str, Format] = {
    made.name: made
    for made in (
        Format(CONVERSATIONAL, {"prompt": MESSAGES, "completion": MESSAGES}, _conversational),
        Format("messages", {"messages": MESSAGES}, _messages),
        Format("prompt-completion", {"prompt": TEXT, "completion": TEXT}, _prompt_completion, renders=True),
        Format("labels", {"input_ids": IDS, "labels": IDS}, _labels, renders=True),
        Format("csv", {"facts": TEXT, "reasoning": TEXT, "messages": TEXT}, _csv),
    )
}


class RowWriter:
    """The files of one regime, `STEM.jsonl` and `STEM.parquet`, or `STEM.csv`; closed with the stack."""

    def __init__(self, folder: Path, stem: str, kind: Format, files: ExitStack) -> None:
        columns = {**COLUMNS, **kind.columns}
        self.paths = tuple(folder / f"{stem}.{ending}" for ending in _endings(kind))
        if kind.name == "csv":
            self._writers: list[_Jsonl | _Parquet | _Csv] = [_Csv(self.paths[0], columns, files)]
        else:
            self._writers = [_Jsonl(self.paths[0], files), _Parquet(self.paths[1], columns, files)]

    def write(self, row: dict[str, Any]) -> None:
        """Write one row to each file."""
        for writer in self._writers:
            writer.write(row)


def _endings(kind: Format) -> tuple[str, ...]:
    return ("csv",) if kind.name == "csv" else ("jsonl", "parquet")


def _opened(path: Path, files: ExitStack, newline: str) -> TextIO:
    return files.enter_context(path.open("w", encoding="utf-8", newline=newline))


class _Jsonl:
    def __init__(self, path: Path, files: ExitStack) -> None:
        # Rows are long: the usual buffer would be written to disk every few rows.
        self._file = files.enter_context(path.open("wb", buffering=2**20))

    def write(self, row: dict[str, Any]) -> None:
        self._file.write(to_json(row) + b"\n")


class _Csv:
    def __init__(self, path: Path, columns: Mapping[str, str], files: ExitStack) -> None:
        self._lists = [name for name, kind in columns.items() if kind == TEXTS]
        self._writer = csv.DictWriter(_opened(path, files, ""), list(columns), lineterminator="\n")
        self._writer.writeheader()

    def write(self, row: dict[str, Any]) -> None:
        self._writer.writerow({**row, **{name: write_list(tuple(row[name])) for name in self._lists}})


class _Parquet:
    def __init__(self, path: Path, columns: Mapping[str, str], files: ExitStack) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = pa.schema([(name, _arrow_type(kind)) for name, kind in columns.items()])
        self._rows: list[dict[str, Any]] = []
        self._file = files.enter_context(pq.ParquetWriter(path, self._schema, compression="zstd"))
        files.callback(self._flush)

    def write(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == _BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            columns = {name: [row[name] for row in self._rows] for name in self._schema.names}
            self._file.write_table(pa.table(columns, schema=self._schema))
            self._rows.clear()


def _arrow_type(kind: str) -> Any:
    import pyarrow as pa

    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    return {TEXT: pa.string(), TEXTS: pa.list_(pa.string()), IDS: pa.list_(pa.int32()), MESSAGES: pa.list_(message)}[
        kind
    ]

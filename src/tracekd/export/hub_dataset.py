"""Writes a data set for the Hub: `README.md` with its card, and one line of `data/outputs.jsonl` for each output."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.export.hub_card import render_card
from tracekd.export.judged_run import JudgedOutput, JudgedRun
from tracekd.files import jsonl_writer, write_text
from tracekd.tasks.contract import Task
from tracekd.verify.verdict import StepVerdict, TraceStatus

DATA = "data/outputs.jsonl"


class EffectRow(BaseModel):
    """What the student answered after its trace was replaced under this condition."""

    model_config = ConfigDict(frozen=True)
    condition: str
    unsupported: str | None
    forced: str
    answer: str | None
    right: bool
    flipped: bool | None
    implied: str | None
    follows: bool | None


class Row(BaseModel):
    """One output: its problem, its text, the verdict on it and the effects of interventions."""

    model_config = ConfigDict(frozen=True)
    id: str
    group: str
    task: str
    question: str
    context: tuple[str, ...]
    prompt: str
    label: str
    gold_answer: tuple[str, ...]
    gold_facts: tuple[str, ...]
    model: str
    regime: str
    seed: int
    sample: int
    text: str
    reasoning: str | None
    is_hidden: bool
    finish: Literal["stop", "length"]
    status: TraceStatus
    class_step: StepVerdict
    retrieval_step: StepVerdict
    trace_right: bool
    answer_right: bool
    lenient_answer: bool
    consistent: bool | None
    stated_label: str | None
    cited: tuple[str, ...]
    precision: float
    recall: float
    f1: float
    invented: int
    reason: str
    effects: tuple[EffectRow, ...]

    @classmethod
    def of(cls, judged: JudgedOutput, task: Task) -> "Row":
        problem, output, verdict, effects = judged
        said = verdict.model_dump(include={
            "status", "class_step", "retrieval_step", "lenient_answer", "consistent", "stated_label", "cited", "precision",
            "recall", "f1", "invented", "reason", "finish", "regime", "seed", "sample", "group", "id", "label",
        })  # fmt: skip
        return cls(
            **said,
            task=task.name,
            question=problem.question,
            context=tuple(fact.text for fact in problem.context),
            prompt=output.prompt or task.template.render_prompt(problem),
            gold_answer=problem.answer.values,
            gold_facts=problem.texts(problem.trace.facts),
            model=verdict.student,
            text=_encodable(output.text),
            reasoning=None if output.reasoning is None else _encodable(output.reasoning),
            is_hidden=output.is_hidden,
            trace_right=verdict.trace,
            answer_right=verdict.answer,
            effects=tuple(EffectRow.model_validate(effect, from_attributes=True) for effect in effects),
        )


def files(run: JudgedRun) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """The name of each file, and a function that writes it."""
    yield DATA, lambda path: _write_data(path, run)
    yield "README.md", lambda path: write_text(path, render_card(run, DATA))


def _write_data(path: Path, run: JudgedRun) -> None:
    with jsonl_writer(path) as write:
        for judged in run.outputs:
            write(Row.of(judged, run.task))


def _encodable(text: str) -> str:
    """The text with `?` for lone surrogates, because no file can contain them."""
    return text.encode("utf-8", "replace").decode("utf-8")

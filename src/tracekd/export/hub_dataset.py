"""Writes a data set for the Hub: `README.md` with its card, and one line of `data/outputs.jsonl` for each output."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tracekd import __version__
from tracekd.export.judged_run import JudgedOutput, JudgedRun
from tracekd.export.rate_tables import rates_table
from tracekd.files import jsonl_writer, write_text
from tracekd.stats.table_files import as_markdown
from tracekd.tasks.contract import Task
from tracekd.verify.verdict import StepVerdict, TraceStatus

DATA = "data/outputs.jsonl"
# The sizes of data sets that the Hub knows.
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


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
    yield "README.md", lambda path: write_text(path, _card(run))


def _write_data(path: Path, run: JudgedRun) -> None:
    with jsonl_writer(path) as write:
        for judged in run.outputs:
            write(Row.of(judged, run.task))


def _encodable(text: str) -> str:
    """The text with `?` for lone surrogates, because no file can contain them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _card(run: JudgedRun) -> str:
    """The card. The types of the columns are stated, because a column may be empty at the beginning of the file."""
    features = [{"name": name, **_feature(kind)} for name, kind in _COLUMNS.items()]
    size = next((name for most, name in _SIZES if len(run.outputs) < most), "n>1M")
    head = {
        "pretty_name": f"tracekd: judged outputs of {run.task.name}",
        "tags": ["tracekd", "reasoning-traces"],
        "size_categories": [size],
        "configs": [{"config_name": "default", "data_files": [{"split": "test", "path": DATA}]}],
        "dataset_info": {"features": features},
    }
    lines = [f"{name}: {json.dumps(value)}" for name, value in head.items()]  # JSON is YAML
    licence = f" The problems: {run.task.licence}." if run.task.licence else ""
    text = [
        "---", *lines, "---", "",
        f"# Judged outputs of the task {run.task.name}", "",
        f"Written by `tracekd export` (tracekd {__version__}). One row for each of {len(run.outputs):,} outputs: problem, raw text,",
        f"the verdict on each step with its reason, and the effects of interventions on the trace.{licence}", "",
        "An output that cannot be parsed is wrong. `trace_right`: class and facts are both right. `consistent`: the answer is",
        "consistent with the facts that the trace cites (null: the task has no rule). `effects`: the answer after another trace was",
        "forced; `flipped` says whether it changed, `follows` whether it is the one that the forced trace implies.", "",
        as_markdown(rates_table(run)),
    ]  # fmt: skip
    return "\n".join(text)


_TEXT, _YES_NO, _NUMBER, _COUNT, _TEXTS = "string", "bool", "float64", "int64", "texts"
_EFFECT: dict[str, str] = {
    "condition": _TEXT, "unsupported": _TEXT, "forced": _TEXT, "answer": _TEXT, "right": _YES_NO, "flipped": _YES_NO,
    "implied": _TEXT, "follows": _YES_NO,
}  # fmt: skip
_COLUMNS: dict[str, Any] = {
    "id": _TEXT, "group": _TEXT, "task": _TEXT, "question": _TEXT, "context": _TEXTS, "prompt": _TEXT, "label": _TEXT,
    "gold_answer": _TEXTS, "gold_facts": _TEXTS, "model": _TEXT, "regime": _TEXT, "seed": _COUNT, "sample": _COUNT,
    "text": _TEXT, "reasoning": _TEXT, "is_hidden": _YES_NO, "finish": _TEXT, "status": _TEXT, "class_step": _TEXT,
    "retrieval_step": _TEXT, "trace_right": _YES_NO, "answer_right": _YES_NO, "lenient_answer": _YES_NO,
    "consistent": _YES_NO, "stated_label": _TEXT, "cited": _TEXTS, "precision": _NUMBER, "recall": _NUMBER, "f1": _NUMBER,
    "invented": _COUNT, "reason": _TEXT, "effects": _EFFECT,
}  # fmt: skip


def _feature(kind: Any) -> dict[str, Any]:
    if isinstance(kind, dict):
        return {"list": [{"name": name, "dtype": inner} for name, inner in kind.items()]}
    return {"list": "string"} if kind == _TEXTS else {"dtype": kind}

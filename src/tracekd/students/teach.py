"""From examples to a trained student in a folder."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict
from safetensors import SafetensorError
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tracekd.errors import UserError
from tracekd.files import write_folder
from tracekd.sft.example import Example
from tracekd.sft.tokens import TokenizedExample, split_by_length
from tracekd.students.adapters import attach
from tracekd.students.checkpoint import load, save
from tracekd.students.clock import Watch
from tracekd.students.prompting import Prompting
from tracekd.students.student import Student
from tracekd.students.train import Training, train

RECORD = "training.json"


class TrainingRecord(BaseModel):
    """What `training.json` in a student's folder says. `too_long` examples were left out; `tokens` is their limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    student: Student
    seed: int
    seconds: float
    steps: int
    out_of_time: bool
    loss: float
    trained_on: int
    too_long: int
    tokens: int


def teach(
    student: Student,
    seed: int,
    base: Path,
    examples: Iterable[Example],
    out: Path,
    watcher: Callable[[Prompting], Watch] = lambda prompting: lambda step: None,
) -> TrainingRecord:
    """Train a base on examples, and write it to the folder `out`, whole or not at all.

    State is kept in `out` with `.training` after its name until then, and taken up from there. Raises UserError where
    the student cannot be trained on these examples.
    """
    model, tokenizer = prepare(student, seed, base)
    prompting = Prompting.of(tokenizer, student.chat)
    rows, too_long, limit = rows_of(student, prompting, examples, model)
    work = out.with_name(f"{out.name}.training")
    done = train(model, tokenizer, rows, student, seed, work, watcher(prompting))
    record = TrainingRecord(
        student=student, seed=seed, seconds=done.seconds, steps=done.steps, out_of_time=done.out_of_time, loss=done.loss,
        trained_on=len(rows), too_long=too_long, tokens=limit,
    )  # fmt: skip
    if done.is_main:
        try:
            write_folder(out, lambda folder: _write(model, prompting, done, student, record, folder))
        except (OSError, SafetensorError) as error:
            raise UserError(
                f"the student cannot be written: {(str(error).splitlines() or [''])[0][:200]}", where=out,
                next_step="make room, and run the same again: it goes on from the last state that was written",
            ) from error  # fmt: skip
        if (work / "runs").is_dir():  # what a tracker wrote
            shutil.move(work / "runs", out.with_name(f"{out.name}.logs"))
        shutil.rmtree(work, ignore_errors=True)
    return record


def prepare(student: Student, seed: int, base: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model as it is before the first step: adapters attached, in the precision that it is trained in.

    Weights that are trained stay in float32; those of a frozen base need not be.
    """
    if torch.cuda.is_available():  # of several processes, each has a GPU of its own
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    four_bit = student.method == "qlora"
    half = student.method != "full" and student.precision == "bfloat16"
    model, tokenizer = load(base, dtype=torch.bfloat16 if half else torch.float32, four_bit=four_bit)
    if student.method != "full":
        model = attach(model, student.lora, seed, checkpointed=student.gradient_checkpointing)
    return model, tokenizer


def rows_of(
    student: Student, prompting: Prompting, examples: Iterable[Example], model: PreTrainedModel
) -> tuple[list[TokenizedExample], int, int]:
    """The rows that are trained on, how many were too long, and the limit in tokens.

    Raises UserError where none is left, or where the tokenizer loses a part of the first completion.
    """
    limit = min(student.max_tokens, context_of(model))
    checked = _checked(examples, prompting)
    weights = {"trace_weight": student.trace_weight, "answer_weight": student.answer_weight}
    rows, too_long = split_by_length((prompting.row(example, **weights) for example in checked), limit)
    if not rows:
        raise UserError(
            f"all {too_long} examples are longer than {limit} tokens" if too_long else "there are no examples",
            where=f"student {student.name}", expected=f"examples within max_tokens = {student.max_tokens}"
            + ("" if limit == student.max_tokens else f", and the base's context of {limit}"),
        )  # fmt: skip
    if not any(row.weights is None or any(row.weights) for row in rows):
        raise UserError(
            "no token has a weight above 0, so that nothing would be learnt", where=f"student {student.name}",
            expected="an answer_weight above 0 where there are no traces",
        )  # fmt: skip
    return rows, too_long, limit


def context_of(model: PreTrainedModel) -> int:
    """How many tokens the model can look at; a great many where its configuration sets no limit."""
    said = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return int(said) if said else 2**31


def _checked(examples: Iterable[Example], prompting: Prompting) -> Iterable[Example]:
    for number, example in enumerate(examples):
        if number == 0:
            prompting.check(example)
        yield example


def _write(
    model: PreTrainedModel, prompting: Prompting, done: Training, student: Student, record: TrainingRecord, folder: Path
) -> None:
    # What ends a completion has to end an output.
    model.generation_config.eos_token_id = prompting.end
    save(model, prompting.tokenizer, folder, student.base, done.weights)
    (folder / RECORD).write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")

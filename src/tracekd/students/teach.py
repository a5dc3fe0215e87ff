"""Trains a student on examples and writes it to a folder."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tracekd.errors import UserError
from tracekd.files import discard, write_folder
from tracekd.sft.example import Example
from tracekd.sft.tokens import TokenizedExample, split_by_length
from tracekd.students.adapters import attach
from tracekd.students.checkpoint import load, save
from tracekd.students.clock import Watch
from tracekd.students.memory import is_checkpointed
from tracekd.students.prompting import Prompting
from tracekd.students.student import Student
from tracekd.students.train import Training, train
from tracekd.students.training_record import RECORD, TrainingRecord, state_folder


def teach(
    student: Student,
    seed: int,
    base: Path,
    examples: Iterable[Example],
    out: Path,
    watcher: Callable[[Prompting], Watch] = lambda prompting: lambda step: None,
) -> TrainingRecord:
    """Train a base on examples, and write it to the folder `out` atomically. Until then, the state of the training is
    in a folder with the name of `out` and `.training`; an interrupted training continues from there. Raises UserError
    if the student cannot be trained on these examples.
    """
    model, tokenizer = prepare(student, seed, base)
    prompting = Prompting.of(tokenizer, student.chat)
    rows, too_long, limit = rows_of(student, prompting, examples, model)
    work = state_folder(out)
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
                next_step="free some disk space and run the same command: it continues from the last saved state",
            ) from error  # fmt: skip
        if (work / "runs").is_dir():  # files of a tracker
            shutil.move(work / "runs", out.with_name(f"{out.name}.logs"))
        discard(work)
    return record


def prepare(student: Student, seed: int, base: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model before the first step: with adapters, in the precision of its training. Trained weights stay in
    float32; those of a frozen base may have less precision.
    """
    if torch.cuda.is_available():  # with several processes, each has its own GPU
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    four_bit = student.method == "qlora"
    half = student.method != "full" and student.precision == "bfloat16"
    model, tokenizer = load(base, dtype=torch.bfloat16 if half else torch.float32, four_bit=four_bit)
    if student.method != "full":
        model = attach(model, student.lora, seed, checkpointed=is_checkpointed(student, model.device.type))
    return model, tokenizer


def rows_of(
    student: Student, prompting: Prompting, examples: Iterable[Example], model: PreTrainedModel
) -> tuple[list[TokenizedExample], int, int]:
    """The rows for training, the number of examples that were too long, and the limit in tokens. Raises UserError if no
    row is left, or if the tokenizer loses a part of the first completion.
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
            "no token has a weight above 0, so nothing would be learnt", where=f"student {student.name}",
            expected="an answer_weight above 0, because the examples have no traces",
        )  # fmt: skip
    vocabulary = int(model.get_input_embeddings().weight.shape[0])
    if (largest := max(max(row.ids) for row in rows)) >= vocabulary:
        raise UserError(
            f"the tokenizer does not fit the model: an example has the token {largest:,}", where=f"student {student.name}",
            expected=f"tokens below {vocabulary:,}", next_step="use the tokenizer that the model was trained with",
        )  # fmt: skip
    return rows, too_long, limit


def context_of(model: PreTrainedModel) -> int:
    """The context length of the model in tokens; a very large number if its configuration sets no limit."""
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
    # The token that ends a completion must also end an output.
    model.generation_config.eos_token_id = prompting.end
    save(model, prompting.tokenizer, folder, student.base, done.weights)
    (folder / RECORD).write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")

"""Trains a base on rows: through TRL and PEFT, with our own ids, labels and weights."""

import hashlib
import logging
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from safetensors import SafetensorError
from transformers import PreTrainedModel, PreTrainedTokenizerBase, PrinterCallback, set_seed
from trl import SFTConfig

from tracekd.content_hash import State, check, faults_of
from tracekd.errors import UserError
from tracekd.files import recipe_key, restore, write_text
from tracekd.randomness import stream
from tracekd.sft.tokens import TokenizedExample
from tracekd.students.batch import batch_order
from tracekd.students.clock import Clock, Watch, complete_checkpoints, keep_only, no_number
from tracekd.students.collate import ROWS, Collator, collator
from tracekd.students.fused import fuse
from tracekd.students.memory import is_checkpointed, tokens_at_once
from tracekd.students.piece_attention import let_take_pieces, takes_pieces
from tracekd.students.quiet import quiet
from tracekd.students.student import NOT_TRAINING, Student
from tracekd.students.trainer import TraceTrainer
from tracekd.students.training_record import RECIPE

SAVE_EVERY = 120.0  # a killed training loses at most these seconds
_UNWRITTEN = ("PytorchStreamWriter", "inline_container")  # how torch reports a failed write
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory")


@dataclass(frozen=True)
class Training:
    """The result of a training; `out_of_time` says that the time budget ended it. `loss` is the loss of the last step.
    `is_main` is true in only one of several processes; `weights` are all weights if the model is sharded over the
    processes.
    """

    steps: int
    seconds: float
    out_of_time: bool
    loss: float
    is_main: bool = True
    weights: dict[str, torch.Tensor] | None = None


def train(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[TokenizedExample],
    student: Student,
    seed: int,
    folder: Path,
    watch: Watch,
    *,
    save_every: float = SAVE_EVERY,
) -> Training:
    """Train `model` in place: all weights that require gradients. `watch` is called after every step. The state is saved in
    `folder`, and an interrupted training continues from there. Deterministic for one seed on one machine, even after an
    interruption, unless the time budget ends it. Raises UserError if memory runs out, the loss is no longer a number, the
    state cannot be written, or `folder` contains the state of another training.
    """
    quiet()
    fuse(model)
    set_seed(seed)
    steps = planned_steps(student, len(rows))
    clock = Clock(student, steps, watch, save_every)
    own, checkpointed = _share(student), is_checkpointed(student, model.device.type)
    trainer = TraceTrainer(
        student,
        clock,
        model=model,
        args=_arguments(student, seed, steps, folder, checkpointed=checkpointed),
        train_dataset=_dataset(rows, student, seed, steps, own),
        data_collator=_collator(model, tokenizer, student, own, checkpointed=checkpointed),
        processing_class=tokenizer,
    )
    trainer.remove_callback(PrinterCallback)  # standard output belongs to the caller
    found = _state(folder, student, seed, rows)
    if found is not None:
        clock.go_on_from(found)
    try:
        trainer.train(resume_from_checkpoint=str(found) if found else None)
    except (MemoryError, RuntimeError, OSError, SafetensorError) as error:
        is_reading = found is not None and math.isnan(clock.loss)
        if (known := _explained(error, student, trainer.at_once, folder, is_reading=is_reading)) is None:
            raise
        raise known from error
    if not all(bool(p.isfinite().all()) for p in model.parameters() if p.requires_grad):
        raise no_number(
            student, trainer.state.global_step
        )  # the last step made the weights invalid, after its loss was computed
    whole = trainer.accelerator.get_state_dict(trainer.model_wrapped) if trainer.is_fsdp_enabled else None
    return Training(
        trainer.state.global_step, clock.spent, clock.out_of_time, clock.loss, trainer.is_world_process_zero(), whole
    )


def _collator(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, student: Student, own: int, *, checkpointed: bool
) -> Collator:
    """How the rows of a step go through the model; the log says it."""
    tokens = student.micro_batch_tokens or tokens_at_once(model, checkpointed=checkpointed)
    if model.device.type == "cpu":
        if takes_pieces(model):
            let_take_pieces(model)
        how = "checkpointed" if checkpointed else "not checkpointed"
        logging.getLogger("tracekd").log(
            # A preset that leaves the choice to the device is made for a GPU: its user is told what differs here.
            logging.INFO if student.gradient_checkpointing is not None else logging.WARNING,
            "%s is trained on a CPU: at most %s tokens at a time, activations are %s", student.name, f"{tokens:,}", how,
        )  # fmt: skip
    # With dropout, each row has draws of its own, also for a common beginning.
    is_shared = student.method == "full" or student.lora.dropout == 0
    return collator(model, int(tokenizer.pad_token_id), student.micro_batch or own, tokens, is_shared=is_shared)


def planned_steps(student: Student, rows: int) -> int:
    """The number of steps of the training, unless the time budget ends it."""
    if student.steps is not None:
        return student.steps
    assert student.epochs is not None  # one of the two is set
    return max(1, math.ceil(student.epochs * rows / student.batch))


def _share(student: Student) -> int:
    """The number of examples of a step in this process, if `accelerate launch` has started several."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if student.batch % processes:
        raise UserError(
            f"batch = {student.batch} cannot be divided equally among {processes} processes",
            where=f"student {student.name}", expected=f"a multiple of {processes}",
        )  # fmt: skip
    return student.batch // processes


def _state(folder: Path, student: Student, seed: int, rows: Sequence[TokenizedExample]) -> Path | None:
    """The checkpoint to continue from. Raises UserError if other rows or settings (for example another learning rate)
    made it.
    """
    digest = hashlib.blake2b(digest_size=16)
    for row in rows:
        for numbers in row:
            digest.update(b"|" if numbers is None else np.asarray(numbers, dtype=np.float64).tobytes())
    recipe = recipe_key(
        student=student.model_dump(mode="json", exclude=NOT_TRAINING), seed=seed, rows=digest.hexdigest()
    )
    is_first = int(os.environ.get("RANK", "0")) == 0
    saved = complete_checkpoints(folder)
    if saved:
        _check_recipe(folder / RECIPE, recipe)
    whole = [checkpoint for checkpoint in saved if _is_whole(checkpoint, tell=is_first)]
    if is_first:
        if saved and whole != saved:
            start = whole[0].name if whole else "the start"
            logging.getLogger("tracekd").warning("the training of %s continues from %s", student.name, start)
        write_text(folder / RECIPE, recipe)
        keep_only(whole, folder)
    return whole[0] if whole else None


def _check_recipe(file: Path, recipe: str) -> None:
    restore(file, recipe)
    again = "delete this folder, or name another --out"
    check(file, again)
    if not file.is_file() or file.read_text(encoding="utf-8") != recipe:
        raise UserError(
            "this folder contains the state of another training, with another student, seed or data", where=file.parent,
            next_step=again,
        )  # fmt: skip


def _is_whole(checkpoint: Path, *, tell: bool) -> bool:
    faults = faults_of(checkpoint)
    for file, state in faults.items():
        if tell:
            what = "has no content hash" if state is State.UNKNOWN else f"is {state}"
            logging.getLogger("tracekd").warning("%s %s; this checkpoint is not used", file, what)
    return not faults


def _explained(error: Exception, student: Student, size: int, folder: Path, *, is_reading: bool) -> UserError | None:
    """The error with advice for the user, if there is any."""
    said = (str(error).splitlines() or [""])[0]
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or any(part in said for part in _OUT_OF_MEMORY):
        smaller = f"micro_batch = {size // 2}" if size > 1 else f"max_tokens below {student.max_tokens}"
        return UserError(
            f"memory ran out with micro_batch = {size}", where=f"student {student.name}",
            next_step=f"set {smaller}, or gradient_checkpointing = true",
        )  # fmt: skip
    if is_reading:
        return UserError(
            f"the state of the training cannot be read: {said[:200]}", where=folder,
            next_step="delete this folder, and run the same command again: it begins at the start",
        )  # fmt: skip
    if isinstance(error, OSError | SafetensorError) or any(part in said for part in _UNWRITTEN):
        keep_only(complete_checkpoints(folder), folder)
        return UserError(
            f"the state of the training cannot be written: {said[:200]}", where=folder,
            next_step="make room, and run the same again: it goes on from the last state that was written",
        )  # fmt: skip
    return None


def _dataset(rows: Sequence[TokenizedExample], student: Student, seed: int, steps: int, own: int) -> Dataset:
    """A data set whose items are batches, or the shares of `own` rows that several processes have in them, in the order of
    training; they are made on demand.
    """
    rng = stream(seed, "training", "batches")
    order = batch_order([len(row.ids) for row in rows], student.batch, steps, rng)
    places = Dataset.from_dict({"begin": range(0, len(order), own)})
    return places.with_transform(_Batches(rows, order, own))


class _Batches:
    """Looks up the rows of batches. The library pickles its input to name the data set, and copies it: for
    thousands of rows, that would take more than a fifth of the training time.
    """

    def __init__(self, rows: Sequence[TokenizedExample], order: Sequence[int], size: int) -> None:
        self.rows, self.order, self.size = rows, order, size

    def __call__(self, items: dict[str, list[int]]) -> dict[str, list[list[TokenizedExample]]]:
        rows, order = self.rows, self.order
        return {ROWS: [[rows[at] for at in order[begin : begin + self.size]] for begin in items["begin"]]}

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, ("batches",)

    def __deepcopy__(self, memo: dict[int, object]) -> "_Batches":
        return self


def _arguments(student: Student, seed: int, steps: int, folder: Path, *, checkpointed: bool) -> SFTConfig:
    return SFTConfig(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=1,  # an item is a batch, which the trainer divides into parts
        seed=seed,
        data_seed=seed,
        train_sampling_strategy="sequential",  # we define the order
        max_length=None,  # nothing is cut: examples that are too long were left out and counted before
        dataset_kwargs={"skip_prepare_dataset": True},  # we make the rows
        remove_unused_columns=False,
        bf16=student.precision == "bfloat16",
        use_cpu=not torch.cuda.is_available(),
        gradient_checkpointing=checkpointed,
        save_strategy="no",  # the clock decides when
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
        ddp_find_unused_parameters=False,
        **_tracking(student),
    )


def _tracking(student: Student) -> dict[str, Any]:
    if not student.report_to:
        return {"logging_strategy": "no", "report_to": "none"}
    missing = [name for name in student.report_to if find_spec(name) is None]
    if missing:
        raise UserError(
            f"the tracker {missing[0]!r} is not installed", where=f"report_to of student {student.name}",
            next_step=f"pip install {missing[0]}",
        )  # fmt: skip
    return {
        "logging_strategy": "steps", "logging_steps": 10, "report_to": list(student.report_to),
        "run_name": student.name,
    }  # fmt: skip

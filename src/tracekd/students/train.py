"""Fine-tuning a base on tokenised examples with TRL, on our own `input_ids` and `labels`."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from datasets import Dataset, disable_progress_bars
from transformers import PreTrainedModel, PreTrainedTokenizerBase, PrinterCallback, TrainerCallback, set_seed
from trl import SFTConfig, SFTTrainer

from tracekd.randomness import stream
from tracekd.sft.row import Row
from tracekd.students.batch import batch_order

_WARMUP_SHARE = 0.05


@dataclass(frozen=True)
class Recipe:
    """How a student is trained. `seconds` is a budget that ends the training early; None for none.

    Embeddings have a rate of their own: a small base has hardly met the words that a trace is made of.
    """

    steps: int
    batch: int
    learning_rate: float
    embedding_learning_rate: float
    seed: int
    seconds: float | None = None


@dataclass(frozen=True)
class Training:
    """What a training did; `out_of_time` says that the budget of seconds ended it."""

    steps: int
    seconds: float
    out_of_time: bool


Watch = Callable[[int, PreTrainedModel], None]


def train(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], recipe: Recipe, watch: Watch
) -> Training:
    """Train all weights of `model` in place. `watch` is called after every step, with its number.

    Deterministic for one seed on one machine, unless the budget of seconds ends it.
    """
    disable_progress_bars()
    set_seed(recipe.seed)
    clock = _Clock(recipe, watch)
    with tempfile.TemporaryDirectory() as folder:
        optimizer = _optimizer(model, recipe)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, clock.rate)
        trainer = SFTTrainer(
            model=model,
            args=_arguments(recipe, folder),
            train_dataset=_dataset(rows, recipe),
            processing_class=tokenizer,
            callbacks=[clock],
            optimizers=(optimizer, scheduler),
        )
        trainer.remove_callback(PrinterCallback)  # standard output belongs to the caller
        trainer.train()
    return Training(trainer.state.global_step, time.monotonic() - clock.start, clock.out_of_time)


def _dataset(rows: Sequence[Row], recipe: Recipe) -> Dataset:
    """All rows of all steps, in the order in which they are trained on."""
    rng = stream(recipe.seed, "training", "batches")
    order = batch_order([len(row.ids) for row in rows], recipe.batch, recipe.steps, rng)
    return Dataset.from_list([{"input_ids": list(rows[i].ids), "labels": list(rows[i].labels)} for i in order])


def _optimizer(model: PreTrainedModel, recipe: Recipe) -> torch.optim.Optimizer:
    embeddings = list(model.get_input_embeddings().parameters())
    known = {id(parameter) for parameter in embeddings}
    others = [parameter for parameter in model.parameters() if id(parameter) not in known]
    groups = [
        {"params": others, "lr": recipe.learning_rate},
        {"params": embeddings, "lr": recipe.embedding_learning_rate},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0)


def _arguments(recipe: Recipe, folder: str) -> SFTConfig:
    return SFTConfig(
        output_dir=folder,
        max_steps=recipe.steps,
        per_device_train_batch_size=recipe.batch,
        seed=recipe.seed,
        data_seed=recipe.seed,
        train_sampling_strategy="sequential",  # the order is ours
        max_length=None,  # nothing is cut: what is too long was counted and left out before
        dataset_kwargs={"skip_prepare_dataset": True},  # input_ids and labels are ours
        bf16=False,
        gradient_checkpointing=False,  # TRL turns it on by default; small models do not need it
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


class _Clock(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
    """Calls the watcher, sets the learning rate, and ends the training when its seconds are spent."""

    def __init__(self, recipe: Recipe, watch: Watch) -> None:
        self.recipe, self.watch = recipe, watch
        self.start = time.monotonic()
        self.out_of_time = False

    def rate(self, step: int) -> float:
        """Warm up, then fall linearly to zero, over the steps or over the seconds, whichever end first."""
        done = step / self.recipe.steps
        if self.recipe.seconds is not None:
            done = max(done, (time.monotonic() - self.start) / self.recipe.seconds)
        return max(0.0, min((step + 1) / (_WARMUP_SHARE * self.recipe.steps + 1), 1.0 - done))

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        self.watch(state.global_step, model)
        spent = time.monotonic() - self.start
        if self.recipe.seconds is not None and spent >= self.recipe.seconds and state.global_step < self.recipe.steps:
            self.out_of_time = True
            control.should_training_stop = True

"""The clock of a training: when it ends, its learning rate, and when its state is saved."""

import json
import math
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel, TrainerCallback

from tracekd.content_hash import keep_hashes
from tracekd.errors import UserError
from tracekd.files import write_text
from tracekd.students.student import Student


@dataclass(frozen=True)
class Step:
    """A finished step: number `number` of `of`. `log` sends values to the trackers."""

    number: int
    of: int
    loss: float
    model: PreTrainedModel
    log: Callable[[dict[str, float]], None]


Watch = Callable[[Step], None]  # called after every step

_SPENT = "seconds.json"
_KEPT = 2  # checkpoints: if the last one is damaged, the training continues from the one before it


class Clock(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
    """Sets the learning rate, calls the watcher, and ends the training when its time budget is used up. `save_every` is
    the time between two saved states, in seconds.
    """

    def __init__(self, student: Student, steps: int, watch: Watch, save_every: float) -> None:
        self.student, self.steps, self.watch, self.save_every = student, steps, watch, save_every
        self.before = 0.0  # seconds of earlier, interrupted runs
        self.start = self.saved = time.monotonic()
        self.loss = math.nan
        self.log: Callable[[dict[str, float]], None] = lambda numbers: None
        self.out_of_time = False

    @property
    def spent(self) -> float:
        """Seconds of training so far, including earlier runs."""
        return self.before + time.monotonic() - self.start

    def go_on_from(self, checkpoint: Path) -> None:
        """Add the seconds that were used before a checkpoint."""
        self.before = float(json.loads((checkpoint / _SPENT).read_text(encoding="utf-8")))

    def rate(self, step: int) -> float:
        """The factor on the learning rate: it warms up, then follows the schedule over the steps or over the seconds,
        whichever end first.
        """
        done = step / self.steps
        if self.student.seconds is not None:
            done = min(1.0, max(done, _as_first(self.spent) / self.student.seconds))
        begun = (done * self.steps + 1) / (self.student.warmup * self.steps + 1)
        return min(begun, _SCHEDULES[self.student.schedule](done))

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        if not math.isfinite(self.loss):
            raise no_number(self.student, state.global_step)
        self.watch(Step(state.global_step, self.steps, self.loss, model, self.log))
        if state.global_step == self.steps:
            return
        if self.student.seconds is not None and _as_first(self.spent) >= self.student.seconds:
            self.out_of_time = True
            control.should_training_stop = True
        elif _as_first(time.monotonic() - self.saved) >= self.save_every:
            control.should_save = True

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        _as_first(0.0)  # each process writes a file of its own: the hashes wait for all of them
        if state.is_world_process_zero:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            keep_hashes(folder)
            write_text(folder / _SPENT, json.dumps(self.spent))
            keep_only(complete_checkpoints(folder.parent)[:_KEPT], folder.parent)
        self.saved = time.monotonic()


def _as_first(seconds: float) -> float:
    """With several processes, all use the clock of the first one. If one process stopped by its own clock, the others
    would wait for it.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return seconds
    from accelerate.utils import broadcast_object_list

    told: list[float] = broadcast_object_list([seconds])
    return told[0]


def no_number(student: Student, step: int) -> UserError:
    """The error for a training that diverged."""
    return UserError(
        f"the loss is no longer a number at step {step}", where=f"student {student.name}",
        next_step='lower learning_rate, or set precision = "float32"',
    )  # fmt: skip


_SCHEDULES: dict[str, Callable[[float], float]] = {
    "linear": lambda done: max(0.0, 1 - done),
    "cosine": lambda done: 0.5 * (1 + math.cos(math.pi * min(1.0, done))),
    "constant": lambda done: 1.0,
}


def complete_checkpoints(folder: Path) -> list[Path]:
    """The complete checkpoints of a folder, the last one first; the file with the seconds is written last."""
    complete = [path.parent for path in folder.glob(f"checkpoint-*/{_SPENT}") if _step(path.parent) is not None]
    return sorted(complete, key=lambda path: _step(path) or 0, reverse=True)


def _step(checkpoint: Path) -> int | None:
    number = checkpoint.name.partition("-")[2]
    return int(number) if number.isdecimal() else None


def keep_only(checkpoints: Sequence[Path], folder: Path) -> None:
    """Delete all other checkpoints of a folder, including incomplete ones."""
    for path in folder.glob("checkpoint-*"):
        if path not in checkpoints:
            shutil.rmtree(path, ignore_errors=True)

"""A training that is killed and taken up again ends with the very weights of one that never was."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.sft.tokens import TokenizedExample
from tracekd.students.student import Student

from .conftest import a_student, tiny_model

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.clock import Step

pytestmark = pytest.mark.xdist_group("torch")

# Dropout everywhere: what is drawn after the kill has to be what would have been drawn without it.
LORA = a_student(steps=6, micro_batch=2, method="lora", lora={"r": 4, "dropout": 0.3}, learning_rate=0.02)
FULL = a_student(steps=6, micro_batch=2)

# Kills itself in the watcher of step 4, or while it writes the state of step 4: then the weights are there, no more.
KILLED = """
import functools, os, signal, sys
from pathlib import Path
from tracekd.files import read_jsonl
from tracekd.sft.example import Example
from tracekd.students import teach
from tracekd.students.student import Student
from tracekd.students.trainer import TraceTrainer

def end():
    os.kill(os.getpid(), signal.SIGKILL)

def watch(step):
    if sys.argv[5] == "watching" and step.number == 4:
        end()

def write(self, folder, plain=TraceTrainer._save_optimizer_and_scheduler):
    if sys.argv[5] == "writing" and self.state.global_step == 4:
        end()
    plain(self, folder)

TraceTrainer._save_optimizer_and_scheduler = write
teach.train = functools.partial(teach.train, save_every=0)
student = Student.model_validate_json(sys.argv[1])
examples = read_jsonl(Path(sys.argv[3]), Example)
teach.teach(student, 3, Path(sys.argv[2]), examples, Path(sys.argv[4]), lambda prompting: watch)
"""


@pytest.fixture
def base(tokenizer: "PreTrainedTokenizerBase", tmp_path: Path) -> Path:
    from tracekd.students.checkpoint import save

    save(tiny_model("llama", tokenizer, attention_dropout=0.2), tokenizer, tmp_path / "base")
    return tmp_path / "base"


def weights_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.safetensors"))}


@pytest.mark.parametrize(("student", "moment"), [(FULL, "writing"), (LORA, "watching")], ids=["full", "lora"])
def test_killed_and_taken_up_it_is_the_same_student_to_the_bit(
    student: Student, moment: str, base: Path, examples: list[Example], tmp_path: Path
) -> None:
    from tracekd.files import write_jsonl
    from tracekd.students.teach import teach

    write_jsonl(tmp_path / "examples.jsonl", examples[:20])
    out, work = tmp_path / "killed", tmp_path / "killed.training"
    arguments = [student.model_dump_json(), str(base), str(tmp_path / "examples.jsonl"), str(out), moment]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert not out.exists()
    kept = {path.name for path in work.glob("checkpoint-*")}
    assert kept == {"checkpoint-3", "checkpoint-4"} if moment == "writing" else {"checkpoint-3"}

    steps: list[int] = []
    watch: Callable[[Step], None] = lambda step: steps.append(step.number)  # noqa: E731
    resumed = teach(student, 3, base, examples[:20], out, lambda prompting: watch)
    assert steps == [4, 5, 6], "what was done is not done again"
    assert not work.exists()
    whole = teach(student, 3, base, examples[:20], tmp_path / "whole")
    assert weights_in(out) == weights_in(tmp_path / "whole")
    assert len(weights_in(out)) == 1
    assert (resumed.steps, resumed.loss, resumed.trained_on) == (whole.steps, whole.loss, whole.trained_on)
    other = teach(student, 4, base, examples[:20], tmp_path / "other")
    assert weights_in(out) != weights_in(tmp_path / "other") and other.steps == 6


def run(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], folder: Path, stop: int = 0,
    seed: int = 0, **given: object,
) -> list[int]:  # fmt: skip
    """The steps that were done, with the state kept after each; an error in step `stop`."""
    from tracekd.students.train import train

    steps: list[int] = []

    def watch(step: "Step") -> None:
        if step.number == stop:
            raise KeyboardInterrupt
        steps.append(step.number)

    train(model, tokenizer, rows, a_student(**{"steps": 5, **given}), seed, folder, watch, save_every=0)
    return steps


@pytest.fixture
def stopped(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> "PreTrainedModel":
    """A model whose training stopped after three steps; its state is in the folder."""
    from copy import deepcopy

    with pytest.raises(KeyboardInterrupt):
        run(deepcopy(model), tokenizer, rows, tmp_path, stop=4)
    assert {path.name for path in tmp_path.glob("checkpoint-*")} == {"checkpoint-3"}
    return model


def test_only_the_last_whole_state_is_kept_and_used(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    """A half-written one with a higher number is neither used nor in the way of those that come."""
    half = tmp_path / "checkpoint-4"
    half.mkdir()
    (half / "model.safetensors").write_bytes(b"half")
    assert run(stopped, tokenizer, rows, tmp_path) == [4, 5]
    assert {path.name for path in tmp_path.glob("checkpoint-*")} == {"checkpoint-4"}
    assert (half / "seconds.json").is_file()


@pytest.mark.parametrize("other", [{"seed": 1}, {"learning_rate": 1e-3}, {"steps": 6}, {"trace_weight": 0.5}])
def test_the_state_of_another_training_is_not_taken_up(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    other: dict[str, object],
) -> None:  # fmt: skip
    """Its learning rates and its order would be mixed in, and nobody would know."""
    with pytest.raises(UserError, match="state of another training") as caught:
        run(stopped, tokenizer, rows, tmp_path, **other)
    assert caught.value.where == str(tmp_path)
    assert (tmp_path / "checkpoint-3" / "seconds.json").is_file()


@pytest.mark.parametrize("change", ["order", "label", "weight"])
def test_nor_is_the_state_of_other_rows(
    stopped: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    tmp_path: Path,
    change: str,
) -> None:
    first = rows[0]
    changed = {
        "order": rows[::-1],
        "label": [TokenizedExample(first.ids, [-100, *first.labels[1:-1], 5]), *rows[1:]],
        "weight": [TokenizedExample(first.ids, first.labels, [0.5] * len(first.ids)), *rows[1:]],
    }[change]
    with pytest.raises(UserError, match="state of another training"):
        run(stopped, tokenizer, changed, tmp_path)


def test_what_has_no_say_in_the_weights_may_be_another(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    assert run(stopped, tokenizer, rows, tmp_path, name="other", max_new_tokens=7, generation_batch=2) == [4, 5]


def test_seconds_before_a_kill_count(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from copy import deepcopy

    from tracekd.students import clock
    from tracekd.students.train import train

    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    stop_at = [2]

    def watch(step: "Step") -> None:
        now[0] += 1.0
        if step.number == stop_at[0]:
            raise KeyboardInterrupt

    student = a_student(steps=50, seconds=4.0)
    with pytest.raises(KeyboardInterrupt):
        train(deepcopy(model), tokenizer, rows, student, 0, tmp_path, watch, save_every=0)
    now[0], stop_at[0] = 1000.0, 0
    done = train(model, tokenizer, rows, student, 0, tmp_path, watch, save_every=0)
    # One second was kept with the state of step 1; three more are left.
    assert (done.steps, done.seconds, done.out_of_time) == (4, 4.0, True)


def test_state_is_kept_now_and_then_only(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from tracekd.students import clock
    from tracekd.students.clock import last_checkpoint
    from tracekd.students.train import train

    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    found: list[str | None] = []

    def watch(step: "Step") -> None:
        kept = last_checkpoint(tmp_path)
        found.append(kept and kept.name)
        now[0] += 1.0

    train(model, tokenizer, rows, a_student(steps=6), 0, tmp_path, watch, save_every=2.5)
    assert found == [None, None, None, "checkpoint-3", "checkpoint-3", "checkpoint-3"]

"""A training that is killed, and taken up again in another process, ends with the very weights of one that never was."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.sft.example import Example
from tracekd.students.student import Student

from .conftest import a_student, tiny_model

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from tracekd.students.clock import Step

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
    student: Student, moment: str, base: Path, examples: list[Example], tmp_path: Path, ready_python: str
) -> None:
    from tracekd.files import write_jsonl
    from tracekd.students.teach import teach

    write_jsonl(tmp_path / "examples.jsonl", examples[:20])
    out, work = tmp_path / "killed", tmp_path / "killed.training"
    arguments = [student.model_dump_json(), str(base), str(tmp_path / "examples.jsonl"), str(out), moment]
    ended = subprocess.run(
        [ready_python, "-c", KILLED, *arguments], env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert not out.exists()
    kept = {path.name for path in work.glob("checkpoint-*")}
    before = {"checkpoint-2", "checkpoint-3"}
    assert kept == (before | {"checkpoint-4"} if moment == "writing" else before)

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

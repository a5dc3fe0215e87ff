"""Several processes, as `accelerate launch` starts them: the same student, and they end together."""

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.sft.example import Example

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# The processes take unequal time, and one of them looks at the clock much later than the other.
TRAINING = """
import functools, json, os, sys, time
from pathlib import Path
from tracekd.files import read_jsonl
from tracekd.sft.example import Example
from tracekd.students import teach
from tracekd.students.student import Student

base, examples, out = map(Path, sys.argv[1:4])
rank = int(os.environ.get("RANK", "0"))
teach.train = functools.partial(teach.train, save_every=0.2)
for name, given in (("steps", {"steps": 4}), ("seconds", {"steps": 500, "seconds": 2.0})):
    losses = []
    def watch(step):
        losses.append(step.loss)
        if name == "seconds":
            time.sleep(0.3 if rank else 0.1)
    student = Student(name="s", batch=4, learning_rate=1e-3, **given)
    teach.teach(student, 0, base, read_jsonl(examples, Example), out / name, lambda prompting: watch)
    (out / f"{name}-{rank}.json").write_text(json.dumps(losses))
"""


def test_two_processes_train_the_student_that_one_trains_and_stop_together(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    examples: list[Example],
    tmp_path: Path,
    ready_python: str,
) -> None:
    import torch
    from safetensors.torch import load_file

    from tracekd.files import write_jsonl
    from tracekd.students import teach
    from tracekd.students.checkpoint import save

    from .conftest import a_student

    save(model, tokenizer, tmp_path / "base")
    write_jsonl(tmp_path / "examples.jsonl", examples[:20])
    (tmp_path / "training.py").write_text(TRAINING)
    launch = [ready_python, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    given = [str(tmp_path / name) for name in ("training.py", "base", "examples.jsonl", "")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    ended = subprocess.run([*launch, *given], env=environment, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr

    losses: list[float] = []
    student = a_student(steps=4, batch=4, learning_rate=1e-3, embedding_learning_rate=None)
    watch = lambda step: losses.append(step.loss)  # noqa: E731
    teach.teach(student, 0, tmp_path / "base", examples[:20], tmp_path / "one", lambda prompting: watch)
    told = {path.stem: json.loads(path.read_text()) for path in tmp_path.glob("*-?.json")}
    assert told["steps-0"] == told["steps-1"]
    assert told["steps-0"] == pytest.approx(losses, abs=1e-4)
    one, two = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "steps"))
    for name, weights in one.items():
        torch.testing.assert_close(two[name], weights, atol=2e-4, rtol=1e-3)
    assert told["seconds-0"] == told["seconds-1"] and 1 < len(told["seconds-0"]) < 30
    assert json.loads((tmp_path / "seconds" / "training.json").read_text())["out_of_time"] is True

"""A base small enough that a whole study takes seconds, and a way to run the command line as a user does."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from .. import command_server

MAKE_BASE = """
import sys
from dataclasses import replace
from pathlib import Path
from tracekd.students.checkpoint import save
from tracekd.pretraining.train import PretrainConfig, build_model, build_tokenizer
config = replace(PretrainConfig(), hidden_size=16, layers=1, heads=2, vocabulary=400)
tokenizer = build_tokenizer(config)
save(build_model(config, tokenizer), tokenizer, Path(sys.argv[1]))
"""

Result = subprocess.CompletedProcess[str]
Run = Callable[..., Result]
LONGEST = 600  # seconds for a command: other work may take most of the machine


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory, ready_python: str) -> Path:
    folder = tmp_path_factory.mktemp("base")
    subprocess.run([ready_python, "-c", MAKE_BASE, str(folder)], check=True, env=environment(), capture_output=True)
    return folder


def run_in(folder: Path, ready_python: str, *command: str) -> Result:
    """Run the command line in a process that has everything imported."""
    arguments = ["-m", "tracekd", *command]
    ended = command_server.run(command_server.address(ready_python), arguments, folder, environment(), LONGEST)
    return Result(arguments, *ended)


@pytest.fixture
def tracekd(tmp_path: Path, ready_python: str) -> Run:
    """Run the command line in an empty folder, in a process that has everything imported."""
    return partial(run_in, tmp_path, ready_python)


@pytest.fixture
def started_tracekd(tmp_path: Path) -> Run:
    """The same with a new Python, as a user starts it. It takes seconds more."""

    def run(*command: str) -> Result:
        return subprocess.run(
            [sys.executable, "-m", "tracekd", *command], cwd=tmp_path, env=environment(), capture_output=True, text=True,
            timeout=LONGEST, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def small_study(tmp_path: Path, tiny_base: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL.replace("BASE", str(tiny_base)), encoding="utf-8")
    return path


SMALL = """
name = "small"
seeds = [7]
regimes = ["correct", "incorrect"]

[sizes]
train = 24
validation = 4
test = 12

[task]
source = "world"
classes = ["single-supporting-fact", "basic-deduction"]
questions = 1200

[[students]]
name = "tiny"
base = "BASE"
steps = 4
batch = 4
max_new_tokens = 12
"""

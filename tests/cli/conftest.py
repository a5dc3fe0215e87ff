"""A base small enough that a whole study takes seconds, and a way to run the command line as a user does."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import pytest

from .. import command_server
from ..command_server import ask, write_launcher

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
RunPython = Callable[..., Result]
LONGEST = 600  # seconds for a command: other work may take most of the machine


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


@pytest.fixture(scope="session")
def run_python() -> Iterator[RunPython]:
    """`run_python(folder, "-m", module, ...)`: run Python in a folder, with everything imported already."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        address, launcher = f"{folder}/commands", Path(folder) / "python"
        listening.bind(address)
        listening.listen()
        write_launcher(launcher, address)
        server = subprocess.Popen(
            [sys.executable, command_server.__file__, str(listening.fileno()), str(launcher)],
            env=environment(), stdin=subprocess.PIPE, pass_fds=[listening.fileno()],
        )  # fmt: skip

        def run(folder: Path, *arguments: str) -> Result:
            with Path(os.devnull).open() as nothing, TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
                streams = (nothing.fileno(), output.fileno(), errors.fileno())
                code = ask(address, list(arguments), str(folder), environment(), streams, LONGEST)
                output.seek(0)
                errors.seek(0)
                return Result(arguments, code, output.read(), errors.read())

        yield run
        server.communicate()


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory, run_python: RunPython) -> Path:
    folder = tmp_path_factory.mktemp("base")
    made = run_python(folder, "-c", MAKE_BASE, str(folder))
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def tracekd(tmp_path: Path, run_python: RunPython) -> Run:
    """Run the command line in an empty folder, in a process that has everything imported."""
    return partial(run_python, tmp_path, "-m", "tracekd")


@pytest.fixture
def started_tracekd(tmp_path: Path) -> Run:
    """The same with a new Python, as a user starts it: it takes much longer."""

    def run(*arguments: str) -> Result:
        command = [sys.executable, "-m", "tracekd", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=LONGEST, check=False
        )

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

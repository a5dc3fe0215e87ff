"""A command that is killed at a random moment and given again ends with the same files, and nothing else is left.

`benchmarks/fuzz/kills.py` does this for every command that writes, many times.
"""

import random
import subprocess
import time
from pathlib import Path

import pytest

from tracekd.files import is_bookkeeping
from tracekd.folder_check import check_folder

from .conftest import LONGEST, Run, environment

STORIES = "".join(f"1 Mary{i} went to the park.\n2 Where is Mary{i}?\tpark\t1\n" for i in range(40))
COMMANDS = {
    "sft": ("sft", "babi", "qa1_own.txt", "--regime", "correct,answer_only", "--out", "out"),
    "world": ("world", "babi", "--n", "400", "--out", "out"),
    "verify": ("verify", "o.jsonl", "--task", "babi", "--problems", "qa1_own.txt", "--out", "out"),
    "generate": (
        "generate",
        "BASE",
        "babi",
        "qa1_own.txt",
        "--max-new-tokens",
        "8",
        "--batch",
        "1",
        "--out",
        "out/o.jsonl",
    ),
}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not is_bookkeeping(path.name))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_a_random_moment_it_ends_the_same(
    name: str, tracekd: Run, ready_python: str, tiny_base: Path, tmp_path: Path
) -> None:
    (tmp_path / "qa1_own.txt").write_text(STORIES)
    (tmp_path / "o.jsonl").write_text(
        "".join(f'{{"id": "qa1_own/{i}/2", "text": "<answer>park</answer>"}}\n' for i in range(40))
    )
    command = [word.replace("BASE", str(tiny_base)) for word in COMMANDS[name]]
    begun = time.monotonic()
    assert tracekd(*command).returncode == 0
    seconds = time.monotonic() - begun
    whole = files(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "whole")
    killed = subprocess.Popen([ready_python, "-m", "tracekd", *command], cwd=tmp_path, env=environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    time.sleep(random.Random(name).uniform(0.3, 1) * seconds)
    killed.kill()
    killed.wait(LONGEST)
    again = tracekd(*command)
    assert again.returncode == 0, again.stderr
    assert files(tmp_path / "out") == whole
    left = [path for folder in (tmp_path, tmp_path / "out") for path in folder.glob(".*.tracekd")]
    assert not left and check_folder(tmp_path / "out").is_whole

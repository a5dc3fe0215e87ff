"""A hostile folder in the place of a student, through the command line: one message, exit code 2."""

import shutil
from pathlib import Path

import pytest

from ..students.hostile_folders import FOLDERS
from ..teacher.conftest import write_stories
from .conftest import Run, run_in


@pytest.fixture(scope="module")
def data(ready_python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of `tracekd sft`."""
    folder = tmp_path_factory.mktemp("data")
    stories = write_stories(folder / "qa1_few.txt", 4)
    made = run_in(folder, ready_python, "sft", "babi", stories, "--regime", "correct", "--out", "data")
    assert made.returncode == 0
    return folder / "data"


# One of each kind in both commands; `tests/students/test_hostile_folders.py` has all of them.
BOTH = (
    "config_deep", "tokenizer_lost_post_processor", "weights_cut", "template_doubled", "adapters_that_name_each_other",
)  # fmt: skip
GENERATE = (
    "config_num_hidden_layers_huge", "tokenizer_null", "pipe_in_place_of_model.safetensors", "template_endless",
)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "name"), [*(("generate", name) for name in (*BOTH, *GENERATE)), *(("train", name) for name in BOTH)]
)
def test_it_ends_in_one_message(
    tracekd: Run, tiny_base: Path, data: Path, tmp_path: Path, command: str, name: str
) -> None:
    shutil.copytree(tiny_base, tmp_path / "student")
    FOLDERS[name](tmp_path / "student")
    if command == "generate":
        stories = write_stories(tmp_path / "qa1_few.txt", 4)
        result = tracekd("generate", "student", "babi", stories, "--out", "o.jsonl")
    else:
        result = tracekd("train", str(data), "--out", "made", "--set", "base=student", "--set", "steps=1")
    assert result.returncode == 2, result.stderr
    lines = result.stderr.splitlines()
    assert lines[0].startswith("tracekd: ") and all(line.startswith("  ") for line in lines[1:]), result.stderr
    assert not (tmp_path / "made").exists() and not (tmp_path / "o.jsonl").exists()

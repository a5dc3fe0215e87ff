"""A regime from another package: the one in the README, installed as its users would install it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples/first_fact"
STORY = """\
1 Mary took the apple.
2 John went to the hallway.
3 Mary moved to the office.
4 Where is the apple? \toffice\t1 3
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # Without the network, and without its one dependency, which is being tested.
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(folder), str(PLUGIN)], check=True, capture_output=True)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "COLUMNS": "200"}
    command = [sys.executable, "-m", "tracekd", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=600)


def test_an_installed_regime_is_listed_and_makes_data(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "qa2_one.txt").write_text(STORY, encoding="utf-8")
    assert "the first supporting fact alone" in run(installed, tmp_path, "tasks").stdout
    made = run(installed, tmp_path, "sft", "babi", "qa2_one.txt", "--regime", "first_fact,correct", "--out", "data")
    assert made.returncode == 0, made.stderr
    row = json.loads((tmp_path / "data" / "first_fact.jsonl").read_text(encoding="utf-8"))
    assert "['Mary took the apple.']</think> <answer>office</answer>" in row["completion"][0]["content"]


def test_the_readme_shows_it_whole() -> None:
    code = (PLUGIN / "tracekd_first_fact.py").read_text(encoding="utf-8")
    assert code in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)

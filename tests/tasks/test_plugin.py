"""A task from another package: the one in the README, installed as its users would install it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples/hours"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # Without the network, and without its one dependency, which is being tested.
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(folder), str(PLUGIN)], check=True, capture_output=True)
    return folder


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "COLUMNS": "200"}
    command = [sys.executable, "-m", "tracekd", *arguments]
    return subprocess.run(command, env=environment, cwd=installed, capture_output=True, text=True, timeout=600)


def test_an_installed_task_is_listed_described_and_loaded(installed: Path) -> None:
    assert "opening hours on shops' pages" in run(installed, "tasks").stdout
    assert "The page says: ['From 9.']" in run(installed, "tasks", "hours").stdout
    loaded = run(installed, "problems", "hours", str(PLUGIN / "shops.jsonl"), "--json")
    assert '"problems": 2' in loaded.stdout
    assert '"unknown class": 1' in loaded.stdout


def test_a_broken_one_is_named_and_stops_no_other(installed: Path, tmp_path: Path) -> None:
    package = tmp_path / "broken-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[tracekd.tasks]\nbroken = no_such_module:TASK\n")
    path = os.pathsep.join(map(str, (tmp_path, installed)))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-m", "tracekd", "tasks"]
    result = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0
    assert "hours" in result.stdout and "babi" in result.stdout
    assert "'broken' of broken cannot be loaded" in result.stderr and "Traceback" not in result.stderr


def test_the_readme_shows_it_whole_and_it_is_short() -> None:
    code = (PLUGIN / "tracekd_hours.py").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert code in shown
    assert sum(1 for line in code.splitlines() if line.strip()) <= 40

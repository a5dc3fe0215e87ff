"""The benchmark of reading writes what the data set's layouts are, and reads it whole."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

from tracekd.tasks.loading import load_strict
from tracekd.tasks.msmarco import TASK

SCRIPT = Path(__file__).parents[2] / "benchmarks/speed/reading.py"


def run(*arguments: object) -> str:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_layout_is_measured(tmp_path: Path) -> None:
    table = run("--megabytes", 1, "--folder", tmp_path, "--out", tmp_path / "reading.md")
    assert (tmp_path / "reading.md").read_text(encoding="utf-8") + "\n" == table
    assert [file.name for file in tmp_path.iterdir()] == ["reading.md"]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if re.match(r"\| (Hub|v1|v2)", line)]
    assert [cell[1] for cell in cells] == ["1", "1", "1"]
    assert all(float(value.replace(",", "")) > 0 for row in cells for value in row[1:])


def test_the_layouts_that_are_made_hold_the_same_problems(tmp_path: Path) -> None:
    layouts = runpy.run_path(str(SCRIPT))["LAYOUTS"]
    found = []
    for layout in layouts:
        path = tmp_path / "made.json"
        with path.open("w", encoding="utf-8") as file:
            layout.write(file, 0, 30)
        found.append([p.model_copy(update={"source": ""}) for p in load_strict(TASK, [str(path)])])
    assert len(found[0]) == 30
    assert found[0] == found[1] == found[2]
    assert {p.stratum for p in found[0]} == {"answerable", "no_answer"}

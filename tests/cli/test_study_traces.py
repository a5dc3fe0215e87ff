"""A study whose key `trace` changes: finished outputs are judged in another way, and nothing else is made again."""

import html
import json
from pathlib import Path

from .conftest import Run

QUICK = ("--set", "conditions=[]", "--set", 'regimes=["correct"]')


def kept(run: Path) -> dict[str, int]:
    folders = ("worlds", "problems", "sft", "students", "outputs", "cells")
    return {str(p): p.stat().st_mtime_ns for name in folders for p in sorted((run / name).rglob("*")) if p.is_file()}


def test_finished_outputs_are_judged_again_in_another_way(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    assert tracekd("study", str(small_study), *QUICK).returncode == 0
    run = tmp_path / "runs" / "small"
    (by_template,) = (run / "verdicts").glob("*.jsonl")
    verdicts, before = by_template.read_bytes(), kept(run)
    assert b'"free"' not in verdicts and "trace = " not in (run / "study.toml").read_text().partition("[task]")[0]

    again = tracekd("study", str(small_study), *QUICK, "--set", "trace=auto")
    assert (again.returncode, again.stderr) == (0, "")
    assert kept(run) == before
    (free,) = (run / "verdicts").glob("*.jsonl")  # an output that has two verdicts would count twice
    assert free.name == f"{by_template.stem}.auto.jsonl"
    assert all(json.loads(line)["free"] for line in free.read_text().splitlines())
    assert json.loads(tracekd("analyze", str(run), "--json").stdout)["cells"][0]["free"]["outputs"] == 12
    assert tracekd("export", str(run), "--to", "jsonl", "--out", "exported").returncode == 0
    page = html.unescape((run / "report.html").read_text())
    assert page.count('<article class="free"') == 12
    assert "12 of 12 outputs were judged as free traces" in page
    assert "how traces are judged (auto), were declared after 1 of 1 cells were finished" in page

    assert tracekd("study", str(small_study), *QUICK).returncode == 0
    assert [path.read_bytes() for path in (run / "verdicts").glob("*.jsonl")] == [verdicts]
    assert kept(run) == before

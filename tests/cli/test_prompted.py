"""Bases that nobody teaches, in a study, beside students that are taught; and a student that fails beside them."""

import json
from pathlib import Path

from .conftest import Run


def test_zero_and_few_shots_go_through_a_study_untaught(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    regimes = '["zero_shot(trace)", "few_shot(2,trace)"]'
    sizes = ("--set", "sizes.test=4", "--set", "sizes.train=6", "--set", "sizes.validation=2")
    done = tracekd("study", str(small_study), "--set", f"regimes={regimes}", *sizes)
    assert done.returncode == 0, done.stderr
    run = tmp_path / "runs" / "small"
    rows = [json.loads(line) for path in (run / "outputs").glob("*.jsonl") for line in path.open()]
    assert {row["regime"] for row in rows} == {"zero_shot(trace)", "few_shot(2,trace)"}
    assert len(rows) == 8
    # Two worked examples are as much longer.
    tokens = {
        name: sum(row["prompt_tokens"] for row in rows if row["regime"] == name) for name in {r["regime"] for r in rows}
    }
    assert tokens["few_shot(2,trace)"] > 2 * tokens["zero_shot(trace)"]
    assert not list((run / "students").glob("*")), "no student is trained"
    records = [json.loads(path.read_text()) for path in (run / "cells").glob("*.json")]
    assert {(r["trained_on"], r["steps"], r["train_seconds"]) for r in records} == {(0, 0, 0.0)}
    report = (run / "report.html").read_text(encoding="utf-8")
    assert report.count("no training") >= 2


def test_a_student_that_goes_astray_leaves_the_others_going(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    """Adapters for modules that its base has not."""
    base = small_study.read_text().split('base = "')[1].split('"')[0]
    others = f"""
[[students]]
name = "wrong"
base = "{base}"
method = "lora"
[students.lora]
targets = ["q_proj"]
"""
    small_study.write_text(small_study.read_text().replace('"correct", "incorrect"', '"correct"') + others)
    result = tracekd("study", str(small_study))
    assert result.returncode == 1
    assert "correct-wrong-s7 failed" in result.stderr and "adapters cannot be added to this base" in result.stderr
    assert "query_key_value" in result.stderr, "what there is, is named"
    assert "Traceback" not in result.stderr
    run = tmp_path / "runs" / "small"
    assert [path.name.split("-s7")[0] for path in (run / "verdicts").glob("*.jsonl")] == ["correct-tiny"]
    assert "correct-wrong-s7" in (run / "report.html").read_text()

"""`tracekd export`: which requests are refused, and what it replaces."""

import json
from pathlib import Path

import pytest

from tracekd.cli.export import run
from tracekd.cli.requests.results import ExportRequest
from tracekd.errors import UserError

from .conftest import Run

LINE = '{"id": "0", "text": "<think>x</think> <answer>office</answer>", "student": "tiny", "regime": "correct"}\n'


@pytest.fixture
def verified(tmp_path: Path, tracekd: Run) -> Path:
    (tmp_path / "qa1_test.txt").write_text("1 Mary went to the office.\n2 Where is Mary? \toffice\t1\n")
    assert tracekd("problems", "babi", "qa1_test.txt", "--out", "problems.jsonl").returncode == 0
    ident = json.loads((tmp_path / "problems.jsonl").read_text())["id"]
    (tmp_path / "outputs.jsonl").write_text(LINE.replace('"0"', f'"{ident}"'))
    made = tracekd("verify", "outputs.jsonl", "--task", "babi", "--problems", "problems.jsonl", "--out", "verified")
    assert made.returncode == 0, made.stderr
    return tmp_path / "verified"


def test_the_command_says_what_it_wrote_and_what_to_do_next(verified: Path, tracekd: Run) -> None:
    made = tracekd("export", "verified", "--to", "inspect", "--out", "logs")
    assert (made.returncode, made.stderr) == (0, "")
    assert "1 outputs of 1 student written: logs" in made.stdout and "inspect view --log-dir logs/logs" in made.stdout
    again = tracekd("verify", "logs/logs", "--task", "babi", "--problems", "logs/problems.jsonl", "--out", "again")
    assert again.returncode == 0
    written = [folder / "verdicts.jsonl" for folder in (verified, verified.parent / "again")]
    assert written[0].read_text() == written[1].read_text()


def test_a_second_export_replaces_only_the_files_of_the_first(verified: Path) -> None:
    out = verified.parent / "out"
    run(ExportRequest(run=verified, to="lm-eval", out=out))
    (out / "notes.txt").write_text("mine")
    run(ExportRequest(run=verified, to="jsonl", out=out))
    kept = sorted(str(file.relative_to(out)) for file in out.rglob("*") if file.is_file() and file.name[0] != ".")
    assert kept == ["README.md", "data/outputs.jsonl", "notes.txt", "problems.jsonl"]
    (out / "README.md").unlink()
    other = verified.parent / "other"
    other.mkdir()
    (other / "README.md").write_text("mine")
    with pytest.raises(UserError, match="did not write this"):
        run(ExportRequest(run=verified, to="jsonl", out=other))
    assert (other / "README.md").read_text() == "mine" and not (other / "data").exists()


def test_a_request_that_cannot_be_met_is_refused(verified: Path) -> None:
    with pytest.raises(UserError, match="target of export 'inspct'") as raised:
        run(ExportRequest(run=verified, to="inspct", out=verified.parent / "out"))
    assert raised.value.next_step == "did you mean 'inspect'?"
    with pytest.raises(UserError, match="--out is missing"):
        run(ExportRequest(run=verified, to="inspect"))
    with pytest.raises(UserError, match="into the run itself"):
        run(ExportRequest(run=verified, to="inspect", out=verified))
    with pytest.raises(UserError, match="no run in this folder"):
        run(ExportRequest(run=verified.parent, to="inspect", out=verified.parent / "out"))

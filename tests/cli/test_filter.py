"""`tracekd filter` and audits of free traces, as a user runs them."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracekd.audit.filtering import FilterReport

from ..audit.free_rows import made, messages, own_prompt, write_problems, write_rows
from .conftest import Run, environment

ROWS = made("babi", 40)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", [messages(each) for each in ROWS])


def test_it_keeps_rows_and_says_what_it_left_out(started_tracekd: Run, tracekd: Run, rows: Path) -> None:
    made = started_tracekd("filter", "rows.jsonl", "--task", "babi", "--out", "kept")
    assert made.returncode == 0, made.stderr
    assert "of 40 rows are kept" in made.stdout and "a statement is false" in made.stdout
    assert "next: tracekd audit kept --task babi --trace free" in made.stdout
    kept = (rows.parent / "kept" / "rows.jsonl").read_bytes().splitlines()
    assert 15 < len(kept) < 40 and set(kept) <= set(rows.read_bytes().splitlines())
    again = tracekd("audit", "kept", "--task", "babi", "--trace", "free", "--json")
    assert again.returncode == 0, again.stdout
    report = json.loads(again.stdout)
    assert report["traces"]["free"] == len(kept) and report["traces"]["claims"] == report["traces"]["holding"]
    before = tracekd("audit", "rows.jsonl", "--task", "babi", "--trace", "free")
    assert before.returncode == 1
    assert "traces: 0 by the template, 40 statement by statement, 0 not judged" in before.stdout
    assert "rows.jsonl:2: statement " in before.stdout and "of them cannot be read" in before.stdout


def test_json_is_the_report_and_nothing_else(tracekd: Run, rows: Path) -> None:
    made = tracekd("filter", "rows.jsonl", "--task", "babi", "--out", "kept", "--json")
    report = FilterReport.model_validate_json(made.stdout)
    assert report == FilterReport.model_validate_json((rows.parent / "kept" / "manifest.json").read_bytes())
    assert report.rows == report.kept + sum(report.left_out.values()) == 40


def test_nothing_kept_is_a_failure(tracekd: Run, tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", [own_prompt(each) for each in ROWS])
    made = tracekd("filter", "rows.jsonl", "--task", "babi", "--out", "kept")
    assert made.returncode == 1 and "its question or its context cannot be found" in made.stdout
    write_problems(tmp_path / "problems.jsonl", ROWS)
    command = ("filter", "rows.jsonl", "--task", "babi", "--problems", "problems.jsonl", "--out", "kept")
    assert tracekd(*command).returncode == 0


def test_it_replaces_only_its_own_files(tracekd: Run, rows: Path) -> None:
    folder = rows.parent / "kept"
    command = ("filter", "rows.jsonl", "--task", "babi", "--out", "kept")
    assert tracekd(*command).returncode == 0
    first = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name[0] != "."}
    assert tracekd(*command).returncode == 0
    assert first == {
        file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name[0] != "."
    }
    rows.rename(rows.with_name("others.jsonl"))
    assert tracekd("filter", "others.jsonl", "--task", "babi", "--out", "kept").returncode == 0
    assert sorted(file.name for file in folder.glob("[!.]*.json*")) == ["manifest.json", "others.jsonl"]
    (folder / "mine.jsonl").write_text("{}\n", encoding="utf-8")
    rows.with_name("others.jsonl").rename(rows.with_name("mine.jsonl"))
    refused = tracekd("filter", "mine.jsonl", "--task", "babi", "--out", "kept")
    assert refused.returncode == 2 and "did not write this" in refused.stderr
    assert (folder / "mine.jsonl").read_text(encoding="utf-8") == "{}\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("filter", "rows.jsonl", "--task", "bab", "--out", "kept"), "did you mean 'babi'"),
        (("filter", "rows.jsonl", "--task", "babi", "--keep", "claim", "--out", "kept"), "did you mean 'claims'"),
        (("filter", "rows.jsonl", "--task", "babi", "--out", "rows.jsonl"), "name another --out"),
        (("filter", "data", "--task", "babi", "--out", "data/kept"), "folder that is read"),
        (("filter", "nowhere", "--task", "babi", "--out", "kept"), "there is no such file or folder"),
        (("filter", "rows.jsonl", "--task", "babi", "--problems", "rows.jsonl", "--out", "kept"), "qa1 to qa20"),
        (("audit", "rows.jsonl", "--task", "babi", "--trace", "fre"), "did you mean 'free'"),
        (("audit", "rows.jsonl", "--task", "babi", "--problems", "p.jsonl"), "add --trace free"),
        (("audit", "rows.jsonl", "--task", "babi", "--trace", "free", "--problems", "none.jsonl"), "none.jsonl"),
    ],
)
def test_a_wrong_request_is_told_what_would_do(tracekd: Run, rows: Path, command: tuple[str, ...], said: str) -> None:
    (rows.parent / "data").mkdir()
    (rows.parent / "data" / "rows.jsonl").write_bytes(rows.read_bytes())
    made = tracekd(*command)
    assert made.returncode == 2, made.stdout
    assert said in made.stderr and "Traceback" not in made.stderr and made.stdout == ""
    assert not (rows.parent / "kept" / "rows.jsonl").exists()


def test_text_of_rows_is_shown_as_text(tracekd: Run, tmp_path: Path) -> None:
    row = messages(ROWS[0])
    row["messages"][1]["content"] = "<think>[red]\x1b[31mMary is on the moon.</think> <answer>x</answer>"
    (tmp_path / "rows\N{RIGHT-TO-LEFT OVERRIDE}[b].jsonl").write_text("", encoding="utf-8")
    write_rows(tmp_path / "[red]rows.jsonl", [row])
    made = tracekd("filter", "[red]rows.jsonl", "--task", "babi", "--out", "kept")
    assert made.returncode == 1 and "[red]rows.jsonl" in made.stdout and "\x1b" not in made.stdout
    audited = tracekd(
        "audit", "[red]rows.jsonl", "--task", "babi", "--trace", "free", "--threshold", "false_statement=none"
    )
    assert "\x1b" not in audited.stdout


def test_a_kill_leaves_no_part_of_a_file_and_the_next_run_is_complete(tracekd: Run, rows: Path) -> None:
    rows.write_bytes(rows.read_bytes() * 40)
    folder = rows.parent / "kept"
    command = ["-m", "tracekd", "filter", "rows.jsonl", "--task", "babi", "--out", "kept"]
    running = subprocess.Popen(
        [sys.executable, *command], cwd=rows.parent, env=environment(), stdout=subprocess.DEVNULL
    )
    while not list(folder.glob(".rows.jsonl.*")):
        assert running.poll() is None, "it ended before it was killed"
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert [file for file in folder.rglob("*") if file.is_file() and file.name[0] != "."] == []
    made = tracekd("filter", "rows.jsonl", "--task", "babi", "--out", "kept", "--json")
    report = FilterReport.model_validate_json(made.stdout)
    assert report.rows == 1600 and len((folder / "rows.jsonl").read_bytes().splitlines()) == report.kept
    assert list(folder.rglob(".*.tracekd")) == []

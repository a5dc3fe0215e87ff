"""`tracekd audit`, as a user runs it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tracekd.content_hash import HASHES

from .conftest import Run, run_in
from .test_sft import OTHER, STORY


@pytest.fixture(scope="module")
def made(ready_python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with stories and what `tracekd sft` makes of them."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "stories").mkdir()
    (folder / "stories" / "qa1_small.txt").write_text(STORY, encoding="utf-8", newline="\n")
    (folder / "stories" / "qa15_small.txt").write_text(OTHER, encoding="utf-8", newline="\n")
    command = ("sft", "babi", "stories", "--regime", "correct,incorrect", "--out", "data")
    assert run_in(folder, ready_python, *command).returncode == 0
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "data"


def change(path: Path, edit: Any) -> None:
    """Change the rows of the JSON Lines, which are read when there is no Parquet."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    edit(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    path.with_suffix(".parquet").unlink(missing_ok=True)
    (path.parent / HASHES).unlink(missing_ok=True)  # now it is not what tracekd wrote


def say_of_another(rows: list[dict[str, Any]]) -> None:
    rows[0].update(prompt=rows[1]["prompt"], completion=rows[1]["completion"])


def test_clean_data_passes(tracekd: Run, data: Path) -> None:
    result = tracekd("audit", "data")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "incorrect.parquet" in result.stdout and "FAULT" not in result.stdout
    assert "not read, because the Parquet file of the same name is: correct.jsonl, incorrect.jsonl" in result.stdout
    assert "distinguished by" in result.stdout


def test_a_fault_is_told_with_its_place_and_ends_with_1(started_tracekd: Run, data: Path) -> None:
    change(data / "correct.jsonl", say_of_another)
    result = started_tracekd("audit", "data", "--out", "findings.jsonl")
    assert result.returncode == 1
    assert "message_of_another_question" in result.stdout and "FAULT" in result.stdout
    assert "data/correct.jsonl:1: the message asks" in result.stdout
    assert "it belongs to data/correct.jsonl:2" in result.stdout
    lines = (data.parent / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    findings = [json.loads(line) for line in lines]
    assert {"data/correct.jsonl:1"} == {f["where"] for f in findings if f["fault"] == "message_of_another_question"}


def test_only_findings_of_an_earlier_audit_are_replaced(tracekd: Run, data: Path) -> None:
    for _ in range(2):  # without findings, the file is empty
        assert tracekd("audit", "data", "--out", "findings.jsonl").returncode == 0
    change(data / "correct.jsonl", say_of_another)
    for _ in range(2):
        assert tracekd("audit", "data", "--out", "findings.jsonl").returncode == 1
    mine = data.parent / "mine.jsonl"
    mine.write_text('{"mine": 1}\n')
    (data.parent / "link.jsonl").symlink_to("findings.jsonl")
    for name, said in (("mine.jsonl", "did not write this file"), ("link.jsonl", "symbolic link")):
        result = tracekd("audit", "data", "--out", name)
        assert result.returncode == 2 and said in result.stderr
    assert mine.read_text() == '{"mine": 1}\n' and (data.parent / "link.jsonl").is_symlink()


def test_json_is_one_object_and_nothing_else(tracekd: Run, data: Path) -> None:
    change(data / "correct.jsonl", say_of_another)
    result = tracekd("audit", "data", "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 1 and report["task"] == "babi"
    above = {fault["name"]: fault["rows"] for fault in report["faults"] if fault["verdict"] == "FAULT"}
    # Of the few rows, the one that stands twice now is more than a tenth.
    assert above == {"message_of_another_question": 1, "duplicate_prompt": 1, "duplicate_row": 1}
    settings = ("message_of_another_question=none", "duplicate_prompt=0.5", "duplicate_row=0.5")
    borne = tracekd("audit", "data", "--json", *(word for name in settings for word in ("--threshold", name)))
    assert borne.returncode == 0, borne.stdout
    assert json.loads(borne.stdout)["faults"][1]["verdict"] == "reported"


def test_targets_that_are_cut(tracekd: Run, data: Path) -> None:
    result = tracekd("audit", "data", "--tokenizer", "embedded", "--max-tokens", "20", "--json")
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert report["lost_targets"]["part"] + report["lost_targets"]["all"] == report["rows"]
    assert "tokens" in report["give_away"][0]["numbers"]


def test_text_of_files_is_shown_as_text(tracekd: Run, data: Path) -> None:
    def paint(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["regime"] = "[red]\x1b[31mevil"
            row["answer"] = "[/]\x1b]0;title\x07"

    change(data / "correct.jsonl", paint)
    result = tracekd("audit", "data")
    assert result.returncode == 1
    assert "\x1b" not in result.stdout and "[red]" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("data", "--task", "bab"), "did you mean 'babi'"),
        (("nowhere",), "there is no such file or folder"),
        (("data", "--max-tokens", "9"), "add --tokenizer embedded"),
        (("data", "--threshold", "duplicate=0.1"), "did you mean 'duplicate_row'"),
        (("data", "--threshold", "duplicate_row=2"), "a number from 0 to 1"),
        (("data", "--threshold", "duplicate_row"), "NAME=SHARE"),
        (("data", "--out", "data"), "this is a folder"),
        (("data", "--out", "data/findings.jsonl"), "name a file in another folder"),
        (("data", "--against", "nothing.csv"), "nothing.csv"),
        (("notes.jsonl",), "no row of supervised data"),
    ],
)
def test_a_wrong_request_is_told_what_would_do(tracekd: Run, data: Path, arguments: tuple[str, ...], said: str) -> None:
    (data.parent / "notes.jsonl").write_text('{"note": 1}\n', encoding="utf-8")
    result = tracekd("audit", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr and result.stdout == ""

"""`tracekd world`, as a user runs it."""

import json
from pathlib import Path

import pytest

from .conftest import Run


def test_worlds_families_and_dials_are_shown(tracekd: Run) -> None:
    assert all(name in tracekd("world").stdout for name in ("babi", "cotempqa", "msmarco"))
    said = tracekd("world", "babi", "--task", "path-finding").stdout
    assert "path-finding" in said and "path " in said and "default" in said
    assert "basic-deduction" not in said


def test_a_world_is_made_and_holds_against_the_rules(started_tracekd: Run, tmp_path: Path) -> None:
    made = started_tracekd("world", "cotempqa", "--n", "20", "--seed", "3", "--out", "w")
    assert made.returncode == 0, made.stderr
    assert "80 questions of 4 families are in w" in made.stdout
    found = json.loads(started_tracekd("problems", "cotempqa", "w", "--check", "--json").stdout)
    assert found["classes"] == dict.fromkeys(("equal", "during", "overlap", "mix"), 20) | found["classes"]
    for measure in ("class_agree", "answer_agree", "support_sufficient"):
        assert found["oracle"][measure] == [80, 80]
    assert (found["labels"], found["skipped"]) == ({}, {})
    assert json.loads((tmp_path / "w/manifest.json").read_text())["recipe"]["seed"] == 3


def test_dials_are_set_in_the_families_that_have_them(tracekd: Run, tmp_path: Path) -> None:
    made = tracekd("world", "babi", "--task", "path-finding", "--n", "9", "--set", "path=3", "--out", "w")
    assert made.returncode == 0, made.stderr
    answers = [line.split("\t")[1] for line in (tmp_path / "w/qa19_path-finding_train.txt").read_text().splitlines()
               if "\t" in line]  # fmt: skip
    assert len(answers) == 9 and all(len(answer.split(",")) == 3 for answer in answers)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["babbi", "--out", "w"], ["did you mean 'babi'?"]),
        (["babi", "--task", "path-findng", "--out", "w"], ["did you mean 'path-finding'?"]),
        (["babi", "--set", "pth=3", "--out", "w"], ["there is no dial 'pth'"]),
        (["babi", "--task", "path-finding", "--set", "path", "--out", "w"], ["key=value"]),
        (["babi", "--task", "path-finding", "--set", "path=0", "--out", "w"], ["path", "path-finding"]),
        (["babi", "--task", "path-finding", "--set", "path=8", "--set", "places=3", "--out", "w"], ["path", "places"]),
        (["cotempqa", "--n", "0", "--out", "w"], ["--n"]),
    ],
)
def test_what_cannot_be_made_ends_in_2_with_nothing_written(
    tracekd: Run, tmp_path: Path, arguments: list[str], said: list[str]
) -> None:
    result = tracekd("world", *arguments)
    assert result.returncode == 2
    assert all(part in result.stderr for part in said), result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "w").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tracekd: Run, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w/own.txt").write_text("mine")
    result = tracekd("world", "cotempqa", "--n", "5", "--out", "w")
    assert result.returncode == 2 and "this folder is not empty" in result.stderr
    assert [p.name for p in (tmp_path / "w").iterdir()] == ["own.txt"]


def test_generated_and_other_problems_stand_side_by_side(tracekd: Run, tmp_path: Path) -> None:
    assert tracekd("world", "cotempqa", "--n", "30", "--seed", "9", "--task", "mix", "--out", "w").returncode == 0
    result = tracekd("world", "cotempqa", "--n", "30", "--beside", str(tmp_path / "w"))
    assert result.returncode == 0, result.stderr
    assert "generated" in result.stdout and "facts (fewest / mean / most)" in result.stdout
    assert "has no problems of this class" in result.stdout.replace("\n", " ")

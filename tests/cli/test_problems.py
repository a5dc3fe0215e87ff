"""`tracekd problems`, as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.requests.data import ProblemsRequest
from tracekd.files import read_jsonl
from tracekd.problem import Problem
from tracekd.tasks.check import Check
from tracekd.tasks.reading.fault import Skipped

from .conftest import Run

# Two stories; the second has a question whose support is not an earlier fact, and one that is sound.
STORIES = """\
1 Mary moved to the bathroom.
2 John went to the hallway.
3 Where is Mary? \tbathroom\t1
1 Ann went to the kitchen.
2 Where is Ann? \tkitchen\t7
3 Where is Ann? \tkitchen\t1
"""


@pytest.fixture
def babi(tmp_path: Path) -> str:
    path = tmp_path / "qa1_small.txt"
    path.write_text(STORIES, encoding="utf-8", newline="\n")
    return str(path)


def printed(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("problems", *arguments, "--json")
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_json_is_one_object_and_nothing_else(tracekd: Run, babi: str, tmp_path: Path) -> None:
    found = printed(tracekd, "babi", babi, "--check")
    assert found["problems"] == 2
    assert found["classes"] == {"single-supporting-fact": 2}
    assert sum(found["skipped"].values()) == 1
    assert found["oracle"]["answer_agree"] == [2, 2] == found["oracle"]["support_sufficient"]
    assert found["oracle"]["by_class"]["single-supporting-fact"]["answer_agree"] == [2, 2]
    assert found["oracle"]["class_agree"] == [0, 0]
    assert found["labels"] == {}
    (skipped,) = read_jsonl(tmp_path / found["skipped_file"], Skipped)
    assert skipped.where == f"{babi}:5" and "7" in skipped.detail


def test_without_check_nothing_is_said_of_the_rules(tracekd: Run, babi: str) -> None:
    assert printed(tracekd, "babi", babi)["oracle"] is None


def test_out_holds_the_problems_and_its_neighbours_the_rest(tracekd: Run, babi: str, tmp_path: Path) -> None:
    printed(tracekd, "babi", babi, "--check", "--out", str(tmp_path / "deep/problems.jsonl"))
    problems = list(read_jsonl(tmp_path / "deep/problems.jsonl", Problem))
    assert [p.answer.values for p in problems] == [("bathroom",), ("kitchen",)]
    checks = list(read_jsonl(tmp_path / "deep/problems.check.jsonl", Check))
    assert [c.id for c in checks] == [p.id for p in problems]
    assert len(list(read_jsonl(tmp_path / "deep/problems.skipped.jsonl", Skipped))) == 1


def test_a_side_file_of_an_earlier_run_does_not_outlive_its_faults(tracekd: Run, babi: str, tmp_path: Path) -> None:
    out = str(tmp_path / "problems.jsonl")
    printed(tracekd, "babi", babi, "--out", out)
    assert (tmp_path / "problems.skipped.jsonl").is_file()
    Path(babi).write_text(STORIES.replace("\t7", "\t1"), encoding="utf-8")
    assert printed(tracekd, "babi", babi, "--out", out)["skipped_file"] is None
    assert not (tmp_path / "problems.skipped.jsonl").exists()


def test_a_file_that_was_named_for_skipped_records_is_there_even_if_none_was(
    tracekd: Run, babi: str, tmp_path: Path
) -> None:
    Path(babi).write_text(STORIES.replace("\t7", "\t1"), encoding="utf-8")
    printed(tracekd, "babi", babi, "--skipped", str(tmp_path / "none.jsonl"))
    assert (tmp_path / "none.jsonl").read_text() == ""


def test_strict_ends_in_2_with_file_line_and_reason_and_leaves_nothing(
    started_tracekd: Run, babi: str, tmp_path: Path
) -> None:
    result = started_tracekd("problems", "babi", babi, "--strict", "--out", str(tmp_path / "out/problems.jsonl"))
    assert result.returncode == 2
    assert f"{babi}:5: " in result.stderr and "7" in result.stderr
    assert "Traceback" not in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_tables_for_people_name_the_skipped_record(tracekd: Run, babi: str) -> None:
    result = tracekd("problems", "babi", babi, "--check")
    assert result.returncode == 0
    assert "2 problems of babi" in result.stdout
    assert "2/2" in result.stdout
    assert f"{Path(babi).name}:5" in result.stdout.replace("\n", "")


def test_a_split_by_group_writes_its_sides_and_tells_what_leaks(tracekd: Run, tmp_path: Path) -> None:
    places = ("bathroom", "kitchen", "garden", "office", "hallway", "bedroom", "park", "cinema", "school", "yard")
    text = "".join(
        f"1 Mary went to the {place}.\n2 Where is Mary?\t{place}\t1\n3 Where is Mary?\t{place}\t1\n" for place in places
    )
    source = tmp_path / "qa1_many.txt"
    source.write_text(text, encoding="utf-8")
    arguments = ("babi", str(source), "--split", "group", "--shares", "0.6,0.1,0.3", "--out", str(tmp_path / "p.jsonl"))
    found = printed(tracekd, *arguments)
    assert {side: part["problems"] for side, part in found["split"].items()} == {
        "train": 12,
        "validation": 2,
        "test": 6,
    }
    groups = [{p.group for p in read_jsonl(tmp_path / f"p.{side}.jsonl", Problem)} for side in found["split"]]
    assert sum(map(len, groups)) == len(set().union(*groups)) == 10
    assert found["leakage"]["train"]["test"]["same_group"] == 0
    assert found["leakage"]["train"]["test"]["same_question"] == 6
    assert not (tmp_path / "p.jsonl").exists()
    again = printed(tracekd, *arguments, "--seed", "1")
    assert again["split"]["test"]["problems"] == 6
    assert {p.group for p in read_jsonl(tmp_path / "p.test.jsonl", Problem)} != groups[2]


def test_what_leaks_from_other_files_is_told(tracekd: Run, babi: str, tmp_path: Path) -> None:
    other = tmp_path / "qa1_other.txt"
    other.write_text(STORIES[: STORIES.index("1 Ann")], encoding="utf-8")
    found = printed(tracekd, "babi", babi, "--against", str(other))
    leak = found["leakage"]["against"]["source"]
    assert (leak["problems"], leak["verbatim"]) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--split", "grup"], "did you mean 'group'?"),
        (["--split", "group", "--shares", "1,1,1"], "add up to 1"),
        (["--split", "group", "--shares", "a,b"], "add up to 1"),
        (["--support", "suport"], "did you mean 'support'?"),
        (["--subset", "papr"], "did you mean 'paper'?"),
        (["--split", "paper", "--against", "x"], "exclude each other"),
    ],
)
def test_a_request_that_is_wrong_ends_in_2_and_names_the_nearest(
    tracekd: Run, babi: str, arguments: list[str], said: str
) -> None:
    result = tracekd("problems", "babi", babi, *arguments)
    assert result.returncode == 2
    assert said in result.stderr and "Traceback" not in result.stderr


def test_a_source_that_is_not_there_ends_in_2(tracekd: Run) -> None:
    result = tracekd("problems", "babi", "nowhere")
    assert result.returncode == 2
    assert "nowhere" in result.stderr and "Traceback" not in result.stderr


def test_an_out_that_cannot_be_written_ends_in_1_without_a_traceback(tracekd: Run, babi: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = tracekd("problems", "babi", babi, "--out", str(tmp_path / "file/problems.jsonl"))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr and "file" in result.stderr


def test_the_side_file_stands_beside_out_or_carries_the_name_of_the_task() -> None:
    assert ProblemsRequest("babi", ["x"], out=Path("a/b.jsonl")).side_file == Path("a/b.skipped.jsonl")
    assert ProblemsRequest("babi", ["x"]).side_file == Path("babi.skipped.jsonl")


def test_hostile_text_reaches_the_terminal_without_control_characters(tracekd: Run, tmp_path: Path) -> None:
    source = tmp_path / "qa1_hostile.txt"
    source.write_text("1 A.\n2 Who?\ta\t[red]\x1b[31m\n", encoding="utf-8")
    result = tracekd("problems", "babi", str(source))
    assert result.returncode == 0
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "qa1_small.txt"], "would replace a source"),
        (["--out", "problems.jsonl", "--skipped", "problems.jsonl"], "two outputs"),
        (["--out", "."], "this is a folder"),
        (["--skipped", "folder"], "this is a folder"),
    ],
)
def test_outputs_are_looked_at_before_anything_is_read(
    tracekd: Run, babi: str, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "folder").mkdir()
    result = tracekd("problems", "babi", babi, *arguments)
    assert result.returncode == 2
    assert said in result.stderr and "Traceback" not in result.stderr
    assert Path(babi).read_text() == STORIES


def test_only_what_belongs_to_out_is_cleared_away(tracekd: Run, babi: str, tmp_path: Path) -> None:
    Path(babi).write_text(STORIES.replace("\t7", "\t1"), encoding="utf-8")
    (tmp_path / "babi.skipped.jsonl").write_text("precious")
    printed(tracekd, "babi", babi)
    assert (tmp_path / "babi.skipped.jsonl").read_text() == "precious"
    assert printed(tracekd, "babi", babi, "--check", "--out", "p.jsonl")["files"] == ["p.jsonl", "p.check.jsonl"]
    assert printed(tracekd, "babi", babi, "--out", "p.jsonl")["files"] == ["p.jsonl"]
    assert not (tmp_path / "p.check.jsonl").exists()


def test_what_could_not_be_compared_is_told(tracekd: Run, babi: str, tmp_path: Path) -> None:
    other = tmp_path / "qa1_other.txt"
    other.write_text(STORIES)
    found = printed(tracekd, "babi", babi, "--against", str(other))
    assert found["against_skipped"] == {"support is not an earlier fact": 1}
    assert found["leakage"]["against"]["source"]["verbatim"] == 2


def test_where_nothing_could_be_loaded_it_is_said(tracekd: Run, tmp_path: Path) -> None:
    source = tmp_path / "qa1_nothing.txt"
    source.write_text("nothing of the kind\n")
    result = tracekd("problems", "babi", str(source))
    assert "no problem could be loaded" in result.stderr
    assert "1" in result.stdout


def test_strict_messages_hold_no_control_characters(tracekd: Run, tmp_path: Path) -> None:
    source = tmp_path / "qa1_hostile.txt"
    source.write_text("1 A.\n2 Who?\ta\t[red]\x1b[31m\n", encoding="utf-8")
    result = tracekd("problems", "babi", str(source), "--strict")
    assert result.returncode == 2
    assert "\x1b" not in result.stderr and "[red]" in result.stderr

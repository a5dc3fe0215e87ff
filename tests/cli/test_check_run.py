"""`tracekd check-run`: what is whole, damaged, missing, and not ours."""

import json
from pathlib import Path

import pytest

from tracekd.cli.check_run import run
from tracekd.cli.requests.results import CheckRunRequest
from tracekd.content_hash import HASHES
from tracekd.errors import UserError
from tracekd.files import write_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("training.json", "a.txt", "tables/b.csv"):
        write_text(tmp_path / "out" / name, f"text of {name}")
    return tmp_path / "out"


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = run(CheckRunRequest(folder, json=True))
    return code, json.loads(capsys.readouterr().out)


def test_a_whole_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = checked(folder, capsys)
    assert code == 0 and report["whole"] == 3 and report["next"] is None
    assert run(CheckRunRequest(folder)) == 0 and capsys.readouterr().out == "3 files are whole\n"


@pytest.mark.parametrize("change", ["damaged", "missing"])
def test_a_damaged_and_a_missing_file_are_named_with_what_makes_them_again(
    folder: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    path = folder / "tables" / "b.csv"
    path.write_text("other") if change == "damaged" else path.unlink()
    code, report = checked(folder, capsys)
    assert code == 1 and report[change] == ["tables/b.csv"] and report["whole"] == 2
    assert "tracekd train" in str(report["next"])
    assert run(CheckRunRequest(folder)) == 1
    said = capsys.readouterr().out
    assert f"1 {change}:\n  tables/b.csv\n" in said and "next: delete this folder" in said


def test_a_damaged_list_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / HASHES).read_bytes()
    (folder / HASHES).write_bytes(text.replace(b"a.txt", b"o.txt"))
    code, report = checked(folder, capsys)
    assert code == 1 and report["damaged"] == [HASHES] and report["unknown"] == ["a.txt"]


def test_what_others_wrote_is_named_without_its_control_characters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine\x1b[31m.txt").write_text("mine")
    (folder / "mine.part").write_text("mine")
    assert run(CheckRunRequest(folder)) == 0
    said = capsys.readouterr().out
    assert "2 without a hash" in said and "mine.part" in said and "\x1b" not in said


def test_a_link_that_leads_back_ends(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "again").symlink_to(folder)
    assert checked(folder, capsys)[0] == 0


@pytest.mark.parametrize("name", ["nowhere", "file", "empty"])
def test_any_other_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match=r"there is no such folder|no file in this folder has a content hash"):
        run(CheckRunRequest(tmp_path / name))

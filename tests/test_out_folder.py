"""A folder that a command writes into: its own files are replaced, nobody else's ever."""

import json
from pathlib import Path

import pytest

from tracekd.errors import UserError
from tracekd.out_folder import out_folder

NAMES = ("a.txt", "tables")


def write(path: Path, text: str, *tables: str) -> None:
    with out_folder(path, "try", NAMES) as folder:
        folder.clear()
        (path / "a.txt").write_text(text)
        folder.add(f"tables/{name}" for name in tables)
        for name in tables:
            (path / "tables").mkdir(exist_ok=True)
            (path / "tables" / name).write_text(text)


def contents(path: Path) -> dict[str, str]:
    files = (file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    return {str(file.relative_to(path)): file.read_text() for file in files}


def test_what_the_same_command_wrote_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "out", "first", "x.csv", "y.csv")
    write(tmp_path / "out", "second", "y.csv")
    assert contents(tmp_path / "out") == {"a.txt": "second", "tables/y.csv": "second"}
    write(tmp_path / "out", "third")
    assert contents(tmp_path / "out") == {"a.txt": "third"} and not (tmp_path / "out" / "tables").exists()


def test_what_another_command_wrote_is_foreign(tmp_path: Path) -> None:
    write(tmp_path, "first")
    with pytest.raises(UserError, match="`tracekd other` did not write this"), out_folder(tmp_path, "other", NAMES):
        pass
    assert contents(tmp_path) == {"a.txt": "first"}


def test_foreign_files_beside_its_own_stay(tmp_path: Path) -> None:
    write(tmp_path, "first", "x.csv")
    (tmp_path / "b.txt").write_text("mine")
    (tmp_path / "tables" / "z.csv").write_text("mine")
    write(tmp_path, "second")
    assert contents(tmp_path) == {"a.txt": "second", "b.txt": "mine", "tables/z.csv": "mine"}
    with pytest.raises(UserError, match="did not write this"):
        write(tmp_path, "third", "z.csv")
    assert contents(tmp_path)["tables/z.csv"] == "mine"


def test_a_killed_run_can_be_repeated(tmp_path: Path) -> None:
    with out_folder(tmp_path, "try", NAMES) as folder:
        folder.clear()
        (tmp_path / "a.txt").write_text("half")
    write(tmp_path, "second")
    assert contents(tmp_path) == {"a.txt": "second"}


def test_a_lock_of_somebody_elses_keeps_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("mine")
    write(tmp_path, "first")
    assert (tmp_path / ".lock").read_text() == "mine"


def test_a_link_to_a_folder_works(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for text in ("first", "second"):
        write(tmp_path / "link", text, "x.csv")
    assert (tmp_path / "link").is_symlink() and contents(tmp_path / "real") == {
        "a.txt": "second",
        "tables/x.csv": "second",
    }


def test_a_link_that_leads_nowhere_or_to_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(UserError, match="symbolic link is broken"):
        write(tmp_path / "link", "first")
    (tmp_path / "nowhere").write_text("mine")
    with pytest.raises(UserError, match="is a file"):
        write(tmp_path / "link", "first")
    assert (tmp_path / "nowhere").read_text() == "mine"


@pytest.mark.parametrize("name", NAMES)
def test_a_link_in_the_place_of_a_result_is_refused(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "first", "x.csv")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.csv").write_text("mine")
    (out / name).rename(tmp_path / "moved")
    (out / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="did not write this"):
        write(out, "second", "x.csv")
    assert (tmp_path / "elsewhere" / "x.csv").read_text() == "mine"


@pytest.mark.parametrize("names", [["../mine.txt"], ["/etc/passwd"], ["tables/../../mine.txt"], [""], "a.txt", [1]])
def test_a_list_that_leads_out_of_the_folder_is_refused(names: object, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "mine.txt").write_text("mine")
    (out / ".tracekd-try.json").write_text(json.dumps({"files": names}))
    with pytest.raises(UserError, match="cannot be read"):
        write(out, "first")
    assert (tmp_path / "mine.txt").read_text() == "mine" and contents(out) == {}

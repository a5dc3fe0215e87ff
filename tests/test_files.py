"""Files that are either whole or absent."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tracekd import files
from tracekd.content_hash import HASHES
from tracekd.errors import UserError
from tracekd.files import file_hash, read_jsonl, recipe_key, write_folder, write_jsonl, write_text


class Row(BaseModel):
    name: str
    size: int = 0


class Failure(Exception):
    pass


def names(folder: Path) -> list[str]:
    """Of all files, except the list of their hashes."""
    return sorted(path.name for path in folder.iterdir() if path.name != HASHES)


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    write_text(tmp_path / "a/b/c.txt", "zwei\r\nüçß\n\x00")
    assert (tmp_path / "a/b/c.txt").read_bytes() == "zwei\r\nüçß\n\x00".encode()
    assert names(tmp_path / "a/b") == ["c.txt"]


def test_others_may_read_what_was_written(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "a")
    write_folder(tmp_path / "f", lambda folder: None)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o755


def test_a_text_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "a.txt", "new \ud800")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_failure_before_the_file_takes_its_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: object, target: object) -> None:
        raise Failure

    write_text(tmp_path / "a.txt", "old")
    monkeypatch.setattr(files.os, "replace", fail)
    for name in ("a.txt", "b.txt"):
        with pytest.raises(Failure):
            write_text(tmp_path / name, "new")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_rows_that_fail_half_way_leave_the_old_file(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield Row(name="new")
        raise Failure

    write_jsonl(tmp_path / "a.jsonl", [Row(name="old")])
    with pytest.raises(Failure):
        write_jsonl(tmp_path / "a.jsonl", rows())
    assert list(read_jsonl(tmp_path / "a.jsonl", Row)) == [Row(name="old")]
    assert names(tmp_path) == ["a.jsonl"]


KILLED_IN_THE_MIDDLE = """
import os, sys
from pathlib import Path
from tracekd import files
path = Path(sys.argv[1])
files.os.replace = lambda source, target: os._exit(9)
files.write_text(path, "new" * 1000)
"""


def test_a_process_that_dies_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "old")
    ended = subprocess.run([sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(tmp_path / "a.txt")], check=False)
    assert ended.returncode == 9
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"


TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


@settings(deadline=None)
@given(st.lists(st.builds(Row, name=TEXTS, size=st.integers(-(2**60), 2**60))))
def test_rows_are_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.jsonl"
    write_jsonl(path, rows)
    assert list(read_jsonl(path, Row)) == rows
    assert path.read_bytes().count(b"\n") == len(rows)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"size": 1}', b'{"name": 1}', b'{"name": "\xff"}', b"null"])
def test_a_line_that_is_no_row_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"name": "a"}\n' + line + b'\n{"name": "b"}\n')
    rows = read_jsonl(path, Row)
    assert next(rows) == Row(name="a")
    with pytest.raises(UserError, match="this is not a valid Row") as caught:
        next(rows)
    assert caught.value.where == f"{path}:2"


def test_a_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_jsonl(path, [Row(name="a"), Row(name="b")])
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(UserError, match="damaged") as caught:
        list(read_jsonl(path, Row))
    assert caught.value.where == str(path)


def fill_with(text: str, *names: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        for name in names:
            (folder / name).write_text(text, encoding="utf-8")

    return fill


def test_a_folder_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep/f", fill_with("old", "old.txt"))
    write_folder(tmp_path / "deep/f", fill_with("new", "a.txt"))
    assert names(tmp_path / "deep") == ["f"]
    assert names(tmp_path / "deep/f") == ["a.txt"]


def test_a_folder_is_not_there_before_it_is_filled(tmp_path: Path) -> None:
    seen: list[bool] = []
    write_folder(tmp_path / "f", lambda folder: seen.append((tmp_path / "f").exists() or folder == tmp_path / "f"))
    assert seen == [False]
    assert (tmp_path / "f").is_dir()


def test_a_failure_while_filling_leaves_the_old_folder(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise Failure

    with pytest.raises(Failure):
        write_folder(tmp_path / "f", fail)
    assert names(tmp_path) == []
    write_folder(tmp_path / "f", fill_with("old", "a.txt"))
    with pytest.raises(Failure):
        write_folder(tmp_path / "f", fail)
    assert names(tmp_path) == ["f"]
    assert (tmp_path / "f/a.txt").read_text(encoding="utf-8") == "old"


def test_a_folder_is_at_no_moment_half_there(tmp_path: Path) -> None:
    """Whatever is moved, made or deleted, the place holds a whole folder or none."""
    write_folder(tmp_path / "f", fill_with("old", "a", "b"))
    seen: set[tuple[str, ...]] = set()

    def look(event: str, arguments: object) -> None:
        if watching and event in {"os.remove", "os.rmdir", "os.rename"}:
            seen.add(tuple(names(tmp_path / "f")) if (tmp_path / "f").is_dir() else ())

    watching = True
    sys.addaudithook(look)
    try:
        write_folder(tmp_path / "f", fill_with("new", "c", "d"))
    finally:
        watching = False
    assert seen
    assert seen <= {(), ("a", "b"), ("c", "d")}
    assert names(tmp_path / "f") == ["c", "d"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=8,
)
RECIPES = st.dictionaries(st.sampled_from(["seed", "sizes", "base", "x"]), JSON, max_size=4)


def turned(value: object) -> object:
    """The same, with every dictionary in the reverse order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


@given(RECIPES)
def test_the_key_of_a_recipe_does_not_depend_on_the_order_of_its_keys(recipe: dict[str, object]) -> None:
    key = recipe_key(**recipe)
    assert recipe_key(**turned(recipe)) == key  # type: ignore[arg-type]
    assert len(key) == 12
    assert set(key) <= set("0123456789abcdef")


@given(RECIPES, RECIPES)
def test_another_recipe_has_another_key(a: dict[str, object], b: dict[str, object]) -> None:
    assert (recipe_key(**a) == recipe_key(**b)) == (json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True))


def test_a_key_means_the_same_everywhere() -> None:
    assert recipe_key(seed=0, name="a") == "fa6465d73f5b"
    with pytest.raises(TypeError):
        recipe_key(path=Path("a"))


def test_the_hash_of_a_folder_is_of_names_and_bytes(tmp_path: Path) -> None:
    for name, text in (("b.txt", "1"), ("a.txt", "2")):
        write_text(tmp_path / "one" / name, text)
    for name, text in (("a.txt", "2"), ("b.txt", "1")):
        write_text(tmp_path / "two" / name, text)
    first = file_hash(tmp_path / "one")
    assert first == file_hash(tmp_path / "two")
    (tmp_path / "two/b.txt").replace(tmp_path / "two/c.txt")
    assert file_hash(tmp_path / "two") != first
    write_text(tmp_path / "one/b.txt", "3")
    assert file_hash(tmp_path / "one") != first
    assert file_hash(tmp_path / "one/b.txt") != file_hash(tmp_path / "one/a.txt")

"""What is known of a file: whether it is as tracekd wrote it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.content_hash import (
    HASHES,
    State,
    check,
    faults_of,
    keep_hash,
    keep_hashes,
    mend_list,
    read_hashes,
    remove,
    sealed,
    sha256_of,
    state_of,
    unsealed,
)
from tracekd.errors import UserError
from tracekd.files import contents, replacing, restore, write_folder, write_text


def flip(path: Path, at: int) -> None:
    text = bytearray(path.read_bytes())
    text[at] ^= 1
    path.write_bytes(text)


def test_a_file_is_whole_damaged_missing_or_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert state_of(path) is State.UNKNOWN
    path.write_text("mine")
    assert state_of(path) is State.UNKNOWN
    write_text(path, "text")
    assert state_of(path) is State.WHOLE
    for at in range(4):
        flip(path, at)
        assert state_of(path) is State.DAMAGED
        with pytest.raises(UserError, match="this file is damaged"):
            check(path)
        flip(path, at)
    path.write_text("tex")
    assert state_of(path) is State.DAMAGED
    path.unlink()
    assert state_of(path) is State.MISSING


def test_what_is_removed_is_forgotten(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "text")
    remove(tmp_path / "a.txt")
    assert state_of(tmp_path / "a.txt") is State.UNKNOWN and not (tmp_path / "a.txt").exists()
    remove(tmp_path / "a.txt")


def test_the_content_before_counts_as_whole_because_a_kill_may_come_before_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "first")
    keep_hash(path, "0" * 64)
    assert state_of(path) is State.WHOLE
    keep_hash(path, "1" * 64)
    assert state_of(path) is State.DAMAGED


def test_the_same_content_is_listed_once(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "text")
    before = (tmp_path / HASHES).read_bytes()
    write_text(tmp_path / "a.txt", "text")
    assert (tmp_path / HASHES).read_bytes() == before


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_list_never_passes_a_damaged_file(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("list")
    for name in ("a.txt", "b.txt", "c.txt"):
        write_text(folder / name, name)
    flip(folder / HASHES, data.draw(st.integers(0, (folder / HASHES).stat().st_size - 1)))
    assert read_hashes(folder).damaged
    for name in ("a.txt", "b.txt", "c.txt"):
        assert state_of(folder / name) in (State.WHOLE, State.UNKNOWN)
        if state_of(folder / name) is State.UNKNOWN:
            with pytest.raises(UserError, match="list of hashes is damaged"):
                check(folder / name)
    mend_list(folder)
    assert not read_hashes(folder).damaged
    for name in ("a.txt", "b.txt", "c.txt"):
        write_text(folder / name, name)
    assert faults_of(folder) == {}


def test_a_name_that_is_not_utf8_has_a_hash_too(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    write_text(path, "text")
    assert state_of(path) is State.WHOLE
    flip(path, 0)
    assert state_of(path) is State.DAMAGED


def test_a_link_in_the_place_of_the_list_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / HASHES).symlink_to(tmp_path / "mine")
    with pytest.raises(OSError, match="symbolic links"):
        write_text(tmp_path / "out" / "a.txt", "text")
    assert (tmp_path / "mine").read_text() == "mine"


def test_all_files_of_a_folder_are_checked(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    for name in ("a", "b"):
        (tmp_path / "model" / name).write_text(name)
    check(tmp_path / "model")  # somebody else's
    keep_hashes(tmp_path / "model")
    check(tmp_path / "model")
    (tmp_path / "model" / "c").write_text("mine")
    assert faults_of(tmp_path / "model") == {tmp_path / "model" / "c": State.UNKNOWN}
    (tmp_path / "model" / "b").unlink()
    with pytest.raises(UserError, match="this file is missing"):
        check(tmp_path / "model")


def test_a_file_that_changes_is_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for text in ("one", "two", "six"):  # of one size, at one moment
        path.write_text(text)
        os.utime(path, (1, 1))
        first = sha256_of(path)
        path.write_text("new")
        os.utime(path, (1, 1))
        assert sha256_of(path) != first


def test_a_damaged_text_is_restored_only_if_it_was_this_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_text(path, "text")
    flip(path, 0)
    restore(path, "other")
    assert state_of(path) is State.DAMAGED
    restore(path, "text")
    assert path.read_text() == "text"


@given(st.binary().filter(lambda line: b"\n" not in line))
def test_a_sealed_line_is_read_back_and_any_change_is_seen(line: bytes) -> None:
    whole = sealed(line)
    assert unsealed(whole) == line and unsealed(whole[:-1]) is None and unsealed(b"") is None
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        assert unsealed(bytes(changed)) is None


LEAVE = """
import os, signal, sys
from pathlib import Path
from tracekd.files import replacing, write_folder
def end(path):
    (path / "half").write_text("half") if path.is_dir() else path.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "folder":
    write_folder(Path("folder"), end)
else:
    with replacing(Path("file")) as temporary:
        end(temporary)
"""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_a_kill_left_is_removed_by_the_next_write_and_nothing_else(tmp_path: Path, what: str) -> None:
    (tmp_path / ".mine.tracekd.txt").write_text("mine")
    subprocess.run([sys.executable, "-c", LEAVE, what], cwd=tmp_path, check=False)
    assert len(list(tmp_path.glob(".*.tracekd"))) == 1
    assert contents(tmp_path) == [tmp_path / ".mine.tracekd.txt"]
    with replacing(tmp_path / "other") as temporary:  # while another is being written
        write_text(tmp_path / "a.txt", "text")
        assert list(tmp_path.glob(".*.tracekd")) == [temporary]
    write_folder(tmp_path / "f", lambda folder: None)
    assert not list(tmp_path.glob(".*.tracekd")) and (tmp_path / ".mine.tracekd.txt").exists()

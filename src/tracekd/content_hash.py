"""The hash of each file that tracekd writes, so that a damaged file is never read in silence.

Each folder has a list of its files, `.tracekd-hashes`: one line for each, with its SHA-256. `files.py` adds the line just
before the complete file gets its name. So a file whose line is missing was not written by tracekd, and a file that differs
from its line is damaged (or was changed by hand). Each line ends with a hash of itself, so the list cannot mislead either.
"""

import fcntl
import hashlib
import io
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.errors import UserError

HASHES = ".tracekd-hashes"
_SEAL = 16  # hex digits
_SETTLED = 10**9  # nanoseconds; a file that has just been changed may change again and keep its time stamp
_LARGEST_LIST = 2**28  # bytes


class State(StrEnum):
    """What is known of a file: it is as it was written; it differs; it is not there; or no hash was kept."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNKNOWN = "unknown"


class _Line(BaseModel):
    """`sha256` is None if tracekd has removed the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str
    sha256: str | None


@dataclass(frozen=True)
class HashList:
    """The hashes of the files of a folder, by name: the last one, and the one before it, which a file still has if a kill
    came between the two steps of its replacement. `damaged` lines of the list cannot be used.
    """

    known: dict[str, tuple[str, ...]]
    damaged: int = 0


def sha256_of(path: Path) -> str:
    """SHA-256 of one file's bytes, in hex, as `sha256sum` prints it. Memory does not grow with the file. A file that has
    not changed since this process hashed it is not read again.
    """
    found = path.stat()
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _SETTLED:
        return _digest(path)
    return _known_digest(path, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=4096)
def _known_digest(path: Path, *version: int) -> str:
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_hashes(folder: Path) -> HashList:
    """The list of a folder. It is empty if there is no list."""
    path = folder / HASHES
    if path.is_symlink() or not path.is_file():
        return HashList({})
    if path.stat().st_size > _LARGEST_LIST:
        return HashList({}, damaged=1)
    return _parse(path.read_bytes())


def state_of(path: Path) -> State:
    """Compare a file with its hash."""
    recorded = read_hashes(path.parent).known.get(_key(path))
    return State.UNKNOWN if recorded is None else _compare(path, recorded)


def had_hash(path: Path, sha256: str) -> bool:
    """Whether a file was written with this content."""
    return sha256 in read_hashes(path.parent).known.get(_key(path), ())


def states_of(folder: Path) -> dict[Path, State]:
    """The state of each file in the list of a folder."""
    return {folder / name: _compare(folder / name, recorded) for name, recorded in read_hashes(folder).known.items()}


def _compare(path: Path, recorded: tuple[str, ...]) -> State:
    try:
        return State.WHOLE if sha256_of(path) in recorded else State.DAMAGED
    except OSError:
        return State.MISSING


def faults_of(folder: Path) -> dict[Path, State]:
    """The files of a folder that are damaged or missing, or have no hash."""
    known = states_of(folder)
    names = {_key(path) for path in known}
    unknown = {path: State.UNKNOWN for path in _files(folder) if _key(path) not in names}
    return {path: state for path, state in {**known, **unknown}.items() if state is not State.WHOLE}


def check(path: Path, next_step: str | None = None) -> None:
    """Raises UserError if a file, or any listed file of a folder, is not as tracekd wrote it.

    A file without a hash passes: people may give any file. `next_step` says how to make it again.
    """
    if path.is_dir():
        for file, state in states_of(path).items():
            if state is not State.WHOLE:
                raise damaged(file, next_step)
        return
    if not path.is_file():
        return
    state = state_of(path)
    if state is State.DAMAGED:
        raise damaged(path, next_step)
    if state is State.UNKNOWN and read_hashes(path.parent).damaged:
        raise UserError(
            f"this list of hashes is damaged, so it is unknown whether {path.name} is whole", where=path.parent / HASHES,
            next_step="run the command again that wrote this folder; if you know that the files are whole, delete the list",
        )  # fmt: skip


def damaged(path: Path, next_step: str | None = None) -> UserError:
    """The error for a file that is not as tracekd wrote it."""
    if not path.is_file():
        return UserError("this file is missing", where=path, expected="a file that tracekd wrote", next_step=next_step)
    return UserError(
        "this file is damaged: it is not what tracekd wrote", where=path,
        expected=f"content with the SHA-256 {read_hashes(path.parent).known.get(_key(path), ('',))[0][:12]}...",
        next_step=next_step
        or "delete it, and run the command again that made it; if you changed it yourself, give it another name",
    )  # fmt: skip


def say_again(path: Path, state: State) -> None:
    """Say that a file is not whole, and is made again."""
    found = {State.UNKNOWN: "has no content hash"}.get(state, f"is {state}")
    logging.getLogger("tracekd").warning("%s %s; it is made again", path, found)


def keep_hash(path: Path, sha256: str) -> None:
    """Note the hash that a file has, or will have in a moment."""
    with _opened(path.parent) as file:
        _change(file, {_key(path): sha256})


def keep_hashes(folder: Path) -> None:
    """Note the hashes of all files of a folder, and of the folders in it."""
    for inside in [folder, *(path for path in sorted(folder.rglob("*")) if path.is_dir())]:
        if found := {_key(path): sha256_of(path) for path in _files(inside)}:
            with _opened(inside) as file:
                _change(file, dict(found))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != HASHES)


def mend_list(folder: Path) -> None:
    """Remove damaged lines from the list of a folder, and say so. Their files have no hash then, and neither have files that
    do not fit their last readable line: the line after it may be lost.
    """
    if read_hashes(folder).damaged:
        say_again(folder / HASHES, State.DAMAGED)
        doubtful = [path for path, state in states_of(folder).items() if state is not State.WHOLE]
        with _opened(folder) as file:
            _change(file, {_key(path): None for path in doubtful})


def remove(path: Path) -> None:
    """Delete a file that tracekd wrote, if it is there, and its hash."""
    path.unlink(missing_ok=True)
    if _key(path) in read_hashes(path.parent).known:
        with _opened(path.parent) as file:
            _change(file, {_key(path): None})


def sealed(line: bytes) -> bytes:
    """A line that ends with a hash of itself. `line` has no line break."""
    return line + b"\t" + hashlib.sha256(line).hexdigest()[:_SEAL].encode() + b"\n"


def unsealed(line: bytes) -> bytes | None:
    """The line without the hash; None if they do not fit together."""
    text = line[: -_SEAL - 2]
    return text if sealed(text) == line else None


def _key(path: Path) -> str:
    """The name of a file as text; it may not be UTF-8."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


@contextmanager
def _opened(folder: Path) -> Iterator[BinaryIO]:
    """The list, locked: the cells of a study write into the same folders. A link is not followed."""
    descriptor = os.open(folder / HASHES, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _change(file: BinaryIO, changes: dict[str, str | None]) -> None:
    """Add what has changed, at the end. Damaged lines are removed first."""
    text = file.read()
    listed = _parse(text)
    whole = b"".join(line for line in io.BytesIO(text) if _line(line) is not None) if listed.damaged else text
    added = b"".join(
        sealed(_Line(file=name, sha256=sha256).model_dump_json().encode())
        for name, sha256 in changes.items()
        if listed.known.get(name, (None,))[0] != sha256
    )
    if whole != text:
        file.seek(0)
        file.truncate(0)
        added = whole + added
    if added:
        file.write(added)


def _parse(text: bytes) -> HashList:
    known: dict[str, tuple[str, ...]] = {}
    bad = 0
    for line in io.BytesIO(text):
        if (found := _line(line)) is None:
            bad += 1
        elif found.sha256 is None:
            known.pop(found.file, None)
        else:
            known[found.file] = (found.sha256, *known.get(found.file, ())[:1])
    return HashList(known, bad)


def _line(line: bytes) -> _Line | None:
    try:
        return None if (text := unsealed(line)) is None else _Line.model_validate_json(text)
    except ValidationError:
        return None

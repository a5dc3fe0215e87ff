"""Files that are either complete or absent: everything is written to a temporary file, which is then renamed. The hash
of each is kept in its folder (`content_hash.py`), and checked when it is read.

A kill leaves a temporary file or folder. The next write into the folder removes it: its writer locks it, and the lock ends
with the writer.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import BaseModel

from tracekd.content_hash import (
    HASHES,
    State,
    check,
    had_hash,
    keep_hash,
    keep_hashes,
    remove,
    say_again,
    sealed,
    sha256_of,
    state_of,
    unsealed,
)
from tracekd.errors import UserError

Model = TypeVar("Model", bound=BaseModel)
LOCK = ".lock"
_UNFINISHED = ".tracekd"  # how the names of temporary files and folders end
_BUFFERED = 2**18  # bytes; without a buffer, system calls would take as long as making the rows


def recipe_key(**recipe: object) -> str:
    """Twelve hex digits that identify what an artefact is made from. Values must be plain JSON."""
    canonical = json.dumps(recipe, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, or of the names and bytes of a folder's files, in hex."""
    digest = hashlib.sha256()
    for file in files_of(path):
        digest.update(file.name.encode() + b"\0" + bytes.fromhex(sha256_of(file)))
    return digest.hexdigest()


def files_of(path: Path) -> list[Path]:
    """The file itself, or all files of a folder and of the folders in it, without those that only tracekd needs."""
    found = [path] if path.is_file() else sorted(inside for inside in path.rglob("*") if inside.is_file())
    return [file for file in found if not is_bookkeeping(file.name)]


def is_bookkeeping(name: str) -> bool:
    """Whether a file has no content of its own: the lock of a folder, its list of hashes, or what a kill left."""
    return name in (LOCK, HASHES) or (name.startswith(".") and name.endswith(_UNFINISHED))


def contents(folder: Path) -> list[Path]:
    """What is in a folder, except bookkeeping."""
    return sorted(path for path in folder.iterdir() if not is_bookkeeping(path.name))


def refuse_broken_link(path: Path) -> None:
    """Raises UserError for a symbolic link to nothing."""
    if path.is_symlink() and not path.exists():
        raise UserError("this symbolic link is broken", where=path, next_step="name another --out")


def refuse_link(path: Path) -> None:
    """Raises UserError for a symbolic link in the place of a file: it would be replaced, and not its target."""
    if path.is_symlink():
        raise UserError("this is a symbolic link", where=path, next_step="name its target, or another file")


def refuse_foreign(path: Path, command: str) -> None:
    """Raises UserError for a file that tracekd did not write, or that was changed: it would be replaced. Also for a link."""
    refuse_link(path)
    if path.exists() and state_of(path) is not State.WHOLE:
        raise UserError(
            f"`tracekd {command}` did not write this file as it is, and does not replace it", where=path,
            next_step="name another file, or move this away",
        )  # fmt: skip


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically. Missing folders are made."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_jsonl(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write one JSON object a line, atomically. Only one row is in memory at a time."""
    with jsonl_writer(path) as write:
        for row in rows:
            write(row)


@contextmanager
def jsonl_writer(path: Path) -> Iterator[Callable[[BaseModel], None]]:
    """A function that writes one row. The complete file appears when the block ends without an error."""
    with replacing(path) as temporary, temporary.open("wb", _BUFFERED) as file:
        yield lambda row: _write_row(file, row)


def _write_row(file: BinaryIO, row: BaseModel) -> None:
    # The serializer itself: the pydantic method around it is 1.5 times slower, and there are millions of rows.
    file.write(row.__pydantic_serializer__.to_json(row) + b"\n")


def remove_own(path: Path) -> None:
    """Delete a file, if it is there and tracekd wrote it."""
    if not path.is_symlink() and state_of(path) is State.WHOLE:
        remove(path)


def read_jsonl(path: Path, model: type[Model]) -> Iterator[Model]:
    """Yield the rows of a file. Raises UserError for a damaged file, and with file and line for an invalid row."""
    check(path)
    with path.open("rb") as lines:  # bytes, so that a line that is not UTF-8 is also reported
        for number, line in enumerate(lines, start=1):
            try:
                yield model.model_validate_json(line)
            except ValueError:
                raise _invalid(f"{path}:{number}", model) from None


def read_json(path: Path, model: type[Model]) -> Model:
    """Read a file with one JSON object. Raises UserError if it is damaged or invalid."""
    check(path)
    try:
        return model.model_validate_json(path.read_bytes())
    except ValueError:
        raise _invalid(str(path), model) from None


def restore(path: Path, text: str) -> None:
    """Write a damaged file again, if its hash shows that it had this text."""
    if state_of(path) is State.DAMAGED and had_hash(path, hashlib.sha256(text.encode()).hexdigest()):
        say_again(path, State.DAMAGED)
        write_text(path, text)


def write_log(log: BinaryIO, rows: Iterable[BaseModel]) -> None:
    """Add rows to an unbuffered file, one a line: all of them or, on a full disk, none. Each line ends with its hash, because
    a file that grows has no hash of its own.
    """
    lines, at = b"".join(sealed(row.model_dump_json().encode()) for row in rows), os.fstat(log.fileno()).st_size
    try:
        while lines:  # a write may write only a part
            lines = lines[log.write(lines) :]
    except OSError:
        log.truncate(at)  # the next line must not begin in the middle of this one
        raise


def read_log(path: Path, model: type[Model]) -> Iterator[Model]:
    """Yield the rows of such a file. A damaged line is left out, and this is said."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield model.model_validate_json(unsealed(line) or b"")
            except ValueError:
                say_again(Path(f"{path}:{number}"), State.DAMAGED)


def _invalid(where: str, model: type[BaseModel]) -> UserError:
    return UserError(
        f"this is not a valid {model.__name__}", where=where, expected="a file that tracekd wrote",
        next_step="delete the file and run the same command again",
    )  # fmt: skip


@contextmanager
def only_one(folder: Path, others: str) -> Iterator[None]:
    """Lock a folder (which is made) for this process, because two must not write into it at the same time.

    The lock ends with the process, however it ends. Raises UserError if another process holds it, or if the folder is a
    file; `others` says who holds it, such as "another tracekd study is running in this folder".
    """
    refuse_broken_link(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError("this is a file, not a folder", where=folder, next_step="name another --out")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:  # a file of the user's with this name is not changed
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(others, where=folder, next_step="wait for it to end") from None
        yield


def write_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder atomically: `fill` writes into a temporary folder, which is then renamed. A link to a folder stays, and
    its target is replaced.
    """
    refuse_broken_link(path)
    path = path.resolve() if path.is_symlink() else path
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    with _locked(lambda: tempfile.mkdtemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent)) as temporary:
        try:
            fill(temporary)
            keep_hashes(temporary)
            temporary.chmod(0o755)
            if path.exists():  # renamed first: a folder that is being deleted is incomplete
                old = path.replace(temporary.with_name(f"{temporary.name}.old{_UNFINISHED}"))
                temporary.replace(path)
                shutil.rmtree(old)
            else:
                temporary.replace(path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file. It replaces `path` when the block ends, and is deleted if the block ends with an error.

    Raises UserError for a symbolic link: the link would be replaced, or a file that tracekd did not write.
    """
    refuse_link(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    with _locked(lambda: _new_file(path)) as temporary:
        try:
            yield temporary
            temporary.chmod(0o644)
            keep_hash(path, sha256_of(temporary))
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def discard(folder: Path) -> None:
    """Delete a folder that tracekd wrote, if it is there. It loses its name first: a kill never leaves a part under it."""
    if folder.is_dir() and not folder.is_symlink():
        target = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=_UNFINISHED, dir=folder.parent))
        shutil.rmtree(folder.replace(target), ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove the temporary files and folders in a folder whose writers were killed."""
    for path in folder.iterdir():
        if path.name.startswith(".") and path.name.endswith(_UNFINISHED) and not path.is_symlink():
            with suppress(OSError):  # another process writes it, or has just removed it
                _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(descriptor)


def _new_file(path: Path) -> str:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent)
    os.close(handle)
    return name


@contextmanager
def _locked(make: Callable[[], str]) -> Iterator[Path]:
    """A new temporary file or folder, locked. Another process may remove it before it is locked: then another is made."""
    while True:
        path = Path(make())
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                break
            os.close(descriptor)
    try:
        yield path
    finally:
        os.close(descriptor)

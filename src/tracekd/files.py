"""Files that are either complete or absent: everything is written to a temporary file, which is then renamed."""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import BaseModel

from tracekd.errors import UserError

Model = TypeVar("Model", bound=BaseModel)
LOCK = ".lock"
_BUFFERED = 2**18  # bytes; without a buffer, system calls would take as long as making the rows


def recipe_key(**recipe: object) -> str:
    """Twelve hex digits that identify what an artefact is made from. Values must be plain JSON."""
    canonical = json.dumps(recipe, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, or of the names and bytes of a folder's files, in hex."""
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        digest.update(file.name.encode() + b"\0" + bytes.fromhex(sha256_of(file)))
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of one file's bytes, in hex, as `sha256sum` prints it. Memory does not grow with the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def read_jsonl(path: Path, model: type[Model]) -> Iterator[Model]:
    """Yield the rows of a file. Raises UserError, which names file and line, for an invalid row."""
    with path.open("rb") as lines:  # bytes, so that a line that is not UTF-8 is also reported
        for number, line in enumerate(lines, start=1):
            try:
                yield model.model_validate_json(line)
            except ValueError:
                raise UserError(
                    f"this is not a valid {model.__name__}",
                    where=f"{path}:{number}",
                    expected="a file that tracekd wrote",
                    next_step="delete the file and run the same command again",
                ) from None


@contextmanager
def only_one(folder: Path, others: str) -> Iterator[None]:
    """Lock a folder (which is made) for this process, because two must not write into it at the same time.

    The lock ends with the process, however it ends. Raises UserError if another process holds it, or if the folder is a
    file; `others` says who holds it, such as "another tracekd study is running in this folder".
    """
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
    """Make a folder atomically: `fill` writes into a temporary folder, which is then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        fill(temporary)
        temporary.chmod(0o755)
        if path.exists():  # renamed first: a folder that is being deleted is incomplete
            old = path.replace(temporary.with_name(f"{temporary.name}.old"))
            temporary.replace(path)
            shutil.rmtree(old)
        else:
            temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file. It replaces `path` when the block ends, and is deleted if the block ends with an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

"""What tracekd makes once and keeps for all projects of a user: converted and fetched bases."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracekd.content_hash import HASHES, State, faults_of, say_again
from tracekd.errors import UserError
from tracekd.files import LOCK, write_folder


def cache_folder() -> Path:
    """`tracekd` in `$XDG_CACHE_HOME`, or in `~/.cache` if that is not set to an absolute path."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".cache") / "tracekd"


def make_once(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder of the cache, unless it is whole: `fill` writes into a temporary folder, which is then renamed. If
    another process makes the same folder, this one waits for it. Raises UserError if the cache cannot be written.
    """
    if is_whole(folder):
        return
    try:
        with _alone(folder):
            if not is_whole(folder):
                if folder.is_dir():
                    say_again(folder, State.DAMAGED)
                write_folder(folder, fill)
    except OSError as error:
        raise UserError(
            f"the cache cannot be written: {error.strerror or error}", where=error.filename or folder,
            expected="a folder that you may write into, with enough room",
            next_step="set XDG_CACHE_HOME to another folder, or free some disk space",
        ) from error  # fmt: skip


def is_whole(folder: Path) -> bool:
    """Whether a folder of the cache is there, as it was written."""
    return (folder / HASHES).is_file() and not faults_of(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process is in this block for the same folder. The lock ends with the process."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}{LOCK}").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

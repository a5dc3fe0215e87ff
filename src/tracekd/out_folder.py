"""The folder that a command writes its results into. A command replaces and deletes only files of its own earlier runs.
A manifest in the folder lists their names. The names are written there before the files, so that after a killed run the
next one still recognises them.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from tracekd.content_hash import State, mend_list, remove, state_of
from tracekd.errors import UserError
from tracekd.files import contents, only_one, write_text

_LARGEST_MANIFEST = 2**20  # bytes


def _inside(name: str) -> str:
    """A manifest may come from anywhere, and the files that it names are deleted."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\0" in name:
        raise ValueError("this name leads out of the folder")
    return name


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    files: tuple[Annotated[str, AfterValidator(_inside)], ...] = ()


class OutFolder:
    """A folder that one run of a command has locked, and into which it writes `names`: files, and folders of files."""

    def __init__(self, path: Path, command: str, names: Sequence[str]) -> None:
        self.path = path
        self._command = command
        self._names = names
        self._manifest = path / f".tracekd-{command}.json"
        mend_list(path)
        self._written = dict.fromkeys(_read(self._manifest))
        self._refuse_foreign(names)

    def clear(self, *keep: str) -> None:
        """List the names in the manifest, and remove the files of the earlier run, except `keep`."""
        earlier = [name for name in self._written if name not in keep]
        self.add(name for name in self._names if name not in self._written)
        for name in sorted(earlier, key=lambda name: -len(PurePosixPath(name).parts)):  # files before their folders
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                if not contents(path):  # not empty: other files are kept
                    shutil.rmtree(path)
            else:
                remove(path)

    def add(self, names: Iterable[str]) -> None:
        """List further names before they are written, such as `tables/rates.csv`. Raises UserError for a foreign file."""
        new = [name for name in names if name not in self._written]
        self._refuse_foreign(new)
        self._written.update(dict.fromkeys(new))
        write_text(self._manifest, _Manifest(files=tuple(self._written)).model_dump_json(indent=1) + "\n")

    def _refuse_foreign(self, names: Iterable[str]) -> None:
        for name in names:
            path = self.path / name
            if path.is_symlink() or (path.exists() and name not in self._written):
                raise UserError(
                    f"`tracekd {self._command}` did not write this, and does not replace it", where=path,
                    next_step="name another --out, or move this away",
                )  # fmt: skip


@contextmanager
def out_folder(path: Path, command: str, names: Sequence[str]) -> Iterator[OutFolder]:
    """Make and lock the folder for one run of `command`, which writes these names into it.

    Raises UserError before anything is changed: if one of the names exists and no earlier run of the command wrote it,
    if the folder is a file or a broken link, or if another run has locked it.
    """
    with only_one(path, f"another tracekd {command} is writing into this folder"):
        yield OutFolder(path, command, names)


def _read(manifest: Path) -> tuple[str, ...]:
    if not manifest.exists() and not manifest.is_symlink():
        return ()
    try:
        if manifest.is_symlink() or manifest.stat().st_size > _LARGEST_MANIFEST or state_of(manifest) is State.DAMAGED:
            raise ValueError("not written by tracekd")
        return _Manifest.model_validate_json(manifest.read_bytes()).files
    except (OSError, ValueError, ValidationError):
        raise UserError(
            "this list of written files cannot be read",
            where=manifest,
            next_step="name another --out, or delete the file",
        ) from None

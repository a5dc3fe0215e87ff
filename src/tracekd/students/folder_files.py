"""Checks of the files in a student's folder, before a library opens them. Everything in it may come from anybody."""

import stat
from collections.abc import Iterator
from pathlib import Path

from tracekd.errors import UserError

# What the libraries read; a file with another name is never opened.
_READ = (".json", ".jinja", ".model", ".txt", ".safetensors")
_WEIGHTS = (".safetensors", ".gguf")
_TEMPLATES = "additional_chat_templates"
_LARGEST = 2**28  # bytes of a file other than weights; the largest tokenizers have a tenth of it


def check_files(folder: Path) -> None:
    """Raises UserError if a file in a student's folder is a folder, a pipe or a device, leads outside, or is too large.

    A link may lead to a file of the same folder, or, in the Hub's cache, to its `blobs`: a link to any other file would
    copy that file's text into prompts, messages or trained students.
    """
    homes = _homes(folder)
    for path in _read_files(folder):
        _check(path, homes)


def check_gguf(file: Path) -> None:
    """The same for the only GGUF file in a folder."""
    _check(file, _homes(file.parent))


def _check(path: Path, homes: set[Path]) -> None:
    try:
        found = path.stat()
        home = path.resolve(strict=True).parent
    except (OSError, RuntimeError) as error:  # such as a link to itself
        raise UserError(f"this file cannot be read: {getattr(error, 'strerror', None) or error}", where=path) from None
    if not stat.S_ISREG(found.st_mode):
        raise UserError("this is not a file", where=path, expected="a file of a student, not a folder or a pipe")
    if home not in homes:
        raise UserError(
            "this link leads out of the folder", where=path, expected="files in the student's own folder",
            next_step="copy the file into the folder, if you trust it",
        )  # fmt: skip
    if found.st_size > _LARGEST and path.suffix.lower() not in _WEIGHTS:
        raise UserError(f"this file has {found.st_size:,} bytes", where=path, expected=f"at most {_LARGEST:,}")


def _read_files(folder: Path) -> Iterator[Path]:
    for inside in (folder, folder / _TEMPLATES):
        if inside.is_dir():
            yield from sorted(path for path in inside.iterdir() if path.suffix in _READ)


def _homes(folder: Path) -> set[Path]:
    """The folders in which the files may lie."""
    own = folder.resolve()
    homes = {own, own / _TEMPLATES}
    if own.parent.name == "snapshots":  # of the Hub's cache, in which every file is a link
        homes.add(own.parent.parent / "blobs")
    return homes

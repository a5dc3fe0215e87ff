"""Checks all files of a folder that a command wrote, and of the folders in it, against their hashes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tracekd.content_hash import HASHES, State, read_hashes, states_of, unsealed
from tracekd.files import contents

PART = ".part"  # how the name of a file ends that is not finished: each of its lines has a hash
_LOG = ".log"
_RECIPE = ".recipe.json"  # says how the lines of an unfinished file are made


@dataclass
class FolderCheck:
    """The files of a folder by state. `unfinished` files belong to a run that was stopped; `unknown` files were not written
    by tracekd, or by a version without hashes.
    """

    whole: list[Path] = field(default_factory=list)
    damaged: list[Path] = field(default_factory=list)
    missing: list[Path] = field(default_factory=list)
    unfinished: list[Path] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.damaged and not self.missing

    def add(self, path: Path, state: State) -> None:
        """Note the state of a file."""
        {
            State.WHOLE: self.whole, State.DAMAGED: self.damaged, State.MISSING: self.missing, State.UNKNOWN: self.unknown,
        }[state].append(path)  # fmt: skip


def check_folder(folder: Path) -> FolderCheck:
    """Check a folder and the folders in it. Links to folders are followed, each folder once."""
    found = FolderCheck()
    for inside in _folders(folder, set()):
        known = states_of(inside)
        if read_hashes(inside).damaged:
            found.damaged.append(inside / HASHES)
        for path, state in known.items():
            found.add(path, state)
        for path in contents(inside):
            if path.is_dir() or path in known or path.suffix == _LOG:
                continue
            if path.suffix == PART and path.with_suffix(_RECIPE) in known:
                (found.unfinished if _is_sealed(path) else found.damaged).append(path)
            else:
                found.unknown.append(path)
    return found


def _folders(folder: Path, seen: set[Path]) -> Iterator[Path]:
    if (real := folder.resolve()) in seen:
        return
    seen.add(real)
    yield folder
    for path in contents(folder):
        if path.is_dir():
            yield from _folders(path, seen)


def _is_sealed(part: Path) -> bool:
    """Whether all complete lines are as they were written."""
    with part.open("rb") as lines:
        return all(unsealed(line) is not None for line in lines if line.endswith(b"\n"))

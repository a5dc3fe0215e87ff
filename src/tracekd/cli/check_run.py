"""`tracekd check-run`: is everything in a folder as tracekd wrote it?"""

import shlex
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel
from rich.console import Console

from tracekd.cli.plain_table import say, say_whole
from tracekd.cli.requests.results import CheckRunRequest
from tracekd.cli.terminal import echo, echo_json, terminal
from tracekd.content_hash import HASHES
from tracekd.errors import UserError
from tracekd.folder_check import FolderCheck, check_folder
from tracekd.teacher.log import RAW, RawLog

STUDY = "study.toml"
_SHOWN = 20  # files in each list
# What tells who wrote a folder, and what makes its files again.
_AGAIN = {
    "training.json": "delete this folder, and run the same `tracekd train` or `tracekd study` command again",
    ".tracekd-verify.json": "run the same `tracekd verify` command again",
    ".tracekd-analyze.json": "run the same `tracekd analyze` command again",
    ".tracekd-select.json": "run the same `tracekd select` command again",
    "manifest.json": "run the same `tracekd world`, `sft`, `filter` or `teacher` command again",
    "pretrain.json": "run the same `tracekd pretrain` command again",
}


class Report(BaseModel):
    """What `--json` prints. Paths begin at the folder."""

    folder: str
    whole: int
    damaged: list[str]
    missing: list[str]
    unfinished: list[str]
    unknown: list[str]
    next: str | None


def run(request: CheckRunRequest) -> int:
    """Check, and print what was found. Returns 1 if a file is damaged or missing. Raises UserError for another folder."""
    folder = request.folder
    if not folder.is_dir():
        raise UserError("there is no such folder", where=folder, expected="a folder that a command of tracekd wrote")
    found = check_folder(folder)
    _check_raw(found)
    if not found.whole and found.is_whole and not found.unfinished:
        raise UserError(
            "no file in this folder has a content hash", where=folder,
            expected="a folder that a command of this version wrote",
        )  # fmt: skip
    if (folder / STUDY).is_file():
        _check_plan(folder, found)
    _show(folder, found, as_json=request.json)
    return 0 if found.is_whole else 1


def _check_raw(found: FolderCheck) -> None:
    """The raw responses of a teacher grow, so each line has a hash instead of the file."""
    for path in [path for path in found.unknown if path.parent.name == RAW and path.suffix == ".jsonl"]:
        found.unknown.remove(path)
        try:
            RawLog.read(path)
            found.whole.append(path)
        except UserError:
            found.damaged.append(path)


def _check_plan(run_folder: Path, found: FolderCheck) -> None:
    """What a study needs must be there, and have a hash."""
    if run_folder / STUDY in found.damaged:
        return
    from tracekd.students.base import base_folder
    from tracekd.study.config import load_study
    from tracekd.study.plan import hash_bases, make_plan

    try:
        study = load_study(str(run_folder / STUDY))
        plan = make_plan(study, run_folder, hash_bases(study, {s.name: base_folder(s.base) for s in study.students}))
    except UserError as error:
        echo(f"tracekd: it is not checked whether all cells are there: {error}", err=True)
        return
    known = {*found.damaged, *found.missing, *found.unfinished}
    for path in (*plan.problems.values(), plan.split, *(path for cell in plan.cells for path in cell.files)):
        if path in found.unknown:
            found.unknown.remove(path)
            found.damaged.append(path)
        elif path not in known and not path.is_file():
            found.missing.append(path)


def _show(folder: Path, found: FolderCheck, *, as_json: bool) -> None:
    step = None if found.is_whole else _next_step(folder, found)
    if as_json:
        names = {
            kind: [str(path.relative_to(folder)) for path in getattr(found, kind)]
            for kind in ("damaged", "missing", "unfinished", "unknown")
        }
        echo_json(Report(folder=str(folder), whole=len(found.whole), next=step, **names))
        return
    console = terminal()
    say(console, f"{len(found.whole):,} files are whole")
    _list(console, folder, found.damaged, "damaged")
    _list(console, folder, found.missing, "missing")
    _list(console, folder, found.unfinished, "of a run that was stopped; the same command continues it")
    _list(console, folder, found.unknown, "without a hash: tracekd did not write them, or an earlier version did")
    if step is not None:
        say_whole(console, f"next: {step}")


def _list(console: Console, folder: Path, paths: Sequence[Path], what: str) -> None:
    if paths:
        say(console, f"{len(paths):,} {what}:")
        for path in sorted(set(paths))[:_SHOWN]:
            say_whole(console, f"  {path.relative_to(folder)}")
        if len(paths) > _SHOWN:
            say(console, f"  and {len(paths) - _SHOWN:,} more; --json lists all of them")


def _next_step(folder: Path, found: FolderCheck) -> str:
    study = folder / STUDY
    if study in found.damaged:
        return f"run `tracekd study` with the same file and settings as before, and --out {shlex.quote(str(folder))}"
    if study.is_file():
        return shlex.join(["tracekd", "study", str(study), "--out", str(folder)])
    if {path.name for path in (*found.damaged, *found.missing)} == {HASHES}:
        return f"the files may be whole: delete {HASHES} to use them without hashes, or make them again"
    return next(
        (again for name, again in _AGAIN.items() if (folder / name).is_file()),
        "delete the damaged files, and run the commands again that made them",
    )

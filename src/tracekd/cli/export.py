"""`tracekd export`: verdicts and effects for other programs."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tracekd.cli.requests.results import ExportRequest
from tracekd.cli.terminal import echo, terminal
from tracekd.errors import UserError, unknown_name
from tracekd.export import hub_dataset, inspect_log, lm_eval_log, trackio, wandb
from tracekd.export.judged_run import JudgedRun
from tracekd.export.read_run import read_run
from tracekd.files import write_jsonl
from tracekd.out_folder import out_folder

_FILES: Mapping[str, Callable[[JudgedRun], Iterator[tuple[str, Callable[[Path], None]]]]] = {
    "inspect": inspect_log.files,
    "lm-eval": lm_eval_log.files,
    "jsonl": hub_dataset.files,
}
_TRACKERS: Mapping[str, Callable[[JudgedRun, str, Path | None], str]] = {
    "wandb": wandb.send,
    "trackio": lambda run, project, _: trackio.send(run, project),
}
_PROBLEMS = "problems.jsonl"


def run(request: ExportRequest) -> None:
    """Write or send a run. Raises UserError for a folder without one, and for an unknown target."""
    if request.to not in (*_FILES, *_TRACKERS):
        raise unknown_name("target of export", request.to, (*_FILES, *_TRACKERS))
    if request.to in _FILES and request.out is None:
        raise UserError("--out is missing", expected=f"the folder into which {request.to} files are written: --out DIR")
    if request.out is not None and request.out.resolve() == request.run.resolve():
        raise UserError(
            "the results would be written into the run itself", where=request.out, next_step="name another --out"
        )
    with terminal(stderr=True).status("reading ..."):
        judged = read_run(request.run)
    if request.to in _TRACKERS:
        if request.out is not None:
            request.out.mkdir(parents=True, exist_ok=True)
        place = _TRACKERS[request.to](judged, request.project, request.out)
        echo(f"{len(judged.outputs):,} outputs logged: {place}")
    elif request.out is not None:
        _write(judged, request.to, request.out)


def _write(judged: JudgedRun, target: str, out: Path) -> None:
    files = dict(_FILES[target](judged))
    files[_PROBLEMS] = lambda path: write_jsonl(path, judged.problems)
    folders = sorted({Path(name).parts[0] for name in files if len(Path(name).parts) > 1})
    with out_folder(out, "export", (*folders, _PROBLEMS)) as folder:
        folder.clear()  # files of an earlier export would be read with the new ones
        folder.add(files)
        for name, write in files.items():
            write(out / name)
    cells = len(judged.cells)
    echo(f"{len(judged.outputs):,} outputs of {cells:,} {'student' if cells == 1 else 'students'} written: {out}")
    if target == "inspect":
        echo(f"next: inspect view --log-dir {out / 'logs'}")

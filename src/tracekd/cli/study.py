"""`tracekd study`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracekd.cli.requests.results import StudyRequest
from tracekd.cli.terminal import echo
from tracekd.study.config import Study, load_study

if TYPE_CHECKING:  # imports of the plan of a study are slow
    from tracekd.study.cell_processes import Failure


def run(request: StudyRequest) -> int:
    """Run a study, write its report, print its path. Returns the exit code: 1 if a cell failed, or the study was interrupted."""
    study = load_study(request.name, request.overrides)
    folder = request.out or Path("runs") / study.name
    try:
        return _run(study, folder, request.workers)
    except KeyboardInterrupt:
        cells, finished = _cells(study), len(list((folder / "cells").glob("*.json")))
        echo(f"tracekd: interrupted; {finished} of {cells} cells are finished and kept in {folder}", err=True)
        echo("  next: run the same command to continue", err=True)
        return 1


def _run(study: Study, folder: Path, workers: int | None) -> int:
    # Statistics and figures take seconds to import, so errors in the request are reported before.
    from tracekd.cli.progress import show_cells
    from tracekd.study.cell_processes import default_workers
    from tracekd.study.finish import finish
    from tracekd.study.run import run_study

    cells = _cells(study)
    with show_cells(cells) as tell:
        plan, failures = run_study(study, folder, workers=workers or default_workers(cells), tell=tell)
    _tell_failures(failures)
    report = finish(plan, failures, ["tracekd", *sys.argv[1:]])
    if report is None:
        echo("tracekd: no cell is finished, so there is no report", err=True)
    else:
        echo(f"report: {report}")
    return 1 if failures else 0


def _cells(study: Study) -> int:
    return len(study.regimes) * len(study.students) * len(study.seeds)


def _tell_failures(failures: "Sequence[Failure]") -> None:
    for failure in failures:
        what = "interventions on the cell" if failure.is_finished else "the cell"
        echo(f"tracekd: {what} {failure.cell} failed: {failure.message}", err=True)

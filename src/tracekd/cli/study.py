"""`tracekd study`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tracekd.cli.plain_table import plain
from tracekd.cli.requests.results import StudyRequest
from tracekd.study.config import load_study

if TYPE_CHECKING:  # imports of the plan of a study are slow
    from tracekd.study.cell_processes import Failure


def run(request: StudyRequest) -> int:
    """Run a study, write its report, print its path. Returns the exit code: 1 if a cell failed, or the study was interrupted."""
    study = load_study(request.name, request.overrides)
    # Statistics and figures take seconds to import, so errors in the request are reported before.
    from tracekd.cli.progress import show_cells
    from tracekd.study.cell_processes import default_workers
    from tracekd.study.finish import finish
    from tracekd.study.run import run_study

    folder = request.out or Path("runs") / study.name
    cells = len(study.regimes) * len(study.students) * len(study.seeds)
    try:
        with show_cells(cells) as tell:
            plan, failures = run_study(study, folder, workers=request.workers or default_workers(cells), tell=tell)
        _tell_failures(failures)
        report = finish(plan, failures, ["tracekd", *sys.argv[1:]])
    except KeyboardInterrupt:
        finished = len(list((folder / "cells").glob("*.json")))
        typer.echo(f"tracekd: interrupted; {finished} of {cells} cells are finished and kept in {folder}", err=True)
        typer.echo("  next: run the same command to continue", err=True)
        return 1
    if report is None:
        typer.echo("tracekd: no cell is finished, so there is no report", err=True)
    else:
        typer.echo(f"report: {report}")
    return 1 if failures else 0


def _tell_failures(failures: "Sequence[Failure]") -> None:
    for failure in failures:
        what = "interventions on the cell" if failure.is_finished else "the cell"
        typer.echo(f"tracekd: {what} {failure.cell} failed: {plain(failure.message)}", err=True)

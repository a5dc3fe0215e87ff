"""`tracekd study`."""

import sys
from pathlib import Path

import typer

from tracekd.cli.plain_table import plain
from tracekd.cli.requests.results import StudyRequest
from tracekd.study.config import load_study


def run(request: StudyRequest) -> int:
    """Run a study, write its report, say where it is. Returns the exit code: 1 if a cell failed."""
    study = load_study(request.name, request.overrides)
    # Statistics and figures take seconds to import: a mistake in the request is told before.
    from tracekd.cli.progress import show_cells
    from tracekd.study.finish import finish
    from tracekd.study.run import default_workers, run_study

    folder = request.out or Path("runs") / study.name
    cells = len(study.regimes) * len(study.students) * len(study.seeds)
    with show_cells(cells) as tell:
        plan, failures = run_study(study, folder, workers=request.workers or default_workers(cells), tell=tell)
    for failure in failures:
        what = "interventions on the cell" if failure.is_finished else "the cell"
        typer.echo(f"tracekd: {what} {failure.cell} failed: {plain(failure.message)}", err=True)
    if sum(not failure.is_finished for failure in failures) == cells:
        typer.echo("tracekd: no cell is finished, so there is no report", err=True)
        return 1
    typer.echo(f"report: {finish(plan, failures, ['tracekd', *sys.argv[1:]])}")
    return 1 if failures else 0

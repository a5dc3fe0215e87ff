"""`tracekd select`: what is answering only those outputs worth that pass a check without gold?"""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from tracekd.cli.requests.results import SelectRequest
from tracekd.cli.select_files import write_cells, write_curves
from tracekd.cli.select_report import SelectionReport, show, show_nothing
from tracekd.cli.wanted_outputs import Outputs
from tracekd.errors import UserError
from tracekd.files import only_one, write_text
from tracekd.stats.clusters import Resampling
from tracekd.stats.selection import Selectable, curves, summarise
from tracekd.tasks import get_task
from tracekd.verify.selection import Selections, select_outputs

SUMMARY, CELLS, CURVES, FIGURE = "selection.json", "selection.csv", "curves.csv", "risk_coverage.svg"
_TOLD_EVERY = 200


def run(request: SelectRequest) -> int:
    """Check, select, and print what that is worth. Returns 1 where no output could be checked. Raises UserError."""
    task = get_task(request.task)
    _check(request)
    request.wanted.read()  # what is wrong with the request is told before any problem is read
    problems = request.wanted.load_problems(task)
    with Console(stderr=True).status("reading ...") as status:
        selections = Selections()
        told = _told(request.wanted.read(), lambda read: status.update(f"checking ... {read:,} outputs"))
        joined = select_outputs(told, problems, task, selections)
        cells = tuple(selections.cells())
        status.update("resampling ...")
        how = Resampling(request.resamples, request.seed)
        summary = tuple(summarise(cell, how) for cell in cells)
    if not cells:
        show_nothing(joined)
        return 1
    report = SelectionReport(task=task.name, cells=summary, joined=joined)
    if request.out is not None:
        with only_one(request.out, "another tracekd select is writing into this folder"):
            _write(request.out, report, cells)
    show(report, request.out, as_json=request.json)
    return 0


def _check(request: SelectRequest) -> None:
    request.wanted.check(request.out)
    if request.out is not None and request.out.is_file():
        raise UserError("this folder is a file", where=request.out, next_step="name another --out")


def _told(outputs: Outputs, tell: Callable[[int], None]) -> Outputs:
    for number, output in enumerate(outputs, start=1):
        if number % _TOLD_EVERY == 0:
            tell(number)
        yield output


def _write(out: Path, report: SelectionReport, cells: Sequence[Selectable]) -> None:
    from tracekd.report.selective_figure import risk_coverage_svg  # matplotlib takes a while, and may not be needed

    drawn = [(cell.model, cell.regime, dict(curves(cell))) for cell in cells]
    for name in (SUMMARY, CELLS, CURVES, FIGURE):  # of an earlier run: beside new ones they would tell what is not so
        (out / name).unlink(missing_ok=True)
    write_cells(out / CELLS, report.cells)
    write_curves(out / CURVES, drawn)
    write_text(out / FIGURE, risk_coverage_svg(drawn))
    write_text(out / SUMMARY, report.model_dump_json(indent=1) + "\n")

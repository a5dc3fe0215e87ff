"""`tracekd select`: what is gained if only outputs are answered that pass a check without gold?"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from tracekd.cli.output_options import Outputs
from tracekd.cli.requests.results import SelectRequest
from tracekd.cli.select_files import write_cells, write_curves
from tracekd.cli.select_report import SelectionReport, show, show_nothing
from tracekd.cli.terminal import terminal
from tracekd.files import write_text
from tracekd.out_folder import OutFolder, out_folder
from tracekd.stats.checked_outputs import Selections
from tracekd.stats.selection import Selectable, curves, summarise
from tracekd.tasks import get_task
from tracekd.verify.free_question import check_has_grammar
from tracekd.verify.run import check_outputs
from tracekd.verify.trace_kind import read_trace_kind

SUMMARY, CELLS, CURVES, FIGURE = "selection.json", "selection.csv", "curves.csv", "risk_coverage.svg"
NAMES = (SUMMARY, CELLS, CURVES, FIGURE)
_TOLD_EVERY = 200


def run(request: SelectRequest) -> int:
    """Check, select, and print the result. Returns 1 if no output could be checked. Raises UserError for an invalid
    request.
    """
    task, trace = get_task(request.task), read_trace_kind(request.trace)
    if trace != "template":
        check_has_grammar(task)
    request.wanted.check(request.out)
    request.wanted.read()  # errors in the request are reported before any problem is read
    problems = request.wanted.load_problems(task)
    with ExitStack() as opened:
        folder = opened.enter_context(out_folder(request.out, "select", NAMES)) if request.out else None
        status = opened.enter_context(terminal(stderr=True).status("reading ..."))
        selections = Selections()
        told = _told(request.wanted.read(), lambda read: status.update(f"checking ... {read:,} outputs"))
        joined = check_outputs(told, problems, task, selections.add, trace)
        cells = tuple(selections.cells())
        report = SelectionReport(
            task=task.name, trace=trace, cells=tuple(summarise(cell) for cell in cells), joined=joined
        )
        if cells and folder is not None:
            _write(folder, report, cells)
    if not cells:
        show_nothing(joined)
        return 1
    show(report, request.out, as_json=request.json)
    return 0


def _told(outputs: Outputs, tell: Callable[[int], None]) -> Outputs:
    for number, output in enumerate(outputs, start=1):
        if number % _TOLD_EVERY == 0:
            tell(number)
        yield output


def _write(folder: OutFolder, report: SelectionReport, cells: Sequence[Selectable]) -> None:
    from tracekd.report.selective_figure import risk_coverage_svg  # slow to import, and not always needed

    drawn = [(cell.model, cell.regime, dict(curves(cell))) for cell in cells]
    folder.clear()  # files of an earlier run would contradict the new ones
    out = folder.path
    write_cells(out / CELLS, report.cells)
    write_curves(out / CURVES, drawn)
    write_text(out / FIGURE, risk_coverage_svg(drawn))
    write_text(out / SUMMARY, report.model_dump_json(indent=1) + "\n")

"""`tracekd filter`: the rows of supervised data whose free traces hold."""

import shlex
from functools import partial
from pathlib import Path

from rich.console import Console

from tracekd.audit.filtering import LEFT_OUT, FilterReport, filter_rows, kept_names
from tracekd.audit.free_rows import FreeRows
from tracekd.audit.output_rows import read_row_or_output
from tracekd.audit.survey import audited_files, copies_of
from tracekd.cli.layout_line import layout_line
from tracekd.cli.plain_table import print_table, say, say_whole, short
from tracekd.cli.requests.data import FilterRequest
from tracekd.cli.terminal import echo_json, terminal
from tracekd.errors import UserError
from tracekd.files import write_text
from tracekd.out_folder import out_folder
from tracekd.tasks import get_task
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.claims import read_keep

REPORT = "manifest.json"


def run(request: FilterRequest) -> int:
    """Filter, and print what was kept. Returns 1 if no row was kept. Raises UserError for an invalid request."""
    task, keep = get_task(request.task), read_keep(request.keep)
    read = partial(read_row_or_output, tags=TraceTags.read(request.trace_tags))
    files = [file.path for file in audited_files(request.paths, "path")]
    names = kept_names(files)
    _check_out(request)
    rows = FreeRows.of(task, request.problems)
    with (
        out_folder(request.out, "filter", (*names, LEFT_OUT.as_posix(), REPORT)) as folder,
        terminal(stderr=True).status("reading ...") as status,
    ):
        report = filter_rows(
            files, rows, keep, read, folder.path,
            before_files_appear=folder.clear,
            tell=lambda count: status.update(f"reading ... {count:,} rows"),
        )  # fmt: skip
        write_text(folder.path / REPORT, report.model_dump_json(indent=1) + "\n")
    if request.json:
        echo_json(report)
    else:
        _show(report, request, copies_of(request.paths))
    return 0 if report.kept else 1


def _check_out(request: FilterRequest) -> None:
    """Raises UserError if the rows would be written into a folder that is read."""
    for path in (*request.paths, *request.problems):
        if request.out.resolve().is_relative_to(Path(path).resolve()):
            raise UserError(
                "the rows would be written into a folder that is read", where=request.out,
                next_step="name another --out",
            )  # fmt: skip


def _show(report: FilterReport, request: FilterRequest, not_read: list[Path]) -> None:
    console = terminal()
    say_whole(console, f"{report.kept:,} of {report.rows:,} rows are kept")
    say_whole(console, layout_line(report.layouts, report.delimiters))
    if report.problems_skipped:
        say_whole(console, f"{report.problems_skipped:,} records of --problems are not valid problems")
    if not_read:
        named = ", ".join(short(path.name) for path in not_read)
        say_whole(console, f"not read, because the Parquet file of the same name is: {named}")
    print_table(
        console,
        "files",
        ("file", "rows", "kept"),
        [(short(name), f"{file.rows:,}", f"{file.kept:,}") for name, file in report.files.items()],
    )
    _show_left_out(report, console)
    say_whole(console, f"all rows that are left out, each with its reason: {request.out / LEFT_OUT}")
    if report.kept:
        step = ["tracekd", "audit", str(request.out), "--task", report.task, "--trace", "free"]
        say_whole(console, f"next: {shlex.join(step)}")
    else:
        say(console, "no row is kept; the list says why")


def _show_left_out(report: FilterReport, console: Console) -> None:
    if report.left_out:
        rows = [(reason, f"{count:,}") for reason, count in report.left_out.items()]
        print_table(console, "left out", ("because", "rows"), rows)
    if report.statements:
        share = report.unread / report.statements
        say(console, f"\n{share:.1%} of the {report.statements:,} statements cannot be read")

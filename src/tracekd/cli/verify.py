"""`tracekd verify`: are the traces and answers of any model right?"""

import gc
from collections.abc import Callable
from contextlib import ExitStack

from tracekd.cli.output_options import Outputs
from tracekd.cli.requests.results import VerifyRequest
from tracekd.cli.terminal import terminal
from tracekd.cli.verify_report import show, show_nothing
from tracekd.files import jsonl_writer, write_text
from tracekd.out_folder import OutFolder, out_folder
from tracekd.report.free_draw import FreeDraw
from tracekd.stats.columns import Columns
from tracekd.stats.families import Analysis
from tracekd.stats.summary import Summary, summarise
from tracekd.stats.table_files import table_files, write_tables
from tracekd.stats.tables import tables
from tracekd.tasks import get_task
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.run import JoinReport, verify_outputs
from tracekd.verify.trace_kind import TraceKind, read_trace_kind
from tracekd.verify.verdict import Verdict
from tracekd.verify.verified_folder import INPUTS, VERDICTS

SUMMARY, JOIN, TABLES, TRACES = "summary.json", "join.json", "tables", "traces.html"
NAMES = (VERDICTS, INPUTS, SUMMARY, JOIN, TABLES, TRACES)
_TOLD_EVERY = 1000


class VerifySummary(Summary):
    """`summary.json`: the numbers, the kind of gold support that decides whether a trace is right (None: each problem's
    own), how traces were judged, and what was joined.
    """

    task: str
    support: str | None
    trace: TraceKind
    joined: JoinReport


class _NothingJudged(Exception):
    """No output could be judged. The files of an earlier run are kept."""

    def __init__(self, joined: JoinReport) -> None:
        self.joined = joined


def run(request: VerifyRequest) -> int:
    """Judge, and print the result. Returns 1 if nothing could be judged. Raises UserError for an invalid request."""
    task, wanted = get_task(request.task), request.wanted
    judge = Judge.of(task, request.support, read_trace_kind(request.trace))
    wanted.check(request.out)
    wanted.read()  # errors in the request are reported before any problem is read
    problems = wanted.load_problems(task)
    gc.freeze()  # problems stay to the end: scanning them for garbage again and again would take a tenth of the time
    with ExitStack() as opened:
        folder = opened.enter_context(out_folder(request.out, "verify", NAMES)) if request.out else None
        status = opened.enter_context(terminal(stderr=True).status("reading ..."))
        outputs = _told(wanted.read(), lambda read: status.update(f"judging ... {read:,} outputs"))
        draw = FreeDraw()
        joined, columns = _judge(outputs, problems, judge, folder, draw)
        summary = None
        if joined.judged:
            status.update("computing ...")
            summary = _summarise(columns, judge, request, joined)
            if folder is not None:
                inputs = wanted.recorded(judge)
                write_text(folder.path / INPUTS, inputs.model_dump_json(indent=1) + "\n")
                _write_numbers(folder, summary)
                _write_traces(folder, summary, draw)
    if summary is None:
        show_nothing(joined, has_problems=bool(request.problems), as_json=request.json)
        return 1
    show(joined, summary, request.out, traces=TRACES, as_json=request.json)
    return 0


def _told(outputs: Outputs, tell: Callable[[int], None]) -> Outputs:
    for number, output in enumerate(outputs, start=1):
        if number % _TOLD_EVERY == 0:
            tell(number)
        yield output


def _judge(
    outputs: Outputs, problems: Problems, judge: Judge, folder: OutFolder | None, draw: FreeDraw
) -> tuple[JoinReport, Columns]:
    """Judge the outputs; with a folder, also write the verdicts, and draw examples. If nothing is judged, the folder is not
    changed.
    """
    columns = Columns()
    if folder is None:
        return verify_outputs(outputs, problems, judge, columns.add), columns
    try:
        return _judge_into(folder, outputs, problems, judge, columns, draw), columns
    except _NothingJudged as nothing:
        return nothing.joined, columns


def _judge_into(
    folder: OutFolder, outputs: Outputs, problems: Problems, judge: Judge, columns: Columns, draw: FreeDraw
) -> JoinReport:
    """Write the verdicts one by one (the file is complete or absent), and the outputs that were not judged."""
    with jsonl_writer(folder.path / VERDICTS) as write:

        def take(verdict: Verdict) -> None:
            columns.add(verdict)
            write(verdict)

        joined = verify_outputs(outputs, problems, judge, take, draw.see)
        if not joined.judged:
            raise _NothingJudged(joined)
        folder.clear(VERDICTS)  # numbers of an earlier run would contradict the new verdicts
    write_text(folder.path / JOIN, joined.model_dump_json(indent=1) + "\n")
    return joined


def _summarise(columns: Columns, judge: Judge, request: VerifyRequest, joined: JoinReport) -> VerifySummary:
    numbers = summarise(columns, Analysis(margin=request.margin / 100))
    fields = {name: getattr(numbers, name) for name in Summary.model_fields}
    return VerifySummary.model_construct(
        **fields, task=judge.task.name, support=judge.support, trace=judge.trace, joined=joined
    )


def _write_numbers(folder: OutFolder, summary: VerifySummary) -> None:
    found = tables(summary)
    folder.add(f"{TABLES}/{name}" for name in table_files(found))
    write_tables(folder.path / TABLES, found)
    write_text(folder.path / SUMMARY, summary.model_dump_json(indent=1) + "\n")


def _write_traces(folder: OutFolder, summary: VerifySummary, draw: FreeDraw) -> None:
    """Write the page about free traces, if there are any."""
    if summary.joined.as_free:
        from tracekd.report.traces_page import (
            TracesContent,
            render_traces,
        )  # jinja2 takes a tenth of a second, which others need not wait

        content = TracesContent(summary.task, summary, summary.joined.as_free, draw.shown(), draw.seed)
        write_text(folder.path / TRACES, render_traces(content))

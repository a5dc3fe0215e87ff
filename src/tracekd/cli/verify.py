"""`tracekd verify`: are the traces and answers in anyone's outputs right?"""

import gc
import shutil
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tracekd.cli.requests.results import VerifyRequest
from tracekd.cli.verify_report import show, show_nothing
from tracekd.cli.wanted_outputs import Outputs
from tracekd.files import jsonl_writer, only_one, write_text
from tracekd.stats.columns import Columns
from tracekd.stats.families import Analysis
from tracekd.stats.summary import Summary, summarise
from tracekd.stats.table_files import write_tables
from tracekd.stats.tables import tables
from tracekd.tasks import get_task
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.run import JoinReport, verify_outputs
from tracekd.verify.verdict import Verdict

VERDICTS, SUMMARY, JOIN, TABLES = "verdicts.jsonl", "summary.json", "join.json", "tables"
_TOLD_EVERY = 1000


class VerifySummary(Summary):
    """`summary.json`: the numbers, by which gold support a trace is right (None: each problem's own), what was joined."""

    task: str
    support: str | None
    joined: JoinReport


class _NothingJudged(Exception):
    """What an earlier run wrote stays."""

    def __init__(self, joined: JoinReport) -> None:
        self.joined = joined


def run(request: VerifyRequest) -> int:
    """Judge, and print what came out. Returns 1 where nothing could be judged. Raises UserError."""
    task, wanted = get_task(request.task), request.wanted
    judge = Judge.of(task, request.support)
    wanted.check(request.out)
    wanted.read()  # what is wrong with the request is told before any problem is read
    problems = wanted.load_problems(task)
    gc.freeze()  # they stay to the end: looking through them for garbage, again and again, takes a tenth of the time
    columns = Columns()
    with Console(stderr=True).status("reading ...") as status:
        outputs = _told(wanted.read(), lambda read: status.update(f"judging ... {read:,} outputs"))
        if request.out is None:
            joined = verify_outputs(outputs, problems, judge, columns.add)
        else:
            with only_one(request.out, "another tracekd verify is writing into this folder"):
                try:
                    joined = _judge_into(request.out, outputs, problems, judge, columns)
                except _NothingJudged as nothing:
                    joined = nothing.joined
        summary = None
        if joined.judged:
            status.update("computing ...")
            summary = _summarise(columns, request, joined)
    if summary is None:
        show_nothing(joined, as_json=request.json)
        return 1
    show(joined, summary, request.out, as_json=request.json)
    return 0


def _told(outputs: Outputs, tell: Callable[[int], None]) -> Outputs:
    for number, output in enumerate(outputs, start=1):
        if number % _TOLD_EVERY == 0:
            tell(number)
        yield output


def _judge_into(out: Path, outputs: Outputs, problems: Problems, judge: Judge, columns: Columns) -> JoinReport:
    """The verdicts as they come, whole or not at all, and what was not judged."""
    with jsonl_writer(out / VERDICTS) as write:

        def take(verdict: Verdict) -> None:
            columns.add(verdict)
            write(verdict)

        joined = verify_outputs(outputs, problems, judge, take)
        if not joined.judged:
            raise _NothingJudged(joined)
        for name in (SUMMARY, JOIN):  # of an earlier run: beside new verdicts they would tell what is not so
            (out / name).unlink(missing_ok=True)
        shutil.rmtree(out / TABLES, ignore_errors=True)
    write_text(out / JOIN, joined.model_dump_json(indent=1) + "\n")
    return joined


def _summarise(columns: Columns, request: VerifyRequest, joined: JoinReport) -> VerifySummary:
    numbers = summarise(columns, Analysis(margin=request.margin / 100))
    fields = {name: getattr(numbers, name) for name in Summary.model_fields}
    summary = VerifySummary.model_construct(**fields, task=request.task, support=request.support, joined=joined)
    if request.out is not None:
        write_tables(request.out / TABLES, tables(summary))
        write_text(request.out / SUMMARY, summary.model_dump_json(indent=1) + "\n")
    return summary

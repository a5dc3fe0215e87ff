"""`tracekd generate`: what a student writes for problems, in a file."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import typer
from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tracekd.cli.load_problems import load_problems
from tracekd.cli.requests.students import GenerateRequest
from tracekd.cli.session import Session
from tracekd.errors import UserError, unknown_name
from tracekd.files import read_jsonl
from tracekd.http.endpoint import Endpoint
from tracekd.regimes import get_regime
from tracekd.students.engines.contract import STOP, Decoding, EngineError
from tracekd.students.output import Output
from tracekd.students.output_file import complete
from tracekd.students.student import Student
from tracekd.tasks import get_task

ENGINES = ("transformers", "vllm", "endpoint")


class Report(BaseModel):
    """What the file holds, and what this run added to it. `tokens` are those that the student wrote."""

    out: str
    outputs: int
    tokens: int
    ended: int
    cut_off: int
    skipped: int
    made: int
    made_tokens: int
    seconds: float


def run(request: GenerateRequest) -> int:
    """Generate what the file lacks, and say what it holds. Returns the exit code: 1 if the engine could not go on.

    Raises UserError for what cannot be done; what was generated before stays.
    """
    request = as_trained(request)
    task, decoding = get_task(request.task), _decoding(request)
    address = _check(request)
    problems, skipped = load_problems(task, request.sources, subset=request.subset, limit=request.limit)
    session = Session(request, decoding, address)
    asked = session.asked(task, problems)
    try:
        with _show_progress(len(asked)) as tell:
            complete(request.out, session.recipe(task), asked, session.make, tell)
    except EngineError as error:
        typer.echo(f"tracekd: {error}", err=True)
        typer.echo("  what was generated stays: the same command goes on from there", err=True)
        return 1
    _show(_report(request.out, skipped, session), request)
    return 0


def as_trained(request: GenerateRequest) -> GenerateRequest:
    """What is not said is as in the student's training; of a student from elsewhere, 128 tokens in float32."""
    try:
        said = json.loads((Path(request.student) / "training.json").read_bytes())["student"]
        student = Student.model_validate(said)
    except (OSError, ValueError, KeyError, TypeError, UserError):
        student = Student(name="student")
    return replace(
        request,
        max_new_tokens=request.max_new_tokens or student.max_new_tokens,
        precision=request.precision or student.precision,
    )


def _decoding(request: GenerateRequest) -> Decoding:
    assert request.max_new_tokens is not None  # resolved before
    return Decoding(request.max_new_tokens, request.temperature, request.samples, request.seed, STOP)


def _check(request: GenerateRequest) -> Endpoint | None:
    """The endpoint, if one is wanted. Raises UserError for options that cannot be, before anything is read."""
    if request.engine not in ENGINES:
        raise unknown_name("engine", request.engine, ENGINES)
    if request.regime is not None and (prompted := get_regime(request.regime).prompted) and prompted.shots:
        raise UserError(f"{request.regime} needs examples to show", next_step="make it a regime of a study")
    if request.precision not in ("float32", "bfloat16"):
        raise unknown_name("precision", str(request.precision), ("float32", "bfloat16"))
    if request.out.is_dir():
        raise UserError("this is a folder", where=request.out, expected="a file, which is made: outputs.jsonl")
    if request.engine != "endpoint":
        if request.endpoint is not None:
            raise UserError("--endpoint is for the engine `endpoint`", next_step="add --engine endpoint")
        return None
    if request.endpoint is None or request.model is None:
        raise UserError(
            "the engine `endpoint` needs an address and a model", next_step="add --endpoint URL --model NAME"
        )
    return Endpoint.of(request.endpoint, timeout=request.timeout, key_name=request.api_key_env)


def _report(out: Path, skipped: int, session: Session) -> Report:
    outputs = tokens = ended = 0
    for output in read_jsonl(out, Output):
        outputs += 1
        tokens += len(output.token_ids)
        ended += output.finish == "stop"
    return Report(
        out=str(out), outputs=outputs, tokens=tokens, ended=ended, cut_off=outputs - ended, skipped=skipped,
        made=session.made, made_tokens=session.made_tokens, seconds=round(session.seconds, 2),
    )  # fmt: skip


@contextmanager
def _show_progress(total: int) -> Iterator[Callable[[int], None]]:
    console = Console(stderr=True)
    columns = (
        TextColumn("generating"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        row = bars.add_task("generating", total=total)
        yield lambda done: bars.update(row, completed=done)


def _show(report: Report, request: GenerateRequest) -> None:
    if request.json:
        typer.echo(report.model_dump_json(indent=1))
        return
    table = Table(title=f"{escape(request.student)} on {escape(request.task)}", title_justify="left",
                  box=box.SIMPLE_HEAD, pad_edge=False)  # fmt: skip
    for name in ("outputs", "tokens", "ended", "cut off", "made now", "seconds", "tokens a second"):
        table.add_column(name, justify="right")
    rate = f"{report.made_tokens / report.seconds:,.0f}" if report.seconds else "-"
    numbers = (report.outputs, report.tokens, report.ended, report.cut_off, report.made)
    table.add_row(*(f"{number:,}" for number in numbers), f"{report.seconds:,.1f}", rate)
    console = Console()
    console.print(table)
    if report.cut_off:
        share = report.cut_off / report.outputs
        console.print(f"{share:.1%} were cut off at {request.max_new_tokens:,} tokens: they count as unparsed or wrong")
    if report.skipped:
        console.print(f"{report.skipped:,} records are no problems; `tracekd problems` lists them")
    console.print(f"everything is in {escape(report.out)}", soft_wrap=True, highlight=False)

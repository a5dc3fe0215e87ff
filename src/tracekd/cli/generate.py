"""`tracekd generate`: writes a student's outputs for problems to a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel
from rich import box
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tracekd.cli.load_problems import load_problems
from tracekd.cli.requests.students import GenerateRequest
from tracekd.cli.terminal import echo, echo_json, terminal
from tracekd.errors import UserError, unknown_name
from tracekd.files import read_jsonl
from tracekd.http.endpoint import Endpoint
from tracekd.regimes import get_regime
from tracekd.students.base import base_folder
from tracekd.students.engines.contract import Decoding, EngineError
from tracekd.students.engines.settings import (
    ENGINES,
    PRECISIONS,
    EndpointSettings,
    EngineSettings,
    TransformersSettings,
    VllmSettings,
)
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.session import Made, Session
from tracekd.students.training_record import student_of
from tracekd.tasks import Task, get_task

UNKNOWN = "unknown"  # the regime of a student whose regime nobody named


class Report(BaseModel):
    """What the file contains, and what this run added. `tokens` counts the tokens that the student wrote."""

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
    """Generate the missing outputs, and report the file. Returns the exit code: 1 if the engine had to stop.

    Raises UserError for an invalid request. Earlier outputs are kept.
    """
    task, settings = get_task(request.task), _check(request)
    limit = request.max_new_tokens or student_of(Path(request.student)).max_new_tokens
    Decoding(limit, request.temperature, request.samples)  # raises for invalid values, before any problem is read
    problems, skipped = load_problems(task, request.sources, subset=request.subset, limit=request.limit)
    session = _session(request, task, settings, limit)
    asked = session.asked(problems)
    try:
        with _show_progress(len(asked)) as tell:
            made = session.complete(request.out, asked, tell)
    except EngineError as error:
        echo(f"tracekd: {error}", err=True)
        echo("  the outputs so far are kept: run the same command to continue", err=True)
        return 1
    _show(_report(request.out, skipped, made), request, limit)
    return 0


def _session(request: GenerateRequest, task: Task, settings: EngineSettings, limit: int) -> Session:
    folder = _folder(request.student, only_tokenizer=isinstance(settings, EndpointSettings))
    return Session.of(
        folder, task, get_regime(request.regime or "correct"),
        Origin(request.regime or UNKNOWN, name_of(request.student), request.seed),
        max_new_tokens=limit, settings=settings, chat=student_of(folder).chat if request.chat is None else request.chat,
        temperature=request.temperature, samples=request.samples,
    )  # fmt: skip


def name_of(student: str) -> str:
    """The name of the student in its outputs: the name of its folder (its path is private), or its Hub id."""
    return Path(student).resolve().name if Path(student).exists() else student


def _folder(student: str, *, only_tokenizer: bool) -> Path:
    """The student's folder. If the student is behind an endpoint, the folder needs no weights."""
    folder = Path(student)
    return folder if only_tokenizer and (folder / "tokenizer_config.json").is_file() else base_folder(student)


def _check(request: GenerateRequest) -> EngineSettings:
    """The settings of the engine. Raises UserError for invalid options, before anything is read."""
    if request.engine not in ENGINES:
        raise unknown_name("engine", request.engine, ENGINES)
    if request.regime is not None and (prompted := get_regime(request.regime).prompted) and prompted.shots:
        raise UserError(
            f"{request.regime} needs worked examples, which only a study has",
            next_step="list it in the regimes of a study",
        )
    if request.precision not in (None, *PRECISIONS):
        raise unknown_name("precision", str(request.precision), PRECISIONS)
    if request.out.is_dir():
        raise UserError("this is a folder", where=request.out, expected="the name of a file, such as outputs.jsonl")
    if request.engine == EndpointSettings.name:
        return _endpoint(request)
    if request.endpoint is not None:
        raise UserError("--endpoint is for the engine `endpoint`", next_step="add --engine endpoint")
    if request.engine == VllmSettings.name:
        return VllmSettings()
    return TransformersSettings(request.precision or student_of(Path(request.student)).precision, request.batch)


def _endpoint(request: GenerateRequest) -> EndpointSettings:
    if request.endpoint is None or request.model is None:
        raise UserError(
            "the engine `endpoint` needs an address and a model", next_step="add --endpoint URL --model NAME"
        )
    endpoint = Endpoint.of(request.endpoint, timeout=request.timeout, key_name=request.api_key_env)
    return EndpointSettings(endpoint, request.model, request.concurrency, request.retries)


def _report(out: Path, skipped: int, made: Made) -> Report:
    outputs = tokens = ended = 0
    for output in read_jsonl(out, Output):
        outputs += 1
        tokens += len(output.token_ids)
        ended += output.finish == "stop"
    return Report(
        out=str(out), outputs=outputs, tokens=tokens, ended=ended, cut_off=outputs - ended, skipped=skipped,
        made=made.outputs, made_tokens=made.tokens, seconds=round(made.seconds, 2),
    )  # fmt: skip


@contextmanager
def _show_progress(total: int) -> Iterator[Callable[[int], None]]:
    console = terminal(stderr=True)
    columns = (
        TextColumn("generating"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        row = bars.add_task("generating", total=total)
        yield lambda done: bars.update(row, completed=done)


def _show(report: Report, request: GenerateRequest, limit: int) -> None:
    if request.json:
        echo_json(report)
        return
    table = Table(title=f"{escape(request.student)} on {escape(request.task)}", title_justify="left",
                  box=box.SIMPLE_HEAD, pad_edge=False)  # fmt: skip
    for name in ("outputs", "tokens", "ended", "cut off", "made now", "seconds", "tokens a second"):
        table.add_column(name, justify="right")
    rate = f"{report.made_tokens / report.seconds:,.0f}" if report.seconds else "-"
    numbers = (report.outputs, report.tokens, report.ended, report.cut_off, report.made)
    table.add_row(*(f"{number:,}" for number in numbers), f"{report.seconds:,.1f}", rate)
    console = terminal()
    console.print(table)
    if report.cut_off:
        share = report.cut_off / report.outputs
        console.print(f"{share:.1%} of the outputs were cut off at {limit:,} tokens: they count as unparsed or wrong")
    if report.skipped:
        console.print(f"{report.skipped:,} records are invalid problems; `tracekd problems` lists them")
    console.print(f"everything is in {escape(report.out)}", soft_wrap=True, highlight=False)

"""`tracekd generate`: writes a student's outputs for problems to a file."""

from collections.abc import Callable, Iterator, Sequence
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
from tracekd.http.replies import Refused
from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.students.base import base_folder
from tracekd.students.engines.chat_endpoint import LOSSES, speaks_chat
from tracekd.students.engines.contract import Decoding, EngineError
from tracekd.students.engines.probe import NoTokenIds
from tracekd.students.engines.settings import (
    ENGINES,
    PRECISIONS,
    REMOTE,
    ChatEndpointSettings,
    EndpointSettings,
    EngineSettings,
    TransformersSettings,
    VllmSettings,
)
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.output_file import engine_of
from tracekd.students.session import Made, Session
from tracekd.students.training_record import RECORD, student_of
from tracekd.tasks import Task, get_task

# With one of these, a server says that it has no such path.
_MISSING = (404, 405, 501)
UNKNOWN = "unknown"  # the regime of a student whose regime nobody named


class Report(BaseModel):
    """What the file contains, and what this run added. `tokens` counts the tokens that the student wrote. `notes` say how
    prompts were written, and what an engine cannot do.
    """

    out: str
    outputs: int
    tokens: int
    ended: int
    cut_off: int
    skipped: int
    made: int
    made_tokens: int
    seconds: float
    engine: str
    notes: tuple[str, ...]


def run(request: GenerateRequest) -> int:
    """Generate the missing outputs, and report the file. Returns the exit code: 1 if the engine had to stop.

    Raises UserError for an invalid request. Earlier outputs are kept.
    """
    task, settings = get_task(request.task), _check(request)
    if isinstance(settings, EndpointSettings) and engine_of(request.out) == ChatEndpointSettings.name:
        settings = _chat(settings)  # an earlier run found that the server has nothing else
    limit = request.max_new_tokens or student_of(Path(request.student)).max_new_tokens
    Decoding(limit, request.temperature, request.samples)  # raises for invalid values, before any problem is read
    problems, skipped = load_problems(task, request.sources, subset=request.subset, limit=request.limit)
    session = _session(request, task, settings, limit)
    try:
        try:
            made = _complete(session, problems, request.out)
        except (Refused, NoTokenIds) as refused:
            session = _session(request, task, _chat_instead(settings, refused), limit)
            why = "takes no token ids" if isinstance(refused, NoTokenIds) else "has no /completions"
            echo(f"tracekd: the endpoint {why}: it is asked through /chat/completions instead", err=True)
            made = _complete(session, problems, request.out)
    except EngineError as error:
        echo(f"tracekd: {error}", err=True)
        echo("  the outputs so far are kept: run the same command to continue", err=True)
        return 1
    _show(_report(session, request, skipped, made), request, limit)
    return 0


def _complete(session: Session, problems: Sequence[Problem], out: Path) -> Made:
    asked = session.asked(problems)
    with _show_progress(len(asked)) as tell:
        return session.complete(out, asked, tell)


def _chat_instead(settings: EngineSettings, refused: Refused | NoTokenIds) -> ChatEndpointSettings:
    """The settings for a server of which only chat completions can be used. Raises the refusal if it has another reason."""
    is_missing = isinstance(refused, NoTokenIds) or refused.status in _MISSING
    if not isinstance(settings, EndpointSettings) or not is_missing:
        raise refused
    if not speaks_chat(settings.endpoint, settings.model):
        raise refused
    return _chat(settings)


def _chat(settings: EndpointSettings) -> ChatEndpointSettings:
    return ChatEndpointSettings(settings.endpoint, settings.model, settings.concurrency, settings.retries)


def _session(request: GenerateRequest, task: Task, settings: EngineSettings, limit: int) -> Session:
    folder = _folder(request.student, only_tokenizer=settings.name in REMOTE)
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
    if request.engine in REMOTE:
        return _endpoint(request)
    if request.endpoint is not None:
        raise UserError("--endpoint is for the engine `endpoint`", next_step="add --engine endpoint")
    if request.engine == VllmSettings.name:
        return VllmSettings()
    return TransformersSettings(request.precision or student_of(Path(request.student)).precision, request.batch)


def _endpoint(request: GenerateRequest) -> EndpointSettings | ChatEndpointSettings:
    if request.endpoint is None or request.model is None:
        raise UserError(
            f"the engine `{request.engine}` needs an address and a model", next_step="add --endpoint URL --model NAME"
        )
    endpoint = Endpoint.of(request.endpoint, timeout=request.timeout, key_name=request.api_key_env)
    if request.engine == EndpointSettings.name:
        return EndpointSettings(endpoint, request.model, request.concurrency, request.retries)
    if request.chat is False:
        raise UserError(
            "a server of chat completions applies its own chat template",
            next_step="--engine endpoint for plain prompts",
        )
    return ChatEndpointSettings(endpoint, request.model, request.concurrency, request.retries)


def _report(session: Session, request: GenerateRequest, skipped: int, made: Made) -> Report:
    out = request.out
    outputs = tokens = ended = 0
    for output in read_jsonl(out, Output):
        outputs += 1
        tokens += len(output.token_ids)
        ended += output.finish == "stop"
    return Report(
        out=str(out), outputs=outputs, tokens=tokens, ended=ended, cut_off=outputs - ended, skipped=skipped,
        made=made.outputs, made_tokens=made.tokens, seconds=round(made.seconds, 2), engine=session.settings.name,
        notes=_notes(session, request),
    )  # fmt: skip


def _notes(session: Session, request: GenerateRequest) -> tuple[str, ...]:
    if isinstance(session.settings, ChatEndpointSettings):
        return LOSSES
    if request.chat is not None or (session.folder / RECORD).is_file() or not session.prompting.chat:
        return ()
    # Another program trained it, and may have taught it plain prompts.
    return ("prompts go through the student's chat template; for a student of plain prompts: --no-chat",)


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
    for note in report.notes:
        console.print(escape(note), soft_wrap=True, highlight=False)
    if report.skipped:
        console.print(f"{report.skipped:,} records are invalid problems; `tracekd problems` lists them")
    console.print(f"everything is in {escape(report.out)}", soft_wrap=True, highlight=False)

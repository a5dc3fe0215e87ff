"""The command line: all commands together. Heavy imports are inside the commands, so that the help is quick."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tracekd import __version__
from tracekd.cli.command import add_command
from tracekd.cli.requests import data, power, results, students
from tracekd.cli.terminal import echo
from tracekd.errors import UserError
from tracekd.plain_text import plain_line


class _Group(TyperGroup):
    """Words that are no option or command of ours may be names of files (`tracekd study *`): they are quoted plain."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _plain_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        with _plain_errors():
            return super().invoke(ctx)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if hasattr(error, "show") and isinstance(getattr(error, "message", None), str):  # an error in the usage
            error.message = plain_line(error.message)  # type: ignore[attr-defined]
        raise


app = typer.Typer(
    name="tracekd",
    cls=_Group,
    help="Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

# In the order of the help.
for request in (
    results.StudyRequest,
    data.TasksRequest,
    data.ProblemsRequest,
    data.SftRequest,
    students.FetchRequest,
    students.TrainRequest,
    students.GenerateRequest,
    data.WorldRequest,
    students.TeacherRequest,
    students.PretrainRequest,
    data.AuditRequest,
    data.FilterRequest,
    results.VerifyRequest,
    results.AnalyzeRequest,
    results.SelectRequest,
    results.ExportRequest,
    results.InterveneRequest,
    power.PowerRequest,
    results.CheckRunRequest,
):
    add_command(app, request)


def _print_version(wanted: bool) -> None:
    if wanted:
        echo(f"tracekd {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?"""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. As `python -m tracekd`, Python would end by the signal, although it was handled, if a plain KeyboardInterrupt
    went through code that is made at run time, such as that of a dataclass (CPython 3.11, `run_eval_code_obj`).
    """


def handle_interrupts() -> None:
    """Ctrl-C raises Interrupted, unless the user has switched it off."""

    def interrupt(number: int, frame: object) -> None:
        raise Interrupted

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)


def main() -> None:
    """The entry point. Errors that the user can correct are printed without a traceback, with exit code 2."""
    handle_interrupts()
    # No traceback either if standard output is closed or full.
    try:
        app()
    except UserError as error:
        echo(f"tracekd: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        echo(f"tracekd: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        echo("tracekd: interrupted; run the same command to continue", err=True)
        sys.exit(1)

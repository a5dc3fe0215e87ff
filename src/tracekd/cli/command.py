"""Makes a command from a request: the fields of `SftRequest` are the options of `tracekd sft`, which `cli/sft.py` runs,
and `CheckRunRequest` is for `tracekd check-run`, in `cli/check_run.py`.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, fields
from importlib import import_module
from inspect import Parameter, Signature
from typing import Annotated, Any, get_args

import typer

from tracekd.cli.terminal import echo


def add_command(app: typer.Typer, request: type[Any]) -> None:
    """Add the command of a request. Its module is imported when the command is run, so that the help stays quick."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", request.__name__.removesuffix("Request")).lower()

    def call(**options: Any) -> None:
        try:
            run: Callable[[Any], int | None] = import_module(f"tracekd.cli.{name.replace('-', '_')}").run
            code = run(request(**options))
        except KeyboardInterrupt:  # caught here, because typer would end the program with another code and message
            echo("tracekd: interrupted; run the same command to continue", err=True)
            code = 1
        sys.exit(code)

    parameters = [_parameter(field) for field in fields(request)]
    call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app.command(name, help=request.__doc__)(call)


def _parameter(field: Field[Any]) -> Parameter:
    """A field as a parameter for typer, which supports lists but not sequences."""
    kind, *declaration = get_args(field.type)
    many = kind == Sequence[str]
    annotation = Annotated[list[str] if many else kind, *declaration]  # type: ignore[valid-type]
    default = Parameter.empty if field.default is MISSING else list(field.default) if many else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)

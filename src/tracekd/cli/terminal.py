"""The only way in which commands print. Names of files and texts of any origin may contain control characters; no such
character reaches the terminal or a pipe.
"""

from typing import TYPE_CHECKING, Any

import typer

from tracekd.plain_text import plain, plain_json

if TYPE_CHECKING:  # takes a tenth of a second to import, which the help does not need
    from pydantic import BaseModel
    from rich.console import Console
    from rich.text import Text


def echo(text: object, *, err: bool = False) -> None:
    """Print lines of text on standard output, or on standard error."""
    typer.echo(plain(str(text)), err=err)


def echo_json(report: "BaseModel | str") -> None:
    """Print a report as JSON on standard output."""
    typer.echo(plain_json(report if isinstance(report, str) else report.model_dump_json(indent=1)))


def terminal(*, stderr: bool = False) -> "Console":
    """A console for tables, styles and progress."""
    from rich.console import Console

    class Terminal(Console):
        """Everything that is printed as a string passes here: lines, titles, and cells of tables."""

        def render_str(self, text: str, **options: Any) -> "Text":
            return super().render_str(plain(text), **options)

    return Terminal(stderr=stderr, emoji=False)

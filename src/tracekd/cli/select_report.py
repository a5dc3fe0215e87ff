"""What `tracekd select` prints: one JSON object, or tables for people."""

from collections.abc import Callable
from pathlib import Path

import typer
from pydantic import BaseModel, ConfigDict
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tracekd.stats.selection import LENGTH, LOG_PROBABILITY, ORACLE, SelectionCell
from tracekd.stats.shares import Measure, Share
from tracekd.verify.join_report import JoinReport

_NONE = "-"
_SELECTED = {
    "facts": "cited facts are in the context",
    "label": "class follows",
    "from_cited": "answer follows from cited facts",
    "from_context": "answer follows from the context",
    "trace": "the trace passes (first three)",
    "all": "everything passes",
}
_RANKED = {
    "trace": "checks of the trace passed",
    "all": "checks passed",
    LENGTH: "shorter first",
    LOG_PROBABILITY: "log-probability",
    ORACLE: "oracle (right ones first)",
}


class SelectionReport(BaseModel):
    """What `--json` prints, and selection.json holds: each model and regime, and what became of the outputs read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    cells: tuple[SelectionCell, ...]
    joined: JoinReport


def show(report: SelectionReport, out: Path | None, *, as_json: bool) -> None:
    """Print the report on standard output: as JSON alone, or as two tables for each model and regime."""
    if as_json:
        typer.echo(report.model_dump_json(indent=1))
        return
    console = Console()
    for cell in report.cells:
        _show_cell(cell, console)
    _show_rest(report.joined, console)
    if out is not None:
        console.print(f"written: {_plain(str(out))}", highlight=False, soft_wrap=True)


def show_nothing(joined: JoinReport) -> None:
    """Say, on standard error, why not one output could be checked."""
    console = Console(stderr=True)
    console.print("tracekd: no output could be checked", highlight=False)
    _show_rest(joined, console)
    console.print("next: name the problems that were asked: --problems SOURCE", highlight=False)


def _show_cell(cell: SelectionCell, console: Console) -> None:
    title = f"{_plain(cell.model)}, {_plain(cell.regime)}: {cell.n:,} outputs, 95 % intervals"
    console.print(f"[bold]{title}[/]", highlight=False, soft_wrap=True)
    console.print(_selected(cell))
    console.print(_ranked(cell))


def _selected(cell: SelectionCell) -> Table:
    table = _table("answer only where", "answered", "accuracy", "gain, points")
    table.add_row("(all)", f"{cell.n:,} of {cell.n:,}", _share(cell.all), _NONE)
    for name, label in _SELECTED.items():
        found = cell.selected[name]
        answered = f"{found.coverage.right:,} of {found.coverage.n:,}"
        table.add_row(label, answered, _share(found.accuracy), _measure(found.gain, lambda x: f"{100 * x:+.1f}"))
    return table


def _ranked(cell: SelectionCell) -> Table:
    table = _table("most sure first, by", "AURC", f"less than by length ({cell.length_unit})")
    for name, label in _RANKED.items():
        if name in cell.ranked:
            found = cell.ranked[name]
            saved = _NONE if found.saved is None else _measure(found.saved, lambda x: f"{x:+.3f}")
            table.add_row(label, _measure(found.aurc, lambda x: f"{x:.3f}"), saved)
    return table


def _show_rest(joined: JoinReport, console: Console) -> None:
    for what, part in (
        ("lines or files are no outputs", joined.unread),
        ("outputs are of no known problem, and count for nobody", joined.unknown),
        ("outputs are given twice; the first counts", joined.given_twice),
        ("problems have no output", joined.without_output),
    ):
        if part.count:
            first = _plain(part.first[0]) if part.first else ""
            console.print(f"{part.count:,} {what}, e.g. {first}", highlight=False, soft_wrap=True)


def _table(first: str, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first)
    for name in columns:
        table.add_column(name, justify="right")
    return table


def _share(found: Share) -> str:
    if found.rate is None or found.ci is None:
        return _NONE
    return f"{found.rate:.1%} ({100 * found.ci[0]:.1f}-{100 * found.ci[1]:.1f})"


def _measure(found: Measure, write: Callable[[float], str]) -> str:
    if found.value is None:
        return _NONE
    return write(found.value) + (f" ({write(found.ci[0])} to {write(found.ci[1])})" if found.ci else "")


def _plain(text: str) -> str:
    """Text of a file, for the terminal: no control characters, no markup."""
    return escape("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))

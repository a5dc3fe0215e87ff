"""What `tracekd verify` prints."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tracekd.stats.cell_record import CellRecord
from tracekd.stats.run_summary import RunSummary
from tracekd.stats.shares import Share
from tracekd.verify.join_report import JoinReport, Listed

_SHOWN = 5
_NONE = "-"


def show(joined: JoinReport, summary: RunSummary, out: Path | None, *, as_json: bool) -> None:
    """Print the summary: on standard output as JSON alone, or as a table for each model; then what was not judged."""
    if as_json:
        typer.echo(summary.model_dump_json(indent=1))
        _show_rest(joined, Console(stderr=True))
        return
    console = Console()
    for model, cells in groupby(summary.cells, lambda cell: cell.model):
        console.print(_table(model, list(cells)))
    console.print(
        f"{joined.judged:,} outputs judged, for {joined.problems:,} problems; unparsed is wrong; 95 % intervals", highlight=False
    )  # fmt: skip
    _show_rest(joined, console)
    if out is not None:
        console.print(f"written: {_plain(str(out))}", soft_wrap=True)


def show_nothing(joined: JoinReport, *, as_json: bool) -> None:
    """Say, on standard error, why not one output could be judged; on standard output as JSON, if that is wanted."""
    if as_json:
        typer.echo(json.dumps({"joined": joined.model_dump(mode="json"), "cells": []}, indent=1))
    console = Console(stderr=True)
    console.print("tracekd: no output could be judged", highlight=False)
    _show_rest(joined, console)
    if joined.unknown.count:
        console.print("next: name the problems that were asked: --problems SOURCE", highlight=False)


def _show_rest(joined: JoinReport, console: Console) -> None:
    """What was not read or not joined, with the first places of each."""
    parts: tuple[tuple[str, Listed], ...] = (
        ("lines or files are no outputs", joined.unread),
        ("outputs are of no known problem, and count for nobody", joined.unknown),
        ("outputs are given twice; the first counts", joined.given_twice),
        ("problems have no output", joined.without_output),
    )
    for what, part in parts:
        if not part.count:
            continue
        reasons = "; ".join(f"{reason}: {count:,}" for reason, count in list(part.reasons.items())[:_SHOWN])
        console.print(f"{part.count:,} {what} ({_plain(reasons)})", highlight=False, soft_wrap=True)
        for place in part.first[:_SHOWN]:
            console.print(f"  {_plain(place)}", highlight=False, soft_wrap=True)


def _table(model: str, cells: Sequence[CellRecord]) -> Table:
    """The cells of a model: a row a measure, a column a regime."""
    table = Table(title=_plain(model), box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("")
    for cell in cells:
        table.add_column(_plain(cell.regime), justify="right", no_wrap=True)
    table.add_row("outputs", *(f"{cell.n:,}" for cell in cells))
    for name, measure in _measures(cells):
        table.add_row(name, *map(measure, cells))
    return table


def _measures(cells: Sequence[CellRecord]) -> Iterable[tuple[str, Callable[[CellRecord], str]]]:
    yield "answer right", lambda cell: _share(cell.answer)
    if any(cell.lenient_answer.right != cell.answer.right for cell in cells):
        yield "  read leniently", lambda cell: _share(cell.lenient_answer)
    yield "class right", lambda cell: _share(cell.class_)
    for kind in sorted({kind for cell in cells for kind in cell.retrieval}):
        yield f"facts right: {_plain(kind)}", partial(_facts, kind)
    yield "trace right", lambda cell: _share(cell.trace)
    if any(cell.consistent.n for cell in cells):
        yield "answer follows from facts", lambda cell: _share(cell.consistent)
    yield "invents a fact", lambda cell: _share(cell.citing.invented)
    yield "unparsed: answer, class, facts", _unparsed


def _facts(kind: str, cell: CellRecord) -> str:
    return _share(cell.retrieval.get(kind))


def _unparsed(cell: CellRecord) -> str:
    return ", ".join(f"{count:,}" for count in (cell.unparsed.answer, cell.unparsed.class_, cell.unparsed.retrieval))


def _share(share: Share | None) -> str:
    if share is None or share.rate is None or share.ci is None:
        return _NONE
    low, high = share.ci
    return f"{share.rate:.1%} ({100 * low:.1f}-{100 * high:.1f})"


def _plain(text: str) -> str:
    """Text of a file, for the terminal: no control characters, no markup."""
    return escape("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))

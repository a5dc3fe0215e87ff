"""What `tracekd verify` prints."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from rich.console import Console

from tracekd.cli.plain_table import Row, print_table, say, say_whole, short
from tracekd.cli.terminal import echo, echo_json, terminal
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Share
from tracekd.stats.summary import Summary
from tracekd.verify.join_report import JoinReport, Listed

_SHOWN = 5
_NONE = "-"


def show(joined: JoinReport, summary: Summary, out: Path | None, *, as_json: bool) -> None:
    """Print the summary: on standard output as JSON alone, or as a table for each model; then the outputs that were not
    judged.
    """
    if as_json:
        echo_json(summary)
        _show_rest(joined, terminal(stderr=True))
        return
    console = terminal()
    for model, cells in groupby(summary.cells, lambda cell: cell.model):
        _show_model(console, model, list(cells))
    judged = f"{joined.judged:,} outputs judged, for {joined.problems:,} problems"
    say(console, f"\n{judged}; what cannot be parsed counts as wrong; 95 % intervals")
    _show_rest(joined, console)
    if out is not None:
        say_whole(console, f"written: {out}")


def show_nothing(joined: JoinReport, *, as_json: bool) -> None:
    """Print on standard error why no output could be judged, and on standard output as JSON if requested."""
    if as_json:
        echo(json.dumps({"joined": joined.model_dump(mode="json"), "cells": []}, indent=1))
    console = terminal(stderr=True)
    say(console, "tracekd: no output could be judged")
    _show_rest(joined, console)
    if joined.unknown.count:
        say(console, "next: name the problems that were asked: --problems SOURCE")


def _show_rest(joined: JoinReport, console: Console) -> None:
    """The outputs that were not read or not joined, with the first places of each kind."""
    parts: tuple[tuple[str, Listed], ...] = (
        ("lines or files hold no outputs", joined.unread),
        ("outputs do not belong to a known problem and are not counted", joined.unknown),
        ("outputs are given twice; only the first counts", joined.given_twice),
        ("problems have no output", joined.without_output),
    )
    for what, part in parts:
        if not part.count:
            continue
        reasons = "; ".join(f"{reason}: {count:,}" for reason, count in list(part.reasons.items())[:_SHOWN])
        say_whole(console, f"{part.count:,} {what} ({reasons})")
        for place in part.first[:_SHOWN]:
            say_whole(console, f"  {place}")


def _show_model(console: Console, model: str, cells: Sequence[CellSummary]) -> None:
    """The cells of a model: one row for each measure, one column for each regime."""
    rows: list[Row] = [(name, *map(measure, cells)) for name, measure in _measures(cells)]
    by = "".join(f"; traces by {short(kind)}" for kind in sorted({cell.support for cell in cells if cell.support}))
    print_table(console, f"{short(model)}{by}", ("", *(short(cell.regime) for cell in cells)), rows)


def _measures(cells: Sequence[CellSummary]) -> Iterator[tuple[str, Callable[[CellSummary], str]]]:
    yield "outputs", lambda cell: f"{cell.n:,}"
    yield "answer right", lambda cell: _share(cell.answer)
    if any(cell.lenient_answer.right != cell.answer.right for cell in cells):
        yield "  read leniently", lambda cell: _share(cell.lenient_answer)
    yield "class right", lambda cell: _share(cell.class_)
    for kind in sorted({kind for cell in cells for kind in cell.retrieval}):
        yield f"facts right: {short(kind)}", partial(_facts, kind)
    yield "trace right", lambda cell: _share(cell.trace)
    if any(cell.consistent.n for cell in cells):
        yield "answer follows from facts", lambda cell: _share(cell.consistent)
    yield "invents a fact", lambda cell: _share(cell.citing.invented)
    yield "unparsed: answer", lambda cell: f"{cell.unparsed.answer:,}"
    yield "  class", lambda cell: f"{cell.unparsed.class_:,}"
    yield "  facts", lambda cell: f"{cell.unparsed.retrieval:,}"


def _facts(kind: str, cell: CellSummary) -> str:
    return _share(cell.retrieval.get(kind))


def _share(share: Share | None) -> str:
    if share is None or share.rate is None or share.ci is None:
        return _NONE
    low, high = share.ci
    return f"{share.rate:.1%} ({100 * low:.1f}-{100 * high:.1f})"

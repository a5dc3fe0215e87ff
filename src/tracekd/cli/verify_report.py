"""What `tracekd verify` prints."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from rich.console import Console

from tracekd.cli.free_rows import free_rows, show_kinds
from tracekd.cli.plain_table import Row, print_table, say, say_whole, short
from tracekd.cli.terminal import echo, echo_json, terminal
from tracekd.stats.cell_summary import CellSummary, judged_by
from tracekd.stats.estimate import Share
from tracekd.stats.pairs import TOO_MANY_PAIRS
from tracekd.stats.summary import Summary
from tracekd.verify.join import NOTHING, SEVERAL, UNSEEN
from tracekd.verify.join_report import Delimiters, JoinReport, Listed

_SHOWN = 5
_NONE = "-"


def show(joined: JoinReport, summary: Summary, out: Path | None, *, traces: str, as_json: bool) -> None:
    """Print the summary: on standard output as JSON alone, or as a table for each model; then the outputs that were not
    judged. `traces` is the name of the page about free traces.
    """
    if as_json:
        echo_json(summary)
        _show_rest(joined, terminal(stderr=True))
        _show_left_out(summary, terminal(stderr=True))
        return
    console = terminal()
    for model, cells in groupby(summary.cells, lambda cell: cell.model):
        _show_model(console, model, list(cells))
    judged = f"{joined.judged:,} outputs judged, for {joined.problems:,} problems"
    say(console, f"\n{judged}; what cannot be parsed counts as wrong; 95 % intervals")
    _show_rest(joined, console)
    _show_left_out(summary, console)
    if out is not None:
        say_whole(console, f"written: {out}")
        if joined.as_free:
            say_whole(console, f"free traces, statement by statement: {out / traces}")


def show_nothing(joined: JoinReport, *, has_problems: bool, as_json: bool) -> None:
    """Print on standard error why no output could be judged, and on standard output as JSON if requested."""
    if as_json:
        echo(json.dumps({"joined": joined.model_dump(mode="json"), "cells": []}, indent=1))
    console = terminal(stderr=True)
    say(console, "tracekd: no output could be judged")
    _show_rest(joined, console)
    if (hint := _hint(joined, has_problems)) is not None:
        say(console, f"next: {hint}")


def _hint(joined: JoinReport, has_problems: bool) -> str | None:
    """What to do if no output could be joined, from the most frequent cause."""
    cause = next(iter(joined.unknown.reasons), None)
    if cause is None:
        return None
    if cause == UNSEEN.reason:
        return "say where the context of each question is, or its id: --map context=PATH --map id=PATH --map text=PATH"
    if cause == NOTHING.reason:
        return "say where the id or the question is: --map id=PATH --map text=PATH"
    if cause == SEVERAL.reason:
        return "say where the id is, because several problems have this question and context: --map id=PATH --map text=PATH"
    if not has_problems:
        return "name the problems that were asked: --problems SOURCE"
    return (
        "compare an id and a context of the outputs with those of --problems: `tracekd problems TASK SOURCE` lists them"
    )


def _show_rest(joined: JoinReport, console: Console) -> None:
    """How the outputs mark their reasoning; and those that were not read or not joined, with the first places of each."""
    show_kinds(joined, console)
    _show_delimiters(joined.delimiters, console)
    if joined.by_content:
        say(
            console, f"{joined.by_content:,} outputs have the context of their problem in another form; it was compared"
        )
    if joined.by_order:
        say_whole(
            console, f"{joined.by_order:,} outputs follow another one for the same problem and have no number: "
            "they count as its further samples"
        )  # fmt: skip
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
        if part is joined.given_twice:
            say_whole(
                console, "  if they are samples, number them in a field `sample` (0, 1, ..), or --map sample=PATH"
            )


def _show_delimiters(found: Delimiters, console: Console) -> None:
    """What was recognised, if it is not only our own form; and what may be reasoning, but was not recognised."""
    if set(found.forms) - {"think", "none"}:
        forms = ", ".join(f"{short(name)}: {count:,}" for name, count in found.forms.items())
        say_whole(console, f"delimiters of reasoning: {forms}")
    if found.hidden:
        say_whole(
            console, f"{found.hidden:,} outputs have hidden reasoning (redacted or encrypted): they count as traceless"
        )
    if found.disagree:
        say_whole(
            console, f"{found.disagree:,} outputs have other reasoning in a field than in their text; the field counts"
        )
    for mark, count in list(found.unknown.items())[:_SHOWN]:
        say_whole(console, f"{count:,} outputs without a trace begin with {short(mark)}, which is no known delimiter")
    if found.unknown:
        say_whole(console, "  if reasoning is between such marks: --trace-tags OPEN,CLOSE")


def _show_left_out(summary: Summary, console: Console) -> None:
    """Say if the written tables do not have all pairs of regimes."""
    for note in summary.notes:
        if note.startswith(TOO_MANY_PAIRS):
            say(console, note)


def _show_model(console: Console, model: str, cells: Sequence[CellSummary]) -> None:
    """The cells of a model: one row for each measure, one column for each regime."""
    rows: list[Row] = [(name, *map(measure, cells)) for name, measure in _measures(cells)]
    print_table(
        console, f"{short(model)}{judged_by(cells, short)}", ("", *(short(cell.regime) for cell in cells)), rows
    )


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
    yield from free_rows(cells, _share)
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

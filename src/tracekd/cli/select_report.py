"""What `tracekd select` prints: one JSON object, or tables for people."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Console

from tracekd.cli.free_rows import show_kinds
from tracekd.cli.plain_table import Row, print_table, say, say_whole, short
from tracekd.cli.terminal import echo_json, terminal
from tracekd.stats.estimate import Measure, Share
from tracekd.stats.selection import LENGTH, LOG_PROBABILITY, ORACLE, SelectionCell
from tracekd.verify.join_report import JoinReport
from tracekd.verify.trace_kind import TraceKind

_NONE = "-"
_SELECTED = {
    "facts": "facts are in the context",
    "label": "class follows",
    "from_cited": "answer follows (facts)",
    "from_context": "answer follows (context)",
    "trace": "trace: the first three",
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
    """What `--json` prints and selection.json contains: each model and regime, and how many outputs were read and joined."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    trace: TraceKind
    cells: tuple[SelectionCell, ...]
    joined: JoinReport


def show(report: SelectionReport, out: Path | None, *, as_json: bool) -> None:
    """Print the report on standard output: as JSON alone, or as two tables for each model and regime."""
    if as_json:
        echo_json(report)
        return
    console = terminal()
    for cell in report.cells:
        _show_cell(cell, console)
    say(console, "")
    _show_rest(report.joined, console)
    if out is not None:
        say_whole(console, f"written: {out}")


def show_nothing(joined: JoinReport) -> None:
    """Print on standard error why no output could be checked."""
    console = terminal(stderr=True)
    say(console, "tracekd: no output could be checked")
    _show_rest(joined, console)
    say(console, "next: name the problems that were asked: --problems SOURCE")


def _show_cell(cell: SelectionCell, console: Console) -> None:
    say(console, f"\n{short(cell.model)}, {short(cell.regime)}: {cell.n:,} outputs, 95 % intervals", "bold")
    if cell.scope == "student":
        say(console, "one seed: these numbers describe only this student, not its regime")
    unread = _unread(cell)
    print_table(
        console,
        f"right answers, per cent, if only outputs are answered that pass{unread}",
        ("only where", "answered", "right", "gain, points"),
        list(_selected(cell)),
    )
    print_table(
        console,
        f"area under the risk-coverage curve, surest outputs first; length in {cell.length_unit}{unread}",
        ("surest by", "AURC", "minus by length"),
        list(_ranked(cell)),
    )


def _unread(cell: SelectionCell) -> str:
    if cell.unread is None:
        return ""
    return (
        f"; free traces: {cell.unread.right:,} of {cell.unread.n:,} statements cannot be read ({cell.unread.rate:.1%})"
    )


def _selected(cell: SelectionCell) -> Iterator[Row]:
    yield "(all)", f"{cell.n:,}", _share(cell.all), _NONE
    for name, label in _SELECTED.items():
        found = cell.selected[name]
        gain = _measure(found.gain, lambda x: f"{100 * x:+.1f}")
        yield label, f"{found.coverage.right:,}", _share(found.accuracy), gain


def _ranked(cell: SelectionCell) -> Iterator[Row]:
    for name, label in _RANKED.items():
        if name in cell.ranked:
            found = cell.ranked[name]
            saved = _NONE if found.saved is None else _measure(found.saved, lambda x: f"{x:+.3f}")
            yield label, _measure(found.aurc, lambda x: f"{x:.3f}"), saved


def _show_rest(joined: JoinReport, console: Console) -> None:
    show_kinds(joined, console)
    for what, part in (
        ("lines or files hold no outputs", joined.unread),
        ("outputs do not belong to a known problem and are not counted", joined.unknown),
        ("outputs are given twice; only the first counts", joined.given_twice),
        ("problems have no output", joined.without_output),
    ):
        if part.count:
            say_whole(console, f"{part.count:,} {what}, e.g. {part.first[0] if part.first else ''}")


def _share(found: Share) -> str:
    if found.rate is None or found.ci is None:
        return _NONE
    return f"{100 * found.rate:.1f} [{100 * found.ci[0]:.1f}, {100 * found.ci[1]:.1f}]"


def _measure(found: Measure, write: Callable[[float], str]) -> str:
    if found.value is None:
        return _NONE
    return write(found.value) + (f" [{write(found.ci[0])}, {write(found.ci[1])}]" if found.ci else "")

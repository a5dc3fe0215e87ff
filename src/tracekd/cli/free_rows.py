"""What is printed about free traces: how many there are, how often their claims hold, and what cannot be read of them."""

from collections.abc import Callable, Iterator, Sequence

from rich.console import Console

from tracekd.cli.plain_table import say
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Share
from tracekd.stats.free_rates import FreeRates
from tracekd.verify.join_report import JoinReport

Show = Callable[[CellSummary], str]
_NONE = "-"


def free_rows(cells: Sequence[CellSummary], share: Callable[[Share | None], str]) -> Iterator[tuple[str, Show]]:
    """The name of each line, and what a cell shows in it; `share` writes a share. Nothing without free traces."""
    if not any(cell.free for cell in cells):
        return
    lines: tuple[tuple[str, Callable[[FreeRates], str]], ...] = (
        ("free traces", lambda free: f"{free.outputs:,}"),
        ("  claims that hold", lambda free: share(free.claims_hold)),
        ("  steps that hold", lambda free: share(free.steps_hold)),
        ("  with steps, none false", lambda free: share(free.no_false_step)),
        ("  with steps, all hold", lambda free: share(free.all_hold)),
        ("  without a step", lambda free: f"{free.without_step:,}"),
        ("  statements unread", lambda free: share(free.unread)),
    )
    for name, show in lines:
        yield name, _of_free(show)


def show_kinds(joined: JoinReport, console: Console) -> None:
    """Say how many outputs were judged in which way, if any was judged as a free trace."""
    if joined.as_free:
        by_template = joined.judged - joined.as_free
        say(console, f"{joined.as_free:,} outputs were judged as free traces, {by_template:,} by the template")


def _of_free(show: Callable[[FreeRates], str]) -> Show:
    return lambda cell: _NONE if cell.free is None else show(cell.free)

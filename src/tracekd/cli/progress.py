"""Live progress on a terminal: a row for each running cell. Silent if standard error is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tracekd.cli.terminal import terminal
from tracekd.study.progress import DONE
from tracekd.study.progress import Progress as CellProgress


@contextmanager
def show_cells(total: int) -> Iterator[Callable[[CellProgress], None]]:
    """Give a function that shows the progress of the cells of a study; `total` is the number of cells."""
    console = terminal(stderr=True)
    if not console.is_terminal:
        yield lambda progress: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[exact]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:
        rows = _Rows(bars, total)
        yield rows.tell


class _Rows:
    def __init__(self, bars: Progress, total: int) -> None:
        self.bars = bars
        self.all = bars.add_task("cells", total=total, exact="")
        self.rows: dict[str, tuple[str, TaskID]] = {}

    def tell(self, progress: CellProgress) -> None:
        phase, row = self.rows.get(progress.cell, ("", None))
        if row is None or phase != progress.phase:
            if row is not None:
                self.bars.remove_task(row)
                del self.rows[progress.cell]
            if progress.phase == DONE:
                self.bars.advance(self.all)
                return
            row = self.bars.add_task(f"{progress.cell} [dim]{progress.phase}[/dim]", total=progress.total, exact="")
            self.rows[progress.cell] = (progress.phase, row)
        self.bars.update(row, completed=progress.step, total=progress.total, exact=_exact(progress))


def _exact(progress: CellProgress) -> str:
    if progress.phase == "intervene":
        return ""
    loss = "" if progress.loss is None else f"loss {progress.loss:.3f} "
    if progress.answer is None or progress.trace is None:
        return f"{loss}answers –   traces –"
    return f"{loss}answers {progress.answer:.2f} traces {progress.trace:.2f}"

"""The tables that `tracekd select --out` writes, as CSV."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tracekd.files import write_text
from tracekd.stats.estimate import Ends
from tracekd.stats.selection import SelectionCell
from tracekd.stats.selective import Curve
from tracekd.stats.table_files import as_csv
from tracekd.stats.tables import Row, Table

# Model, regime, and the curve of each score.
Drawn = tuple[str, str, Mapping[str, Curve]]

_CELLS = ("model", "regime", "what", "name", "value", "low", "high", "right", "n")
_CURVES = ("model", "regime", "score", "coverage", "risk")


def write_cells(path: Path, cells: Iterable[SelectionCell]) -> None:
    """One row for each number, with its 95 % interval. `right` and `n` are empty unless it is a share; an undefined
    number is empty.
    """
    _write(path, _CELLS, (row for cell in cells for row in _rows(cell)))


def write_curves(path: Path, drawn: Iterable[Drawn]) -> None:
    """One row for each point of a curve."""
    _write(
        path,
        _CURVES,
        (
            (model, regime, name, *point)
            for model, regime, curves in drawn
            for name, curve in curves.items()
            for point in zip(curve.coverage, curve.risk, strict=True)
        ),
    )


def _rows(cell: SelectionCell) -> Iterator[Row]:
    names = cell.model, cell.regime
    yield *names, "accuracy", "everything", cell.all.rate, *_ends(cell.all.ci), cell.all.right, cell.all.n
    if cell.unread is not None:
        yield *names, "unread", "statements", cell.unread.rate, *_ends(cell.unread.ci), cell.unread.right, cell.unread.n
    for name, found in cell.selected.items():
        for what, part in (("coverage", found.coverage), ("accuracy", found.accuracy)):
            yield *names, what, name, part.rate, *_ends(part.ci), part.right, part.n
        yield *names, "gain", name, found.gain.value, *_ends(found.gain.ci), None, None
    for name, score in cell.ranked.items():
        yield *names, "aurc", name, score.aurc.value, *_ends(score.aurc.ci), None, None
        if score.saved is not None:
            yield *names, "saved", name, score.saved.value, *_ends(score.saved.ci), None, None


def _ends(ends: Ends | None) -> tuple[float | None, float | None]:
    return (None, None) if ends is None else ends


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    write_text(path, as_csv(Table(path.stem, "", columns, tuple(rows))))

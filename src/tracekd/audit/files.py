"""Which files are audited, and what their names say of split and regime."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracekd.regimes.names import regime_of_name, split_of_name
from tracekd.tasks.reading.source import ENDINGS, data_files


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file. `side`: whether it was named first, or by --against; what its name, or its folder's, does not say is
    None."""

    path: Path
    side: str
    split: str | None
    regime: str | None
    said_by: str


def audited_files(sources: Iterable[str], side: str) -> list[DataFile]:
    """The files of all sources. Of two with the same rows, `NAME.jsonl` and `NAME.parquet`, it is the Parquet.

    Raises UserError for a source that is none.
    """
    found = [(Path(source), path) for source in sources for path in data_files(Path(source), ENDINGS)]
    paths = {path for _, path in found}
    unique = {path: source for source, path in found if not _is_twin(path, paths)}
    return [_described(path, source, side) for path, source in unique.items()]


def _is_twin(path: Path, paths: set[Path]) -> bool:
    return path.suffix == ".jsonl" and path.with_suffix(".parquet") in paths


def _described(path: Path, source: Path, side: str) -> DataFile:
    # Folders above what was named say nothing: they may be called anything.
    names = [("the file's name", path.stem)] + ([("the folder's name", source.name)] if source != path else [])
    said_by, regime = next(_stated((place, regime_of_name(name)) for place, name in names), ("", None))
    split = next(_stated((place, split_of_name(name)) for place, name in names), ("", None))[1]
    return DataFile(path, side, split, regime, said_by)


def _stated(found: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    return ((place, name) for place, name in found if name is not None)

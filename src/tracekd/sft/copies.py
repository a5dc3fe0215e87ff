"""Files of supervised data that are not read, because another file has the same rows."""

from collections.abc import Iterable
from pathlib import Path


def copies(files: Iterable[Path]) -> set[Path]:
    """Of `NAME.jsonl` and `NAME.parquet`, which `tracekd sft` and `tracekd filter` write with the same rows, the first."""
    paths = set(files)
    return {path for path in paths if path.suffix == ".jsonl" and path.with_suffix(".parquet") in paths}

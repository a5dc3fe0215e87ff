"""Checks from which files the weights of a folder are read: only from safetensors files in the folder, which cannot contain
code. An index or a configuration could name any other file, such as a pickle or a file in another folder, and the library
would open it. Links are checked by `folder_files.py`; the target of a name ending in `.safetensors` is always read as
safetensors.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from tracekd.errors import UserError

_INDEX = ".safetensors.index.json"
_MOST_BYTES = 2**26  # of an index; an index of a thousand billion parameters has a few megabytes
_MOST_SHOWN = 80


def check_weight_files(folder: Path) -> None:
    """Raises UserError if an index or the configuration names a file of weights that must not be opened."""
    for index in sorted(folder.glob(f"*{_INDEX}")):
        named = _read(index).get("weight_map")
        if not isinstance(named, dict) or not named:
            raise UserError("this index names no weights", where=index, expected="a weight_map")
        for name in sorted({str(value) for value in named.values()}):
            _check(name, index, (".safetensors",))
            if not (folder / name).is_file():
                raise UserError(f"the weights are incomplete: there is no file {name!r}", where=index)
    config = folder / "config.json"
    if (weights := _read_if_whole(config).get("transformers_weights")) is not None:
        _check(str(weights), config, (".safetensors", _INDEX))


def _check(name: str, where: Path, endings: Iterable[str]) -> None:
    if not name.endswith(tuple(endings)) or "/" in name or "\\" in name or "\0" in name:
        raise UserError(
            f"the weights would be read from {name[:_MOST_SHOWN]!r}, which could contain code or is in another folder",
            where=where, expected="names of *.safetensors files in the same folder",
        )  # fmt: skip


def _read_if_whole(config: Path) -> dict[str, object]:
    """The configuration; empty if it cannot be read (then the library that loads it raises the error)."""
    try:
        return _read(config)
    except UserError:
        return {}


def _read(file: Path) -> dict[str, object]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError(f"it has more than {_MOST_BYTES:,} bytes")
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"this file cannot be read: {str(error)[:200]}", where=file, expected="a JSON object") from None
    if not isinstance(found, dict):
        raise UserError("this is not a JSON object", where=file)
    return found

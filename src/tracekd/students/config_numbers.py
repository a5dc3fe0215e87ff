"""Checks the numbers of a configuration before a library reads it: the library makes lists of so many layers or labels."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tracekd.errors import UserError

_FILES = ("config.json", "generation_config.json")
# No model has more layers, heads, experts or labels than this.
_COUNTED = re.compile(r"layer|head|expert|label|block|stage")
MOST_PARTS = 4096
_NEVER_NEGATIVE = re.compile(r"^(num|n)_.*layers?$")
MOST = 2**40  # of any other number, such as the length of a context
_DEEPEST = 50


def check_numbers(folder: Path) -> None:
    """Raises UserError for a number that no model has. Raises the errors of `json` for a file that is not JSON."""
    for file in (folder / name for name in _FILES):
        if file.is_file():
            for name, number in _numbers(json.loads(file.read_bytes()), "", 0, file):
                most = MOST_PARTS if _COUNTED.search(name) else MOST
                if abs(number) > most or (number < 0 and _NEVER_NEGATIVE.search(name)):
                    shown = f"{number:,}" if abs(number) < 10**30 else "a number of more than 30 digits"
                    raise UserError(f"{name[:80]} is {shown}", where=file, expected=f"at most {most:,}")


def _numbers(found: object, name: str, depth: int, file: Path) -> Iterator[tuple[str, int]]:
    """Each whole number, with the key under which it stands."""
    if depth > _DEEPEST:
        raise UserError("the configuration is nested too deeply", where=file, expected=f"at most {_DEEPEST} levels")
    if isinstance(found, int):
        yield name, found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from _numbers(value, str(key), depth + 1, file)
    elif isinstance(found, list):
        for value in found:
            yield from _numbers(value, name, depth + 1, file)

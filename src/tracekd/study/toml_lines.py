"""Where a key stands in a TOML file: tomllib does not say."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\- \"']+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*[\"']?([\w.\-]+)[\"']?\s*=")


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line, from 1, of the key with this path (`["students", 0, "steps"]`), or of the nearest table around it."""
    names = [str(key) for key in keys]
    best, best_line = 0, 1
    table: list[str] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = [header[2]]
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], -1) + 1
                table.append(str(counts[header[2]]))
        # `[[students]]` stands for the students, and for one of them.
        paths = [table[:1], table] if header else [[*table, *key[1].split(".")]] if key else []
        for path in paths:
            if path == names[: len(path)] and len(path) > best:
                best, best_line = len(path), number
    return best_line

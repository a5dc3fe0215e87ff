"""The line of a key in a TOML file, which tomllib does not report."""

import re
from collections.abc import Mapping, Sequence

# Lines are stripped, and no two neighbouring parts of a pattern can match the same characters. Otherwise matching a
# long line could take cubic time.
_HEADER = re.compile(r"(\[\[?)([\w.\- \t\"']+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"[\"']?([\w.\-]+)[\"']?\s*=")


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line, from 1, of the key with this path (`["students", 0, "steps"]`), or of the nearest table around it."""
    names = [str(key) for key in keys]
    best, best_line = 0, 1
    table: list[str] = []
    counts: dict[str, int] = {}
    for number, whole_line in enumerate(text.split("\n"), start=1):
        line = whole_line.strip()
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            parts = [part.strip(" \t\"'") for part in header[2].split(".")]
            if header[1] == "[[":
                counts[".".join(parts)] = counts.get(".".join(parts), -1) + 1
            table = _path(parts, counts)
        # `[[students]]` is both the list of students and one of them.
        paths = [table[:1], table] if header else [[*table, *key[1].split(".")]] if key else []
        for path in paths:
            if path == names[: len(path)] and len(path) > best:
                best, best_line = len(path), number
    return best_line


def _path(parts: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """The path of a table: `[students.lora]` belongs to the last of the `[[students]]` before it."""
    path: list[str] = []
    for end, part in enumerate(parts, start=1):
        path.append(part)
        if (count := counts.get(".".join(parts[:end]))) is not None:
            path.append(str(count))
    return path

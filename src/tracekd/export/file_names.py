"""Names of files for models and regimes. Their own names come from anywhere and may contain any character."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

Key = TypeVar("Key")
_LONGEST = 80


def file_names(keys: Iterable[Key], name_of: Callable[[Key], str]) -> dict[Key, str]:
    """A different name for each key: what `name_of` gives, in safe characters, with a number if it occurs again."""
    found: dict[Key, str] = {}
    used: set[str] = set()
    for key in dict.fromkeys(keys):
        plain = name = safe_name(name_of(key))
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{plain}-{number}"
        used.add(name.lower())
        found[key] = name
    return found


def safe_name(name: str) -> str:
    """A name of letters, digits, `.`, `_` and `-`, of at most 80 characters."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:_LONGEST].strip("-.") or "unnamed"

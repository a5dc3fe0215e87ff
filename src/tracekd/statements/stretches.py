"""A key (see `talk`) in its stretches: its names, and the words between them.

Whole statements are often new, but their beginnings and the words between two names come again and again. So what can be read
from a stretch alone is read once and kept.
"""

import re

from tracekd.statements.names import MARKS

_MARK = re.compile(f"([{MARKS}])")


def stretches(key: str) -> list[str]:
    """The words before the first name, the name, the words up to the next name, and so on."""
    return _MARK.split(key)


def beginning(key: str) -> str:
    """A key up to its first name, and with it; the whole key if it has none."""
    name = _MARK.search(key)
    return key[: name.end()] if name else key

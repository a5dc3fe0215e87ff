"""Untrusted text: every character becomes visible, and long text is cut."""

import unicodedata
from dataclasses import dataclass

SHOWN_CHARS = 2000

# Control characters, invisible format characters (such as those that reverse the writing direction), halves of
# surrogate pairs, and the line and paragraph separators of Unicode.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Bounded:
    """The beginning of a text, and how many characters of it are not shown."""

    text: str
    cut: int


def bounded(text: str, limit: int = SHOWN_CHARS) -> Bounded:
    """The first `limit` characters of a text."""
    return Bounded(text[:limit], max(0, len(text) - limit))


def visible(text: str) -> str:
    """The text with a sign such as U+0007 in angle brackets in place of each invisible character. Line feeds and tabs
    are kept.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_sign(char) if unicodedata.category(char) in _UNSEEN else char for char in text)


def _sign(char: str) -> str:
    return char if char in "\n\t" else f"\u27e8U+{ord(char):04X}\u27e9"

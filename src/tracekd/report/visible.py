"""Text that somebody else wrote, so that all of it can be seen and none of it floods the page."""

import unicodedata
from dataclasses import dataclass

SHOWN_CHARS = 2000

# Controls, invisible format characters (such as those that turn the writing direction round), halves of surrogate
# pairs, and the line and paragraph separators of Unicode.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PICTURES = 0x2400  # U+2400 is the picture of U+0000, and so on
_DELETE = 0x7F


@dataclass(frozen=True)
class Bounded:
    """The beginning of a text, and how many characters of it are not shown."""

    text: str
    cut: int


def bounded(text: str, limit: int = SHOWN_CHARS) -> Bounded:
    """The first `limit` characters of a text."""
    return Bounded(text[:limit], max(0, len(text) - limit))


def visible(text: str) -> str:
    """The text with a sign for each character that cannot be seen; line feeds and tabs stay as they are."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_sign(char) if unicodedata.category(char) in _UNSEEN else char for char in text)


def _sign(char: str) -> str:
    code = ord(char)
    if char in "\n\t":
        return char
    if code < 0x20:
        return chr(_PICTURES + code)
    return "\u2421" if code == _DELETE else f"\u27e8U+{code:04X}\u27e9"

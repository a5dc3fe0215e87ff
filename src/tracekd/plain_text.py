"""Untrusted text made safe to print: without characters that could command a terminal or hide a part of the text.

Names of files, and texts from models, files and endpoints, may contain them: an escape sequence can change a terminal's
title, delete lines, or write others; other characters reverse the direction of writing.
"""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """The text with a replacement character for every unprintable character, except ends of lines."""
    return _replaced(text, "\n")


def plain_line(text: str) -> str:
    """The same on one line: ends of lines are also replaced."""
    return _replaced(text, "")


def plain_json(text: str) -> str:
    """JSON text with every unprintable character escaped: the same data, safe to print."""
    if text.isascii() and "\x7f" not in text:  # JSON itself escapes the others
        return text
    return "".join(char if char.isprintable() or char == "\n" else _escaped(char) for char in text)


def _replaced(text: str, kept: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in kept else _REPLACEMENT for char in text)


def _escaped(char: str) -> str:
    """Unprintable characters occur only inside the strings of JSON. Above U+FFFF, it takes two escapes."""
    units = char.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

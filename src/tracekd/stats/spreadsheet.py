"""Text of anyone's files in a CSV field: a spreadsheet must take it for text, and not work it out."""

from unicodedata import normalize

# How a formula begins (OWASP, "CSV Injection"). NFKC makes these of their full-width, small and raised forms, which some
# spreadsheets read alike; the minus sign it keeps.
_STARTS = frozenset("=+-@\N{MINUS SIGN}")


def formula_free(text: str) -> str:
    """The text on one line, with a ' before it where it begins as a formula does, white space aside."""
    line = "".join(char if char.isprintable() else " " for char in text)
    first = normalize("NFKC", line.lstrip()[:1])
    return f"'{line}" if first[:1] in _STARTS else line

"""What an endpoint said, for a person to see."""

_LONGEST = 200


def quoted(text: str) -> str:
    """The beginning on one line, without control characters."""
    line = " ".join(text[: 2 * _LONGEST].split())[:_LONGEST]
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)

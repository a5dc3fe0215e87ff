"""Builds patterns from lists of phrases, so that each list can be read line by line."""


def any_of(*phrases: str) -> str:
    """The pattern of any of these phrases; a string may hold several, divided by `|`."""
    return f"(?:{'|'.join(phrases)})"

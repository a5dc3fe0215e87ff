"""How commands say what they recognised in supervised data."""

from collections.abc import Mapping

_LISTED = 8


def layout_line(layouts: Mapping[str, int], delimiters: Mapping[str, int]) -> str:
    """The columns that were read, and what marks the trace; with the number of rows of each, if there are several."""
    return f"layout: {_counted(layouts)}; delimiters: {_counted(delimiters)}"


def _counted(rows: Mapping[str, int]) -> str:
    named = [name if len(rows) == 1 else f"{name} ({count:,} rows)" for name, count in rows.items()]
    more = [f"{len(named) - _LISTED:,} more"] if len(named) > _LISTED else []
    return " | ".join([*named[:_LISTED], *more]) or "none"

"""Words that the reasons of verdicts and of checks have in common."""

from tracekd.verify.verdict import TraceStatus

_LONGEST = 80

NO_TRACE: dict[TraceStatus, str] = {
    "no_trace": "there is no trace",
    "unclosed": "the trace is not closed",
    "truncated": "the output was cut off before the trace ended",
    "hidden": "the provider hid the reasoning",
}


def short(text: str) -> str:
    """A text on one line, as much of it as a reason shows."""
    if len(text) <= _LONGEST and text.isprintable() and "  " not in text:  # nearly always
        return text.strip()
    line = " ".join(text[: 2 * _LONGEST].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."

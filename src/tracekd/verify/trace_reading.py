"""By which reading a trace is judged: by the task's own template, or as a free one, statement by statement."""

from typing import Literal, get_args

from tracekd.errors import unknown_name
from tracekd.verify.parse import Parsed

# `auto`: by the template if the trace is in our template, else as a free one.
TraceReading = Literal["template", "free", "auto"]
READINGS: tuple[TraceReading, ...] = get_args(TraceReading)


def read_trace_reading(written: str) -> TraceReading:
    """The reading that an option names. Raises UserError with the nearest valid name for another one."""
    for reading in READINGS:
        if written == reading:
            return reading
    raise unknown_name("reading of traces (--trace)", written, READINGS)


def is_in_template(parsed: Parsed) -> bool:
    """Whether a trace has a sentence of the task's template: one that states a class, or one that introduces facts."""
    return parsed.stated_label is not None or parsed.cited is not None

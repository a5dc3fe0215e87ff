"""Which traces outputs have: our template's, free ones, or both."""

from typing import Literal, get_args

from tracekd.errors import unknown_name
from tracekd.tasks.template import Template
from tracekd.transcript.transcript import Transcript

# `auto`: by the template if the output uses a sentence of it, otherwise as a free trace.
TraceKind = Literal["template", "free", "auto"]
TRACE_KINDS: tuple[TraceKind, ...] = get_args(TraceKind)
DEFAULT_KIND: TraceKind = "template"


def read_trace_kind(name: str) -> TraceKind:
    """The kind of this name. Raises UserError with the nearest valid name if there is none."""
    for kind in TRACE_KINDS:
        if kind == name:
            return kind
    raise unknown_name("kind of trace", name, TRACE_KINDS)


def is_free(kind: TraceKind, transcript: Transcript, template: Template) -> bool:
    """Whether an output is judged as a free trace."""
    return kind == "free" or (kind == "auto" and not uses_template(transcript, template))


def uses_template(transcript: Transcript, template: Template) -> bool:
    """Whether the reasoning has a sentence by which our template introduces a class or facts; or the output, if it has no
    whole reasoning.
    """
    said = transcript.answer if transcript.reasoning is None else transcript.reasoning
    return any(pattern.search(said) for pattern in (template.classify_pattern, template.retrieve_pattern))

"""A teacher's chat completion, divided into trace, text and answer."""

import re
from dataclasses import dataclass

from tracekd.tasks.template import Template
from tracekd.transcript.chat_completion import Completion
from tracekd.transcript.transcript import Transcript
from tracekd.verify.parse import parse_transcript

_TAG = re.compile(r"<\s*+/?\s*+(?:think|answer)\s*+>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CompletionParts:
    """The parts of a completion: the trace (empty if there is none), the text after it, and the answer."""

    trace: str
    text: str
    answer: str | None


def take_apart(completion: Completion, template: Template) -> CompletionParts:
    """The trace is the endpoint's reasoning field or, if that is empty, the reasoning within the content."""
    said = Transcript.of(completion.content, reasoning=completion.reasoning)
    answer = parse_transcript(said, template, "stop").answer_text
    return CompletionParts(clean(said.reasoning or ""), clean(said.answer), answer)


def clean(text: str) -> str:
    """The text as it is written between tags: with our line ends, and without white space at either end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def holds_tag(text: str) -> bool:
    """Whether the text contains a tag, which would end the trace or begin another part. Takes linear time."""
    return _TAG.search(text) is not None

"""Takes an output apart: trace, stated class, cited facts, answer. Never evaluates it, never raises, in linear time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracekd.tasks.list_literal import read_list
from tracekd.tasks.normalize import fold_space, normalize_label
from tracekd.tasks.template import Template
from tracekd.verify.verdict import TraceStatus

_THINK, _END_THINK = "<think>", "</think>"
_ANSWER, _END_ANSWER = "<answer>", "</answer>"

# Without a generation prompt, models write the role word themselves: on a line of its own, or directly before a tag.
# Quantifiers are possessive (`*+`) where giving white space back would make the time quadratic.
_ROLE = re.compile(r"\s*+assistant(?=[^\S\n]*+(?:\n|\Z)|\s*+</?(?:think|answer)>)")
_OPENING = re.compile(r"\s*+<think>")
_STRAY_OPENINGS = re.compile(r"(?:\s*+<think>)*+")
_LABEL_END = re.compile(r"\.(?=\s|\Z)|[\r\n]")
_LINE_END = re.compile(r"[\r\n]")
# A bracket that no quote follows, as in `[1] A passage.`, begins no list.
_LIST_START = re.compile(r"\s*+\[\s*+(?:['\"\]]|\Z)")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parts of one output.

    `trace_text` is empty unless `status` is `ok`. `stated_label` is None if no class is stated, or several that differ.
    `cited` is None if no facts are introduced, or the list of them cannot be read; an empty list is (). `answer_text`
    is None if there is no answer.
    """

    status: TraceStatus
    trace_text: str
    stated_label: str | None
    cited: tuple[str, ...] | None
    answer_text: str | None


def parse(text: str, template: Template, finish: str) -> Parsed:
    """The parts of the output `text`; `finish` is `length` if the token limit cut it off.

    The trace ends at the first `</think>`. Without one both steps are unparsed, even if their sentences stand there:
    what is no trace must not be credited as one. Time is linear in the length of the text.
    """
    role = _ROLE.match(text)
    begin = role.end() if role else 0
    close = text.find(_END_THINK, begin)
    if close < 0:
        return Parsed(_why_no_trace(text, finish), "", None, None, _read_answer(text, begin))
    opening = _OPENING.match(text, begin)
    trace = text[opening.end() if opening else begin : close]
    labels, citations = _introduced(trace, template)
    return Parsed("ok", trace, _read_label(labels), _read_cited(citations), _read_answer(text, close + len(_END_THINK)))


def _why_no_trace(text: str, finish: str) -> TraceStatus:
    if finish == "length":
        return "truncated"
    return "unclosed" if _THINK in text else "no_trace"


def _introduced(trace: str, template: Template) -> tuple[list[str], list[str]]:
    """What follows each class statement, and each introduction of facts, up to the next of either.

    Ending there also keeps time linear: no part of the trace is read twice.
    """
    met = sorted(_matches(trace, template))
    labels: list[str] = []
    citations: list[str] = []
    for at, (_, start, is_label) in enumerate(met):
        end = met[at + 1][0] if at + 1 < len(met) else len(trace)
        (labels if is_label else citations).append(trace[start:end])
    return labels, citations


def _matches(trace: str, template: Template) -> Iterator[tuple[int, int, bool]]:
    for match in template.classify_pattern.finditer(trace):
        yield match.start(), match.end(), True
    for match in template.retrieve_pattern.finditer(trace):
        yield match.start(), match.end(), False


def _read_label(statements: Sequence[str]) -> str | None:
    """The label, if all statements agree on one. An empty statement states nothing."""
    labels = [fold_space(_until(_LABEL_END, said)) for said in statements]
    stated = {normalize_label(label): label for label in reversed(labels) if label}
    return next(iter(stated.values())) if len(stated) == 1 else None


def _read_cited(introductions: Sequence[str]) -> tuple[str, ...] | None:
    """All facts of all introductions. One list that cannot be read leaves it open what the trace cites: None."""
    cited: list[str] = []
    met = False
    for said in introductions:
        if _LIST_START.match(said):
            items = read_list(said)
            if items is None:
                return None
        else:
            fact = _until(_LINE_END, said.lstrip()).rstrip()
            items = (fact,) if fact else None
        if items is not None:
            met = True
            cited.extend(items)
    return tuple(cited) if met else None


def _read_answer(text: str, after: int) -> str | None:
    """What the first `<answer>` after position `after` holds; without one, all that follows `after`."""
    opened = text.find(_ANSWER, after)
    if opened >= 0:
        said = text[opened + len(_ANSWER) :].partition(_END_ANSWER)[0]
    else:
        stray = _STRAY_OPENINGS.match(text, after)
        said = text[stray.end() if stray else after :]
    return said.strip() or None


def _until(end: re.Pattern[str], text: str) -> str:
    found = end.search(text)
    return text[: found.start()] if found else text

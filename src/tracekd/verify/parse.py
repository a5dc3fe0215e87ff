"""Splits an output into trace, stated class, cited facts and answer, in linear time. Evaluates nothing, never raises.

The paper's definitions decide, not what an output may have meant. `transcript` says what is the trace, and what follows
it. Only the task's own sentence states a class. Marks around a class or a list do not count (`verify.marks`). Text after
`</answer>` is ignored; without `<answer>`, all text after the trace is the answer. Letter case is ignored in sentences
and labels, but not in tags.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tracekd.tasks.list_literal import read_json_texts, read_list_and_rest
from tracekd.tasks.normalize import fold_space, normalize_label
from tracekd.tasks.template import Template
from tracekd.transcript.end_marks import without_end_marks
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.marks import unmarked_name
from tracekd.verify.verdict import TraceStatus

_ANSWER, _END_ANSWER = "<answer>", "</answer>"

_STRAY_OPENINGS = re.compile(r"(?:\s*+<think>)*+")
# Characters outside ASCII that are equal to an ASCII letter if letter case is ignored, and the full-width colon.
_OTHER_FORMS = "\u0130\u0131\u017f\u212a\uff1a"
_LINE_END = re.compile(r"[\r\n]")
# A list begins with a bracket and a quotation mark; `[1] A passage.` is not a list.
_LIST_START = re.compile(r"\s*+\[\s*+(?:['\"\]]|\Z)")
# A list may stand in a fence, below a key, or in emphasis; a JSON object and a list of objects, too.
_FENCE = re.compile(r"(?:```\w*+|[*`])++\s*+(?=[\[{])")
_OBJECT_START = re.compile(r"(?:\[\s*+)?+\{")
_LABEL_END = re.compile(r"\.(?=\s|\Z)|[\r\n]")
_FURTHER_LIST = re.compile(r"\[\s*+['\"\]]")
_LABEL_MARKS = "*_`'\"“”"  # marks that may enclose a label
# Each list costs a copy of the rest of the text, so their number is limited.
_MOST_LISTS = 64


class Parsed(NamedTuple):
    """The parts of one output.

    `trace_text` is empty unless `status` is `ok`. `stated_label` is None if no class is stated, or if different classes
    are stated. `cited` is None if no facts are introduced, or if their list cannot be read; an empty list is (). If
    facts are introduced without a list, `cited` has the first line, and `bare` has the whole text: only the context tells
    how many facts it contains. `below` is the text on the lines below a list. `answer_text` is None without an answer.
    """

    status: TraceStatus
    trace_text: str
    stated_label: str | None
    cited: tuple[str, ...] | None
    answer_text: str | None
    bare: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def parse(text: str, template: Template, finish: Finish) -> Parsed:
    """The parts of the output `text`, which has no reasoning in a field of its own; see `parse_transcript`."""
    return parse_transcript(Transcript.of(text, finish=finish), template, finish)


def parse_transcript(said: Transcript, template: Template, finish: Finish) -> Parsed:
    """The parts of an output; `finish` is `length` if the token limit cut it off.

    Without whole reasoning, both steps are unparsed even if their sentences are present: text that is not a trace must
    not count as one. Time is linear in the length of the text.
    """
    answer = _read_answer(said.answer)
    if said.reasoning is None:
        return Parsed(_why_no_trace(said, finish), "", None, None, answer)
    labels, citations = _introduced(said.reasoning, template)
    cited, bare, below = _read_cited(citations)
    return Parsed("ok", said.reasoning, _read_label(labels), cited, answer, bare, below)


def first_line(text: str) -> str:
    """The first line of a text. The text must not begin with white space."""
    return _until(_LINE_END, text).rstrip()


def _why_no_trace(said: Transcript, finish: Finish) -> TraceStatus:
    if said.state == "hidden":
        return "hidden"
    if finish == "length":
        return "truncated"
    return "unclosed" if said.state == "open" else "no_trace"


def _introduced(trace: str, template: Template) -> tuple[list[str], list[str]]:
    """The text after each class statement and after each introduction of facts, up to the next statement or introduction.

    So no part of the trace is read twice, and time stays linear.
    """
    # Whether comparing in lower case finds the same as a regular expression that ignores letter case.
    has_plain_case = trace.isascii() or not any(char in trace for char in _OTHER_FORMS)
    lower = trace.lower() if has_plain_case else None
    classes = _places(trace, lower, template.classify, template.classify_pattern)
    facts = _places(trace, lower, template.retrieve, template.retrieve_pattern)
    if len(classes) == len(facts) == 1 and classes[0][1] <= facts[0][0]:  # the usual trace
        return [trace[classes[0][1] : facts[0][0]]], [trace[facts[0][1] :]]
    met = [(begin, end, True) for begin, end in classes] + [(begin, end, False) for begin, end in facts]
    met.sort()
    labels: list[str] = []
    citations: list[str] = []
    for at, (_, start, is_label) in enumerate(met):
        end = met[at + 1][0] if at + 1 < len(met) else len(trace)
        (labels if is_label else citations).append(trace[start:end])
    return labels, citations


def _places(trace: str, lower: str | None, sentence: str, loose: re.Pattern[str]) -> list[tuple[int, int]]:
    """Begin and end of each occurrence of a sentence; white space, letter case and marks before the colon are ignored.

    `lower` is the trace in lower case; None if it has characters that only a regular expression compares rightly.
    """
    places: list[tuple[int, int]] = []
    end = 0
    while (begin := trace.find(sentence, end)) >= 0:
        end = begin + len(sentence)
        places.append((begin, end))
    # Usually the sentence occurs exactly. If its last word occurs nowhere else, there are no other forms of it.
    if not places or lower is None or not sentence.isascii() or lower.count(_last_word(sentence)) != len(places):
        return [match.span() for match in loose.finditer(trace)]
    return places


@lru_cache(maxsize=64)  # of the sentences of templates
def _last_word(sentence: str) -> str:
    return sentence.rpartition(" ")[2].lower()


def _read_label(statements: Sequence[str]) -> str | None:
    """The label, up to the end of its sentence or line, if all statements agree. An empty label states nothing.

    If no statement has a label on its own line, the next line has it.
    """
    labels = list(filter(None, map(_label_on_line, statements)))
    if not labels:
        labels = list(filter(None, map(unmarked_name, statements)))
    if len(labels) > 1 and len(set(map(normalize_label, labels))) > 1:
        return None
    return labels[0] if labels else None


def _label_on_line(text: str) -> str:
    label = fold_space(_until(_LABEL_END, text)).strip(_LABEL_MARKS).strip()
    if not label or label.replace("-", "").replace(" ", "").isalnum():
        return label
    return unmarked_name(text) or label


class _Cited(NamedTuple):
    """See `Parsed`."""

    cited: tuple[str, ...] | None = None
    bare: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def _read_cited(introductions: Sequence[str]) -> _Cited:
    """The facts that all introductions cite.

    If one list cannot be read, it is unknown what the trace cites: then nothing is returned.
    """
    if len(introductions) == 1:  # usually one, with a list to the end of the trace
        found = read_list_and_rest(introductions[0])
        if found is not None and not found[1]:
            return _Cited(found[0])
    cited: list[str] = []
    bare: list[str] = []
    below: list[str] = []
    has_facts = False
    for text in introductions:
        if _LIST_START.match(text):
            lists = _read_lists(text)
            if lists is None:
                return _Cited()
            has_facts = True
            cited.extend(lists[0])
            below.append(lists[1])
        elif whole := text.strip():
            has_facts = True
            if lists := _read_marked_lists(whole):
                cited.extend(lists[0])
                below.append(lists[1])
            else:
                cited.append(first_line(whole))
                bare.append(whole)
    return _Cited(tuple(cited) if has_facts else None, tuple(bare), tuple(filter(None, below)))


def _read_marked_lists(text: str) -> tuple[tuple[str, ...], str] | None:
    """The same as `_read_lists` for a list in marks, or for the texts in a JSON object; None without one."""
    fence = _FENCE.match(text)
    if fence:
        text = text[fence.end() :]
    if _OBJECT_START.match(text):
        found = read_json_texts(text)
    else:
        found = _read_lists(text) if fence and _LIST_START.match(text) else None
    return found and (found[0], found[1].replace("```", "", 1))


def _read_lists(text: str) -> tuple[tuple[str, ...], str] | None:
    """The items of all lists (the text begins with one), the other text on the line of a list, and all text below;
    None if a list cannot be read."""
    cited: list[str] = []
    below: list[str] = []
    for _ in range(_MOST_LISTS):
        found = read_list_and_rest(text)
        if found is None:
            return None
        cited.extend(found[0])
        further = _FURTHER_LIST.search(found[1])
        line, _, lines = found[1][: further.start() if further else None].partition("\n")
        if any(map(str.isalnum, line)):
            cited.append(line.strip(" \t\r,;.:"))
        below.append(lines)
        if further is None:
            return tuple(cited), "\n".join(below)
        text = found[1][further.start() :]
    return None


def _read_answer(text: str) -> str | None:
    """The content of the first `<answer>`; without `<answer>`, all of the text."""
    opened = text.find(_ANSWER)
    if opened >= 0:
        begin = opened + len(_ANSWER)
        closed = text.find(_END_ANSWER, begin)
    else:
        stray = _STRAY_OPENINGS.match(text)
        begin, closed = stray.end() if stray else 0, -1
    answer = text[begin:closed] if closed >= 0 else without_end_marks(text[begin:])
    return answer.strip() or None


def _until(end: re.Pattern[str], text: str) -> str:
    found = end.search(text)
    return text[: found.start()] if found else text

"""Supervision with a correct trace in which the answer does not occur: it cannot be copied from there.

Each word of a cited fact that contains an answer is replaced. If the class, or the sentence before the facts, names an
answer, there is no such trace.
"""

import re
from collections.abc import Iterable

from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams, Unsupported
from tracekd.regimes.intent import Intent
from tracekd.tasks.template import render_answer
from tracekd.trace import Classify, Quote, Trace

MASK = "___"
# A shorter answer ("no", "s") is part of many words with other meanings: it is masked only if it is a whole word.
_SHORT = 3
_WORD = re.compile(r"\w++")


def _supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    answers = sorted(
        {render_answer(problem.answer), *problem.answer.values} - {""}, key=lambda text: (-len(text), text)
    )
    masked = tuple(mask(text, answers) for text in problem.texts(problem.trace.facts))
    trace = Trace(steps=(Classify(label=problem.label), Quote(texts=masked)))
    # Checked in the rendered trace, because a list has some characters escaped.
    if any(spans(setting.template.render_trace(problem, trace), answer) for answer in answers):
        raise Unsupported("the class, or the sentence of a step, names the answer")
    return trace


def mask(text: str, answers: Iterable[str]) -> str:
    """The text with every occurrence of an answer replaced. Takes linear time."""
    for answer in answers:
        end = 0
        parts: list[str] = []
        for begin, until in spans(text, answer):
            parts += [text[end:begin], MASK]
            end = until
        text = "".join([*parts, text[end:]])
    return text


def spans(text: str, answer: str) -> list[tuple[int, int]]:
    """Where the text names an answer in any letter case, extended to whole words; overlapping places are joined."""
    found: list[tuple[int, int]] = []
    at = 0
    lower, sought = _same_length_lower(text), _same_length_lower(answer)
    while (at := lower.find(sought, at)) >= 0:
        begin, end = _widened(text, at, at + len(sought), found[-1][1] if found else 0)
        if len(sought) >= _SHORT or end - begin == len(sought):
            found.append((begin, end))
        at = max(end, at + 1)
    return found


def _widened(text: str, begin: int, end: int, least: int) -> tuple[int, int]:
    while begin > least and text[begin - 1].isalnum() and text[begin].isalnum():
        begin -= 1
    if text[end - 1].isalnum() and (rest := _WORD.match(text, end)):
        end = rest.end()
    return begin, end


def _same_length_lower(text: str) -> str:
    """Lower case, character by character: a few characters would become two, and places would shift."""
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


REGIME = Regime(
    "masked_answer",
    "the correct trace with every word that names the answer left blank",
    _supervise,
    intent=Intent("right", "any", quotes=False),
)

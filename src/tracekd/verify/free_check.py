"""Checks an output with a free trace without gold: do its claims hold, and does the answer follow from them?"""

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from tracekd.problem import Fact
from tracekd.tasks.contract import Task
from tracekd.verify.answer import Comparison
from tracekd.verify.check import Check, Part, cut, no_answer, of_answer, part
from tracekd.verify.free_question import FreeQuestion, FreeReading, standing_statements
from tracekd.verify.free_trace import FreeTrace
from tracekd.verify.verdict import STORED_CHARS, STORED_FACTS
from tracekd.verify.wording import NO_TRACE, short


class _Checker(Protocol):
    """What is known of the question (`without_gold.Checker`)."""

    @property
    def task(self) -> Task: ...
    @property
    def admitted(self) -> tuple[str, ...] | None: ...
    @property
    def right(self) -> tuple[Comparison, ...]: ...
    def of_stated_label(self, stated: str) -> Part: ...


def numbered(texts: Sequence[str]) -> tuple[Fact, ...]:
    """The sentences of a context as facts, whose ids count from 1."""
    return tuple([Fact(id=str(number), text=text) for number, text in enumerate(texts, start=1)])


def check_free_trace(checker: _Checker, question: FreeQuestion, reading: FreeReading) -> Check:
    """The check of one output that is read already, with facts from `numbered`. Never raises."""
    invented = (one.text[:STORED_CHARS] for _, one in reading.steps if one.is_error and one.grounding != "contradicted")
    return Check(
        task=checker.task.name,
        status=reading.status,
        stated_label=cut(reading.stated_label),
        admitted=checker.admitted,
        cited=tuple([int(id_) - 1 for id_ in reading.used]),
        invented=tuple(islice(invented, STORED_FACTS)),
        answer=cut(reading.answer_text),
        facts=_of_steps(reading),
        label=_of_label(checker, reading),
        from_cited=_of_standing(checker, question, reading),
        from_context=_of_answer(reading, checker.right, "the whole context"),
        free=FreeTrace.of(reading.statements, reading.follows_from_holding, reading.follows_from_standing),
    )


def _of_steps(reading: FreeReading) -> Part:
    """Whether the claims hold, except those that say what the answer is: the answer has parts of its own."""
    steps = reading.steps
    if reading.status == "hidden":
        return part("fails", NO_TRACE["hidden"])
    if not steps:
        return part("unknown", "no statement besides the answer claims anything")
    standing = [(at, one) for at, one in steps if one.is_error and one.taken_back_by is None]
    if standing:
        at, one = next((error for error in standing if error[1].grounding == "contradicted"), standing[0])
        said = "is false" if one.grounding == "contradicted" else "has no ground in the context"
        return part("fails", f"statement {at + 1} {said}: {short(one.text)} ({short(one.reason)})")
    unread = sum(not one.is_read for _, one in steps)
    if unread:
        return part("unknown", f"{unread} of {len(steps)} claims cannot be read")
    taken_back = sum(one.is_error for _, one in steps)
    return part("passes", f"every claim holds{f', or is taken back ({taken_back})' if taken_back else ''}")


def _of_label(checker: _Checker, reading: FreeReading) -> Part:
    if reading.stated_label is None:
        return part("unknown", "no class is stated; a free trace need not state one")
    return checker.of_stated_label(reading.stated_label)


def _of_standing(checker: _Checker, question: FreeQuestion, reading: FreeReading) -> Part:
    source = "the statements that the trace ends on"
    found = tuple(question.following(standing_statements(reading.statements)))
    if reading.answer is not None and not found and checker.right:
        return part("fails", f"no answer follows from {source}")
    return _of_answer(reading, found, source)


def _of_answer(reading: FreeReading, right: Sequence[Comparison], source: str) -> Part:
    if reading.answer is None:
        return no_answer()
    return of_answer(reading.answer.text, right, source, is_right=any(map(reading.answer.is_right, right)))

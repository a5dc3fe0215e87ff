"""Answers to bAbI questions: read from files, and given by rules."""

from collections.abc import Iterable

from tracekd.problem import Answer
from tracekd.tasks.solution import Solution


def read_answer(text: str, family: int) -> Answer:
    """Family 8 answers are unordered sets (`nothing` is the empty one), family 19 answers are ordered paths."""
    if family == 8:
        return Answer(kind="set", values=() if text == "nothing" else tuple(text.split(",")))
    if family == 19:
        return Answer(kind="path", values=tuple(text.split(",")))
    return Answer(kind="one_of", values=(text,))


def one_of(value: str, support: Iterable[int]) -> Solution:
    """One value."""
    return Solution(Answer(kind="one_of", values=(value,)), tuple(support))


def only(values: Iterable[str]) -> str | None:
    """The one value that all agree on, or None: facts that contradict each other say nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else None

"""Answers to bAbI questions: read from files, and given by rules."""

from collections.abc import Iterable

from tracekd.problem import Answer
from tracekd.tasks.solution import Solution


def read_answer(text: str, family: int) -> Answer:
    """The answer that a file states. Family 8 has unordered sets (`nothing` is the empty set), family 19 ordered paths."""
    if family == 8:
        return Answer(kind="set", values=() if text == "nothing" else tuple(text.split(",")))
    if family == 19:
        return Answer(kind="path", values=tuple(text.split(",")))
    return Answer(kind="one_of", values=(text,))


def one_of(value: str, support: Iterable[int]) -> Solution:
    """The solution with this single value."""
    return Solution(Answer(kind="one_of", values=(value,)), tuple(support))


def only(values: Iterable[str]) -> str | None:
    """The value if all values are equal, else None: facts that contradict each other prove nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else None

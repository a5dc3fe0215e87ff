"""What a rule derives from a question and some facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer that follows, the places (from 0) of the given facts from which it follows, and the class, if derived.

    The support is in the order of the reasoning, as a gold trace would cite it.
    """

    answer: Answer
    support: tuple[int, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """The values of facts in the slot that the question asks for, for right and for wrong facts.

    An answer is consistent with the facts if it names all of `needed` and nothing outside `allowed`. The two differ if
    a fact may be cited for another reason than its answer, such as the event that a question names.
    """

    needed: frozenset[str]
    allowed: frozenset[str]


# slots(question, cited facts, label): None if the form of the question is unknown.
ReadSlots = Callable[[str, Sequence[str], str], Slots | None]

# solve(question, facts in the order of the context, label): None if nothing follows, or if there is no rule.
Solve = Callable[[str, Sequence[str], str], Solution | None]


def nothing_follows(question: str, facts: Sequence[str], label: str) -> None:
    """The rule of a task without rules: nothing follows."""
    return None

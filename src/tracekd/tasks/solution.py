"""What a rule makes of a question and some facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer that follows, the places in the given facts (from 0) that it follows from, and the class, if derived.

    The support is in the order of the reasoning, as a gold trace would cite it.
    """

    answer: Answer
    support: tuple[int, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """What facts hold in the place that the question asks for, whether they are the right ones or not.

    An answer goes with the facts if it names all of `needed`, and nothing beyond `allowed`. They differ where a fact
    may be cited for another reason than its answer, as the event that a question sets out from.
    """

    needed: frozenset[str]
    allowed: frozenset[str]


# slots(question, cited facts, label): None where the question is in no known form.
ReadSlots = Callable[[str, Sequence[str], str], Slots | None]

# solve(question, facts in the order of the context, label): None where nothing follows, or there is no rule.
Solve = Callable[[str, Sequence[str], str], Solution | None]


def nothing_follows(question: str, facts: Sequence[str], label: str) -> None:
    """The rule of a task that has none."""
    return None

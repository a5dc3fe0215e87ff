"""Whether an answer goes with the facts that its own trace cites, whether these are right or wrong.

Where a task reads answer slots off facts (`Task.slots`), the answer must name what stands in the slots of the cited
facts: all of it, and nothing else. A fact in no known form has no slot. For other tasks the answer must follow from the
cited facts by rule (`tasks.what_follows`).
"""

from dataclasses import dataclass

from tracekd.problem import Problem
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.solution import Slots
from tracekd.tasks.what_follows import answers
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import Citation


@dataclass(frozen=True, slots=True)
class ConsistentAnswers:
    """The answers that go with some cited facts: those that name the `slots`, or the `derived` ones."""

    slots: Slots | None = None
    derived: tuple[Comparison, ...] = ()

    @classmethod
    def of(cls, task: Task, problem: Problem, context: Context, citation: Citation) -> "ConsistentAnswers":
        """The answers that go with the cited facts alone. Where no fact is cited, there are none."""
        if not citation.facts:
            return cls()
        if task.slots is None:
            derived = answers(task.derive, problem.question, context, citation.facts, (problem.label,))
            return cls(derived=tuple(map(Comparison.of, dict.fromkeys(derived))))
        slots = task.slots(problem.question, tuple(citation.facts), problem.label)
        return cls(slots and Slots(_normal(slots.needed), _normal(slots.allowed)))

    def include(self, text: str, items: list[str] | None) -> bool:
        """Whether this answer is one of them; `items` are the values that it names, normalised."""
        if self.slots is not None:
            return bool(items) and self.slots.needed <= frozenset(items or ()) <= self.slots.allowed
        return any(answer.is_right(text) for answer in self.derived)


def _normal(texts: frozenset[str]) -> frozenset[str]:
    return frozenset(map(normalize_answer, texts))

"""A problem, prepared once to judge all its outputs; and the answers that are consistent with the cited facts.

An answer can be consistent with the facts of its own trace whether these facts are right or wrong. If a task reads
answer slots from facts (`Task.slots`), the answer must name exactly the values in the slots of the cited facts.
A fact of unknown form has no slot. For other tasks, the answer must follow from the cited facts by rule
(`tasks.what_follows`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

from tracekd.problem import Problem
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_answer, normalize_label
from tracekd.tasks.solution import Slots
from tracekd.tasks.what_follows import answers
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import Citation
from tracekd.verify.free_judge import FreeProblem


@dataclass(frozen=True, slots=True)
class ConsistentAnswers:
    """The answers that are consistent with some cited facts: those that name the `slots`, or the `derived` ones."""

    slots: Slots | None = None
    derived: tuple[Comparison, ...] = ()

    @classmethod
    def of(cls, task: Task, problem: Problem, context: Context, citation: Citation) -> "ConsistentAnswers":
        """The answers that are consistent with the cited facts alone; none if no fact is cited."""
        if not citation.facts:
            return cls()
        if task.slots is None:
            derived = answers(task.derive, problem.question, context, citation.facts, (problem.label,))
            return cls(derived=tuple(map(Comparison.of, dict.fromkeys(derived))))
        slots = task.slots(problem.question, tuple(citation.facts), problem.label)
        return cls(slots and Slots(_normal(slots.needed), _normal(slots.allowed)))

    def include(self, text: str, items: list[str] | None) -> bool:
        """Whether this answer is among them; `items` are the values that it names, normalised."""
        if self.slots is not None:
            return bool(items) and self.slots.needed <= frozenset(items or ()) <= self.slots.allowed
        return any(map(Comparison.is_right, self.derived, repeat(text)))


def _normal(texts: frozenset[str]) -> frozenset[str]:
    return frozenset(map(normalize_answer, texts))


class Prepared(NamedTuple):
    """A problem, prepared to judge outputs. `has_rule`: whether a rule derives answers of its class.

    `golds` are the sets of facts that a right retrieval step may cite; `kinds` has such sets for each kind of support.
    `gold_places` are the indexes in the context, in order, of the facts that reasons name as gold. `support` is the kind
    to which `golds` belong; it is None if several kinds have the same facts, or if no kind has them. `known` caches
    the consistent answers for sets of facts of the context. `free` prepares the problem for free traces, when the first
    one is met; None if they are not judged as such.
    """

    problem: Problem
    label: str
    context: Context
    answer: Comparison
    has_rule: bool
    golds: tuple[frozenset[str], ...]
    gold_places: tuple[int, ...]
    kinds: dict[str, tuple[frozenset[str], ...]]
    support: str | None
    known: dict[tuple[str, ...], ConsistentAnswers]
    free: Callable[[], FreeProblem] | None = None

    @classmethod
    def of(
        cls, problem: Problem, task: Task, support: str | None = None, *, free: Callable[[], FreeProblem] | None = None
    ) -> "Prepared":
        """Prepare a problem with this kind of support as the headline; the default is the gold trace's kind.

        The alternatives of a problem belong only to the support on which its gold trace is built.
        Raises KeyError if the problem has no support of that kind.
        """
        context = Context.of(problem, has_titles=task.has_titles)
        label, facts = problem.label, problem.trace.facts
        place = {fact.id: at for at, fact in enumerate(problem.context)}

        def texts(ids: tuple[str, ...]) -> frozenset[str]:
            return frozenset([context.normal[context.texts[place[ident]]] for ident in ids])

        own = tuple(map(texts, problem.gold_sets))
        same = [kind for kind, ids in problem.support.items() if set(ids) == set(facts)]
        kinds = {kind: own if kind in same else (texts(ids),) for kind, ids in problem.support.items()}
        shown = facts if support is None else problem.support[support]
        return cls(
            problem,
            normalize_label(label),
            context,
            Comparison.of(problem.answer),
            has_rule=task.has_rule(label),
            golds=own if support is None else kinds[support],
            gold_places=tuple(sorted({place[ident] for ident in shown})),
            kinds=kinds,
            support=same[0] if support is None and len(same) == 1 else support,
            known={},
            free=free,
        )

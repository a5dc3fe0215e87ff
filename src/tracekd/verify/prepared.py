"""What is read once of a problem, and used for all outputs that answer it."""

from dataclasses import dataclass, field

from tracekd.problem import Problem
from tracekd.tasks.normalize import normalize_label
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import Context
from tracekd.verify.consistency import Following


@dataclass(frozen=True, slots=True)
class Prepared:
    """A problem, made ready to judge outputs by.

    `golds` are the sets of facts that a right retrieval step may cite, `gold_places` says where those that are shown as
    gold stand in the context, in its order; `kinds` are the sets by each kind of support. `support` is the kind that
    `golds` are of, None where several kinds are the same, or none is. `known` keeps what follows from sets of the
    problem's own facts.
    """

    problem: Problem
    label: str
    context: Context
    answer: Comparison
    golds: tuple[frozenset[str], ...]
    gold_places: tuple[int, ...]
    kinds: dict[str, tuple[frozenset[str], ...]]
    support: str | None = None
    known: dict[tuple[str, ...], Following] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem, support: str | None = None) -> "Prepared":
        """The problem with this kind of support as the headline; by default the one that its gold trace is built on.

        The alternatives of a problem stand beside the support that its trace is built on, and beside no other.
        Raises KeyError if the problem has no support of that kind.
        """
        context = Context.of(problem)
        facts = problem.trace.facts
        place = {fact.id: at for at, fact in enumerate(problem.context)}

        def texts(ids: tuple[str, ...]) -> frozenset[str]:
            return frozenset([context.normal[context.texts[place[ident]]] for ident in ids])

        own = tuple(map(texts, problem.gold_sets))
        same = [kind for kind, ids in problem.support.items() if set(ids) == set(facts)]
        kinds = {kind: own if kind in same else (texts(ids),) for kind, ids in problem.support.items()}
        shown = facts if support is None else problem.support[support]
        return cls(
            problem,
            normalize_label(problem.label),
            context,
            Comparison.of(problem.answer),
            golds=own if support is None else kinds[support],
            gold_places=tuple(sorted({place[ident] for ident in shown})),
            kinds=kinds,
            support=same[0] if support is None and len(same) == 1 else support,
        )

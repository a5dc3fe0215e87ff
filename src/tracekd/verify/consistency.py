"""Whether an answer goes with the facts that its own trace cites, be they right or wrong.

Where a task reads answer slots off facts (`Task.slots`), the answer must name what stands in the slots of the cited
facts: all of them, and nothing else. A fact in no known form holds no slot. Elsewhere the answer must be the one that
the task's rule derives from the cited facts alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tracekd.problem import Answer, Problem
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.solution import ReadSlots, Slots
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import Citation, Context

# derive(question, facts in story order, label): the answer that follows by rule, or None.
Derive = Callable[[str, Sequence[str], str], Answer | None]

_MAX_ORDERS = 16
# An output may be megabytes of anything: rules are not asked about more than this of what stands in no context.
_MOST_INVENTED, _LONGEST_INVENTED = 64, 500


@dataclass(frozen=True, slots=True)
class Following:
    """What the answer must be to go with some cited facts: what stands in their slots, or one that is derived."""

    slots: Slots | None = None
    derived: tuple[Comparison, ...] = ()

    def goes_with(self, text: str, items: list[str] | None) -> bool:
        """Whether this answer does; `items` are what it names, normalised."""
        if self.slots is not None:
            return bool(items) and self.slots.needed <= frozenset(items or ()) <= self.slots.allowed
        return any(answer.is_right(text) for answer in self.derived)


def following(
    problem: Problem, context: Context, citation: Citation, derive: Derive, read_slots: ReadSlots | None
) -> Following:
    """What follows from the cited facts alone. Nothing does where none is cited."""
    if not citation.facts:
        return Following()
    if read_slots is None:
        return Following(derived=tuple(_derived(problem, context, citation, derive)))
    slots = read_slots(problem.question, tuple(citation.facts), problem.label)
    return Following(slots and Slots(_normal(slots.needed), _normal(slots.allowed)))


def _normal(texts: frozenset[str]) -> frozenset[str]:
    return frozenset(map(normalize_answer, texts))


def _derived(problem: Problem, context: Context, citation: Citation, derive: Derive) -> Iterator[Comparison]:
    """The answers that the rule derives, from any order that the facts can have in the story; invented ones come last."""
    invented = [fact for fact in citation.invented[:_MOST_INVENTED] if len(fact) <= _LONGEST_INVENTED]
    for order in islice(_story_orders(citation.known, context.places), _MAX_ORDERS):
        known = (context.texts[context.places[fact][0]] for fact in order)
        derived = derive(problem.question, (*known, *invented), problem.label)
        if derived is not None:
            yield Comparison.of(derived)


def _story_orders(facts: Sequence[str], places: dict[str, list[int]]) -> Iterator[tuple[str, ...]]:
    """The different orders in which these facts can stand in the story; the first puts each at its last occurrence.

    More than one only where a text occurs several times. Each order is found once, and no search ends without one.
    """
    latest = sorted(facts, key=lambda fact: places[fact][-1])
    # Partial orders: the facts placed so far, where the last of them stands, and those still to be placed.
    unfinished: list[tuple[tuple[str, ...], int, list[str]]] = [((), -1, latest)]
    while unfinished:
        placed, at, rest = unfinished.pop()
        if not rest:
            yield placed
            continue
        # What is pushed last comes back first.
        for fact in reversed(rest):
            here = next(place for place in places[fact] if place > at)
            # All others must still have a place after this one; `rest` is sorted, so the first of them decides.
            first_other = rest[0] if fact != rest[0] else rest[1] if len(rest) > 1 else None
            if first_other is None or places[first_other][-1] > here:
                unfinished.append(((*placed, fact), here, [other for other in rest if other != fact]))

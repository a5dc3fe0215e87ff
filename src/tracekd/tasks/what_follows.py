"""What follows by rule from the facts that a trace cites. Verification, checks, regimes and interventions all use it.

A trace cites sentences, not places in the context. If a cited sentence occurs several times in the context, the citation
does not say which occurrence it means. It may mean all of them (`Mary took the milk` twice, to count what she carries), or
one of each (the last time that she went to the kitchen). An answer follows from the cited facts if the rule derives it
from one of these readings.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from tracekd.problem import Answer
from tracekd.tasks.context import Context

# derive(question, facts in the order of the context, class): the answer that follows by rule, or None.
Derive = Callable[[str, Sequence[str], str], Answer | None]

# Readings differ only if a sentence is repeated. If there are more readings, only the first ones are used.
MOST_READINGS = 64
# A trace may cite megabytes of text that is not in the context. A rule gets at most this much of it.
_MOST_INVENTED, _LONGEST_INVENTED = 64, 500


def answers(
    derive: Derive, question: str, context: Context, cited: Iterable[str], labels: Sequence[str]
) -> Iterator[Answer]:
    """Yield the answers that the rules of these classes derive from the cited facts, one for each reading and class.

    `cited` are normalised texts. The same answer may come several times.
    """
    for facts in readings(context, cited):
        for label in labels:
            answer = derive(question, facts, label)
            if answer is not None:
                yield answer


def readings(context: Context, cited: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield the cited facts in each order that they can have in the context; no two readings are equal.

    `cited` are normalised texts. First come all places of all cited sentences together, then one place of each, the last
    ones first. Cited facts that are not in the context are at the end of every reading.
    """
    facts = dict.fromkeys(cited)
    known = [fact for fact in facts if fact in context.places]
    invented: tuple[str, ...] = ()
    if len(known) < len(facts):
        outside = (fact for fact in facts if fact not in context.places and len(fact) <= _LONGEST_INVENTED)
        invented = tuple(islice(outside, _MOST_INVENTED))
    all_places = sorted([place for fact in known for place in context.places[fact]])
    yield (*[context.texts[place] for place in all_places], *invented)
    if len(all_places) > len(known):
        for order in islice(_orders(known, context.places), MOST_READINGS - 1):
            yield (*[context.texts[context.places[fact][0]] for fact in order], *invented)


def _orders(facts: Sequence[str], places: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, ...]]:
    """The different orders that these facts can have with one place each; the first puts each at its last place.

    Each order is found once, and no search ends without one.
    """
    latest = sorted(facts, key=lambda fact: places[fact][-1])
    # Partial orders: the facts placed so far, the place of the last of them, and the facts still to place.
    unfinished: list[tuple[tuple[str, ...], int, list[str]]] = [((), -1, latest)]
    while unfinished:
        placed, at, rest = unfinished.pop()
        if not rest:
            yield placed
            continue
        # The last one pushed is the first one popped.
        for fact in reversed(rest):
            here = next(place for place in places[fact] if place > at)
            # All others must still have a place after this one; `rest` is sorted, so the first of them decides.
            first_other = rest[0] if fact != rest[0] else rest[1] if len(rest) > 1 else None
            if first_other is None or places[first_other][-1] > here:
                unfinished.append(((*placed, fact), here, [other for other in rest if other != fact]))

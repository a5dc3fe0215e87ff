"""Donors: problems whose gold traces may be used in another problem's example."""

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.randomness import share

# Donors of each class. A million problems then share some thousands of donors, in limited memory.
_MOST = 1000


class Donor(BaseModel):
    """What other problems need in order to borrow the gold trace of a problem."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    group: str
    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Donors:
    """Donors by the number of facts that they cite, each at its own place on a ring.

    A borrower draws a place and takes the next suitable donor after it. So one more or one fewer donor changes the
    traces of only those borrowers that would reach it.
    """

    _rings: dict[int, list[tuple[float, Donor]]] = field(default_factory=dict)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "Donors":
        """The problems of each class with the smallest hashes of their ids. Their order does not matter."""
        kept: dict[str, list[tuple[float, str, Donor]]] = defaultdict(list)
        for problem in problems:
            heap = kept[problem.label]
            entry = (-share(0, problem.id, "donor"), problem.id, _donor(problem))
            if len(heap) < _MOST:
                heapq.heappush(heap, entry)
            elif entry[:2] > heap[0][:2]:
                heapq.heapreplace(heap, entry)
        return cls.from_list(donor for heap in kept.values() for _, _, donor in heap)

    def __iter__(self) -> Iterator[Donor]:
        """Yield all donors."""
        return (donor for ring in self._rings.values() for _, donor in ring)

    @classmethod
    def from_list(cls, donors: Iterable[Donor]) -> "Donors":
        """Put these donors on their rings."""
        rings: dict[int, list[tuple[float, Donor]]] = defaultdict(list)
        for donor in donors:
            rings[len(donor.texts)].append((share(0, donor.id, "place on the ring"), donor))
        return cls({size: sorted(ring, key=lambda entry: (entry[0], entry[1].id)) for size, ring in rings.items()})

    def after(self, place: float, size: int) -> Iterator[Donor]:
        """The donors that cite `size` facts, once round the ring from `place`, which is in [0, 1)."""
        ring = self._rings.get(size, [])
        start = bisect_left(ring, place, key=lambda entry: entry[0])
        # One of the first two is nearly always suitable: a copy of the ring would cost more than everything else.
        return (ring[at % len(ring)][1] for at in range(start, start + len(ring)))


def _donor(problem: Problem) -> Donor:
    return Donor(id=problem.id, group=problem.group, label=problem.label, texts=problem.texts(problem.trace.facts))

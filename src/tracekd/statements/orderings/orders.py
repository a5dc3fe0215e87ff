"""All orders of a few things, as sets of orders: one bit for each order. What a clue says is the set of orders in which it is so.

So clues are joined with `&`, and whether a statement follows is a question about two integers. Nothing is searched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

# 7! is 5,040 orders; the puzzles have 3, 5 or 7 things.
MOST_THINGS = 7


@dataclass(frozen=True)
class Orders:
    """The orders of `size` things. `places[thing][place]`: the orders in which this thing has this place, both from 0."""

    size: int
    every: int
    places: Sequence[Sequence[int]]

    def at(self, thing: int, place: int) -> int:
        """The orders in which a thing has this place; there are none if the place does not exist."""
        return self.places[thing][place] if 0 <= place < self.size else 0

    def before(self, one: int, other: int) -> int:
        """The orders in which a thing comes anywhere before another."""
        found = later = 0
        for place in range(self.size - 1, -1, -1):
            found |= self.places[one][place] & later
            later |= self.places[other][place]
        return found

    def not_(self, orders: int) -> int:
        """All other orders."""
        return self.every & ~orders


@lru_cache(maxsize=MOST_THINGS)
def orders_of(size: int) -> Orders:
    """The orders of this many things, at most `MOST_THINGS`."""
    if not 0 < size <= MOST_THINGS:
        raise ValueError(f"orders are for 1 to {MOST_THINGS} things, not for {size}")
    places = [[bytearray() for _ in range(size)] for _ in range(size)]
    for order in permutations(range(size)):
        for thing in range(size):
            for place in range(size):
                places[thing][place].append(48 + (order[place] == thing))
    masks = tuple([tuple([int(bits, 2) for bits in row]) for row in places])
    every = 0
    for mask in masks[0]:
        every |= mask
    return Orders(size, every, masks)


def deciding(every: int, clues: Sequence[int], orders: int) -> tuple[int, ...]:
    """The numbers of clues that are enough to exclude these orders; none of them can be left out.

    All clues together must exclude them.
    """
    kept = list(range(len(clues)))
    for number in range(len(clues)):
        left = every & orders
        for other in kept:
            if other != number:
                left &= clues[other]
        if not left:
            kept.remove(number)
    return tuple(kept)

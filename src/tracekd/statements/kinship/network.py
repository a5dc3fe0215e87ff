"""Who may be what to whom: a set of relations for each two people, narrowed until nothing changes (path consistency)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracekd.statements.kinship.relations import ANY, OTHER_THAN_SELF, compose, converse

# More people than any story has; the cost grows with the third power.
MOST_PEOPLE = 24


@dataclass
class Network:
    """`possible[a][b]`: what person a may be to person b. `why[a][b]`: the facts that narrowed it, as bits.

    `is_broken`: the statements cannot all be so.
    """

    possible: list[list[int]]
    why: list[list[int]]
    is_broken: bool = False

    @classmethod
    def of(cls, size: int, stated: Iterable[tuple[int, int, int, int]]) -> "Network":
        """The network of this many people; each statement has two people, what one may be to the other, and a fact (bit)."""
        possible = [[OTHER_THAN_SELF] * size for _ in range(size)]
        network = cls(possible, [[0] * size for _ in range(size)])
        queue: list[tuple[int, int]] = []
        for one, other, relations, fact in stated:
            if network._narrow(one, other, relations, fact):
                queue.append((one, other))
        network._close(queue)
        return network

    def _narrow(self, one: int, other: int, relations: int, why: int) -> bool:
        before = self.possible[one][other]
        now = before & relations
        if now == before:
            return False
        self.possible[one][other], self.possible[other][one] = now, converse(now)
        self.why[one][other] |= why
        self.why[other][one] = self.why[one][other]
        self.is_broken = self.is_broken or not now
        return True

    def _close(self, queue: list[tuple[int, int]]) -> None:
        size = len(self.possible)
        for one, other in queue:  # it grows while it is read; each set can shrink only a few times
            if self.is_broken:
                return
            for third in range(size):
                if third not in (one, other):
                    for a, b, c in ((one, other, third), (other, one, third)):
                        through = compose(self.possible[a][b], self.possible[b][c])
                        if through != ANY and self._narrow(a, c, through, self.why[a][b] | self.why[b][c]):
                            queue.append((a, c))


def consistent(
    size: int, sure: Sequence[tuple[int, int, int, int]], likely: Sequence[tuple[int, int, int, int]]
) -> Network:
    """The network of all statements; of the sure ones only, if all together cannot be so; of none if these cannot either."""
    network = Network.of(size, [*sure, *likely])
    if network.is_broken:
        network = Network.of(size, sure)
    return Network.of(size, ()) if network.is_broken else network

"""Things on a grid, the facts about how they lie, and the ways between them: the core of families 4, 17 and 19."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from random import Random

from pydantic import Field

from tracekd.worlds.babi.story_builder import StoryBuilder
from tracekd.worlds.contract import Dials

# Steps to the right (to the east) and up (to the north). A cell is its step from the first cell.
Step = tuple[int, int]
# The numbers of two neighbours. A fact names them in this order; a look-up may use either order.
Link = tuple[int, int]
# For each link, in both orders, the line ids of the facts about it.
LinesOfLinks = Mapping[Link, Sequence[int]]

STEPS: tuple[Step, ...] = ((0, 1), (0, -1), (1, 0), (-1, 0))
COMPASS = {(0, 1): "north", (0, -1): "south", (1, 0): "east", (-1, 0): "west"}
_TRIES = 16


class GridDials(Dials):
    """What every family on a grid has. `repeats`: the share in [0, 1] of facts that are told again, turned round."""

    repeats: float = Field(0.0, ge=0, le=1)


@dataclass(frozen=True, slots=True)
class Layout:
    """The cell of each thing, and the links between neighbours; the thing nearer to the middle of the way comes first.

    The first `length + 1` things make a way: on it, only things that follow each other are neighbours.
    """

    cells: list[Step]
    links: list[Link]
    length: int

    def step(self, one: int, other: int) -> Step:
        """The step from the other thing to the first one."""
        (right, up), (from_right, from_up) = self.cells[one], self.cells[other]
        return right - from_right, up - from_up


def straight(rng: Random, length: int) -> Layout:
    """Things in one line."""
    right, up = rng.choice(STEPS)
    return Layout([(at * right, at * up) for at in range(length + 1)], _links_of_way(length), length)


def winding(rng: Random, length: int) -> Layout:
    """Things along a way that turns at random."""
    for _ in range(_TRIES):
        if cells := _walk(rng, length):
            return Layout(cells, _links_of_way(length), length)
    return straight(rng, length)


def spread(rng: Random, length: int, things: int) -> Layout:
    """A winding way, and further things. Each of those lies beside a thing of the way if there is room, and is linked to it.

    No further thing makes the way between the ends shorter, even if all neighbours were linked.
    """
    layout = winding(rng, length)
    taken = {cell: at for at, cell in enumerate(layout.cells)}
    for further in range(length + 1, things):
        anchor, cell = _room(rng, layout, taken)
        taken[cell] = further
        layout.cells.append(cell)
        layout.links.append((anchor, further))
    return layout


def _links_of_way(length: int) -> list[Link]:
    return [(at + 1, at) if 2 * at < length else (at, at + 1) for at in range(length)]


def _walk(rng: Random, length: int) -> list[Step] | None:
    """The cells of a way; None if the way has no free cell to go on to."""
    cells = [(0, 0)]
    taken = {(0, 0)}
    while len(cells) <= length:
        free = [cell for cell in _beside(cells[-1]) if cell not in taken]
        lonely = [cell for cell in free if sum(near in taken for near in _beside(cell)) == 1]
        if not lonely:
            return None
        cells.append(rng.choice(lonely))
        taken.add(cells[-1])
    return cells


def _beside(cell: Step) -> list[Step]:
    right, up = cell
    return [(right, up + 1), (right, up - 1), (right + 1, up), (right - 1, up)]


def _room(rng: Random, layout: Layout, taken: Mapping[Step, int]) -> tuple[int, Step]:
    """A thing of the way and a free cell beside it; if none is found, the uppermost thing and the cell above it."""
    for _ in range(_TRIES):
        anchor = rng.randrange(layout.length + 1)
        cell = rng.choice(_beside(layout.cells[anchor]))
        if cell not in taken and not _shortens(layout, taken, cell):
            return anchor, cell
    anchor = max(range(len(layout.cells)), key=lambda at: layout.cells[at][1])
    right, up = layout.cells[anchor]
    return anchor, (right, up + 1)


def _shortens(layout: Layout, taken: Mapping[Step, int], cell: Step) -> bool:
    """Whether a thing in this cell would make a shorter way between the ends."""
    if layout.length < 3 or sum(near in taken for near in _beside(cell)) < 2:
        return False
    start, goal = layout.cells[0], layout.cells[layout.length]
    filled = {*taken, cell}
    distance = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for near in _beside(here):
            if near in filled and near not in distance:
                distance[near] = distance[here] + 1
                waiting.append(near)
    return distance[goal] < layout.length


def unlinked_neighbours(layout: Layout) -> Iterator[Link]:
    """The pairs of neighbours without a link."""
    at = {cell: thing for thing, cell in enumerate(layout.cells)}
    linked = {frozenset(link) for link in layout.links}
    for (right, up), thing in at.items():
        for near in ((right + 1, up), (right, up + 1)):
            if near in at and frozenset((thing, at[near])) not in linked:
                yield thing, at[near]


def mentions(rng: Random, links: Sequence[Link], outer_first: float, repeats: float) -> list[Link]:
    """The facts to tell: each link, the outer thing first with chance `outer_first`; repeated facts are turned round."""
    once = [(outer, inner) if rng.random() < outer_first else (inner, outer) for inner, outer in links]
    return once if not repeats else once + [(b, a) for a, b in once if rng.random() < repeats]


def say_all(
    story: StoryBuilder, layout: Layout, names: Sequence[str], order: Sequence[Link], phrases: Mapping[Step, str]
) -> dict[Link, list[int]]:
    """Tell where the first thing of each link lies, seen from the second. Returns the lines of each link."""
    lines: dict[Link, list[int]] = {}
    for one, other in order:
        line = story.say(f"The {names[one]} is {phrases[layout.step(one, other)]} the {names[other]}.")
        of_link = lines.setdefault((one, other), [])
        of_link.append(line)
        lines[other, one] = of_link
    return lines


def supports_of_way(way: Sequence[int], lines: LinesOfLinks) -> list[tuple[int, ...]]:
    """All sets of facts that state this way, in the order of the way; of several facts about a link, the first one first."""
    return list(product(*(lines[link] for link in pairwise(way))))


def neighbours(links: Sequence[Link]) -> dict[int, list[int]]:
    """The things that each thing is linked to."""
    near: dict[int, list[int]] = {}
    for one, other in links:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    return near


def distances(start: int, near: Mapping[int, Sequence[int]]) -> dict[int, tuple[int, int]]:
    """For each thing: how many links away it is, and how many shortest ways lead to it."""
    found = {start: (0, 1)}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        far, ways = found[here]
        for thing in near[here]:
            if thing not in found:
                found[thing] = far + 1, ways
                waiting.append(thing)
            elif found[thing][0] == far + 1:
                found[thing] = far + 1, found[thing][1] + ways
    return found

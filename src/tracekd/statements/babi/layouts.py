"""How the things of a story lie to each other, and which is larger; judges statements about it (see `layout_words`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracekd.statements.babi.layout_words import read_relation
from tracekd.statements.babi.memory import Outcome
from tracekd.tasks.babi.layouts import (
    COMPASS_PHRASES,
    SIDE_PHRASES,
    SIZE_PHRASES,
    Links,
    Step,
    chain_down,
    read_links,
    shortest_way,
)

_STEPS: dict[str, Step] = {
    "<": (-1, 0), ">": (1, 0), "^": (0, 1), "_": (0, -1), "n": (0, 1), "s": (0, -1), "e": (1, 0), "w": (-1, 0),
}  # fmt: skip
_NAMES = {"<": "to the left of", ">": "to the right of", "^": "above", "_": "below", "n": "north of", "s": "south of",
          "e": "east of", "w": "west of"}  # fmt: skip


@lru_cache(maxsize=2**8)
def _axes(kind: str) -> str:
    """`v` if a relation is vertical, `h` if it is horizontal, `hv` if it is both."""
    return "".join(sorted({"v" if _STEPS[direction][1] else "h" for direction in kind}))


@dataclass(frozen=True)
class Layout:
    """How the things of a story lie to each other, or which are larger (`sizes`)."""

    links: Links
    sizes: Links
    things: tuple[str, ...]

    @classmethod
    def of(cls, facts: Sequence[str]) -> "Layout":
        """Read a story, in plain form."""
        if not any(fact.startswith("the ") for fact in facts):
            return cls({}, {}, ())
        links = read_links(facts, COMPASS_PHRASES | SIDE_PHRASES)
        sizes = read_links(facts, SIZE_PHRASES)
        return cls(links, sizes, tuple(dict.fromkeys([*links, *sizes])))

    def judge(self, body: str, names: Sequence[str], here: str | None) -> Outcome | None:
        """How a statement stands to the story; None if it cannot be read. `here`: the place that was spoken of last."""
        said = read_relation(body)
        if said is None:
            return None
        if said.kind.startswith("on"):
            return self._lies(names[0], here, said.kind[2:], False) if here and len(names) == 1 else None
        if len(names) == 3 and names[0] in names[1:]:
            names = [names[0], names[2] if names[1] == names[0] else names[1]]  # `the bigger of the two`
        elif len(names) == 3 and names[1] == names[2]:
            names = [names[1], names[0]]
        if len(names) != 2:
            return None
        one, other = (names[1], names[0]) if said.turned else (names[0], names[1])
        if said.kind[0] in "GgFiC":
            return self._size(one, other, said.kind[0] in "GC", said.kind[0] in "FiC", said.negated)
        return self._lies(one, other, said.kind, said.negated)

    def _lies(self, one: str, other: str, kind: str, negated: bool) -> Outcome:
        slot = ("lies", frozenset((one, other)), _axes(kind))
        steps = [_STEPS[direction] for direction in kind]
        direct = [link for link in self.links.get(other, ()) if link.to == one and link.step in steps]
        if direct and len(steps) == 1:
            return Outcome(not negated, (direct[0].fact,), slot, cites=not negated)
        way = shortest_way(one, other, self.links)
        if way is None:
            return Outcome(None, (), slot)
        right, up = (-sum(link.step[axis] for link in way) for axis in (0, 1))
        truth = all(right * step[0] + up * step[1] > 0 for step in steps)
        as_fact = f"The {one} is {_NAMES[kind[0]]} the {other}." if len(kind) == 1 and not negated else None
        return Outcome(truth != negated, tuple([link.fact for link in way]), slot, as_fact)

    def _size(self, one: str, other: str, is_larger: bool, by_fit: bool, negated: bool) -> Outcome:
        larger, smaller = (one, other) if is_larger else (other, one)
        slot = ("size", frozenset((one, other)))
        direct = [link for link in self.sizes.get(larger, ()) if link.to == smaller and link.step[0] < 0]
        if direct:
            return Outcome(not negated, (direct[0].fact,), slot, cites=not negated)
        so, not_so = chain_down(larger, smaller, self.sizes), chain_down(smaller, larger, self.sizes)
        if (so is None) == (not_so is None):
            return Outcome(None, (), slot)
        as_fact = None if negated else f"The {larger} is bigger than the {smaller}."
        return Outcome((so is not None) != negated, tuple(so or not_so or ()), slot, as_fact)

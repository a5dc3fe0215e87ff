"""Relations between two relatives, as sets of bits, and what two of them make together.

The table of compositions is not written down: it is read off one large family (`Family`). If x is y's uncle and y is z's
mother, then x is to z whatever some uncle of somebody's mother is in that family. The family is an ordinary one: every
person has two parents, who are married to each other and to nobody else, and relatives do not marry. Step families are
not in it. Where two people have no named relation in it, they may have any of the same generation: families may be joined
twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_NAMED = (
    "spouse parent child sibling grandparent grandchild pibling pibling_in_law nibling nibling_in_law cousin parent_in_law "
    "child_in_law sibling_in_law great_grandparent great_grandchild great_pibling great_nibling"
).split()
_HIGHEST = 6
# Relatives without a name of their own, by how many generations they are above.
_OTHERS = [f"other_{up}" for up in range(-_HIGHEST, _HIGHEST + 1)]
RELATIONS = ("self", *_NAMED, *_OTHERS)
BIT = {name: 1 << number for number, name in enumerate(RELATIONS)}
ANY = (1 << len(RELATIONS)) - 1
OTHER_THAN_SELF = ANY & ~BIT["self"]
_CONVERSE = {
    "parent": "child", "grandparent": "grandchild", "pibling": "nibling", "pibling_in_law": "nibling_in_law",
    "parent_in_law": "child_in_law", "great_grandparent": "great_grandchild", "great_pibling": "great_nibling",
}  # fmt: skip
_CONVERSE |= {one: other for other, one in _CONVERSE.items()}
_UP = {"parent": 1, "pibling": 1, "pibling_in_law": 1, "parent_in_law": 1, "grandparent": 2, "great_pibling": 2}
_UP |= {"great_grandparent": 3}
_UP |= {_CONVERSE[name]: -up for name, up in _UP.items()}
_UP |= {name: up for up, name in enumerate(_OTHERS, start=-_HIGHEST)}

_SAID = {
    "pibling": "uncle or aunt", "pibling_in_law": "uncle or aunt", "nibling": "nephew or niece",
    "nibling_in_law": "nephew or niece", "great_pibling": "great-uncle or great-aunt",
    "great_nibling": "great-nephew or great-niece",
}  # fmt: skip


def relation_of(*names: str) -> int:
    """The set of these relations."""
    found = 0
    for name in names:
        found |= BIT[name]
    return found


def names_of(relations: int) -> list[str]:
    """The relations of a set, for people to read."""
    names = [_SAID.get(name, name) for name in RELATIONS if BIT[name] & relations]
    return list(dict.fromkeys("other relative" if name in _OTHERS else name.replace("_", "-") for name in names))


@lru_cache(maxsize=2**14)
def converse(relations: int) -> int:
    """What y may be to x, if x is one of these to y."""
    found = 0
    for number, name in enumerate(RELATIONS):
        if relations >> number & 1:
            found |= BIT[_CONVERSE[name] if name in _CONVERSE else _other(-_UP[name]) if name in _OTHERS else name]
    return found


@lru_cache(maxsize=2**16)
def compose(one: int, other: int) -> int:
    """What x may be to z, if x is one of the first relations to y, and y one of the second to z."""
    if one == ANY or other == ANY:
        return ANY
    table = compositions()
    found = 0
    for first in _numbers(one):
        for second in _numbers(other):
            found |= table[first][second]
            if found == ANY:
                return ANY
    return found


@lru_cache(maxsize=1)
def compositions() -> tuple[tuple[int, ...], ...]:
    """The composition of each two relations, by their numbers."""
    family = Family()
    ego = family.grown()
    seen: dict[str, list[int]] = {}
    for person in range(len(family.spouse)):
        seen.setdefault(family.relation(person, ego), []).append(person)
    return tuple([tuple([_composed(family, seen, first, second) for second in RELATIONS]) for first in RELATIONS])


def _composed(family: "Family", seen: dict[str, list[int]], first: str, second: str) -> int:
    if "self" in (first, second):
        return BIT[second if first == "self" else first]
    if first in _OTHERS or second in _OTHERS:
        # No more is known than the generation; two such people may also be the same one.
        return _of_generation(_UP.get(first, 0) + _UP.get(second, 0), "self")
    found = 0
    back = _CONVERSE.get(second, second)
    for one in seen.get(first, ()):
        for other in seen.get(back, ()):
            name = family.relation(one, other)
            # Who has no name on this way may have one on another: two brothers may marry two sisters.
            found |= _of_generation(_UP[name]) if name in _OTHERS else BIT[name]
    return found


def _of_generation(up: int, *more: str) -> int:
    """All relations this many generations above, and more ones if it is the same generation."""
    if abs(up) > _HIGHEST:
        return ANY
    same = [name for name in RELATIONS if _UP.get(name, 0) == up and name != "self"]
    return relation_of(*same, *(more if up == 0 else ()))


def _numbers(relations: int) -> Iterator[int]:
    number = 0
    while relations:
        if relations & 1:
            yield number
        relations >>= 1
        number += 1


def _other(up: int) -> str:
    return _OTHERS[up + _HIGHEST]


@dataclass
class Family:
    """People by number, with their parents and spouses. `level`: how many generations they are above the first person."""

    parents: dict[int, tuple[int, int]] = field(default_factory=dict)
    spouse: dict[int, int | None] = field(default_factory=dict)
    level: dict[int, int] = field(default_factory=dict)

    def person(self, level: int) -> int:
        """A new person."""
        number = len(self.spouse)
        self.spouse[number], self.level[number] = None, level
        return number

    def marry(self, person: int) -> int:
        """The spouse of a person, new if there is none yet."""
        spouse = self.spouse[person]
        if spouse is None:
            spouse = self.person(self.level[person])
            self.spouse[person], self.spouse[spouse] = spouse, person
        return spouse

    def have(self, person: int, count: int) -> list[int]:
        """New children of a person and the spouse."""
        spouse = self.marry(person)
        new = [self.person(self.level[person] - 1) for _ in range(count)]
        for child in new:
            self.parents[child] = (min(person, spouse), max(person, spouse))
        return new

    def raise_(self, person: int, siblings: int) -> list[int]:
        """New parents of a person, and siblings with spouses; the siblings."""
        parent = self.person(self.level[person] + 1)
        self.parents[person] = (parent, self.marry(parent))  # the parent has the lower number
        brothers = self.have(parent, siblings)
        for brother in brothers:
            self.marry(brother)
        return brothers

    def grown(self) -> int:
        """A large family around one person, with at least two relatives of each relation; this person."""
        ego = self.person(0)
        spouse = self.marry(ego)
        for child in self.have(ego, 2):
            self.raise_(self.marry(child), 1)
            for grandchild in self.have(child, 2):
                self.marry(grandchild)
                self.have(grandchild, 2)
        for brother in (*self.raise_(ego, 2), *self.raise_(spouse, 2)):
            self.raise_(self.marry(brother), 1)
            for nephew in self.have(brother, 2):
                self.marry(nephew)
                self.have(nephew, 2)
        for parent in (*self.parents[ego], *self.parents[spouse]):
            for uncle in self.raise_(parent, 2):
                for cousin in self.have(uncle, 2):
                    self.marry(cousin)
                    self.have(cousin, 1)
        for parent in self.parents[ego]:
            for grandparent in self.parents[parent]:
                self.raise_(grandparent, 2)
        return ego

    def relation(self, one: int, other: int) -> str:
        """What a person is to another."""
        if one == other:
            return "self"
        if self.spouse[one] == other:
            return "spouse"
        up = self.level[one] - self.level[other]
        if abs(up) >= len(_LEVEL):
            return _other(up)
        name = _LEVEL[up](self, one, other) if up >= 0 else _LEVEL[-up](self, other, one)
        return _other(up) if name is None else _CONVERSE[name] if up < 0 else name

    def ancestors(self, person: int, up: int) -> list[int]:
        """The ancestors of a person who are this many generations above."""
        found = [person]
        for _ in range(up):
            found = [parent for one in found for parent in self.parents.get(one, ())]
        return found

    def are_siblings(self, one: int, other: int | None) -> bool:
        """Whether two people have the same parents."""
        return (
            one != other and one in self.parents and other is not None and self.parents[one] == self.parents.get(other)
        )


def _same_level(family: Family, one: int, other: int) -> str | None:
    if family.are_siblings(one, other):
        return "sibling"
    theirs, ours = family.spouse[one], family.spouse[other]
    if family.are_siblings(one, ours) or (
        theirs is not None and (family.are_siblings(theirs, other) or family.are_siblings(theirs, ours))
    ):
        return "sibling_in_law"
    mine = family.parents.get(one, ())
    if any(family.are_siblings(parent, aunt) for parent in mine for aunt in family.parents.get(other, ())):
        return "cousin"
    return None


def _one_up(family: Family, one: int, other: int) -> str | None:
    parents = family.parents.get(other, ())
    if one in parents:
        return "parent"
    spouse = family.spouse[other]
    if spouse is not None and one in family.parents.get(spouse, ()):
        return "parent_in_law"
    if any(family.are_siblings(one, parent) for parent in parents):
        return "pibling"
    return "pibling_in_law" if any(family.are_siblings(parent, family.spouse[one]) for parent in parents) else None


def _two_up(family: Family, one: int, other: int) -> str | None:
    above = family.ancestors(other, 2)
    if one in above:
        return "grandparent"
    is_great = any(family.are_siblings(grand, who) for grand in above for who in (one, family.spouse[one]))
    return "great_pibling" if is_great else None


def _three_up(family: Family, one: int, other: int) -> str | None:
    return "great_grandparent" if one in family.ancestors(other, 3) else None


_LEVEL = (_same_level, _one_up, _two_up, _three_up)

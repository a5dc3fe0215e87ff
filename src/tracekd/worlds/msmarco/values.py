"""The values of attributes: a numbered choice, each value with its wording in passages and a second wording.

Names are made up of syllables by rule, so that nobody has read them anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

_ONSETS = "b br d dr f fr g gr h k kl kr m n p pl r sk sp st t tr v z".split()
_VOWELS = "a e i o u".split()
# These clusters are rare in English words: a name is neither the name of a known thing nor a word of a passage.
_CLUSTERS = "bz dv gm kv lb lg lv lz mr mz nv nz rb rg rk rv rz sv vd vl vr zd zl zm zv".split()
_MIDDLES = "b d f g k l m n p r t v z".split()
_ENDS = "k x rk lm rn sh lk".split()

_PARTS = (_ONSETS, _VOWELS, _CLUSTERS, _VOWELS, _MIDDLES, _VOWELS, _ENDS)
NAMES = prod(map(len, _PARTS))


def name(index: int) -> str:
    """Name number `index` of NAMES, in lower case; all names differ."""
    letters = []
    for part in _PARTS:
        index, at = divmod(index, len(part))
        letters.append(part[at])
    return "".join(letters)


@dataclass(frozen=True, slots=True)
class Value:
    """`said`: the wording in passages; `short`: the same as an answer; `other`: the answer in other words."""

    said: str
    short: str
    other: str


class Values(Protocol):
    """The values of an attribute, numbered from 0."""

    @property
    def size(self) -> int:
        """How many values there are."""

    def value(self, index: int) -> Value:
        """Value number `index`."""


@dataclass(frozen=True)
class Number:
    """Whole numbers from `low` to `high` in steps, with a unit and another name of the unit."""

    low: int
    high: int
    step: int
    unit: str
    alias: str

    @property
    def size(self) -> int:
        return (self.high - self.low) // self.step + 1

    def value(self, index: int) -> Value:
        number = f"{self.low + index * self.step:,}"
        said = f"{number} {self.unit}"
        return Value(said, said, f"{number} {self.alias}")


@dataclass(frozen=True)
class Year:
    """Years from `low` to `high`, both included."""

    low: int
    high: int

    @property
    def size(self) -> int:
        return self.high - self.low + 1

    def value(self, index: int) -> Value:
        said = str(self.low + index)
        return Value(said, said, f"the year {said}")


@dataclass(frozen=True)
class Place:
    """A town and its region."""

    size: int = NAMES**2

    def value(self, index: int) -> Value:
        town, region = (name(part).capitalize() for part in divmod(index, NAMES))
        said = f"{town}, {region}"
        return Value(said, said, f"{town} in {region}")


@dataclass(frozen=True)
class Person:
    """A first and a last name."""

    size: int = NAMES**2

    def value(self, index: int) -> Value:
        first, last = (name(part).capitalize() for part in divmod(index, NAMES))
        said = f"{first} {last}"
        return Value(said, said, f"{first[0]}. {last}")


@dataclass(frozen=True)
class Listed:
    """Three to six things from a pool of 40, in the order of the pool; the second wording reverses them.

    The last thing decides how many things there are, so that no list ends with another whole list.
    """

    pool: Sequence[str]
    size: int = 20 * 3**5

    def value(self, index: int) -> Value:
        index, last = divmod(index, 20)
        places = [20 + last]
        for _ in range(2 + last % 4):
            index, gap = divmod(index, 3)
            places.append(places[-1] - gap - 1)
        backwards = [self.pool[place] for place in places]
        said = _enumerated(backwards[::-1])
        return Value(said, said, _enumerated(backwards))


@dataclass(frozen=True)
class Phrase:
    """A form with one choice for each of its parts; `other` is a second form of the same."""

    form: str
    other: str
    parts: Mapping[str, Sequence[str]]

    @property
    def size(self) -> int:
        return prod(map(len, self.parts.values()))

    def value(self, index: int) -> Value:
        said, other = self.form, self.other
        for key, choices in self.parts.items():
            index, at = divmod(index, len(choices))
            said, other = said.replace(key, choices[at]), other.replace(key, choices[at])
        return Value(said, said, other)


@dataclass(frozen=True)
class Flag:
    """The wording in passages where the answer is yes, and where it is no."""

    yes: str
    no: str
    size: int = 2

    def value(self, index: int) -> Value:
        return (
            Value(self.no, "No", f"No, it is {self.no}") if index else Value(self.yes, "Yes", f"Yes, it is {self.yes}")
        )


def _enumerated(things: Sequence[str]) -> str:
    return f"{', '.join(things[:-1])} and {things[-1]}"

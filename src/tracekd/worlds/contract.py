"""What every world is: a maker of problems whose truth is known by construction, in a data set's own format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from tracekd.randomness import stream

# All minimal supporting sets of one question, by the ids that the task's loader gives to facts. Each set is enough, and
# no longer so without any one of its facts. Where the official format annotates one set, that is the first; MS MARCO
# selects passages each of which is a set by itself, in the order of the passages.
Supports = tuple[tuple[str, ...], ...]


class Dials(BaseModel):
    """What can be set in a family, each with its unit and bounds. Raises UserError, naming both, where two contradict."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(Protocol):
    """What one draw makes: a context, and one or more questions about it."""

    @property
    def questions(self) -> int:
        """How many questions there are."""

    @property
    def supports(self) -> tuple[Supports, ...]:
        """All minimal supporting sets of each question, in the order of the questions."""

    def cut(self, questions: int) -> "Item":
        """The same item with only its first so many questions, and nothing that comes after them."""

    def text(self) -> str:
        """The item in the official format, with its line ends."""


@dataclass(frozen=True)
class Family:
    """One kind of question: `name` is its class, `file_name` the official file that it is written to.

    `make(dials, rng)` draws an item; it gets an instance of `dials`, and must use no other source of chance than `rng`.
    """

    name: str
    summary: str
    dials: type[Dials]
    make: Callable[[Any, Random], Item]
    file_name: str


@dataclass(frozen=True)
class World:
    """A maker of problems of one task.

    `finish(folder, file_names)`, if there is one, makes one official file of the families' files, in this order, removes
    them, and returns its name. It may have been ended at any moment before, and then goes on.
    """

    name: str
    summary: str
    task: str
    families: Mapping[str, Family]
    finish: Callable[[Path, Sequence[str]], str] | None = None


def draw(world: World, family: str, dials: Dials, seed: int, index: int) -> Item:
    """Item `index` of a family: a pure function of (seed, world, family, dials, index). Raises KeyError for no family."""
    return world.families[family].make(dials, stream(seed, f"{world.name}/{family}/{index}", "world"))

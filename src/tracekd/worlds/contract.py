"""The contract of worlds: a world makes problems with known truth, in the format of a data set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from tracekd.randomness import stream

# All minimal supports of one question: sets of fact ids, as the task's loader gives them. Each set is enough to answer,
# and no longer enough if one of its facts is missing. If the official format annotates one set, it is the first one; MS
# MARCO selects passages, and each selected passage is a set, in the order of the passages.
Supports = tuple[tuple[str, ...], ...]


class Dials(BaseModel):
    """The dials of a family: what can be set, with units and bounds. Raises UserError if two values contradict each other."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(Protocol):
    """The result of one draw: a context, and one or more questions about it."""

    @property
    def questions(self) -> int:
        """How many questions there are."""

    @property
    def supports(self) -> tuple[Supports, ...]:
        """All minimal supports of each question, in the order of the questions."""

    def cut(self, questions: int) -> "Item":
        """The same item with only its first `questions` questions, and without anything after them."""

    def text(self) -> str:
        """The item in the official format, with line ends."""


@dataclass(frozen=True)
class Family:
    """One kind of question: `name` is its class, `file_name` the official file that it is written to.

    `make(dials, rng)` draws an item from an instance of `dials`; `rng` must be its only source of randomness.
    """

    name: str
    summary: str
    dials: type[Dials]
    make: Callable[[Any, Random], Item]
    file_name: str


@dataclass(frozen=True)
class World:
    """A maker of problems of one task.

    `finish(folder, file_names)`, if there is one, joins the files of the families, in this order, into one official file,
    removes them, and returns the name of the official file. It must be able to go on after an interruption.
    """

    name: str
    summary: str
    task: str
    families: Mapping[str, Family]
    finish: Callable[[Path, Sequence[str]], str] | None = None


def draw(world: World, family: str, dials: Dials, seed: int, index: int) -> Item:
    """Item `index` of a family: a pure function of (seed, world, family, dials, index). Raises KeyError for an unknown family."""
    return world.families[family].make(dials, stream(seed, f"{world.name}/{family}/{index}", "world"))

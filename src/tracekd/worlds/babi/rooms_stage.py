"""A story about people in places, while it happens."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from tracekd.worlds.babi.rooms_dials import RoomDials
from tracekd.worlds.babi.rooms_words import some
from tracekd.worlds.babi.telling import Telling, Told

_T = TypeVar("_T")
_PATIENCE = 200  # facts without a question


class Stage(ABC):
    """People somewhere, and a story about them. Where all begin is not told; `here` is where they are now."""

    def __init__(self, dials: RoomDials, people: Sequence[str], places: Sequence[str], rng: Random) -> None:
        self.rng = rng
        self.draw = rng.random
        self.telling = Telling()
        self.people = some(people, dials.people, 4, rng)
        self.places = some(places, dials.places, 6, rng)
        self.here = [self.below(dials.places) for _ in self.people]
        self.recency, self.questions, self.facts_between = dials.recency, dials.questions, dials.facts_between

    def play(self) -> Told:
        """Let things happen, and ask in between."""
        asked = waited = 0
        while asked < self.questions:
            for _ in range(self.facts_between):
                self.act()
            if waited >= _PATIENCE:
                self.make_askable()
            if self.ask():
                asked, waited = asked + 1, 0
            else:
                waited += self.facts_between
        return self.telling.told()

    @abstractmethod
    def act(self) -> None:
        """Let one thing happen, and tell it."""

    @abstractmethod
    def ask(self) -> bool:
        """Ask something, if anything can be asked; whether it was."""

    def make_askable(self) -> None:
        """Let happen what can be asked about, after chance did not for long: here an act as any other."""
        self.act()

    def below(self, number: int) -> int:
        """A whole number from 0 to under this one."""
        return int(self.draw() * number)

    def pick(self, of: Sequence[_T]) -> _T:
        """Any of these; much faster than `Random.choice`."""
        return of[int(self.draw() * len(of))]

    def other(self, than: int, number: int) -> int:
        """Another whole number from 0 to under `number`."""
        other = int(self.draw() * (number - 1))
        return other + (other >= than)

    def elsewhere(self, place: int) -> int:
        """Any other place."""
        return self.other(place, len(self.places))

    def say(self, text: str) -> int:
        """Tell a fact; its line id."""
        return self.telling.say(text)

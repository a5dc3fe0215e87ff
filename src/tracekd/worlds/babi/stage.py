"""A simulated story about people in places, and the words that such stories use.

The words are those of the published files (bAbI v1.2); the published words of a family come first.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from tracekd.worlds.babi.room_dials import RoomDials
from tracekd.worlds.babi.story_builder import BuiltStory, StoryBuilder

MOVES = ("moved to", "went to", "journeyed to", "travelled to", "went back to")
PEOPLE = ("Mary", "John", "Daniel", "Sandra", "Bill", "Fred", "Jeff", "Julie", "Emily", "Jason", "Jessica", "Greg")
PLACES = ("bathroom", "hallway", "garden", "office", "bedroom", "kitchen", "cinema", "school", "park")
# Families 10 and 14 have other people and other places.
TOWNSPEOPLE = ("Mary", "Bill", "Fred", "Julie", "John", "Daniel", "Sandra", "Jeff", "Emily", "Jason", "Jessica", "Greg")
TOWN = ("cinema", "school", "park", "office", "bedroom", "kitchen", "bathroom", "hallway", "garden")

_T = TypeVar("_T")
_PATIENCE = 200  # facts without a question


def choose_words(words: Sequence[str], number: int, published: int, rng: Random) -> Sequence[str]:
    """`number` words: a random choice of the first `published` ones, or the first ones if all of those are needed."""
    return words[:number] if number >= published else rng.sample(words[:published], number)


class Stage(ABC):
    """People in places, and the story about them. `here` is where each person is; the story does not tell the start."""

    def __init__(self, dials: RoomDials, people: Sequence[str], places: Sequence[str], rng: Random) -> None:
        self.rng = rng
        self.draw = rng.random
        self.story = StoryBuilder()
        self.people = choose_words(people, dials.people, 4, rng)
        self.places = choose_words(places, dials.places, 6, rng)
        self.here = [self.below(dials.places) for _ in self.people]
        self.recency, self.questions, self.facts_between = dials.recency, dials.questions, dials.facts_between

    def play(self) -> BuiltStory:
        """Let things happen, and ask questions in between."""
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
        return self.story.finish()

    @abstractmethod
    def act(self) -> None:
        """Let one thing happen, and tell it."""

    @abstractmethod
    def ask(self) -> bool:
        """Ask a question if there is one to ask. Returns whether a question was asked."""

    def make_askable(self) -> None:
        """Let something happen that a question can be about, after a long time without one. Here: any act."""
        self.act()

    def below(self, number: int) -> int:
        """A random whole number from 0 to `number - 1`."""
        return int(self.draw() * number)

    def pick(self, of: Sequence[_T]) -> _T:
        """A random element; much faster than `Random.choice`."""
        return of[int(self.draw() * len(of))]

    def other(self, than: int, number: int) -> int:
        """A random whole number from 0 to `number - 1`, different from `than`."""
        other = int(self.draw() * (number - 1))
        return other + (other >= than)

    def elsewhere(self, place: int) -> int:
        """A random other place."""
        return self.other(place, len(self.places))

    def say(self, text: str) -> int:
        """Tell a fact and return its line id."""
        return self.story.say(text)

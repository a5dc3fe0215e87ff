"""How many things somebody has, and which: families 7 and 8."""

from abc import abstractmethod
from random import Random

from tracekd.worlds.babi.rooms_dials import HandlingDials
from tracekd.worlds.babi.rooms_house import House
from tracekd.worlds.babi.rooms_words import NUMBERS, PEOPLE, PLACES
from tracekd.worlds.babi.telling import Told

# The lines where a thing came and went, in turns, of each thing that somebody ever had.
_Had = dict[int, list[int]]


def make_counting(dials: HandlingDials, rng: Random) -> Told:
    """How many objects is Mary carrying?"""
    return _Counting(dials, PEOPLE, PLACES, rng).play()


def make_lists(dials: HandlingDials, rng: Random) -> Told:
    """What is Mary carrying?"""
    return _Listing(dials, PEOPLE, PLACES, rng).play()


class _Possessions(House):
    def ask(self) -> bool:
        """Ask for somebody who got or lost something not long ago."""
        recent = self.recent()
        lately = [person for line, person in self.handled[-2 * self.recency :] if line >= recent]
        if not lately:
            return False
        person = self.pick(lately)
        self.ask_for(person, self.had[person])
        return True

    @abstractmethod
    def ask_for(self, person: int, had: _Had) -> None:
        """Ask about what the person had and has; `had` is not empty."""


class _Counting(_Possessions):
    def ask_for(self, person: int, had: _Had) -> None:
        count = sum(len(lines) % 2 for lines in had.values())
        history = tuple(sorted(line for lines in had.values() for line in lines))
        supports = [history, *(tuple(sorted(support)) for support in _now(had))]
        question = f"How many objects is {self.people[person]} carrying?"
        self.telling.ask(question, NUMBERS[count], list(dict.fromkeys(supports)))


class _Listing(_Possessions):
    def ask_for(self, person: int, had: _Had) -> None:
        held = [self.things[thing] for thing, lines in had.items() if len(lines) % 2]
        history = tuple(line for lines in had.values() for line in lines)
        supports = [history, *_now(had)]
        question = f"What is {self.people[person]} carrying?"
        self.telling.ask(question, ",".join(held) or "nothing", list(dict.fromkeys(supports)))


def _now(had: _Had) -> list[tuple[int, ...]]:
    """The least that says what the person has now, nothing of which has been undone since.

    That is how each thing came that is there, or, where there is none, how any one came and went last.
    """
    held = tuple(lines[-1] for lines in had.values() if len(lines) % 2)
    return [held] if held else [(lines[-2], lines[-1]) for lines in had.values()]

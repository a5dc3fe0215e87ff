"""People who move and handle objects: who is where, who has what since when, and which lines say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tracekd.worlds.babi.room_dials import HandlingDials
from tracekd.worlds.babi.stage import MOVES, Stage, choose_words

THINGS = ("football", "apple", "milk", "pajamas", "suitcase", "chest", "container", "box")
_GETS = ("got", "took", "grabbed", "picked up")
_DROPS = ("dropped", "left", "discarded", "put down")
_GIVES = ("gave", "handed", "passed")

_DROPPED_THERE = 0.2  # share of drops that end in "there"
_TRIES = 30


@dataclass(slots=True)
class Possession:
    """A person has a thing for some time: the lines where this begins and ends, and the number of moves before each."""

    person: int
    begun: int
    moves_before: int
    ended: int | None = None
    moves_until: int | None = None


class House(Stage):
    """People who move and handle things.

    - `moves`: for each person, (line, place) of each move.
    - `lies`: for each thing, the place where it lies; None while a person has it.
    - `possessions`: for each thing, the last person who had it.
    - `had`: for each person and thing, the lines where the person got it and lost it, in turns.
    - `handled`: (line, person) of each get and each loss.
    - `facts`: the line ids of all facts.
    - `got_there`: the share of gets whose sentence ends in "there".
    """

    got_there = 1.0

    def __init__(self, dials: HandlingDials, people: Sequence[str], places: Sequence[str], rng: Random) -> None:
        super().__init__(dials, people, places, rng)
        self.things = choose_words(THINGS, dials.objects, 3, rng)
        self.handled: list[tuple[int, int]] = []
        self.facts: list[int] = []
        self.lies: list[int | None] = [self.below(dials.places) for _ in self.things]
        self.moves: list[list[tuple[int, int]]] = [[] for _ in self.people]
        self.possessions: dict[int, Possession] = {}
        self.had: list[dict[int, list[int]]] = [{} for _ in self.people]
        self._weights = (1.0, 1 + dials.handling, 1 + 2 * dials.handling, 1 + 2 * dials.handling + dials.giving)

    def say(self, text: str) -> int:
        line = super().say(text)
        self.facts.append(line)
        return line

    def act(self) -> None:
        """A random person tries a random act; if it is impossible, another person tries. A move is always possible."""
        move, get, drop, give = self._weights
        person = 0
        for _ in range(_TRIES):
            person, what = self.below(len(self.people)), self.draw() * give
            if what < move:
                break
            if what < get:
                if near := self.near(person):
                    return self.get(person, self.pick(near))
            elif what < drop:
                if held := self.held(person):
                    return self.drop(person, self.pick(held))
            elif self._try_to_give(person):
                return None
        return self.move(person, self.elsewhere(self.here[person]))

    def recent(self) -> int:
        """The line id of the oldest recent fact."""
        return self.facts[-self.recency] if len(self.facts) >= self.recency else 0

    def near(self, person: int) -> list[int]:
        """The things that lie where the person is."""
        here = self.here[person]
        return [thing for thing, place in enumerate(self.lies) if place == here]

    def held(self, person: int) -> list[int]:
        """The things that the person has."""
        owners = self.possessions
        return [thing for thing, place in enumerate(self.lies) if place is None and owners[thing].person == person]

    def _try_to_give(self, giver: int) -> bool:
        held = self.held(giver)
        if not held:
            return False
        here = self.here[giver]
        takers = [taker for taker, place in enumerate(self.here) if place == here and taker != giver]
        if not takers:
            return False
        thing, taker = self.pick(held), self.pick(takers)
        if not self.may_give(giver, thing, taker):
            return False
        self.give(giver, thing, taker)
        return True

    def may_give(self, giver: int, thing: int, taker: int) -> bool:
        """Whether the story allows this gift."""
        return True

    def move(self, person: int, place: int) -> None:
        self.here[person] = place
        line = self.say(f"{self.people[person]} {self.pick(MOVES)} the {self.places[place]}.")
        self.moves[person].append((line, place))

    def get(self, person: int, thing: int) -> None:
        there = " there" if self.draw() < self.got_there else ""
        line = self.say(f"{self.people[person]} {self.pick(_GETS)} the {self.things[thing]}{there}.")
        self._gains(person, thing, line)

    def drop(self, person: int, thing: int) -> None:
        there = " there" if self.draw() < _DROPPED_THERE else ""
        line = self.say(f"{self.people[person]} {self.pick(_DROPS)} the {self.things[thing]}{there}.")
        self._loses(person, thing, line)
        self.lies[thing] = self.here[person]

    def give(self, giver: int, thing: int, taker: int) -> int:
        line = self.say(f"{self.people[giver]} {self.pick(_GIVES)} the {self.things[thing]} to {self.people[taker]}.")
        self._loses(giver, thing, line)
        self._gains(taker, thing, line)
        return line

    def _gains(self, person: int, thing: int, line: int) -> None:
        self.lies[thing] = None
        self.possessions[thing] = Possession(person, line, len(self.moves[person]))
        self.had[person].setdefault(thing, []).append(line)
        self.handled.append((line, person))

    def _loses(self, person: int, thing: int, line: int) -> None:
        possession = self.possessions[thing]
        possession.ended, possession.moves_until = line, len(self.moves[person])
        self.had[person][thing].append(line)
        self.handled.append((line, person))

    def make_askable(self) -> None:
        """A random person gets a thing, carries it to a second and a third place, and drops it."""
        thing = self.below(len(self.things))
        person = self.fetch(thing, self.below(len(self.people)))
        for _ in range(2):
            self.move(person, self.elsewhere(self.here[person]))
        self.drop(person, thing)

    def fetch(self, thing: int, person: int) -> int:
        """Let this person get the thing, unless another person has it. Returns the person who has it."""
        place = self.lies[thing]
        if place is None:
            return self.possessions[thing].person
        self.go(person, place)
        self.get(person, thing)
        return person

    def go(self, person: int, place: int) -> None:
        """Move the person to this place, if the person is elsewhere."""
        if self.here[person] != place:
            self.move(person, place)

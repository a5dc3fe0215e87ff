"""Where people are: families 1, 6 and 9 to 14."""

from collections.abc import Sequence
from random import Random

from tracekd.worlds.babi.house import House
from tracekd.worlds.babi.room_dials import MoveDials, StatementDials, TimeDials, YesNoDials
from tracekd.worlds.babi.stage import MOVES, PEOPLE, PLACES, TOWN, TOWNSPEOPLE, Stage
from tracekd.worlds.babi.story_builder import BuiltStory

OPENINGS = ("Then", "Afterwards", "After that", "Following that")
_WOMEN = {"Mary", "Sandra", "Julie", "Emily", "Jessica"}
_NOT_IN = ("not in", "no longer in")
TIMES = ("yesterday", "this morning", "this afternoon", "this evening")


def make_moves(dials: MoveDials, rng: Random) -> BuiltStory:
    """Families 1, 11, 12 and 13: "Where is Mary?" People move alone or in pairs, by name or by a pronoun."""
    return _Walk(dials, rng).play()


def make_yes_no(dials: YesNoDials, rng: Random) -> BuiltStory:
    """Family 6: "Is Mary in the garden?" Only moves decide; people also handle objects, which distracts."""
    return _YesNo(dials, rng).play()


def make_negation(dials: StatementDials, rng: Random) -> BuiltStory:
    """Family 9: "Is Mary in the garden?" Some facts name a place that a person has left."""
    return _Statements(dials, PEOPLE, PLACES, rng).play()


def make_indefinite(dials: StatementDials, rng: Random) -> BuiltStory:
    """Family 10: "Is Mary in the park?" Some facts say that a person is in one of two places."""
    return _Statements(dials, TOWNSPEOPLE, TOWN, rng).play()


def make_times(dials: TimeDials, rng: Random) -> BuiltStory:
    """Family 14: "Where was Mary before the park?" Each fact states a time of the day."""
    return _Days(dials, rng).play()


class _Walk(Stage):
    """`last`: for each person in the story, the lines that say where the person is, and the place.

    `mentions`: the people whom the sentences were about, in order.
    `named`: the people whom the last sentence named; empty after a pronoun. `named_at`: the last line with names.
    """

    def __init__(self, dials: MoveDials, rng: Random) -> None:
        super().__init__(dials, PEOPLE, PLACES, rng)
        self.mentions: list[int] = []
        self.last: dict[int, tuple[tuple[int, ...], int]] = {}
        self.named: tuple[int, ...] = ()
        self.named_at = 0
        self.conjunctions, self.coreference = dials.conjunctions, dials.coreference

    def act(self) -> None:
        """The people whom the last sentence named move on, or other people move."""
        movers = self.named
        lines: tuple[int, ...]
        if movers and self.draw() < self.coreference:
            lines = self.named_at, self._go(movers, f"{self.pick(OPENINGS)} {_pronoun(self._names(movers))}")
            self.named = ()
        else:
            movers = self.named = self._movers()
            self.named_at = self._go(movers, " and ".join(self._names(movers)))
            lines = (self.named_at,)
        for person in movers:
            self.last[person] = lines, self.here[person]
        self.mentions += movers

    def _movers(self) -> tuple[int, ...]:
        one = self.below(len(self.people))
        return (one, self.other(one, len(self.people))) if self.draw() < self.conjunctions else (one,)

    def _names(self, movers: tuple[int, ...]) -> list[str]:
        return [self.people[person] for person in movers]

    def _go(self, movers: tuple[int, ...], who: str) -> int:
        """Move these people to a place where none of them is. Returns the line id of the fact."""
        left = [self.here[person] for person in movers]
        place = self.elsewhere(left[0])
        if place in left:
            place = self.pick([place for place in range(len(self.places)) if place not in left])
        for person in movers:
            self.here[person] = place
        return self.say(f"{who} {self.pick(MOVES)} the {self.places[place]}.")

    def ask(self) -> bool:
        person = self.pick(self.mentions[-self.recency :])
        lines, place = self.last[person]
        self.story.ask(f"Where is {self.people[person]}?", self.places[place], [lines])
        return True


def _pronoun(names: Sequence[str]) -> str:
    """The pronoun for these people."""
    if len(names) > 1:
        return "they"
    return "she" if names[0] in _WOMEN else "he"


class _YesNo(House):
    def __init__(self, dials: YesNoDials, rng: Random) -> None:
        super().__init__(dials, PEOPLE, PLACES, rng)
        self.positive = dials.positive

    def ask(self) -> bool:
        recent = self.recent()
        moved = [person for person, moves in enumerate(self.moves) if moves and moves[-1][0] >= recent]
        if not moved:
            return False
        person = self.pick(moved)
        line, place = self.moves[person][-1]
        yes = self.draw() < self.positive
        asked = self.places[place if yes else self.elsewhere(place)]
        self.story.ask(f"Is {self.people[person]} in the {asked}?", "yes" if yes else "no", [(line,)])
        return True

    def make_askable(self) -> None:
        """A random person moves."""
        person = self.below(len(self.people))
        self.move(person, self.elsewhere(self.here[person]))


class _Statements(Stage):
    """People move all the time; a fact tells it as a move, as a statement, as a denial, or as one of two places.

    A denial names the place that the person left. `mentions`: the people whom the sentences were about, in order.
    `said`: for each person in the story, the line of the last fact, the places that it names, and the answer for them.
    """

    def __init__(self, dials: StatementDials, people: Sequence[str], places: Sequence[str], rng: Random) -> None:
        super().__init__(dials, people, places, rng)
        self.mentions: list[int] = []
        self.said: dict[int, tuple[int, tuple[int, ...], str]] = {}
        self.positive = dials.positive
        self.cumulative_shares = (
            dials.negations,
            dials.negations + dials.indefinites,
            dials.negations + dials.indefinites + dials.stated,
        )

    def act(self) -> None:
        """A random person moves."""
        person, form = self.below(len(self.people)), self.draw()
        who, left = self.people[person], self.here[person]
        place = self.here[person] = self.elsewhere(left)
        there = self.places[place]
        denied, indefinite, stated = self.cumulative_shares
        if form < denied:
            line = self.say(f"{who} is {self.pick(_NOT_IN)} the {self.places[left]}.")
            self.said[person] = line, (left,), "no"
        elif form < indefinite:
            one, other = self._in_any_order(place, self.elsewhere(place))
            line = self.say(f"{who} is either in the {self.places[one]} or the {self.places[other]}.")
            self.said[person] = line, (one, other), "maybe"
        else:
            line = self.say(f"{who} is in the {there}." if form < stated else f"{who} {self.pick(MOVES)} the {there}.")
            self.said[person] = line, (place,), "yes"
        self.mentions.append(person)

    def _in_any_order(self, one: int, other: int) -> tuple[int, int]:
        return (one, other) if self.draw() < 0.5 else (other, one)

    def ask(self) -> bool:
        person = self.pick(self.mentions[-self.recency :])
        line, named, answer = self.said[person]
        place = self.pick(named)
        # After a denial, only the denied place has a known answer.
        if answer != "no" and self.draw() >= self.positive:
            place = self.elsewhere(place)
            if place in named:
                place = self.pick([place for place in range(len(self.places)) if place not in named])
            answer = "no"
        self.story.ask(f"Is {self.people[person]} in the {self.places[place]}?", answer, [(line,)])
        return True


class _Days(Stage):
    """`visits`: for each person, (number of the move, place), one for each time of the day so far.

    `lines`: for each move, the line that tells it. `untold`: the moves since the last question, with their texts.
    """

    def __init__(self, dials: TimeDials, rng: Random) -> None:
        super().__init__(dials, TOWNSPEOPLE, TOWN, rng)
        self.visits: list[list[tuple[int, int]]] = [[] for _ in self.people]
        self.lines: list[int] = []
        self.untold: list[tuple[int, str]] = []
        self.times, self.out_of_order = dials.times, dials.out_of_order

    def act(self) -> None:
        """A person moves at the next time of the day; the story tells it before the next question."""
        person = self.pick([person for person, visits in enumerate(self.visits) if len(visits) < self.times])
        visits, number = self.visits[person], len(self.lines)
        place = self.here[person] = self.elsewhere(self.here[person])
        self.untold.append((number, self._sentence(person, TIMES[len(visits)], place)))
        visits.append((number, place))
        self.lines.append(0)

    def _sentence(self, person: int, when: str, place: int) -> str:
        moved = f"{self.people[person]} {self.pick(MOVES)} the {self.places[place]}"
        return f"{when.capitalize()} {moved}." if self.draw() < 0.5 else f"{moved} {when}."

    def ask(self) -> bool:
        """Tell the moves so far, and ask where a person was before one of them: a recent one if there is one."""
        askable = [found for person in range(len(self.people)) for found in self._askable_moves(person)]
        if not askable:
            return False
        self._tell()
        oldest = len(self.lines) - self.recency
        recent = [(person, at) for person, at in askable if self.visits[person][at][0] >= oldest]
        person, at = self.pick(recent or askable)
        (before_number, before), (number, place) = self.visits[person][at - 1 : at + 1]
        question = f"Where was {self.people[person]} before the {self.places[place]}?"
        self.story.ask(question, self.places[before], [(self.lines[number], self.lines[before_number])])
        return True

    def _tell(self) -> None:
        untold, self.untold = self.untold, []
        if len(untold) > 1 and self.draw() < self.out_of_order:
            in_order = list(untold)
            self.rng.shuffle(untold)
            if untold == in_order:
                untold.reverse()
        for number, text in untold:
            self.lines[number] = self.say(text)

    def _askable_moves(self, person: int) -> list[tuple[int, int]]:
        """The person with each move, except the first, that is the last one to its place."""
        last = {place: at for at, (_, place) in enumerate(self.visits[person])}
        return [(person, at) for at in last.values() if at]

"""Where things are, who has them and who gave them: families 2, 3, 5, 7 and 8."""

from abc import abstractmethod
from collections.abc import Iterator
from random import Random

from tracekd.worlds.babi.house import House, Possession
from tracekd.worlds.babi.room_dials import GiftDials, HandlingDials
from tracekd.worlds.babi.stage import PEOPLE, PLACES
from tracekd.worlds.babi.story_builder import BuiltStory

# (line id of the fact, place)
_Move = tuple[int, int]
# For each thing that a person ever had: the lines where the person got it and lost it, in turns.
_History = dict[int, list[int]]
# (giver, thing, taker)
_Gift = tuple[int, int, int]

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")
# Family 5 has other people.
_GIVERS = ("Mary", "Bill", "Fred", "Jeff", "John", "Daniel", "Sandra", "Julie", "Emily", "Jason", "Jessica", "Greg")
# Which parts of a gift a question names, and which part it asks for. Only the first form asks for the thing.
_FORMS = (((0, 2), 1), ((0, 1), 2), ((1, 2), 0), ((1,), 0), ((1,), 2))
_QUESTIONS = (
    "What did {0} give to {2}?",
    "Who did {0} give the {1} to?",
    "Who gave the {1} to {2}?",
    "Who gave the {1}?",
    "Who received the {1}?",
)
_FOR_THINGS = 0.4  # share of questions that try to ask for the thing
_SEVERAL = -1


def make_where_is(dials: HandlingDials, rng: Random) -> BuiltStory:
    """Family 2: "Where is the milk?" """
    return _WhereIs(dials, PEOPLE, PLACES, rng).play()


def make_where_was(dials: HandlingDials, rng: Random) -> BuiltStory:
    """Family 3: "Where was the milk before the garden?" """
    return _WhereWas(dials, PEOPLE, PLACES, rng).play()


def make_gifts(dials: GiftDials, rng: Random) -> BuiltStory:
    """Family 5: "Who gave the milk to Mary?", "Who received the milk?", "What did Bill give to Mary?" and similar."""
    return _Gifts(dials, rng).play()


def make_counting(dials: HandlingDials, rng: Random) -> BuiltStory:
    """Family 7: "How many objects is Mary carrying?" """
    return _Counting(dials, PEOPLE, PLACES, rng).play()


def make_lists(dials: HandlingDials, rng: Random) -> BuiltStory:
    """Family 8: "What is Mary carrying?" """
    return _Listing(dials, PEOPLE, PLACES, rng).play()


class _WhereIs(House):
    def ask(self) -> bool:
        """Ask for a thing that a person dropped recently in a known place, or got recently and then carried away."""
        recent = self.recent()
        known = [(thing, line, move) for thing, line, move in self._last_handled() if line >= recent and move]
        if not known:
            return False
        thing, line, (moved, place) = self.pick(known)
        self.story.ask(f"Where is the {self.things[thing]}?", self.places[place], [(line, moved)])
        return True

    def _last_handled(self) -> Iterator[tuple[int, int, _Move | None]]:
        """Each thing that a person had, the last line about it, and the move that tells its place (if there is one)."""
        for thing, possession in self.possessions.items():
            moves = self.moves[possession.person]
            if possession.ended is None:
                yield thing, possession.begun, moves[-1] if len(moves) > possession.moves_before else None
            else:
                yield thing, possession.ended, moves[possession.moves_until - 1] if possession.moves_until else None


class _WhereWas(House):
    got_there = 0.2  # here, most sentences about a get end without "there"

    def ask(self) -> bool:
        """Ask about a thing that was carried from one place to another, and was recently dropped or got."""
        recent = self.recent()
        known = [
            thing
            for thing, possession in self.possessions.items()
            if (possession.ended or possession.begun) >= recent and self._has_two_moves(possession)
        ]
        if not known:
            return False
        thing = self.pick(known)
        possession = self.possessions[thing]
        moves = self._carried_to(possession)
        at = self.pick(_askable(moves))
        (before_at, before), (moved, place) = moves[at - 1], moves[at]
        # Either line shows that the person had the thing: the one where that ended, or the one where it began.
        supports: list[tuple[int, ...]] = [
            (line, moved, before_at) for line in (possession.ended, possession.begun) if line is not None
        ]
        question = f"Where was the {self.things[thing]} before the {self.places[place]}?"
        self.story.ask(question, self.places[before], supports)
        return True

    def _has_two_moves(self, possession: Possession) -> bool:
        until = len(self.moves[possession.person]) if possession.moves_until is None else possession.moves_until
        return until - possession.moves_before >= 2

    def _carried_to(self, possession: Possession) -> list[_Move]:
        return self.moves[possession.person][possession.moves_before : possession.moves_until]


def _askable(moves: list[_Move]) -> list[int]:
    """The moves, except the first, that are the last ones to their place."""
    last = {place: at for at, (_, place) in enumerate(moves)}
    return [at for at in last.values() if at]


class _Carrying(House):
    def ask(self) -> bool:
        """Ask about a person who recently got or lost something."""
        recent = self.recent()
        lately = [person for line, person in self.handled[-2 * self.recency :] if line >= recent]
        if not lately:
            return False
        person = self.pick(lately)
        self.ask_about(person, self.had[person])
        return True

    @abstractmethod
    def ask_about(self, person: int, had: _History) -> None:
        """Ask about what the person had and has; `had` is not empty."""


class _Counting(_Carrying):
    def ask_about(self, person: int, had: _History) -> None:
        count = sum(len(lines) % 2 for lines in had.values())
        history = tuple(sorted(line for lines in had.values() for line in lines))
        supports = [history, *(tuple(sorted(support)) for support in _minimal_supports(had))]
        question = f"How many objects is {self.people[person]} carrying?"
        self.story.ask(question, _NUMBERS[count], list(dict.fromkeys(supports)))


class _Listing(_Carrying):
    def ask_about(self, person: int, had: _History) -> None:
        held = [self.things[thing] for thing, lines in had.items() if len(lines) % 2]
        history = tuple(line for lines in had.values() for line in lines)
        supports = [history, *_minimal_supports(had)]
        question = f"What is {self.people[person]} carrying?"
        self.story.ask(question, ",".join(held) or "nothing", list(dict.fromkeys(supports)))


def _minimal_supports(had: _History) -> list[tuple[int, ...]]:
    """The smallest sets of facts that tell what the person has now.

    If the person has things: the last get of each. If the person has nothing: the last get and loss of any one thing.
    """
    held = tuple(lines[-1] for lines in had.values() if len(lines) % 2)
    return [held] if held else [(lines[-2], lines[-1]) for lines in had.values()]


class _Gifts(House):
    """`gifts`: all gifts, with their lines.

    `answers`: for each form of question, the answer to each question of that form, or `_SEVERAL`.
    """

    def __init__(self, dials: GiftDials, rng: Random) -> None:
        super().__init__(dials, _GIVERS, PLACES, rng)
        self.ambiguity = dials.ambiguity
        self.gifts: list[tuple[int, _Gift]] = []
        self.answers: tuple[dict[tuple[int, ...], int], ...] = tuple({} for _ in _FORMS)

    def may_give(self, giver: int, thing: int, taker: int) -> bool:
        """Whether a question about this gift would have only one answer."""
        return bool(self._clear_forms((giver, thing, taker)))

    def _clear_forms(self, gift: _Gift) -> list[int]:
        """The forms of question to which this gift is the only answer."""
        return [
            form
            for form, (known, asked) in enumerate(_FORMS)
            if self.answers[form].get(_parts(gift, known), gift[asked]) == gift[asked]
        ]

    def give(self, giver: int, thing: int, taker: int) -> int:
        line, gift = super().give(giver, thing, taker), (giver, thing, taker)
        self.gifts.append((line, gift))
        for answers, (known, asked) in zip(self.answers, _FORMS, strict=True):
            if answers.setdefault(_parts(gift, known), gift[asked]) != gift[asked]:
                answers[_parts(gift, known)] = _SEVERAL
        return line

    def ask(self) -> bool:
        """Ask about the last gift, if it is recent."""
        if not self.gifts or self.gifts[-1][0] < self.recent():
            return False
        gift = self.gifts[-1][1]
        form = self._choose_form(gift)
        known, asked = _FORMS[form]
        giver, thing, taker = gift
        question = _QUESTIONS[form].format(self.people[giver], self.things[thing], self.people[taker])
        answer = (self.people, self.things, self.people)[asked][gift[asked]]
        self.story.ask(question, answer, self._supports(gift, known, asked))
        return True

    def _choose_form(self, gift: _Gift) -> int:
        """A form that asks for the thing or for a person; it has one answer only, unless the dial allows several."""
        for_thing = self.draw() < _FOR_THINGS
        allowed = range(len(_FORMS)) if self.draw() < self.ambiguity else self._clear_forms(gift)
        for_people = [form for form in allowed if form]
        return 0 if not for_people or (for_thing and 0 in allowed) else self.pick(for_people)

    def _supports(self, gift: _Gift, known: tuple[int, ...], asked: int) -> list[tuple[int, ...]]:
        """The last gifts that fit the question, each alone, up to one that gives another answer."""
        supports: list[tuple[int, ...]] = []
        for line, other in reversed(self.gifts):
            if _parts(other, known) == _parts(gift, known):
                if other[asked] != gift[asked]:
                    break
                supports.append((line,))
        return supports

    def make_askable(self) -> None:
        """Repeat the last gift, or make the first one."""
        if self.gifts:
            giver, thing, taker = self.gifts[-1][1]
        else:
            giver, thing = self.below(len(self.people)), self.below(len(self.things))
            taker = self.other(giver, len(self.people))
        if (holder := self.fetch(thing, giver)) != giver:
            self.drop(holder, thing)
            self.fetch(thing, giver)
        self.go(taker, self.here[giver])
        self.give(giver, thing, taker)


def _parts(gift: _Gift, which: tuple[int, ...]) -> tuple[int, ...]:
    return tuple([gift[part] for part in which])

"""What animals have in common with others of their kind, and why people act: families 15, 16 and 20 (arXiv 1502.05698)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import comb
from random import Random

from pydantic import Field, model_validator

from tracekd.errors import UserError
from tracekd.worlds.babi.story_builder import BuiltStory, StoryBuilder, draw_words
from tracekd.worlds.contract import Dials

# The words of the published stories, and words of other families if a dial needs more.
_PETS = ("Gertrude", "Winona", "Emily", "Jessica")
_ANIMALS = ("Lily", "Bernhard", "Greg", "Julius", "Brian")
_PEOPLE = ("Yann", "Sumit", "Antoine", "Jason")
_SPARE_NAMES = ("Mary", "John", "Daniel", "Sandra", "Bill", "Fred", "Jeff", "Julie")
_MOST_NAMES = 12
# Each kind with its plural.
_PET_KINDS = {"mouse": "mice", "cat": "cats", "sheep": "sheep", "wolf": "wolves"}
_ANIMAL_KINDS = {"swan": "swans", "lion": "lions", "frog": "frogs", "rhino": "rhinos"}
_PLURALS = _PET_KINDS | _ANIMAL_KINDS
_COLOURS = ("gray", "white", "yellow", "green")
_SPARE_COLOURS = ("red", "blue", "pink")
_MOVES = ("journeyed", "moved", "travelled", "went", "went back")
_GETS = ("got", "grabbed", "picked up", "took")

# For each state, the place that it leads to, and the thing that the person gets there.
_MOTIVES = {
    "hungry": ("kitchen", "apple"),
    "thirsty": ("kitchen", "milk"),
    "tired": ("bedroom", "pajamas"),
    "bored": ("garden", "football"),
}
# A person is in a state, goes, and gets.
_ACTS = 3

# The share of the published groups of three animals or more, all of one kind, that have one colour.
_SAME_COLOUR = 0.28
_TRIES = 8


class DeductionDials(Dials):
    """`kinds`: how many kinds of animals there are; each is afraid of another kind. `pets`: how many pets there are.

    Each kind and each pet has one fact. `questions`: how many questions a story has.
    """

    kinds: int = Field(4, ge=2, le=len(_PLURALS))
    pets: int = Field(4, ge=1, le=_MOST_NAMES)
    questions: int = Field(4, ge=1, le=50)


def make_deduction(dials: DeductionDials, rng: Random) -> BuiltStory:
    """Family 15: what a pet is afraid of, by its kind.

    As published, kinds are drawn one by one: the first time, the story tells what the kind is afraid of; each later
    time, a pet of this kind.
    """
    story = StoryBuilder(blank="")
    kinds = draw_words(rng, list(_PET_KINDS), list(_ANIMAL_KINDS), dials.kinds)
    waiting = draw_words(rng, _PETS, _SPARE_NAMES, dials.pets)
    feared: dict[str, tuple[int, str]] = {}
    pets: dict[str, tuple[int, str]] = {}
    while waiting or len(feared) < len(kinds):
        kind = rng.choice(kinds if waiting else [kind for kind in kinds if kind not in feared])
        if kind not in feared:
            fear = rng.choice([other for other in kinds if other != kind])
            line = story.say(f"{_PLURALS[kind].capitalize()} are afraid of {_PLURALS[fear]}.")
            feared[kind] = line, fear
        else:
            pet = waiting.pop()
            pets[pet] = story.say(f"{pet} is a {kind}."), kind
    names = list(pets)
    for _ in range(dials.questions):
        pet = rng.choice(names)
        kind_line, kind = pets[pet]
        fear_line, fear = feared[kind]
        story.ask(f"What is {pet.lower()} afraid of?", fear, [(kind_line, fear_line)])
    return story.finish()


class InductionDials(Dials):
    """How many `animals`, `kinds` and `colours` there are. The question asks for the one colour that is not told.

    `conflicts`: the chance in [0, 1] that the other animals of its kind have several colours. The answer is then the
    colour of the animal whose kind is told last, as published (750 of 10,000 questions).
    """

    animals: int = Field(5, ge=2, le=_MOST_NAMES)
    kinds: int = Field(4, ge=1, le=len(_PLURALS))
    colours: int = Field(4, ge=1, le=len(_COLOURS) + len(_SPARE_COLOURS))
    conflicts: float = Field(0.075, ge=0, le=1)

    @model_validator(mode="after")
    def _fits(self) -> "InductionDials":
        if self.conflicts and self.animals < 3:
            raise UserError(
                f"conflicts={self.conflicts} and animals={self.animals} contradict each other",
                expected="at least three animals, so that two can differ, or conflicts=0",
            )
        if self.conflicts and self.colours < 2:
            raise UserError(
                f"conflicts={self.conflicts} and colours={self.colours} contradict each other",
                expected="at least two colours, or conflicts=0",
            )
        return self


@dataclass(slots=True)
class _Zoo:
    """Each animal's kind and colour. `like`: the others of the asked animal's kind, in the order of the story."""

    kinds: list[str]
    colours: list[str] = field(default_factory=list)
    like: list[int] = field(default_factory=list)

    def has_conflict(self) -> bool:
        return len({self.colours[animal] for animal in self.like}) > 1


def make_induction(dials: InductionDials, rng: Random) -> BuiltStory:
    """Family 16: the colour of an animal, by another animal of its kind.

    For each animal, first the kind is told and then the colour, in random turns. The last colour is not told, but
    asked for.
    """
    story = StoryBuilder(blank="")
    names = draw_words(rng, _ANIMALS, _SPARE_NAMES, dials.animals)
    colours = draw_words(rng, _COLOURS, _SPARE_COLOURS, dials.colours)
    order = _turns(rng, dials.animals)
    zoo = _draw_zoo(rng, dials, order, colours)
    kind_lines: dict[int, int] = {}
    colour_lines: dict[int, int] = {}
    for animal in order[:-1]:
        if animal in kind_lines:
            colour_lines[animal] = story.say(f"{names[animal]} is {zoo.colours[animal]}.")
        else:
            kind_lines[animal] = story.say(f"{names[animal]} is a {zoo.kinds[animal]}.")
    asked, answer = order[-1], zoo.colours[zoo.like[-1]]
    agreeing = [animal for animal in reversed(zoo.like) if zoo.colours[animal] == answer]
    supports: list[tuple[int, ...]] = [
        (kind_lines[asked], kind_lines[animal], colour_lines[animal]) for animal in agreeing
    ]
    story.ask(f"What color is {names[asked]}?", answer, supports)
    return story.finish()


def _turns(rng: Random, animals: int) -> list[int]:
    """The order of the facts: each animal comes twice; at each turn, all that are left are equally likely."""
    left, once, order = list(range(animals)), set[int](), list[int]()
    while left:
        animal = rng.choice(left)
        order.append(animal)
        if animal in once:
            left.remove(animal)
        once.add(animal)
    return order


def _draw_zoo(rng: Random, dials: InductionDials, order: Sequence[int], colours: Sequence[str]) -> _Zoo:
    """Kinds and colours, with or without a conflict as the dial says. Colours are changed only if redrawing failed."""
    conflict = rng.random() < dials.conflicts
    asked, first_told = order[-1], list(dict.fromkeys(order))
    numbers, weights = _numbers_of_like(dials.animals - 1, dials.kinds, conflict)
    others = [animal for animal in range(dials.animals) if animal != asked]
    like = set(rng.sample(others, rng.choices(numbers, weights)[0]))
    kind, *other_kinds = draw_words(rng, list(_ANIMAL_KINDS), list(_PET_KINDS), dials.kinds)
    its_kind = {animal: kind if animal in like or animal == asked else rng.choice(other_kinds) for animal in order}
    zoo = _Zoo([its_kind[animal] for animal in range(dials.animals)], like=[a for a in first_told if a in like])
    for _ in range(_TRIES):
        zoo.colours = _draw_colours(rng, zoo.kinds, order, colours)
        if zoo.has_conflict() == conflict:
            return zoo
    for animal in zoo.like:
        zoo.colours[animal] = zoo.colours[zoo.like[-1]]
    if conflict:
        odd = rng.choice(zoo.like[:-1])
        zoo.colours[odd] = rng.choice([colour for colour in colours if colour != zoo.colours[odd]])
    return zoo


def _draw_colours(rng: Random, kinds: Sequence[str], order: Sequence[int], colours: Sequence[str]) -> list[str]:
    """The colours, drawn as in the published files.

    When an animal is told for the first time, it and all others of its kind whose colour is still untold get one
    random colour.
    """
    drawn = [""] * len(kinds)
    untold: dict[str, list[int]] = {}
    told_once: set[int] = set()
    for animal in order:
        waiting = untold.setdefault(kinds[animal], [])
        if animal in told_once:
            waiting.remove(animal)
            continue
        told_once.add(animal)
        waiting.append(animal)
        colour = rng.choice(colours)
        for member in waiting:
            drawn[member] = colour
    return drawn


@lru_cache(maxsize=1024)
def _numbers_of_like(others: int, kinds: int, conflict: bool) -> tuple[list[int], list[float]]:
    """How many of the other animals may be of the asked animal's kind, with weights: each is with chance 1 / kinds.

    The published files never have two; here, two are drawn only if no other number is possible.
    """
    chance = 1 / kinds
    weights = {
        n: comb(others, n) * chance**n * (1 - chance) ** (others - n) * (_SAME_COLOUR if n > 1 and not conflict else 1)
        for n in range(2 if conflict else 1, others + 1)
    }
    possible = {n: weight for n, weight in weights.items() if weight and n != 2} or {2: 1.0}
    return list(possible), list(possible.values())


class MotiveDials(Dials):
    """`people`: how many people there are. `motives`: how many different states they may be in.

    `scarce`: whether there is only one thing for each state; then only the first person in this state gets it.
    `asked`: the chance in (0, 1] that a question follows a fact. A story has at least one question.
    """

    people: int = Field(4, ge=1, le=_MOST_NAMES)
    motives: int = Field(4, ge=1, le=len(_MOTIVES))
    scarce: bool = True
    asked: float = Field(1.0, gt=0, le=1)


def make_motives(dials: MotiveDials, rng: Random) -> BuiltStory:
    """Family 20: a person is in a state, goes where the state leads, and gets a thing. People act in random order."""
    story = StoryBuilder(blank="")
    states = rng.sample(list(_MOTIVES), dials.motives)
    state = {person: rng.choice(states) for person in draw_words(rng, _PEOPLE, _SPARE_NAMES, dials.people)}
    acts = dict.fromkeys(state, 0)
    state_lines: dict[str, int] = {}
    active = list(state)
    while active:
        person = rng.choice(active)
        fact, question, answer = _act(rng, person, state[person], acts[person])
        line = story.say(fact)
        state_lines.setdefault(person, line)
        acts[person] += 1
        used_up = {state[other] for other in acts if acts[other] == _ACTS} if dials.scarce else set()
        active = [other for other in state if acts[other] < (_ACTS - 1 if state[other] in used_up else _ACTS)]
        if rng.random() < dials.asked or not (active or story.supports):
            story.ask(question, answer, [(state_lines[person],)])
    return story.finish()


def _act(rng: Random, person: str, state: str, before: int) -> tuple[str, str, str]:
    """The next act of a person after `before` acts: its fact, a question about it, and the answer."""
    place, thing = _MOTIVES[state]
    if before == 0:
        return f"{person} is {state}.", f"Where will {person.lower()} go?", place
    if before == 1:
        fact = f"{person} {rng.choice(_MOVES)} to the {place}."
        return fact, f"Why did {person.lower()} go to the {place}?", state
    fact = f"{person} {rng.choice(_GETS)} the {thing} there."
    return fact, f"Why did {person.lower()} get the {thing}?", state

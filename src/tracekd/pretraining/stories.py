"""The generator of the stories that the embedded base was pretrained on. It never changes, so the base can be made again.

The stories are in the official bAbI format and follow the published task descriptions (arXiv 1502.05698): people who
move (families 1, 12), people who also carry objects (2, 3, 6), and deduction by kinds of animals (15). Words and forms
of sentences are the published ones. Story i of a family is a pure function of (seed, family, i).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Literal

from tracekd.randomness import share, stream
from tracekd.tasks.babi.story_format import FactLine, QuestionLine, Story

PEOPLE = ("Mary", "John", "Daniel", "Sandra")
PLACES = ("bathroom", "hallway", "garden", "office", "bedroom", "kitchen")
OBJECTS = ("football", "apple", "milk")
MOVES = ("moved to", "went to", "journeyed to", "travelled to", "went back to")
GRABS = ("got", "took", "grabbed", "picked up")
DROPS = ("dropped", "left", "discarded", "put down")
KINDS = {"mouse": "Mice", "cat": "Cats", "sheep": "Sheep", "wolf": "Wolves"}
PLURALS = {"mouse": "mice", "cat": "cats", "sheep": "sheep", "wolf": "wolves"}
PETS = ("Gertrude", "Winona", "Emily", "Jessica")


@dataclass(frozen=True)
class Dials:
    """How hard the stories are: questions per story, facts before each round of questions, questions per round.

    handling: chance in [0, 1] that a person handles a thing, if possible, instead of moving; None for the default of
    each family. It has no effect in families without things.
    recency: questions are about changes in this many last facts; None for all facts.
    """

    questions: int = 5
    facts_between: int = 2
    questions_at_once: int = 1
    handling: float | None = None
    recency: int | None = None


@dataclass
class _Rooms:
    """The state of a story of people, places and objects, with the line ids of the events behind it.

    recent: the line id of the first fact that a question may be about.
    """

    recent: int = 0
    moves: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)
    # object -> (line id of the last event, who did it, how many moves that person had made when it was dropped)
    last_event: dict[str, tuple[int, str, int | None]] = field(default_factory=dict)
    grabbed_after: dict[str, int] = field(default_factory=dict)

    def move(self, rng: Random, line: int, people: tuple[str, ...]) -> str:
        here = {self.moves[p][-1][1] for p in people if p in self.moves}
        place = rng.choice([p for p in PLACES if p not in here])
        for person in people:
            self.moves.setdefault(person, []).append((line, place))
        return f"{' and '.join(people)} {rng.choice(MOVES)} the {place}."

    def handle(self, rng: Random, line: int, person: str) -> str | None:
        """Let the person pick up or drop a thing. None if that is impossible."""
        held = [o for o in OBJECTS if self.holder.get(o) == person]
        # A thing dropped in an unknown place could never be asked about or picked up again.
        if held and person in self.moves and rng.random() < 0.5:
            thing = rng.choice(held)
            del self.holder[thing]
            self.last_event[thing] = (line, person, len(self.moves.get(person, ())))
            return f"{person} {rng.choice(DROPS)} the {thing}{_there(rng, 0.2)}."
        near = [o for o in OBJECTS if o not in self.holder and self._reachable(o, person)]
        if not near:
            return None
        thing = rng.choice(near)
        self.holder[thing] = person
        self.last_event[thing] = (line, person, None)
        self.grabbed_after[thing] = len(self.moves.get(person, ()))
        return f"{person} {rng.choice(GRABS)} the {thing}{_there(rng, 0.45)}."

    def _reachable(self, thing: str, person: str) -> bool:
        """Whether the person can pick up the thing: nobody has touched it yet, or the person is where it was dropped."""
        if thing not in self.last_event:
            return True
        return person in self.moves and self.moves[person][-1][1] == self.moves_with(thing)[-1][1]

    def moves_with(self, thing: str) -> list[tuple[int, str]]:
        """The moves of the last holder of the thing, until the drop."""
        _, person, dropped = self.last_event[thing]
        return self.moves.get(person, [])[:dropped]

    def recently_moved(self) -> list[str]:
        """The people who moved recently."""
        return sorted(person for person, moves in self.moves.items() if moves[-1][0] >= self.recent)

    def recently_handled(self) -> list[str]:
        """The things that were picked up or dropped recently."""
        return sorted(thing for thing, (line, _, _) in self.last_event.items() if line >= self.recent)


def _there(rng: Random, chance: float) -> str:
    return " there" if rng.random() < chance else ""


Asker = Callable[[Random, _Rooms], tuple[str, str, tuple[int, ...]] | None]


def _ask_person(rng: Random, rooms: _Rooms) -> tuple[str, str, tuple[int, ...]] | None:
    known = rooms.recently_moved()
    if not known:
        return None
    person = rng.choice(known)
    line, place = rooms.moves[person][-1]
    return f"Where is {person}?", place, (line,)


def _ask_object(rng: Random, rooms: _Rooms) -> tuple[str, str, tuple[int, ...]] | None:
    known = [o for o in rooms.recently_handled() if rooms.moves_with(o)]
    if not known:
        return None
    thing = rng.choice(known)
    line, place = rooms.moves_with(thing)[-1]
    return f"Where is the {thing}?", place, (rooms.last_event[thing][0], line)


def _ask_before(rng: Random, rooms: _Rooms) -> tuple[str, str, tuple[int, ...]] | None:
    # The holder must have made two moves, the last one with the thing.
    known = [
        o
        for o in rooms.recently_handled()
        if len(rooms.moves_with(o)) >= 2 and len(rooms.moves_with(o)) > rooms.grabbed_after[o]
    ]
    if not known:
        return None
    thing = rng.choice(known)
    (before_line, before), (line, place) = rooms.moves_with(thing)[-2:]
    return f"Where was the {thing} before the {place}?", before, (rooms.last_event[thing][0], line, before_line)


def _ask_yes_no(rng: Random, rooms: _Rooms) -> tuple[str, str, tuple[int, ...]] | None:
    known = rooms.recently_moved()
    if not known:
        return None
    person = rng.choice(known)
    line, place = rooms.moves[person][-1]
    if rng.random() < 0.5:
        return f"Is {person} in the {place}?", "yes", (line,)
    return f"Is {person} in the {rng.choice([p for p in PLACES if p != place])}?", "no", (line,)


def _rooms_story(rng: Random, dials: Dials, ask: Asker, handling: float, together: int) -> Story:
    """People move `together` at a time and, with chance `handling`, handle objects; questions come in between."""
    if handling and dials.handling is not None:
        handling = dials.handling
    rooms, story = _Rooms(), Story()
    asked = waiting = 0
    while asked < dials.questions:
        line = len(story) + 1
        rooms.recent = _recent(story, dials)
        question = ask(rng, rooms) if waiting >= dials.facts_between else None
        if question:
            text, answer, support = question
            story.append(QuestionLine(line, text, answer, support, line))
            asked += 1
            if asked % dials.questions_at_once == 0:
                waiting = 0
            continue
        person = rng.choice(PEOPLE)
        event = rooms.handle(rng, line, person) if rng.random() < handling else None
        if event is None:
            event = rooms.move(rng, line, tuple(rng.sample(PEOPLE, together)) if together > 1 else (person,))
        story.append(FactLine(line, event))
        waiting += 1
    return story


def _recent(story: Story, dials: Dials) -> int:
    facts = [line.id for line in story if isinstance(line, FactLine)]
    return 0 if dials.recency is None or len(facts) < dials.recency else facts[-dials.recency]


def _deduction_story(rng: Random, dials: Dials) -> Story:
    """Four kinds of animals, each afraid of another kind, and four pets; eight facts, then the questions."""
    fears = {kind: rng.choice([k for k in KINDS if k != kind]) for kind in KINDS}
    pets = {pet: rng.choice(sorted(KINDS)) for pet in PETS}
    facts = [(f"{KINDS[kind]} are afraid of {PLURALS[fear]}.", kind) for kind, fear in fears.items()]
    facts += [(f"{pet} is a {kind}.", pet) for pet, kind in pets.items()]
    rng.shuffle(facts)
    where = {subject: line for line, (_, subject) in enumerate(facts, start=1)}
    story: Story = [FactLine(line, text) for line, (text, _) in enumerate(facts, start=1)]
    for line in range(len(facts) + 1, len(facts) + 1 + dials.questions):
        pet = rng.choice(PETS)
        support = (where[pet], where[pets[pet]])
        story.append(QuestionLine(line, f"What is {pet.lower()} afraid of?", fears[pets[pet]], support, line))
    return story


FAMILIES: dict[int, Callable[[Random, Dials], Story]] = {
    1: lambda rng, dials: _rooms_story(rng, dials, _ask_person, 0.0, 1),
    2: lambda rng, dials: _rooms_story(rng, dials, _ask_object, 0.4, 1),
    3: lambda rng, dials: _rooms_story(rng, dials, _ask_before, 0.25, 1),
    6: lambda rng, dials: _rooms_story(rng, dials, _ask_yes_no, 0.15, 1),
    12: lambda rng, dials: _rooms_story(rng, dials, _ask_person, 0.0, 2),
    15: _deduction_story,
}


Part = Literal["study", "pretraining"]
STUDY_SHARE = 1 / 8


def story(family: int, seed: int, index: int, dials: Dials, part: Part = "study") -> Story:
    """Story `index` of a family. Raises KeyError for a family without a generator.

    The first two sentences decide to which part a story belongs, so pretraining never shows a problem of a study.
    """
    generate = FAMILIES[family]
    for attempt in count():
        made = generate(stream(seed, f"qa{family}/{index}/{attempt}", "babi-world"), dials)
        if part_of(made) == part:
            return made
    raise AssertionError("count() does not end")


def part_of(made: Story) -> Part:
    """The part of a story, by its first two sentences."""
    return part_of_opening([line.text for line in made if isinstance(line, FactLine)][:2])


def part_of_opening(sentences: Sequence[str]) -> Part:
    """The part of a story that begins with these two sentences."""
    return "study" if share(0, "\n".join(sentences), "babi-world-part") < STUDY_SHARE else "pretraining"

"""Made free traces for the bAbI families about layouts, sizes, kinds, colours and motives."""

from collections.abc import Sequence
from random import Random

from tracekd.problem import Problem
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.kinds_and_motives import FEARS, IS, IS_A, MOTIVES, singular
from tracekd.tasks.babi.layouts import COMPASS_PHRASES, SIDE_PHRASES, SIZE_PHRASES, chain_down, read_links, shortest_way
from tracekd.worlds.free_traces.writer import Writer

_BACK = {"north": "south", "east": "west", "left": "right", "above": "below"}
_BACK |= {there: here for here, there in _BACK.items()}
_PLURALS = {"mouse": "mice", "wolf": "wolves", "sheep": "sheep"}
_NAMES = {" is north of the ": "north", " is south of the ": "south", " is east of the ": "east", " is west of the ": "west",
          " is to the left of the ": "left", " is to the right of the ": "right", " is above the ": "above",
          " is below the ": "below"}  # fmt: skip


def tell_natures(problem: Problem, facts: Sequence[str], write: Writer, rng: Random, error: str | None) -> None:
    """Say some of the facts in other words, and what follows."""
    number = next(number for number, name in FAMILIES.items() if name == problem.label)
    teller = _Teller(
        problem, facts, write, rng, error if error in ("wrong relation", "invented fact", "wrong place") else None
    )
    if number in (4, 17, 19):
        teller.layout(COMPASS_PHRASES if number != 17 else SIDE_PHRASES)
    elif number == 18:
        teller.sizes()
    elif number in (15, 16):
        teller.kinds()
    else:
        teller.motives()


class _Teller:
    def __init__(self, problem: Problem, facts: Sequence[str], write: Writer, rng: Random, error: str | None) -> None:
        self.problem, self.facts, self.write, self.rng, self.error = problem, facts, write, rng, error

    def _quote(self, place: int) -> None:
        self.write.say("quote", "said", fact=self.problem.context[place].text.removesuffix("."))

    def layout(self, phrases: dict[str, tuple[int, int]]) -> None:
        read = [(at, *_parts(fact, phrases)) for at, fact in enumerate(self.facts)]
        for at, one, name, other in self.rng.sample(read, min(len(read), 3)):
            if self.error:
                wrong = _BACK[name]
                self.write.say(f"lies {wrong}", "false", "wrong relation", x=one, y=other)
                if self.rng.random() < 0.5:
                    self.write.say(f"lies {name}", "said", None, "wait", x=one, y=other)
                self.error = None
            elif self.rng.random() < 0.3:
                self._quote(at)
            elif self.rng.random() < 0.5:
                self.write.say(f"lies {name}", "said", None, self.rng.choice(("", "lead", "hedge")), x=one, y=other)
            else:
                self.write.say(f"lies {_BACK[name]}", "said", None, self.rng.choice(("", "so")), x=other, y=one)
        self._far(phrases)

    def _far(self, phrases: dict[str, tuple[int, int]]) -> None:
        """How two things lie that no fact connects, if one of their ways is straight."""
        links = read_links(self.facts, phrases)
        things = sorted(links)
        self.rng.shuffle(things)
        for one in things:
            for other in things:
                way = shortest_way(one, other, links) if one != other else None
                if way is None or len(way) < 2:
                    continue
                across, up = (-sum(link.step[axis] for link in way) for axis in (0, 1))
                side = "left" in " ".join(phrases)
                if across:
                    name = ("right" if across > 0 else "left") if side else ("east" if across > 0 else "west")
                elif up:
                    name = ("above" if up > 0 else "below") if side else ("north" if up > 0 else "south")
                else:
                    continue
                self.write.say(f"lies {name}", "follows", None, self.rng.choice(("", "so")), x=one, y=other)
                return

    def sizes(self) -> None:
        for fact in self.rng.sample(self.facts, min(len(self.facts), 3)):
            one, name, other = _split(fact, SIZE_PHRASES)
            larger, smaller = (one, other) if SIZE_PHRASES[name] == (1, 0) else (other, one)
            if self.error:
                self.write.say("bigger", "false", "wrong relation", x=smaller, y=larger)
                self.error = None
            else:
                self.write.say(
                    self.rng.choice(("bigger", "fits")),
                    "said",
                    None,
                    self.rng.choice(("", "lead")),
                    x=larger,
                    y=smaller,
                )
        links = read_links(self.facts, SIZE_PHRASES)
        for one in sorted(links):
            for other in sorted(links):
                chain = chain_down(one, other, links) if one != other else None
                if chain and len(chain) > 1 and not any(link.to == other for link in links[one]):
                    self.write.say(
                        self.rng.choice(("bigger", "fits")),
                        "follows",
                        None,
                        self.rng.choice(("", "so")),
                        x=one,
                        y=other,
                    )
                    return

    def kinds(self) -> None:
        is_a = [(at, said[1], said[2]) for at, fact in enumerate(self.facts) if (said := IS_A.fullmatch(fact))]
        at, name, kind = self.rng.choice(is_a)
        others = sorted({other for _, _, other in is_a} - {kind})
        if self.error and others:
            self.write.say("is a", "false", "wrong relation", p=name.capitalize(), k=self.rng.choice(others))
            if self.rng.random() < 0.5:
                self.write.say("is a", "said", None, "wait", p=name.capitalize(), k=kind)
        elif self.rng.random() < 0.3:
            self._quote(at)
        else:
            self.write.say("is a", "said", None, self.rng.choice(("", "lead", "hedge")), p=name.capitalize(), k=kind)
        for fact in self.facts:
            if (fear := FEARS.fullmatch(fact)) and singular(fear[1]) == kind:
                plural = _PLURALS.get(singular(fear[2]), f"{singular(fear[2])}s")
                self.write.say(
                    "kind fears", "said", None, self.rng.choice(("", "lead")), k=fear[1].capitalize(), f=plural
                )
                self.write.say("fears", "follows", None, self.rng.choice(("", "so")), p=name.capitalize(), f=plural)
                return
        colours = {said[1]: said[2] for fact in self.facts if (said := IS.fullmatch(fact))}
        for _, other, same in is_a:
            if same == kind and other in colours and other != name:
                self.write.say("colour", "said", None, "", p=other.capitalize(), c=colours[other])
                return

    def motives(self) -> None:
        states = [
            (at, said[1], said[2])
            for at, fact in enumerate(self.facts)
            if (said := IS.fullmatch(fact)) and said[2] in MOTIVES
        ]
        _, name, state = self.rng.choice(states)
        if self.error:
            wrong = self.rng.choice([other for other in MOTIVES if other not in [s for _, n, s in states if n == name]])
            self.write.say("state", "false", "wrong relation", p=name.capitalize(), m=wrong)
        self.write.say("state", "said", None, self.rng.choice(("", "lead", "hedge")), p=name.capitalize(), m=state)
        if [n for _, n, _ in states].count(name) == 1:
            self.write.say(
                "will go", "follows", None, self.rng.choice(("", "so")), p=name.capitalize(), l=MOTIVES[state][0]
            )


def _split(fact: str, phrases: dict[str, tuple[int, int]]) -> tuple[str, str, str]:
    for phrase in phrases:
        one, between, other = fact.removesuffix(".").removeprefix("the ").partition(phrase)
        if between:
            return one, phrase, other
    raise ValueError(f"not a sentence of this family: {fact}")


def _parts(fact: str, phrases: dict[str, tuple[int, int]]) -> tuple[str, str, str]:
    one, phrase, other = _split(fact, phrases)
    return one, _NAMES[phrase], other

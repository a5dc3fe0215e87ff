"""Made-up passages in HotpotQA's format, with traces about them in words of their own; and the world of MS MARCO.

A context has people, films and towns. What the passages say is written from one set of templates; what the traces say,
from another one. So the truth of each statement is known, and no statement of a trace is a changed sentence.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from passage_edits import TALK, Writer

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.randomness import stream
from tracekd.tasks.msmarco.load import read_problems
from tracekd.tasks.reading.record import Record
from tracekd.worlds import get_world
from tracekd.worlds.contract import draw
from tracekd.worlds.free_traces import MadeTrace

_FIRST = (
    "Ada Bruno Cleo Dario Edith Fabian Greta Henrik Iris Jonas Karla Ludwig Nils Olga Pavel Rosa Stefan Thea".split()
)
_LAST = (
    "Brook Dvorsky Ferrant Holm Irving Kessler Lorne Marek Nadir Osterby Pell Quist Rowan Sarno Tamm Vance Weir".split()
)
_ADJECTIVES = "Copper Silent Hollow Northern Bitter Golden Broken Scarlet Paper Winter".split()
_NOUNS = "Kite Harbour Orchard Lantern Bridge Compass Garden Mirror Station Ferry".split()
_TOWNS = "Kolm Denn Orrin Tavia Sarnby Velden Marrow Ostrand Pelham Quarne".split()
_RIVERS = "Sarn Ule Brenne Tiss Orla".split()
_JOBS = ("painter", "engraver", "botanist", "violinist", "architect", "chemist")
_NATIONS = ("Danish", "Austrian", "Scottish", "Norwegian", "Polish", "Dutch")
_MONTHS = "January February March April May June July August September October November December".split()
_LABEL = "bridge"


@dataclass(frozen=True)
class Person:
    name: str
    born: tuple[int, str, int]
    died: int
    town: str
    job: str
    nation: str


@dataclass(frozen=True)
class Film:
    name: str
    year: int
    director: Person
    composer: Person


@dataclass(frozen=True)
class Town:
    name: str
    river: str
    people: int
    founded: int


def make_problem_and_trace(task: str, seed: int, number: int) -> tuple[Problem, MadeTrace]:
    """A context and a trace; every second trace has one planted error."""
    rng = stream(seed, str(number), "made passages")
    towns = [
        Town(n, rng.choice(_RIVERS), rng.randint(200, 90000), rng.randint(1100, 1700)) for n in rng.sample(_TOWNS, 3)
    ]
    names = zip(rng.sample(_FIRST, 4), rng.sample(_LAST, 4), strict=True)
    people = [_person(f"{first} {last}", towns, rng) for first, last in names]
    titles = [f"The {a} {n}" for a, n in zip(rng.sample(_ADJECTIVES, 3), rng.sample(_NOUNS, 3), strict=True)]
    films = [Film(t, rng.randint(1930, 1999), people[at], people[at + 1]) for at, t in enumerate(titles)]
    paragraphs = (
        [_of_film(one, rng) for one in films]
        + [_of_person(one, rng) for one in people]
        + [_of_town(one, rng) for one in towns]
    )
    rng.shuffle(paragraphs)
    facts = [
        Fact(id=f"{at}.{place}", text=f"{title}: {text}")
        for at, (title, texts) in enumerate(paragraphs)
        for place, text in enumerate(texts)
    ]
    question = f"In which town was the director of {films[0].name} born?"
    problem = Problem(
        id=f"made/{number}", task=task, group=f"made/{number}", question=question, context=tuple(facts),
        answer=Answer(kind="text", values=(people[0].town,)), trace=gold_trace(_LABEL, (facts[0].id,)), source=f"made:{number}",
    )  # fmt: skip
    return problem, _trace(rng, people, films, towns, number % 2 == 1)


def msmarco_problems(seed: int) -> Iterator[Problem]:
    """Endless problems of the world of MS MARCO, each family in turn."""
    world = get_world("msmarco")
    index = 0
    while True:
        for name, family in world.families.items():
            data = json.loads(draw(world, name, family.dials(), seed, index).text())
            yield from read_problems(Record.of(data))
        index += 1


def _person(name: str, towns: list[Town], rng: Random) -> Person:
    born = rng.randint(1880, 1950)
    date = (rng.randint(1, 28), rng.choice(_MONTHS), born)
    return Person(
        name, date, born + rng.randint(40, 60), rng.choice(towns).name, rng.choice(_JOBS), rng.choice(_NATIONS)
    )


def _of_film(film: Film, rng: Random) -> tuple[str, list[str]]:
    first = rng.choice((
        f"{film.name} is a {film.year} drama film directed by {film.director.name}.",
        f"{film.name} is a {film.year} comedy film written and directed by {film.director.name}, with music by "
        f"{film.composer.name}.",
    ))  # fmt: skip
    more = rng.choice(("It was shot in eleven weeks.", "The film was a commercial failure.", "It is considered lost."))
    return film.name, [first, f"Its score was composed by {film.composer.name}.", more]


def _of_person(one: Person, rng: Random) -> tuple[str, list[str]]:
    day, month, year = one.born
    first = rng.choice((
        f"{one.name} ({day} {month} {year} – {one.died}) was a {one.nation} {one.job}.",
        f"{one.name} (born {month} {day}, {year}) was a {one.nation} {one.job}.",
    ))  # fmt: skip
    pronoun = rng.choice(("He", "She"))
    return one.name, [
        first,
        f"{pronoun} was born in {one.town}.",
        f"{pronoun} taught at the academy for {one.died % 7 + 3} years.",
    ]


def _of_town(one: Town, rng: Random) -> tuple[str, list[str]]:
    first = rng.choice(
        (
            f"{one.name} is a town on the river {one.river}.",
            f"{one.name} is a market town, known for its bridges over the {one.river}.",
        )
    )
    return one.name, [first, f"It was founded in {one.founded}.", f"It has {one.people:,} inhabitants."]


def _trace(rng: Random, people: list[Person], films: list[Film], towns: list[Town], has_error: bool) -> MadeTrace:
    writer = Writer(rng)
    true = _true(rng, people, films, towns)
    rng.shuffle(true)
    wrong = rng.choice(_false(rng, people, films, towns)) if has_error else None
    at = rng.randrange(5)
    for number, (text, worth) in enumerate(true[:6]):
        if rng.random() < 0.4:
            writer.say(rng.choice(TALK).format(title=films[0].name, n=rng.randint(1, 9)), "nothing", lead=False)
        if wrong and number == at:
            writer.say(wrong[1], "false", wrong[0])
        writer.say(text, worth)
    writer.say(f"So the answer is {people[0].town}.", "nothing", lead=False)
    return MadeTrace(writer.text, tuple(writer.planted))


def _true(rng: Random, people: list[Person], films: list[Film], towns: list[Town]) -> list[tuple[str, str]]:
    film, one, town = rng.choice(films), rng.choice(people), rng.choice(towns)
    first, second = sorted(rng.sample(people, 2), key=lambda person: person.born[2])
    told = [
        (f"{film.director.name} directed {film.name}.", "said"),
        (f"the director of {film.name} is {film.director.name}.", "said"),
        (f"{film.name} was directed by {film.director.name}.", "said"),
        (f"{film.composer.name} composed the score of {film.name}.", "said"),
        (f"{film.name} came out as a film in {film.year}.", "said"),
        (f"{one.name} was born in {one.born[2]}.", "said"),
        (f"{one.name}'s birthplace is {one.town}.", "said"),
        (f"{one.name}, a {one.job}, was {one.nation}.", "said"),
        (f"{town.name} was founded in {town.founded}.", "said"),
        (f"the population of {town.name} is {town.people}.", "said"),
        (f"{town.name} lies on the river {town.river}.", "said"),
        (f"the director of {film.name} was born in {film.director.town}.", "follows"),
    ]
    if first.born[2] < second.born[2]:
        told.append((f"{first.name} was born before {second.name}.", "follows"))
        told.append((f"{second.name} is younger than {first.name}.", "follows"))
    if first.nation == second.nation:
        told.append((f"both {first.name} and {second.name} were {first.nation}.", "follows"))
    return told


def _false(rng: Random, people: list[Person], films: list[Film], towns: list[Town]) -> list[tuple[str, str]]:
    film, one, town = rng.choice(films), rng.choice(people), rng.choice(towns)
    first, second = sorted(rng.sample(people, 2), key=lambda person: person.born[2])
    other = rng.choice([person for person in people if person not in (film.director, film.composer)])
    elsewhere = rng.choice([place.name for place in towns if place.name != one.town])
    found = [
        ("agent", f"{film.name} was directed by {other.name}."),
        ("agent", f"{other.name} directed {film.name}."),
        ("agent", f"the director of {film.name} is {other.name}."),
        ("year", f"{one.name} was born in {one.born[2] + rng.choice((-9, -4, 3, 8))}."),
        ("year", f"{town.name} was founded in {town.founded + rng.choice((-50, -10, 10, 100))}."),
        ("number", f"{town.name} has {town.people + rng.choice((1111, 5432))} inhabitants."),
        ("name", f"{one.name} was born in {elsewhere}."),
    ]
    if first.born[2] < second.born[2]:
        found.append(("year", f"{second.name} was born before {first.name}."))
    return found

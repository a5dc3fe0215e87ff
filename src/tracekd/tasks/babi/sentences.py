"""What the sentences of bAbI about people say: who is where, and what is got, dropped and given."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

# All patterns are matched against text in lower case with single blanks: two words never meet, so time is linear.
MOVES = r"(?:moved|went|went back|journeyed|travelled) to the (\w+)"
_MOVED = re.compile(rf"(?:(?:then|afterwards|after that|following that) )?(\w+)(?: and (\w+))? {MOVES}\.?")
_IS_IN = re.compile(r"(\w+) is (?:(not|no longer) )?in the (\w+)\.?")
_IS_EITHER = re.compile(r"(\w+) is either in the (\w+) or the (\w+)\.?")
_HANDLED = re.compile(
    r"(\w+) (?:(got|took|grabbed|picked up)|(?:dropped|left|discarded|put down)) the (\w+)(?: there)?\.?"
)
_GAVE = re.compile(r"(\w+) (?:gave|handed|passed) the (\w+) to (\w+)\.?")

# How many people a pronoun stands for.
_PRONOUNS = {"he": 1, "she": 1, "they": 2}


class Seen(NamedTuple):
    """A sentence that says where people are: in one of these places, or (denied) not in this one.

    `facts` are the places in the story of what says so, in the order of the reasoning: the sentence that names the
    people comes before one that speaks of them by a pronoun.
    """

    facts: tuple[int, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]
    denied: bool = False


class Handled(NamedTuple):
    """A sentence that says who got (`taker`) or gave away (`giver`) a thing; `fact` is its place in the story."""

    fact: int
    thing: str
    giver: str | None
    taker: str | None


# Stories are made of the same few thousand sentences, again and again.
@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """Lower case, single blanks."""
    return " ".join(text.lower().split())


def read_seen(facts: Sequence[str]) -> Iterator[Seen]:
    """The sentences that say where people are. A pronoun stands for the people whom a sentence named last."""
    named: tuple[str, ...] = ()
    by = -1
    for at, fact in enumerate(facts):
        said = _said_where(at, fact)
        if said is None:
            continue
        if said.people[0] not in _PRONOUNS:
            named, by = said.people, at
            yield said
        elif len(named) == _PRONOUNS[said.people[0]]:
            yield said._replace(facts=(by, at), people=named)


@lru_cache(maxsize=2**14)
def _said_where(at: int, fact: str) -> Seen | None:
    if moved := _MOVED.fullmatch(fact):
        person, other, place = moved.groups()
        return Seen((at,), (person, other) if other else (person,), (place,))
    if is_in := _IS_IN.fullmatch(fact):
        return Seen((at,), (is_in[1],), (is_in[3],), denied=is_in[2] is not None)
    if either := _IS_EITHER.fullmatch(fact):
        return Seen((at,), (either[1],), (either[2], either[3]))
    return None


@lru_cache(maxsize=2**14)
def read_handled(at: int, fact: str) -> Handled | None:
    """What this sentence, which is at this place in the story, says of a thing that changes hands."""
    if handled := _HANDLED.fullmatch(fact):
        person, got, thing = handled.groups()
        return Handled(at, thing, None, person) if got else Handled(at, thing, person, None)
    if gave := _GAVE.fullmatch(fact):
        return Handled(at, gave[2], gave[1], gave[3])
    return None

"""Reads the sentences about people: where they are, and what they get, drop and give."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

# The patterns match text in lower case with single blanks: two adjacent words never join, so time is linear.
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


class Whereabouts(NamedTuple):
    """A statement that people are in one of these places, or (`denied`) not in this place.

    `facts`: the places in the story of the sentences that say this, in the order of the reasoning: the sentence that
    names the people, then the sentence with a pronoun.
    """

    facts: tuple[int, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]
    denied: bool = False


class Transfer(NamedTuple):
    """A statement that a person got a thing (`taker`) or gave it away (`giver`). `fact`: its place in the story."""

    fact: int
    thing: str
    giver: str | None
    taker: str | None


# Stories repeat the same few thousand sentences again and again.
@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """The text in lower case with single blanks."""
    return " ".join(text.lower().split())


def read_whereabouts(facts: Sequence[str]) -> Iterator[Whereabouts]:
    """The statements about where people are. A pronoun stands for the people whom the last sentence with names named."""
    named: tuple[str, ...] = ()
    by = -1
    for at, fact in enumerate(facts):
        said = _read_sentence(at, fact)
        if said is None:
            continue
        if said.people[0] not in _PRONOUNS:
            named, by = said.people, at
            yield said
        elif len(named) == _PRONOUNS[said.people[0]]:
            yield said._replace(facts=(by, at), people=named)


@lru_cache(maxsize=2**14)
def _read_sentence(at: int, fact: str) -> Whereabouts | None:
    if moved := _MOVED.fullmatch(fact):
        person, other, place = moved.groups()
        return Whereabouts((at,), (person, other) if other else (person,), (place,))
    if is_in := _IS_IN.fullmatch(fact):
        return Whereabouts((at,), (is_in[1],), (is_in[3],), denied=is_in[2] is not None)
    if either := _IS_EITHER.fullmatch(fact):
        return Whereabouts((at,), (either[1],), (either[2], either[3]))
    return None


@lru_cache(maxsize=2**14)
def read_transfer(at: int, fact: str) -> Transfer | None:
    """The transfer that this sentence states; `at` is its place in the story. None if it states no transfer."""
    if handled := _HANDLED.fullmatch(fact):
        person, got, thing = handled.groups()
        return Transfer(at, thing, None, person) if got else Transfer(at, thing, person, None)
    if gave := _GAVE.fullmatch(fact):
        return Transfer(at, gave[2], gave[1], gave[3])
    return None

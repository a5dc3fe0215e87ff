"""Rules about kinds of animals and about motives of people: families 15, 16 and 20 (arXiv 1502.05698)."""

import re
from collections.abc import Iterator, Sequence

from tracekd.tasks.babi.answers import one_of, only
from tracekd.tasks.solution import Solution

IS_A = re.compile(r"(\w+) is an? (\w+)\.?")
IS = re.compile(r"(\w+) is (\w+)\.?")
FEARS = re.compile(r"(\w+) are afraid of (\w+)\.?")

_AFRAID = re.compile(r"what is (\w+) afraid of ?\?")
_COLOUR = re.compile(r"what colou?r is (\w+) ?\?")
_WHERE_WILL = re.compile(r"where will (\w+) go ?\?")
_WHY = re.compile(r"why did (\w+) (?:go to|get) the (\w+) ?\?")

_SINGULARS = {"mice": "mouse", "wolves": "wolf", "sheep": "sheep"}
# For each state, the place that it leads to and the thing that the person gets there, as in the published files.
MOTIVES = {
    "hungry": ("kitchen", "apple"),
    "thirsty": ("kitchen", "milk"),
    "tired": ("bedroom", "pajamas"),
    "bored": ("garden", "football"),
}

# The place of a sentence in the story, and the two things that it connects.
_Pair = tuple[int, str, str]


def _read(pattern: re.Pattern[str], facts: Sequence[str]) -> Iterator[_Pair]:
    for at, fact in enumerate(facts):
        if match := pattern.fullmatch(fact):
            yield at, match[1], match[2]


def what_is_feared(question: str, facts: Sequence[str]) -> Solution | None:
    """What a pet is afraid of, by its kind. None if the facts give the pet two kinds, or the kind two fears."""
    asked = _AFRAID.fullmatch(question)
    if not asked:
        return None
    of_kind = [(at, kind) for at, name, kind in _read(IS_A, facts) if name == asked[1]]
    kind = only(kind for _, kind in of_kind)
    fears = [(at, singular(feared)) for at, who, feared in _read(FEARS, facts) if singular(who) == kind]
    answer = only(feared for _, feared in fears)
    return None if answer is None else one_of(answer, (of_kind[0][0], fears[0][0]))


def singular(plural: str) -> str:
    return _SINGULARS.get(plural, plural.removesuffix("s"))


def what_colour(question: str, facts: Sequence[str]) -> Solution | None:
    """The colour of another animal of the same kind: as in the files, of the one whose kind is stated last."""
    asked = _COLOUR.fullmatch(question)
    like = _like(asked[1], facts) if asked else None
    if not like or not like[1]:
        return None
    own, others = like
    at, colour_at, colour = others[-1]
    return one_of(colour, (own, at, colour_at))


def colours_of_kind(question: str, facts: Sequence[str]) -> set[str]:
    """The colours of all other animals of the asked animal's kind."""
    asked = _COLOUR.fullmatch(question)
    like = _like(asked[1], facts) if asked else None
    return {colour for _, _, colour in like[1]} if like else set()


def _like(name: str, facts: Sequence[str]) -> tuple[int, list[tuple[int, int, str]]] | None:
    """Where the kind of this animal is stated; and for each other animal of this kind where it is stated, and its colour.

    Each other animal is (place of its kind, place of its colour, colour); places are those of facts in the story.
    """
    stated = list(_read(IS_A, facts))
    kind = only(kind for _, who, kind in stated if who == name)
    if kind is None:
        return None
    own = next(at for at, who, _ in stated if who == name)
    colours = {who: (at, colour) for at, who, colour in _read(IS, facts)}
    return own, [(at, *colours[who]) for at, who, k in stated if k == kind and who != name and who in colours]


def motive(question: str, facts: Sequence[str]) -> Solution | None:
    """The place that the state of a person leads to, or the state that led the person to a place or a thing."""
    states = [(at, who, state) for at, who, state in _read(IS, facts) if state in MOTIVES]
    if where := _WHERE_WILL.fullmatch(question):
        fitting = [(at, MOTIVES[state][0]) for at, who, state in states if who == where[1]]
    elif why := _WHY.fullmatch(question):
        fitting = [(at, state) for at, who, state in states if who == why[1] and why[2] in MOTIVES[state]]
    else:
        return None
    return one_of(fitting[-1][1], (fitting[-1][0],)) if fitting else None

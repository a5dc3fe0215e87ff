"""Which of the twenty families a question about a story can belong to, by the forms of its sentences.

The question alone decides for fourteen of them. `Where is Mary?` is asked in four families, and `Is Mary in the
garden?` in three: there, the forms of sentences that the story has decide, as far as they can (arXiv 1502.05698,
sections 3 and A). Names and words say nothing: they are free to differ.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.sentences import plain

# No question of the published files has more than 50 characters.
_LONGEST_QUESTION = 1000
_COMPASS = "(?:north|south|east|west)"
_SIDE = "(?:to the left of|to the right of|above|below)"

# All are matched against a question in lower case with single blanks, the blank before its mark dropped.
_ASKED_IN: tuple[tuple[str, tuple[int, ...]], ...] = (
    (r"where is \w+\?", (1, 11, 12, 13)),
    (r"where is the \w+\?", (2,)),
    (r"where was the \w+ before the \w+\?", (3,)),
    (rf"what is {_COMPASS} of the .+\?|what is the .+ {_COMPASS} of\?", (4,)),
    (r"what did \w+ give to \w+\?|who did \w+ give the \w+ to\?", (5,)),
    (r"who gave the \w+(?: to \w+)?\?|who received the \w+\?", (5,)),
    (r"is \w+ in the \w+\?", (6, 9, 10)),
    (r"how many objects is \w+ carrying\?", (7,)),
    (r"what is \w+ carrying\?", (8,)),
    (r"where was \w+ before the \w+\?", (14,)),
    (r"what is \w+ afraid of\?", (15,)),
    (r"what colou?r is \w+\?", (16,)),
    (rf"is the .+ {_SIDE} the .+\?", (17,)),
    (r"is the .+ bigger than the .+\?|does the .+ fit in the .+\?", (18,)),
    (r"how do you go from the .+ to the .+\?", (19,)),
    (r"where will \w+ go\?|why did \w+ (?:go to|get) the \w+\?", (20,)),
)
_PATTERNS = tuple((re.compile(pattern), numbers) for pattern, numbers in _ASKED_IN)

# What a sentence shows of the family that it stands in, by its form: the first that fits.
_SHOWN = (
    (re.compile(r"(?:\w+ ){0,2}?(?:he|she) \w+(?: back)? to the .*"), "he"),
    (re.compile(r"(?:\w+ ){0,2}?they \w+(?: back)? to the .*"), "they"),
    (re.compile(r"\w+ and \w+ \w+(?: back)? to the .*"), "and"),
    (re.compile(r"\w+ is either in the .*"), "either"),
    (re.compile(r"\w+ is (?:not|no longer) in the .*"), "not"),
    (re.compile(r"\w+ is in the .*"), "is"),
    (re.compile(r"\w+ \w+(?: back)? to the .*"), "moved"),
    (re.compile(r"\w+ \w+(?: \w+)? the .*"), "handled"),
)


def classify(question: str, facts: Sequence[str]) -> frozenset[str] | None:
    """The families that question and story admit; None where the question is in no known form, or no family fits."""
    numbers = _numbers(plain(question[:_LONGEST_QUESTION]).replace(" ?", "?"))
    narrow = _NARROW.get(numbers)
    if narrow is not None:
        numbers = narrow(frozenset([_shown(plain(fact)) for fact in facts]))
    return frozenset([FAMILIES[number] for number in numbers]) or None


def _numbers(question: str) -> tuple[int, ...]:
    return next((numbers for pattern, numbers in _PATTERNS if pattern.fullmatch(question)), ())


@lru_cache(maxsize=2**14)
def _shown(fact: str) -> str:
    return next((form for pattern, form in _SHOWN if pattern.fullmatch(fact)), "")


def _of_where_is(forms: frozenset[str]) -> tuple[int, ...]:
    """By who is spoken of: one by name (1), one by a pronoun (11), two at once (12), two by a pronoun (13)."""
    if {"he", "they"} <= forms:
        return (11, 13)
    if "he" in forms:
        return (11,)
    if "they" in forms:
        return (13,)
    return (12,) if "and" in forms else (1,)


def _of_is_there(forms: frozenset[str]) -> tuple[int, ...]:
    """By what is said: that people move and handle things (6), where they are not (9), or may be (10)."""
    possible = [6, 9, 10]
    for form, allowed in (("handled", {6}), ("either", {10}), ("not", {9}), ("is", {9, 10})):
        if form in forms:
            possible = [number for number in possible if number in allowed]
    return tuple(possible)


_NARROW: dict[tuple[int, ...], Callable[[frozenset[str]], tuple[int, ...]]] = {
    (1, 11, 12, 13): _of_where_is,
    (6, 9, 10): _of_is_there,
}

"""The twenty families of bAbI (arXiv 1502.05698), which are its classes, and how questions and sentences show them.

The question alone decides for fourteen families. `Where is Mary?` is asked in four families, and `Is Mary in the
garden?` in three; for these, the forms of the sentences in the story decide as far as they can (sections 3 and A).
Names and words do not count.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from tracekd.tasks.babi.sentences import plain
from tracekd.tasks.template import Template

FAMILIES = {
    1: "single-supporting-fact",
    2: "two-supporting-facts",
    3: "three-supporting-facts",
    4: "two-arg-relations",
    5: "three-arg-relations",
    6: "yes-no-questions",
    7: "counting",
    8: "lists-sets",
    9: "simple-negation",
    10: "indefinite-knowledge",
    11: "basic-coreference",
    12: "conjunction",
    13: "compound-coreference",
    14: "time-reasoning",
    15: "basic-deduction",
    16: "basic-induction",
    17: "positional-reasoning",
    18: "size-reasoning",
    19: "path-finding",
    20: "agents-motivations",
}
LABELS = tuple(FAMILIES.values())

# The strings of the paper's released data (arXiv 2505.13792), as in its training prompts.
TEMPLATE = Template(
    prompt="Answer the question based on the context:\n{facts}\nQuestion: {question} Only return the answer.\n",
    classify=(
        "The category of the question represents what is being asked in that question. "
        "The category of the question asked is:"
    ),
    retrieve="I need to use the following text to answer the question:",
)


# Questions of the published files have at most 50 characters.
_LONGEST_QUESTION = 1000
_COMPASS = "(?:north|south|east|west)"
_SIDE = "(?:to the left of|to the right of|above|below)"

# The patterns match a question in lower case, with single blanks, and without a blank before its question mark.
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

# The forms of sentences, which show the family of a story. The first form that matches counts.
_FORMS = (
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
    """The possible families of a question about a story. None if the question has an unknown form, or if no family fits."""
    numbers = _numbers(plain(question[:_LONGEST_QUESTION]).replace(" ?", "?"))
    narrow = _NARROW.get(numbers)
    if narrow is not None:
        numbers = narrow(frozenset([_form_of(plain(fact)) for fact in facts]))
    return frozenset([FAMILIES[number] for number in numbers]) or None


def _numbers(question: str) -> tuple[int, ...]:
    return next((numbers for pattern, numbers in _PATTERNS if pattern.fullmatch(question)), ())


@lru_cache(maxsize=2**14)
def _form_of(fact: str) -> str:
    return next((form for pattern, form in _FORMS if pattern.fullmatch(fact)), "")


def _of_where_is(forms: frozenset[str]) -> tuple[int, ...]:
    """By the subjects: one person by name (1), one by a pronoun (11), two at once (12), two by a pronoun (13)."""
    if {"he", "they"} <= forms:
        return (11, 13)
    if "he" in forms:
        return (11,)
    if "they" in forms:
        return (13,)
    return (12,) if "and" in forms else (1,)


def _of_is_there(forms: frozenset[str]) -> tuple[int, ...]:
    """By the facts: people move and handle things (6), facts deny places (9), or facts name two places (10)."""
    possible = [6, 9, 10]
    for form, allowed in (("handled", {6}), ("either", {10}), ("not", {9}), ("is", {9, 10})):
        if form in forms:
            possible = [number for number in possible if number in allowed]
    return tuple(possible)


_NARROW: dict[tuple[int, ...], Callable[[frozenset[str]], tuple[int, ...]]] = {
    (1, 11, 12, 13): _of_where_is,
    (6, 9, 10): _of_is_there,
}

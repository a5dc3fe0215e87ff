"""One value of a statement replaced by another of the same kind from the context, everywhere in its trace.

The grammar's own marks say what is a value and of which kind: a person, a place, a thing, a date. The replaced trace agrees with
itself, because the value is replaced wherever the trace names it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracekd.problem import Fact
from tracekd.statements.cotempqa.words import NAME_MARK as EVENT_NAME
from tracekd.statements.grounding import Grounder
from tracekd.statements.names import Mention
from tracekd.statements.passages.naming import NAME_MARK as PASSAGE_NAME
from tracekd.statements.statement import Statement

# The marks of grammars that have one mark for names of all kinds.
_OF_ALL_KINDS = (EVENT_NAME, PASSAGE_NAME)
_ARTICLES = ("the", "a", "an")
_VOWELS = "aeiou"


class Replaced(NamedTuple):
    """A text with another value. `is_new`: the text did not name this value before, so it says no two things of it."""

    text: str
    is_new: bool


def with_other_values(text: str, statement: Statement, grounder: Grounder, facts: Sequence[Fact]) -> Iterator[Replaced]:
    """The text with one value of a statement replaced by another, everywhere: each value from the last one on, and each
    other value of its kind in the order of the context.

    Dates are not replaced: with another date, a time could end before it begins.
    """
    mentions = grounder.mark(text).mentions
    inside = [one for one in mentions if statement.start <= one.start and one.end <= statement.end]
    known, named = _known(grounder, facts), {(one.mark, one.value) for one in mentions}
    for value in dict.fromkeys((one.mark, one.value) for one in reversed(inside) if isinstance(one.value, str)):
        places = [one for one in mentions if (one.mark, one.value) == value]
        kinds = known[value][1] if value in known else frozenset[str]()
        for other, (said, others) in known.items():
            if other != value and kinds & others:
                yield Replaced(_replaced(text, places, said), other not in named)


def _known(grounder: Grounder, facts: Sequence[Fact]) -> dict[tuple[str, object], tuple[str, frozenset[str]]]:
    """The values of the context: each as the context writes it first, and its kinds."""
    found: dict[tuple[str, object], tuple[str, frozenset[str]]] = {}
    for fact in facts:
        for one in grounder.mark(fact.text).mentions:
            said, kinds = found.get((one.mark, one.value), (fact.text[one.start : one.end], frozenset[str]()))
            found[one.mark, one.value] = said, kinds | {_kind(fact.text[: one.start], one.mark)}
    return found


def _kind(before: str, mark: str) -> str:
    """The kind of a value: its mark, or where one mark is that of all names, the words before it (`works for`)."""
    if mark not in _OF_ALL_KINDS:
        return mark
    words = before.casefold().split()
    while words and words[-1] in _ARTICLES:
        words.pop()
    return " ".join(words[-2:])


def _replaced(text: str, places: Sequence[Mention], other: str) -> str:
    parts: list[str] = []
    at = 0
    for one in places:
        before = text[at : one.start]
        said = text[one.start : one.end]
        new = other[0].upper() + other[1:] if said[0].isupper() and _begins_sentence(text, one.start) else other
        parts += _with_article(before, new), new
        at = one.end
    return "".join([*parts, text[at:]])


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 8) : at].rstrip(" \t*_\"“'-")
    return not before or before[-1] in ".!?:\n"


def _with_article(before: str, new: str) -> str:
    """The words before a value, with the article that it needs."""
    for article, other in ((" a ", " an "), (" an ", " a ")):
        if before.endswith(article) and (new[0].lower() in _VOWELS) != (article == " an "):
            return before[: -len(article)] + other
    return before

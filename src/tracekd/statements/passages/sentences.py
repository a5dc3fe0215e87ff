"""Divides passages into sentences, and says what each one contains."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from tracekd.problem import Fact
from tracekd.statements.passages.tokens import Token, plain, raw_words
from tracekd.statements.passages.words import NEGATIONS

# A sentence ends here, if no abbreviation stands before it.
_STOP = re.compile(r"[.!?][\"'”’)\]]*+\s++(?=[\"'“‘(\[]?[^\W_a-z])|\n++")
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|sr|jr|vs|no|vol|gen|col|capt|lt|sgt|rev|hon|gov|sen|rep|c|ca)|\b[A-Z])\.\Z", re.I
)
_COLON = ": "
# Titles rarely have two colons of their own.
_MOST_COLONS = 3
_LONGEST_TITLE = 300
_BEFORE_STOP = 8
# A negation says of this many words after it that it is not so.
_SCOPE = 4


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage. `place`: of its fact in the context. `title`: of its paragraph; empty if there is none.

    `forms` are its words as they are compared, without the title. `capitals`: those after the first one that begin with a
    capital letter.
    """

    place: int
    title: str
    text: str
    forms: tuple[str, ...]
    capitals: frozenset[str]

    @classmethod
    def of(cls, place: int, title: str, text: str) -> "Sentence":
        """Read a sentence."""
        raw = raw_words(text)
        forms = tuple(map(plain, raw))
        capitals = frozenset([form for word, form in zip(raw[1:], forms[1:], strict=True) if word[0].isupper()])
        return cls(place, title, text, forms, capitals)

    @cached_property
    def joined(self) -> str:
        """The words with single blanks, and blanks around them."""
        return f" {' '.join(self.forms)} "


def sentences_of(facts: Sequence[Fact], titled: bool) -> Iterator[Sentence]:
    """The sentences of passages in order. `titled`: a fact is a title, a colon and a text."""
    titles = _titles(facts) if titled else [""] * len(facts)
    for place, (fact, title) in enumerate(zip(facts, titles, strict=True)):
        for part in _split(fact.text[len(title) :].removeprefix(_COLON)):
            sentence = Sentence.of(place, title, part)
            if sentence.forms:
                yield sentence


def _titles(facts: Sequence[Fact]) -> list[str]:
    """The title of each fact. It may have a colon of its own, which the other sentences of its paragraph then have, too."""
    found = []
    for _, group in groupby(facts, key=lambda fact: fact.id.partition(".")[0]):
        texts = [fact.text for fact in group]
        shared = _shared_title(texts) if len(texts) > 1 else ""
        found += [shared or _title(text) for text in texts]
    return found


def _shared_title(texts: Sequence[str]) -> str:
    """The longest beginning before a colon that all of these texts have."""
    found, at = "", -1
    for _ in range(_MOST_COLONS):
        at = texts[0].find(_COLON, at + 1, _LONGEST_TITLE)
        if at < 0 or not all(text.startswith(texts[0][: at + len(_COLON)]) for text in texts):
            break
        found = texts[0][:at]
    return found


def _title(text: str) -> str:
    """What stands before the first colon; before a later one, if the text behind it begins with the same words."""
    at = text.find(_COLON)
    for _ in range(_MOST_COLONS):
        if at < 0:
            break
        if text.startswith(text[:at], at + len(_COLON)):
            return text[:at] if at <= _LONGEST_TITLE else ""
        at = text.find(_COLON, at + 1)
    title, colon, rest = text.partition(_COLON)
    return title if colon and rest and len(title) <= _LONGEST_TITLE else ""


def _split(text: str) -> Iterator[str]:
    start = 0
    for stop in _STOP.finditer(text):
        at = stop.start() + 1
        if text[at - 1] == "." and _ABBREVIATED.search(text, max(start, at - _BEFORE_STOP), at):
            continue
        yield text[start : stop.end()].strip()
        start = stop.end()
    yield text[start:].strip()


def denied(tokens: Sequence[Token]) -> frozenset[str]:
    """The stems of the words that a negation denies: those with content that follow it."""
    found: set[str] = set()
    left = 0
    for token in tokens:
        if token.form in NEGATIONS:
            left = _SCOPE
        elif left and token.kind != "function":
            found.add(token.stem)
            left -= 1
    return frozenset(found)

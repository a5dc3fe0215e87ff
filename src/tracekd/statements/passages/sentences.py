"""Divides passages into sentences, and says what each one contains."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracekd.problem import Fact
from tracekd.statements.passages.tokens import Token, plain, raw_words
from tracekd.statements.passages.words import NEGATIONS

# A sentence ends here, if no abbreviation stands before it.
_STOP = re.compile(r"[.!?][\"'”’)\]]*+\s++(?=[\"'“‘(\[]?[^\W_a-z])|\n++")
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|sr|jr|vs|no|vol|gen|col|capt|lt|sgt|rev|hon|gov|sen|rep|c|ca)|\b[A-Z])\.\Z", re.I
)
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
        capitals = frozenset([plain(word) for word in raw[1:] if word[0].isupper()])
        return cls(place, title, text, tuple(map(plain, raw)), capitals)

    @cached_property
    def joined(self) -> str:
        """The words with single blanks, and blanks around them."""
        return f" {' '.join(self.forms)} "


def sentences_of(facts: Sequence[Fact], titled: bool) -> Iterator[Sentence]:
    """The sentences of passages in order. `titled`: a fact is a title, a colon and a text."""
    for place, fact in enumerate(facts):
        title, _, text = fact.text.partition(": ") if titled else ("", "", fact.text)
        if titled and not text:
            title, text = "", fact.text
        for part in _split(text):
            sentence = Sentence.of(place, title, part)
            if sentence.forms:
                yield sentence


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

"""One statement about passages, ready to be compared: its words, what its names mean, and whom it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracekd.statements.grounding import Said
from tracekd.statements.names import MARKS, Mention
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.lives import EVENTS
from tracekd.statements.passages.naming import NAME_MARK, Named
from tracekd.statements.passages.sentences import denied
from tracekd.statements.passages.tokens import VALUES, Token, Word, raw_words, tokens_of, words_of
from tracekd.statements.passages.words import HEDGES, NEGATIONS, TALK

# Words that add nothing to what names and other words say.
LIGHT = frozenset(
    "name know person people man woman individual thing date year time one kind type titl title also lie".split()
)
_MARK = re.compile(f"[{MARKS}]")


@dataclass(frozen=True)
class Name:
    """A name in a statement: its tokens from `start` to `end`, and the titles that it may mean."""

    start: int
    end: int
    titles: tuple[str, ...]
    is_possessive: bool = False


@dataclass(frozen=True)
class Claim:
    """A statement, or its part after the words that lead in. `topic`: the title that was spoken of last, or empty;
    `is_topic_sure`: a pronoun can mean nothing else.
    """

    words: Sequence[Word]
    tokens: Sequence[Token]
    names: Sequence[Name]
    topic: str = ""
    is_topic_sure: bool = False

    @classmethod
    def of(cls, said: Said, known: Known, topic: str = "", is_topic_sure: bool = False) -> "Claim":
        """Read the end of a statement that its body tells."""
        words = words_of(said.text)
        words = [word for word in words[len(words) - _count(said) :] if not _is_citation(word, said.text)]
        tokens = tokens_of(words, said.text, known.name_words)
        return cls(words, tokens, _names(said, words, tokens, known), topic, is_topic_sure)

    @cached_property
    def joined(self) -> str:
        """The words with single blanks, and blanks around them."""
        return f" {' '.join([word.form for word in self.words])} "

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """The words with content that are neither names nor values, each stem once."""
        return tuple(
            {token.stem: token for token in self.tokens if token.kind == "content" and token.stem not in LIGHT}.values()
        )

    @cached_property
    def values(self) -> tuple[Token, ...]:
        """The years, numbers and months outside of names."""
        inside = {at for name in self.names for at in range(name.start, name.end)}
        return tuple([token for at, token in enumerate(self.tokens) if token.kind in VALUES and at not in inside])

    def part(self, start: int, end: int | None = None) -> "Claim":
        """The tokens from `start` to `end` as a statement of their own, about the same; a pronoun stands before them."""
        end = len(self.tokens) if end is None else end
        names = [
            Name(one.start - start + 1, one.end - start + 1, one.titles, one.is_possessive)
            for one in self.names
            if start <= one.start and one.end <= end
        ]
        return Claim(
            [_HE, *self.words[start:end]], [_PRONOUN, *self.tokens[start:end]], names, self.subject, bool(self.subject)
        )

    @property
    def first_content(self) -> Token | None:
        """The word with content with which it begins, if no name stands before it: what it is about."""
        first = next((token for token in self.tokens if token.kind != "function"), None)
        return first if first is not None and first.kind == "content" else None

    @cached_property
    def forms(self) -> frozenset[str]:
        """The words."""
        return frozenset([token.form for token in self.tokens])

    @cached_property
    def plain_forms(self) -> frozenset[str]:
        """The words that are no names and no values."""
        return frozenset([token.form for token in self.tokens if token.kind in ("content", "function")])

    @cached_property
    def denied(self) -> frozenset[str]:
        """The stems that a negation denies."""
        return denied(self.tokens)

    @property
    def is_negated(self) -> bool:
        """Whether it has a word of negation."""
        return not self.forms.isdisjoint(NEGATIONS)

    @property
    def is_plain(self) -> bool:
        """Whether it says something surely, denies nothing, and is not about the text or the task."""
        return not self.is_negated and self.is_sure

    @property
    def is_sure(self) -> bool:
        """Whether it is neither a guess nor about the text or the task."""
        return self.plain_forms.isdisjoint(HEDGES) and self.plain_forms.isdisjoint(TALK)

    @cached_property
    def subject(self) -> str:
        """The title that it is surely about: that of the name with which it begins, or of its pronoun; empty otherwise."""
        first = self.names[0] if self.names else None
        if first is not None and all(token.form in _BEFORE_SUBJECT for token in self.tokens[: first.start]):
            return first.titles[0] if len(first.titles) == 1 and not first.is_possessive else ""
        return self.topic if self.is_topic_sure and self.tokens and self.begins_with_pronoun else ""

    @property
    def names_a_quality(self) -> bool:
        """Whether it may say what somebody is with a name only: `She was Swiss`."""
        return bool(self.tokens) and self.tokens[0].form in ("he", "she", "they")

    @property
    def begins_with_pronoun(self) -> bool:
        """Whether it begins with `she`, `it`, `the film` and the like, or has no subject."""
        first = self.tokens[0].form
        if self.tokens[0].stem in EVENTS:  # `Ada Brook: born 1931`
            return True
        return first in _PRONOUNS or (
            first in ("the", "this") and len(self.tokens) > 1 and self.tokens[1].form in _NOUNS
        )


_PRONOUNS = frozenset("he she it they this that who which".split())
_HE = Word("he", 0, 0, False)
_PRONOUN = Token("he", "he", "function", True)
_BEFORE_SUBJECT = frozenset("the and but so then also that".split())
_NOUNS = frozenset(
    "film movie album song novel book band group company school university town city village club team person actor "
    "actress director singer writer author show series".split()
)


def _is_citation(word: Word, text: str) -> bool:
    """Whether a word is a number in square brackets: `[3]`."""
    return word.form.isdigit() and text[word.start - 1 : word.start] == "[" and text[word.end : word.end + 1] == "]"


def _count(said: Said) -> int:
    """How many words the body has, with those of its names."""
    count = len(raw_words(_MARK.sub(" ", said.body)))
    for mention in said.mentions:
        count += len(raw_words(said.text[mention.start - said.start : mention.end - said.start]))
    return count


def _names(said: Said, words: Sequence[Word], tokens: Sequence[Token], known: Known) -> list[Name]:
    """The names of the context, and other runs of words with capital letters, in order."""
    found: list[Name] = []
    at = 0
    mentions = [one for one in said.mentions if one.mark == NAME_MARK]
    taken: set[int] = set()
    for mention in mentions:
        start, end = mention.start - said.start, mention.end - said.start
        while at < len(words) and words[at].start < start:
            at += 1
        first = at
        while at < len(words) and words[at].end <= end:
            at += 1
        if at > first:
            found.append(Name(first, at, _titles(mention), said.text[end - 2 : end] in ("'s", "\u2019s")))
            taken.update(range(first, at))
    run = -1
    # Names within a quoted sentence that is only a part of the statement are no mentions; neither are unknown names.
    for place, token in enumerate((*tokens, _PRONOUN)):
        is_name = token.kind == "name" and place not in taken
        if is_name and run < 0:
            run = place
        elif not is_name and run >= 0:
            found.append(Name(run, place, known.naming.titles([one.form for one in tokens[run:place]])))
            run = -1
    return _merged(sorted(found, key=lambda name: name.start), words)


def _merged(names: Sequence[Name], words: Sequence[Word]) -> list[Name]:
    """The names, where `Anna` and `Brandt` in `Anna Brandt` are one name, and not that of `Ida Brandt`."""
    found: list[Name] = []
    for name in names:
        last = found[-1] if found else None
        if last and last.end == name.start and words[name.start].start - words[last.end - 1].end == 1:
            short = last if last.titles else name
            if bool(last.titles) != bool(name.titles) and short.end - short.start == 1:
                found[-1] = Name(last.start, name.end, (), name.is_possessive)
                continue
        found.append(name)
    return found


def _titles(mention: Mention) -> tuple[str, ...]:
    return mention.value.titles if isinstance(mention.value, Named) else ()

"""What passages say, indexed by words: which sentences hold a word, and which titles a name may mean."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from tracekd.problem import Fact
from tracekd.statements.names import Marked
from tracekd.statements.names import mark as mark_mentions
from tracekd.statements.passages.lives import Lives
from tracekd.statements.passages.naming import Naming, short_title
from tracekd.statements.passages.sentences import Sentence, denied, sentences_of
from tracekd.statements.passages.tokens import Token, plain, raw_words, tokens_of, words_of
from tracekd.statements.passages.words import FUNCTION_WORDS, MONTHS, NEGATIONS, stem

_IS_A_PLACE = re.compile(
    r"\b(?:is|was) (?:a|an|the) (?:[a-z-]+ ){0,3}?"
    r"(city|town|village|municipality|hamlet|country|county|state|province|river|island)\b"
)
_LATEST_KIND = 200
_NOTHING: frozenset[str] = frozenset()
# More sentences than any problem has; only the first ones are looked at, so that time stays linear.
_MOST_SENTENCES = 2000


@dataclass(frozen=True)
class Known:
    """A question and its passages. A set of sentences is an int with one bit for each sentence.

    `holding`: the sentences in which a stem or a form of a word occurs, with the words of their titles. `of_title`: the
    sentences of the paragraphs with a title. `name_words`: the words of names. `lives`: the dates of births, deaths,
    releases and the like.
    """

    question: str
    facts: Sequence[Fact]
    sentences: Sequence[Sentence]
    name_words: frozenset[str]
    holding: dict[str, int]
    of_title: dict[str, int]
    _tokens: dict[int, list[Token]] = field(default_factory=dict)

    @classmethod
    def titled(cls, question: str, facts: Sequence[Fact]) -> "Known":
        """Read a question and its passages, each with a title and a colon before it."""
        return cls._of(question, facts, True)

    @classmethod
    def untitled(cls, question: str, facts: Sequence[Fact]) -> "Known":
        """Read a question and its passages, which have no titles."""
        return cls._of(question, facts, False)

    @classmethod
    def _of(cls, question: str, facts: Sequence[Fact], titled: bool) -> "Known":
        sentences = tuple(islice(sentences_of(facts, titled), _MOST_SENTENCES))
        of_title: dict[str, int] = {}
        for at, sentence in enumerate(sentences):
            of_title[sentence.title] = of_title.get(sentence.title, 0) | 1 << at
        holding = _holding(sentences, of_title)
        known = cls(question, facts, sentences, _name_words(question, sentences, of_title), holding, of_title)
        for (_, event), given in known.lives.implied.items():
            # Brackets give birth and death without these words, and `is a 1949 film` gives a release.
            holding[event] = holding.get(event, 0) | 1 << given.place
        return known

    def tokens(self, place: int) -> list[Token]:
        """What each word of a sentence is."""
        found = self._tokens.get(place)
        if found is None:
            text = self.sentences[place].text
            found = self._tokens[place] = tokens_of(words_of(text), text, self.name_words)
        return found

    def denied(self, place: int) -> frozenset[str]:
        """The stems that a negation in a sentence denies."""
        if NEGATIONS.isdisjoint(self.sentences[place].forms):
            return _NOTHING
        return denied(self.tokens(place))

    @cached_property
    def lives(self) -> Lives:
        """The dates of births, deaths, releases and the like."""
        return Lives.of(self.sentences, self.of_title, self.tokens)

    @cached_property
    def naming(self) -> Naming:
        """The names of the context, to find them in traces."""
        return Naming.of(self.sentences, self.name_words)

    @cached_property
    def question_words(self) -> frozenset[str]:
        """The words of the question."""
        return frozenset(map(plain, raw_words(self.question)))

    def mark(self, text: str) -> Marked:
        """Mark the names of the context and its quoted sentences in a text."""
        return mark_mentions(text, (), self.naming.find(text))

    def with_token(self, token: Token) -> int:
        """The sentences in which a word occurs, in any form."""
        return self.holding.get(token.stem, 0) | self.holding.get(token.form, 0)

    def about(self, title: str) -> int:
        """The sentences about a title: those of its paragraph, and those in which its whole name occurs."""
        named = -1
        for word in raw_words(short_title(title)):
            named &= self.holding.get(plain(word), 0)
        return self.of_title.get(title, 0) | (named if named != -1 else 0)

    def names_only_its_title(self, place: int) -> bool:
        """Whether a sentence names nothing but what its paragraph is about."""
        sentence = self.sentences[place]
        return not sentence.capitals.difference(map(plain, raw_words(sentence.title)), FUNCTION_WORDS, MONTHS)

    @cached_property
    def kinds_of_places(self) -> dict[str, str]:
        """The kind of each title that is a place, such as `town`, as the first sentence of its paragraph says."""
        found: dict[str, str] = {}
        for title, places in self.of_title.items():
            kind = _IS_A_PLACE.search(self.sentences[bits(places)[0]].text, 0, _LATEST_KIND) if title else None
            if kind is not None:
                found[title] = kind[1]
        return found

    def first_of(self, title: str) -> int:
        """The first sentence of a title."""
        places = self.of_title[title]
        return (places & -places).bit_length() - 1

    def ids(self, places: Iterable[int]) -> tuple[str, ...]:
        """The ids of the facts of these sentences, in the order of the context."""
        return tuple([self.facts[at].id for at in sorted({self.sentences[place].place for place in places})])


def bits(places: int) -> list[int]:
    """The numbers of the bits that are set."""
    found = []
    while places:
        low = places & -places
        found.append(low.bit_length() - 1)
        places ^= low
    return found


def _holding(sentences: Sequence[Sentence], of_title: dict[str, int]) -> dict[str, int]:
    """The sentences that hold each word, by its form and by its stem, or whose title does."""
    of_form: dict[str, int] = {}
    for at, sentence in enumerate(sentences):
        bit = 1 << at
        for form in set(sentence.forms):
            of_form[form] = of_form.get(form, 0) | bit
    for title, places in of_title.items():
        for form in map(plain, raw_words(title)):
            of_form[form] = of_form.get(form, 0) | places
    holding = dict(of_form)
    for form, places in of_form.items():
        root = stem(form)
        if root != form:
            holding[root] = holding.get(root, 0) | places
    return holding


def _name_words(question: str, sentences: Sequence[Sentence], titles: Iterable[str]) -> frozenset[str]:
    """The words that have a capital letter within a sentence or in a title."""
    found = {plain(word) for title in titles for word in raw_words(title) if word[0].isupper()}
    found |= {plain(word) for word in raw_words(question)[1:] if word[0].isupper()}
    return frozenset(found.union(*[one.capitals for one in sentences]))

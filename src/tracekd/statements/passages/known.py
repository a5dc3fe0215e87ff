"""What passages say, indexed by words: which sentences hold a word, and which titles a name may mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracekd.problem import Fact
from tracekd.statements.names import Marked
from tracekd.statements.names import mark as mark_mentions
from tracekd.statements.passages.lives import Lives
from tracekd.statements.passages.naming import Naming, short_title
from tracekd.statements.passages.sentences import Sentence, denied, sentences_of
from tracekd.statements.passages.tokens import Token, words_of
from tracekd.statements.passages.words import stem

# More sentences than any problem has; only the first ones are looked at, so that time stays linear.
_MOST_SENTENCES = 2000


@dataclass(frozen=True)
class Known:
    """A question and its passages. A set of sentences is an int with one bit for each sentence.

    `holding`: the sentences in which a stem or a form of a word occurs, with the words of their titles.
    `of_title`: the sentences of the paragraphs with a title. `denied`: the stems that a negation in the sentence denies.
    `name_words`: the words of names. `lives`: the dates of births, deaths, releases and the like.
    """

    question: str
    facts: Sequence[Fact]
    sentences: Sequence[Sentence]
    tokens: Sequence[Sequence[Token]]
    denied: Sequence[frozenset[str]]
    name_words: frozenset[str]
    lives: Lives
    holding: dict[str, int] = field(default_factory=dict)
    of_title: dict[str, int] = field(default_factory=dict)

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
        sentences = []
        for sentence in sentences_of(facts, titled):
            sentences.append(sentence)
            if len(sentences) == _MOST_SENTENCES:
                break
        name_words = _name_words(question, sentences)
        tokens = [sentence.tokens(name_words) for sentence in sentences]
        lives = Lives.of(sentences, tokens)
        known = cls(question, facts, sentences, tokens, [denied(one) for one in tokens], name_words, lives)
        for at, sentence in enumerate(sentences):
            bit = 1 << at
            known.of_title[sentence.title] = known.of_title.get(sentence.title, 0) | bit
            for token in tokens[at]:
                known._add(token.form, bit)
                known._add(token.stem, bit)
        for title, places in known.of_title.items():
            for word in words_of(title):
                known._add(word.form, places)
                known._add(stem(word.form), places)
        for (_, event), given in lives.dates.items():
            known._add(event, 1 << given.place)  # brackets give birth and death without these words
        return known

    def _add(self, word: str, places: int) -> None:
        self.holding[word] = self.holding.get(word, 0) | places

    @cached_property
    def naming(self) -> Naming:
        """The names of the context, to find them in traces."""
        return Naming.of(self.question, self.sentences, self.name_words)

    @cached_property
    def question_words(self) -> frozenset[str]:
        """The words of the question."""
        return frozenset([word.form for word in words_of(self.question)])

    def mark(self, text: str) -> Marked:
        """Mark the names of the context and its quoted sentences in a text."""
        return mark_mentions(text, (), self.naming.find(text))

    def with_token(self, token: Token) -> int:
        """The sentences in which a word occurs, in any form."""
        return self.holding.get(token.stem, 0) | self.holding.get(token.form, 0)

    def about(self, title: str) -> int:
        """The sentences about a title: those of its paragraph, and those in which its whole name occurs."""
        named = -1
        for word in words_of(short_title(title)):
            named &= self.holding.get(word.form, 0)
        return self.of_title.get(title, 0) | (named if named != -1 else 0)

    def names_only_its_title(self, place: int) -> bool:
        """Whether a sentence names nothing but what its paragraph is about."""
        own = {word.form for word in words_of(self.sentences[place].title)}
        return all(token.form in own for token in self.tokens[place] if token.kind == "name")

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


def _name_words(question: str, sentences: Sequence[Sentence]) -> frozenset[str]:
    """The words that have a capital letter within a sentence or in a title."""
    found = {word.form for title in {one.title for one in sentences} for word in words_of(title) if word.capital}
    for one in sentences:
        found |= {word.form for word in one.words[1:] if word.capital}
    found |= {word.form for word in words_of(question)[1:] if word.capital}
    return frozenset(found)

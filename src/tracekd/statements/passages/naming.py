"""Finds the names of passages, and whole sentences of them, in a trace."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracekd.statements.names import Mention
from tracekd.statements.passages.sentences import Sentence
from tracekd.statements.passages.tokens import Word, plain, raw_words, words_of
from tracekd.statements.passages.words import FUNCTION_WORDS, MONTHS

NAME_MARK = "\ue0c1"
QUOTE_MARK = "\ue0c2"
# A sentence is found in a trace by its first words; shorter ones are compared when the statement is read.
_FIRST_WORDS = 3
_PARENTHESIS = re.compile(r" ?\([^()]*\)")
_LONGEST_NAME = 8
_UPPER = r"[^\W\d_a-zß-öø-ÿ][^\W_]*+(?:['’][^\W_]++)?"
# Words with a capital letter, with short words, full stops or dashes between them.
_NAME = re.compile(
    rf"\b{_UPPER}(?:(?: (?:of |the |de |la |le |van |von |der |den |del |di |da |du ){{0,2}}|[-–]|\. ?|, (?=[JS]r\b)){_UPPER})*+"
)


class Named(NamedTuple):
    """What a name means: the titles that it may stand for; none if no paragraph is about it."""

    titles: tuple[str, ...]


class Quotation(NamedTuple):
    """A whole sentence of the context, by its number."""

    place: int


@dataclass(frozen=True)
class Naming:
    """Names and sentences by their first words. `names`: for each first word, the names that begin with it, the longest
    first, each with what it means. `quotable`: for the first words of sentences, the sentences that begin with them.
    """

    names: dict[str, list[tuple[tuple[str, ...], Named]]]
    quotable: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]]

    @classmethod
    def of(cls, question: str, sentences: Sequence[Sentence], name_words: frozenset[str]) -> "Naming":
        """The names of titles, sentences and question."""
        titles = list(dict.fromkeys(one.title for one in sentences))
        meanings: dict[tuple[str, ...], dict[str, None]] = {}
        for title in titles:
            for form in _forms(title):
                meanings.setdefault(form, {})[title] = None
        whole: dict[tuple[str, ...], dict[str, None]] = {}
        for title in titles:
            for form in _whole_forms(title):  # `Kolm` is the village, not the beginning of `Kolm Mill`
                whole.setdefault(form, {})[title] = None
        meanings |= whole
        before = ""
        for one in sentences:
            forms = list(names_in(one.text, name_words))
            if forms and one.title != before and _is_long_name(forms[0], one):
                meanings.setdefault(forms[0], {})[one.title] = None
            before = one.title
            for form in forms:
                meanings.setdefault(form, {})
        for form in names_in(question, name_words):
            meanings.setdefault(form, {})
        names: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
        for form in sorted(meanings, key=len, reverse=True):
            names.setdefault(form[0], []).append((form, Named(tuple(meanings[form]))))
        return cls(names, _quotable(sentences))

    def titles(self, forms: Sequence[str]) -> tuple[str, ...]:
        """The titles that a name with these words may mean."""
        return next((named.titles for form, named in self.names.get(forms[0], ()) if form == tuple(forms)), ())

    def find(self, text: str) -> Iterator[Mention]:
        """The quoted sentences and the names of a text, in order. Names within a quoted sentence are not found."""
        words = words_of(text)
        forms = tuple([word.form for word in words])
        at, size = 0, len(words)
        while at < size:
            quoted = self.quotable.get(forms[at : at + _FIRST_WORDS]) if at + _FIRST_WORDS < size else None
            found = next((one for one in quoted if forms[at : at + len(one[0])] == one[0]), None) if quoted else None
            if found is not None:
                end = at + len(found[0])
                yield Mention(words[at].start, words[end - 1].end, QUOTE_MARK, Quotation(found[1]))
                at = end
                continue
            at += yield from self._name(words, forms, at)

    def _name(self, words: Sequence[Word], forms: tuple[str, ...], at: int) -> "Iterator[Mention]":
        """The name that begins at a word, if any; returns how many words were read."""
        for form, named in self.names.get(forms[at], ()) if words[at].capital or forms[at][0].isdigit() else ():
            end = at + len(form)
            if forms[at:end] == form:
                yield Mention(words[at].start, words[end - 1].end, NAME_MARK, named)
                return len(form)
        return 1


def short_title(title: str) -> str:
    """A title without what stands in brackets at its end."""
    return _PARENTHESIS.sub("", title).strip() or title


def names_in(text: str, name_words: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The names of a text: runs of words with capital letters, and short words between them."""
    for found in _NAME.finditer(text):
        forms = tuple(map(plain, raw_words(found[0])))
        while forms and (forms[0] in FUNCTION_WORDS or forms[0] in MONTHS):
            forms = forms[1:]
        is_first = found.start() <= 1 and len(forms) == 1
        if forms and len(forms[0]) + len(forms) > 2 and not (is_first and forms[0] not in name_words):
            yield forms[:_LONGEST_NAME]


def _quotable(sentences: Sequence[Sentence]) -> dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]]:
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
    for at, one in enumerate(sentences):
        if len(one.forms) > _FIRST_WORDS:
            found.setdefault(one.forms[:_FIRST_WORDS], []).append((one.forms, at))
    for group in found.values():
        group.sort(key=lambda item: -len(item[0]))
    return found


def _is_long_name(form: tuple[str, ...], first: Sentence) -> bool:
    """Whether a paragraph begins with this name, and it shares a word with the title: `Jeffrey Thomas Porcaro`."""
    if len(form) < 2 or form != first.forms[: len(form)] or not first.title:
        return False
    return not set(map(plain, raw_words(first.title))).difference(FUNCTION_WORDS).isdisjoint(form)


def _whole_forms(title: str) -> list[tuple[str, ...]]:
    """A title, and without what stands in brackets."""
    found = [tuple(map(plain, raw_words(text))) for text in (title, short_title(title))]
    return [form for form in dict.fromkeys(found) if form]


def _forms(title: str) -> Iterator[tuple[str, ...]]:
    """A title and the shorter names of what it is about."""
    yield from _whole_forms(title)
    short = raw_words(short_title(title))
    forms = tuple(map(plain, short))
    if len(forms) > 1 and forms[0] in ("the", "a", "an"):
        yield forms[1:]
    is_person = 2 <= len(forms) <= 4 and all(word[0].isupper() for word in short) and not any(f in FUNCTION_WORDS for f in forms)
    if is_person and len(forms[-1]) > 2:
        yield forms[-1:]
        if len(forms[0]) > 2:
            yield forms[:1]
        if len(forms) > 2:
            yield (forms[0], forms[-1])

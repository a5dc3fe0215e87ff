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
# Where the name of what a paragraph is about stands.
_BEGINNING = 100
_NO_NAMES = FUNCTION_WORDS | frozenset(MONTHS)


class Named(NamedTuple):
    """What a name means: the titles that it may stand for; none if no paragraph is about it."""

    titles: tuple[str, ...]


_NO_TITLE = Named(())


class Quotation(NamedTuple):
    """A whole sentence of the context, by its number."""

    place: int


@dataclass(frozen=True)
class Naming:
    """What is found in traces, by first words. `titles_by_first`: for each first word, the names of what paragraphs are
    about that begin with it, the longest first, each with what it means. `quotable`: for the first words of sentences, the
    sentences that begin with them. `name_words`: the words of all other names.
    """

    titles_by_first: dict[str, list[tuple[tuple[str, ...], Named]]]
    quotable: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]]
    name_words: frozenset[str]

    @classmethod
    def of(cls, sentences: Sequence[Sentence], name_words: frozenset[str]) -> "Naming":
        """The names of titles, in the forms that people use, and the sentences."""
        titles = list(dict.fromkeys(one.title for one in sentences if one.title))
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
            if one.title != before and (form := _long_name(one)):
                meanings.setdefault(form, {})[one.title] = None
            before = one.title
        names: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
        for form in sorted(meanings, key=len, reverse=True):
            names.setdefault(form[0], []).append((form, Named(tuple(meanings[form]))))
        return cls(names, _quotable(sentences), name_words)

    def titles(self, forms: Sequence[str]) -> tuple[str, ...]:
        """The titles that a name with these words may mean."""
        return next((named.titles for form, named in self.titles_by_first.get(forms[0], ()) if form == tuple(forms)), ())

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
            mention = next(self._name(words, forms, at, text), None)
            at += 1
            if mention is not None:
                yield mention
                while at < size and words[at].start < mention.end:
                    at += 1

    def _name(self, words: Sequence[Word], forms: tuple[str, ...], at: int, text: str) -> Iterator[Mention]:
        """The name that begins at a word, if any."""
        word = words[at]
        if not word.capital and not forms[at][0].isdigit():
            return
        if (found := self._title(forms, at)) is not None:
            yield Mention(word.start, words[at + len(found[0]) - 1].end, NAME_MARK, found[1])
        elif self._is_name_word(word):
            end = at + 1
            while end < len(words) and end < at + _LONGEST_NAME and self._is_name_word(words[end]):
                if text[words[end - 1].end : words[end].start] != " " or self._title(forms, end) is not None:
                    break
                end += 1
            yield Mention(word.start, words[end - 1].end, NAME_MARK, _NO_TITLE)

    def _title(self, forms: tuple[str, ...], at: int) -> tuple[tuple[str, ...], Named] | None:
        for form, named in self.titles_by_first.get(forms[at], ()):
            if forms[at : at + len(form)] == form:
                return form, named
        return None

    def _is_name_word(self, word: Word) -> bool:
        return word.capital and word.form in self.name_words and word.form not in _NO_NAMES


def short_title(title: str) -> str:
    """A title without what stands in brackets at its end."""
    return _PARENTHESIS.sub("", title).strip() or title


def _quotable(sentences: Sequence[Sentence]) -> dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]]:
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
    for at, one in enumerate(sentences):
        if len(one.forms) > _FIRST_WORDS:
            found.setdefault(one.forms[:_FIRST_WORDS], []).append((one.forms, at))
    for group in found.values():
        group.sort(key=lambda item: -len(item[0]))
    return found


def _long_name(first: Sentence) -> tuple[str, ...]:
    """The name with which a paragraph begins, if it shares a word with the title: `Jeffrey Thomas Porcaro`."""
    raw = raw_words(first.text[:_BEGINNING])
    size = next((at for at, word in enumerate(raw) if not word[0].isupper()), len(raw))
    form = first.forms[:size]
    own = set(map(plain, raw_words(first.title))) - FUNCTION_WORDS
    return form if 2 <= size <= _LONGEST_NAME and not own.isdisjoint(form) else ()


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

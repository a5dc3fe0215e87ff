"""Finds the names of passages, and whole sentences of them, in a trace."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracekd.statements.names import Mention
from tracekd.statements.passages.sentences import Sentence
from tracekd.statements.passages.tokens import Word, words_of
from tracekd.statements.passages.words import FUNCTION_WORDS, MONTHS

NAME_MARK = "\ue0c1"
QUOTE_MARK = "\ue0c2"
# A sentence is found in a trace by its first words; shorter ones are compared when the statement is read.
_FIRST_WORDS = 3
_PARENTHESIS = re.compile(r" ?\([^()]*\)")
_LONGEST_NAME = 8
# Only these may stand between the words of a name.
_INSIDE_NAME = re.compile(r" (?:(?:of|the|de|la|le|van|von|der|den|del|di|da|du) ){0,2}|[-–]|\. ?|['’]s? ?|, (?=Jr|Sr)")


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
        meanings: dict[tuple[str, ...], dict[str, None]] = {}
        for title in dict.fromkeys(one.title for one in sentences):
            for form in _forms(title):
                meanings.setdefault(form, {})[title] = None
        for title in dict.fromkeys(one.title for one in sentences):
            for form in _whole_forms(title):  # `Kolm` is the village, not the beginning of `Kolm Mill`
                meanings[form] = {other: None for other in meanings[form] if form in _whole_forms(other)}
        for form, title in _long_names(sentences, name_words):
            meanings.setdefault(form, {})[title] = None
        for words, text in [(one.words, one.text) for one in sentences] + [(tuple(words_of(question)), question)]:
            for form in names_in(words, text, name_words):
                meanings.setdefault(form, {})
        names: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
        for form in sorted(meanings, key=len, reverse=True):
            names.setdefault(form[0], []).append((form, Named(tuple(meanings[form]))))
        quotable: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
        for at, one in enumerate(sentences):
            if len(one.forms) > _FIRST_WORDS:
                quotable.setdefault(one.forms[:_FIRST_WORDS], []).append((one.forms, at))
        for found in quotable.values():
            found.sort(key=lambda item: -len(item[0]))
        return cls(names, quotable)

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


def names_in(words: Sequence[Word], text: str, name_words: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The names of a text: runs of words with capital letters."""
    run: list[Word] = []
    for place, word in enumerate(words):
        starts = word.capital and word.form not in FUNCTION_WORDS and word.form not in MONTHS
        starts = starts and (place > 0 or word.form in name_words)
        if run and starts and len(run) < _LONGEST_NAME and _INSIDE_NAME.fullmatch(text, run[-1].end, word.start):
            run.append(word)
            continue
        if run:
            yield from _of_run(run, text)
        run = [word] if starts else []
    if run:
        yield from _of_run(run, text)


def _long_names(sentences: Sequence[Sentence], name_words: frozenset[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The names with which paragraphs begin, if they share a word with the title: `Jeffrey Thomas Porcaro`."""
    before = ""
    for one in sentences:
        if one.title and one.title != before and (form := next(names_in(one.words, one.text, name_words), None)):
            own = {word.form for word in words_of(one.title)} - FUNCTION_WORDS
            if form == one.forms[: len(form)] and len(form) > 1 and own & set(form):
                yield form, one.title
        before = one.title


def _of_run(run: Sequence[Word], text: str) -> Iterator[tuple[str, ...]]:
    forms = tuple([word.form for word in words_of(text[run[0].start : run[-1].end])])
    if forms and (len(forms) > 1 or len(forms[0]) > 1):
        yield forms


def _whole_forms(title: str) -> list[tuple[str, ...]]:
    """A title, and without what stands in brackets."""
    found = [tuple([word.form for word in words_of(text)]) for text in (title, short_title(title))]
    return [form for form in dict.fromkeys(found) if form]


def _forms(title: str) -> Iterator[tuple[str, ...]]:
    """A title and the shorter names of what it is about."""
    yield from _whole_forms(title)
    short = words_of(short_title(title))
    forms = tuple([word.form for word in short])
    if len(forms) > 1 and forms[0] in ("the", "a", "an"):
        yield forms[1:]
    is_person = 2 <= len(forms) <= 4 and all(word.capital for word in short) and not any(f in FUNCTION_WORDS for f in forms)
    if is_person and len(forms[-1]) > 2:
        yield forms[-1:]
        if len(forms[0]) > 2:
            yield forms[:1]
        if len(forms) > 2:
            yield (forms[0], forms[-1])

"""Finds the names of passages, and whole sentences of them, in a trace."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracekd.statements.names import Mention
from tracekd.statements.passages.sentences import Sentence
from tracekd.statements.passages.tokens import matches, plain, raw_words
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
        whole: dict[tuple[str, ...], dict[str, None]] = {}
        parts: dict[tuple[str, ...], dict[str, None]] = {}
        before = ""
        for one in sentences:
            if one.title != before:
                before = one.title
                raw = raw_words(before)
                short = raw_words(short_title(before)) if "(" in before else raw
                for form in (tuple(map(plain, raw)), tuple(map(plain, short))):
                    whole.setdefault(form, {})[before] = None
                for form in (*_parts(short), _long_name(one, raw)):
                    parts.setdefault(form, {})[before] = None
        # `Kolm` is the village, not the beginning of `Kolm Mill`.
        meanings = parts | whole
        meanings.pop((), None)
        names: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
        for form in sorted(meanings, key=len, reverse=True):
            names.setdefault(form[0], []).append((form, Named(tuple(meanings[form]))))
        return cls(names, _quotable(sentences), name_words)

    def titles(self, forms: Sequence[str]) -> tuple[str, ...]:
        """The titles that a name with these words may mean."""
        return next(
            (named.titles for form, named in self.titles_by_first.get(forms[0], ()) if form == tuple(forms)), ()
        )

    def find(self, text: str) -> Iterator[Mention]:
        """The quoted sentences and the names of a text, in order. Names within a quoted sentence are not found."""
        words = matches(text)
        forms = tuple([plain(word[0]) for word in words])
        quotable, titles, name_words = self.quotable, self.titles_by_first, self.name_words
        at, size = 0, len(words)
        while at < size:
            if at + _FIRST_WORDS < size and (quoted := quotable.get(forms[at : at + _FIRST_WORDS])):
                found = next((one for one in quoted if forms[at : at + len(one[0])] == one[0]), None)
                if found is not None:
                    end = at + len(found[0])
                    yield Mention(words[at].start(), words[end - 1].end(), QUOTE_MARK, Quotation(found[1]))
                    at = end
                    continue
            end = at + 1
            if forms[at] in titles or forms[at] in name_words:
                end, named = self._name(words, forms, at, text)
                if named is not None:
                    yield Mention(words[at].start(), words[end - 1].end(), NAME_MARK, named)
            at = end

    def _name(
        self, words: Sequence[re.Match[str]], forms: tuple[str, ...], at: int, text: str
    ) -> tuple[int, Named | None]:
        """The place behind the name that begins at a word, and what it means; None if no name begins there."""
        first = words[at][0][0]
        end = at + 1
        if not first.isupper() and not first.isdigit():
            return end, None
        if (found := self._title(forms, at)) is not None:
            return at + len(found[0]), found[1]
        if not self._is_name_word(words[at], forms[at]):
            return end, None
        while end < len(words) and end < at + _LONGEST_NAME and self._is_name_word(words[end], forms[end]):
            if text[words[end - 1].end() : words[end].start()] != " " or self._title(forms, end) is not None:
                break
            end += 1
        return end, _NO_TITLE

    def _title(self, forms: tuple[str, ...], at: int) -> tuple[tuple[str, ...], Named] | None:
        for form, named in self.titles_by_first.get(forms[at], ()):
            if forms[at : at + len(form)] == form:
                return form, named
        return None

    def _is_name_word(self, word: re.Match[str], form: str) -> bool:
        return word[0][0].isupper() and form in self.name_words and form not in _NO_NAMES


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


def _long_name(first: Sentence, title: Sequence[str]) -> tuple[str, ...]:
    """The name with which a paragraph begins, if it shares a word with the title: `Jeffrey Thomas Porcaro`."""
    raw = raw_words(first.text[:_BEGINNING])
    size = next((at for at, word in enumerate(raw) if not word[0].isupper()), len(raw))
    form = first.forms[:size]
    own = set(map(plain, title)) - FUNCTION_WORDS
    return form if 2 <= size <= _LONGEST_NAME and not own.isdisjoint(form) else ()


def _parts(short: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The shorter names of what a paragraph is about; `short`: the words of its title without what stands in brackets."""
    forms = tuple(map(plain, short))
    if len(forms) > 1 and forms[0] in ("the", "a", "an"):
        yield forms[1:]
    is_person = 2 <= len(forms) <= 4 and all(word[0].isupper() for word in short) and FUNCTION_WORDS.isdisjoint(forms)
    if is_person and len(forms[-1]) > 2:
        yield forms[-1:]
        if len(forms[0]) > 2:
            yield forms[:1]
        if len(forms) > 2:
            yield (forms[0], forms[-1])

"""Finds a sentence that a statement repeats word for word, with one value changed.

This is the surest kind of contradiction: all other words are the same, in the same order, and the stated value does not
occur with the title anywhere. If the statement begins with the title and the sentence with a pronoun, both count as the
same. A changed name counts only if a word with content stands before it, and both have two words or more; behind `in`, `at`,
`from` and the like only if the context says that both are towns, or both rivers: a town and its country are both right.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracekd.statements.passages.claim import Claim
from tracekd.statements.passages.contradicting import Contradiction, is_inexact, is_rounded, occurs, same_kind, text_of
from tracekd.statements.passages.known import Known, bits
from tracekd.statements.passages.lives import same_date
from tracekd.statements.passages.slots import Value, dates_of, names_of, numbers_of, values_of
from tracekd.statements.passages.tokens import Token, plain, raw_words

_FEWEST_WORDS, _FEWEST_WITH_CONTENT = 4, 2
# So many equal words are about the same, even if no name says so.
_MANY_WORDS = 8
_MOST_VALUES, _MOST_CANDIDATES = 8, 8
_PLACES = frozenset("in at from near to of on".split())
_PRONOUNS = frozenset("he she it they".split())


class _Frame(NamedTuple):
    """The words of a statement around a value; `title`: what they are about, if it was named before them."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    title: str


def find_changed(claim: Claim, known: Known) -> Contradiction | None:
    """The value that a sentence has instead of one of the statement; None if it repeats no sentence with one changed."""
    tokens = claim.tokens
    if len(tokens) <= _FEWEST_WORDS:
        return None
    names = [one for one in names_of(tokens) if one.slot and (one.end - one.start > 1 or one.link in _PLACES)]
    for value in (*values_of(claim), *names)[:_MOST_VALUES]:
        if is_inexact(tokens, value.start):
            continue
        own = tokens[value.start : value.end]
        for frame in _frames(claim, value):
            for place in _places(frame, known):
                if not frame.title and not _is_about(claim, frame, known.sentences[place].title):
                    continue
                given = _given(frame, value, own, known, place)
                if given and not occurs(known, own, place, known.sentences[place].title):
                    return Contradiction(
                        place, given, text_of(own), value.slot or text_of(tokens[value.end : value.end + 1])
                    )
    return None


def _is_about(claim: Claim, frame: _Frame, title: str) -> bool:
    """Whether the statement is surely about what the sentence is about: by a name, by the topic, or by many equal words."""
    if claim.names and not claim.begins_with_pronoun:
        return True
    return len(frame.before) + len(frame.after) >= _MANY_WORDS or (bool(title) and title == claim.topic)


def _frames(claim: Claim, value: Value) -> Iterator[_Frame]:
    forms = tuple([token.form for token in claim.tokens])
    after = forms[value.end :]
    yield _Frame(forms[: value.start], after, "")
    first = claim.names[0] if claim.names else None
    if first and first.start <= 1 and len(first.titles) == 1 and not first.is_possessive and first.end <= value.start:
        yield _Frame(forms[first.end : value.start], after, first.titles[0])
    elif claim.is_topic_sure and forms[0] in _PRONOUNS and value.start:
        yield _Frame(forms[1 : value.start], after, claim.topic)


def _places(frame: _Frame, known: Known) -> list[int]:
    """The sentences with all words of a frame."""
    words = (*frame.before, *frame.after)
    if len(words) < _FEWEST_WORDS - bool(frame.title):
        return []
    places = known.of_title.get(frame.title, 0) if frame.title else -1
    for word in words:
        places &= known.holding.get(word, 0)
        if not places:
            return []
    return bits(places)[:_MOST_CANDIDATES]


def _given(frame: _Frame, value: Value, own: Sequence[Token], known: Known, place: int) -> str:
    """What a sentence has within the frame instead of the value; empty if it has nothing of the kind."""
    tokens, forms = known.tokens(place), known.sentences[place].forms
    if len(frame.before) + len(frame.after) > len(forms) or sum(_has_content(tokens, frame)) < _FEWEST_WITH_CONTENT:
        return ""
    dates = dates_of(tokens)
    there: Sequence[Value]
    if value.date is not None:
        there = [one for one in dates if one.date and not same_date(one.date, value.date)]
    elif own[0].kind == "number":
        there = [one for one in numbers_of(tokens, dates) if not is_rounded(own[0].stem, tokens[one.start].stem)]
    else:
        there = [one for one in names_of(tokens) if one.end - one.start > 1 or value.link in _PLACES]
    for one in there:
        start, end = one.start - len(frame.before), one.end + len(frame.after)
        if start < 0 or forms[start : one.start] != frame.before or forms[one.end : end] != frame.after:
            continue
        other = tokens[one.start : one.end]
        if frame.title and not _is_subject(tokens[:start], frame.title):
            continue
        if own[0].kind != "name" or (
            not _share(own, other) and (value.link not in _PLACES or same_kind(own, other, known))
        ):
            return text_of(other)
    return ""


def _has_content(tokens: Sequence[Token], frame: _Frame) -> Iterator[bool]:
    words = {*frame.before, *frame.after}
    return (token.kind != "function" and token.form in words for token in tokens)


def _is_subject(tokens: Sequence[Token], title: str) -> bool:
    """Whether these words, with which a sentence begins, are a pronoun, or names with a word of the title."""
    names = {token.form for token in tokens if token.kind == "name"}
    if any(token.kind not in ("name", "function") for token in tokens):
        return False
    return (
        not names.isdisjoint(map(plain, raw_words(title)))
        if names
        else any(token.form in _PRONOUNS for token in tokens)
    )


def _share(one: Sequence[Token], other: Sequence[Token]) -> bool:
    return not {token.form for token in one}.isdisjoint([token.form for token in other])

"""The slots of a sentence: which word each date, number and name belongs to.

The slot of a date or a name is told by the nearest word with content before it, over other names and values: in `built by
Ada Brook in 1871`, both belong to `build`. The slot of a number is what it counts: the next word (`412 inhabitants`); that of
a date is the next word, if no other one stands before it (`is a 1949 film`).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracekd.statements.passages.claim import Claim
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.lives import Date, dates_in, same_date
from tracekd.statements.passages.tokens import Token

# The word of a slot stands at most this many words before its value.
_REACH = 8
_OPPOSITE = frozenset("from to until since before after by".split())


class Value(NamedTuple):
    """A date, number or name in a text: its tokens from `start` to `end`, the stem of the word that it belongs to, and the
    word without content right before it.
    """

    start: int
    end: int
    slot: str
    link: str
    date: Date | None = None


def dates_of(tokens: Sequence[Token]) -> list[Value]:
    """The dates of a text."""
    return [
        Value(start, end, before(tokens, start) or _counted(tokens, end - 1), link(tokens, start), date)
        for start, end, date in dates_in(tokens)
    ]


def numbers_of(tokens: Sequence[Token], dates: Sequence[Value]) -> list[Value]:
    """The numbers of a text that belong to no date."""
    inside = {at for value in dates for at in range(value.start, value.end)}
    return [
        Value(at, at + 1, _counted(tokens, at), link(tokens, at))
        for at, token in enumerate(tokens)
        if token.kind == "number" and at not in inside
    ]


def names_of(tokens: Sequence[Token]) -> Iterator[Value]:
    """The names of a text: runs of words with capital letters."""
    start = -1
    for at, token in enumerate(tokens):
        if token.kind == "name":
            start = at if start < 0 else start
        elif start >= 0:
            yield Value(start, at, before(tokens, start), link(tokens, start))
            start = -1
    if start >= 0:
        yield Value(start, len(tokens), before(tokens, start), link(tokens, start))


def values_of(claim: Claim) -> list[Value]:
    """The dates and numbers of a statement, outside of its names."""
    inside = {at for name in claim.names for at in range(name.start, name.end)}
    dates = dates_of(claim.tokens)
    return [value for value in (*dates, *numbers_of(claim.tokens, dates)) if value.start not in inside]


def agree(claim: Claim, known: Known, place: int) -> bool:
    """Whether no value of the statement stands in a slot in which the sentence has only other ones."""
    tokens = known.tokens(place)
    dates = dates_of(tokens)
    for value in values_of(claim):
        if value.date is not None:
            there = [one.date for one in dates if one.slot == value.slot and not clash(one, value) and one.date]
            if value.slot and there and not any(same_date(date, value.date) for date in there):
                return False
        elif value.slot:
            stated = claim.tokens[value.start].stem
            numbers = [tokens[one.start].stem for one in numbers_of(tokens, dates) if one.slot == value.slot]
            if numbers and stated not in numbers:
                return False
    title = known.sentences[place].title
    names = list(names_of(tokens))
    for name in claim.names:
        slot = before(claim.tokens, name.start)
        there_names = [_forms(tokens, one) for one in names if slot and one.slot == slot]
        own = {token.form for token in claim.tokens[name.start : name.end]}
        if there_names and title not in name.titles and all(own.isdisjoint(forms) for forms in there_names):
            return False
    return True


def _forms(tokens: Sequence[Token], value: Value) -> list[str]:
    return [token.form for token in tokens[value.start : value.end]]


def clash(one: Value, other: Value) -> bool:
    """Whether `from` and `until` and the like make two slots of one."""
    return one.link != other.link and (one.link in _OPPOSITE or other.link in _OPPOSITE)


def link(tokens: Sequence[Token], at: int) -> str:
    """The word without content right before a place."""
    return tokens[at - 1].form if at and tokens[at - 1].kind == "function" else ""


def before(tokens: Sequence[Token], at: int) -> str:
    """The stem of the nearest word with content before a place; empty if there is none."""
    for token in reversed(tokens[max(0, at - _REACH) : at]):
        if token.kind == "content":
            return token.stem
    return ""


def _counted(tokens: Sequence[Token], at: int) -> str:
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following.stem if following is not None and following.kind == "content" else ""

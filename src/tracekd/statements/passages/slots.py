"""The slots of a sentence: which word each date, number and name belongs to.

The slot of a date or a name is told by the nearest word with content before it, over other names and values: in `built by
Ada Brook in 1871`, both belong to `build`. The slot of a number is what it counts: the next word (`412 inhabitants`), or else
the one before it (`at the age of 68`); that of a date is the next word, if none stands before it (`is a 1949 film`).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tracekd.statements.passages.claim import Claim, Name
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.lives import Date, dates_in, same_date
from tracekd.statements.passages.tokens import Token

# The word of a slot stands at most this many words before its value.
_REACH = 8
_CLAUSE = frozenset("and but who which where when while then".split())
_OPPOSITE = {
    "from": "from",
    "to": "to",
    "until": "to",
    "till": "to",
    "since": "from",
    "before": "before",
    "after": "after",
    "by": "by",
}
# `Ada Brook is the director of ..`: the word is at most this many words behind the name.
_BEHIND = 4


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
        Value(at, at + 1, _counted(tokens, at) or before(tokens, at), link(tokens, at))
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
            yield _name(tokens, start, at)
            start = -1
    if start >= 0:
        yield _name(tokens, start, len(tokens))


def _name(tokens: Sequence[Token], start: int, end: int) -> Value:
    """A name and its slot. In `founded by violinist NAME`, the word before the name only describes it."""
    at = start
    if start > 1 and tokens[start - 1].kind == "content" and tokens[start - 2].form == "by":
        at = start - 1
    return Value(start, end, before(tokens, at), link(tokens, at))


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
            if not _is_nearest(value.slot, value.date, tokens, dates):
                return False
        elif value.slot:
            stated = claim.tokens[value.start].stem
            numbers = [tokens[one.start].stem for one in numbers_of(tokens, dates) if one.slot == value.slot]
            if numbers and stated not in numbers:
                return False
    names = list(names_of(tokens))
    return all(_name_agrees(claim, name, names, known, place) for name in claim.names)


def _is_nearest(slot: str, date: Date, tokens: Sequence[Token], dates: Sequence[Value]) -> bool:
    """Whether this date, or a list of dates with it, is the first one behind the word of its slot, or stands right before it.

    Of `founded in 1811 and incorporated as a city in 1854`, only 1854 belongs to `incorporated`.
    """
    lists: list[list[Value]] = []
    for one in dates:
        if lists and all(token.kind == "function" for token in tokens[lists[-1][-1].end : one.start]):
            lists[-1].append(one)
        else:
            lists.append([one])
    places = [at for at, token in enumerate(tokens) if slot and token.stem == slot]
    if len(lists) < 2 or not places:
        return True
    for at in places:
        behind_it = next((group for group in lists if group[0].start > at), [])
        before_it = next((group for group in reversed(lists) if group[-1].end <= at), [])
        if before_it and not _CLAUSE.isdisjoint([token.form for token in tokens[before_it[-1].end : at]]):
            before_it = []
        if any(one.date and same_date(one.date, date) for one in (*behind_it, *before_it)):
            return True
    return False


def _name_agrees(claim: Claim, name: Name, there: Sequence[Value], known: Known, place: int) -> bool:
    """Whether a name of the statement, or none, is among those in its slot in a sentence."""
    tokens = known.tokens(place)
    own = {token.form for token in claim.tokens[name.start : name.end] if token.kind != "function"}
    is_title = known.sentences[place].title in name.titles
    value = _name(claim.tokens, name.start, name.end)
    doing = behind(claim, name)
    agents = [one for one in there if doing and one.slot == doing and one.link == "by"]
    if agents and not is_title:
        return any(_same_name(own, _forms(tokens, one)) for one in agents)
    others = [one for one in there if value.slot and one.slot == value.slot]
    if is_title:
        # `Its capital is Maren` has no name behind `of`, so any title fits there.
        others = [one for one in others if one.link == value.link]
    # In a long list of names, the word of their slot is too far away to be seen.
    unknown = [one for one in there if not one.slot]
    return not others or any(_same_name(own, _forms(tokens, one)) for one in (*others, *unknown))


def _same_name(own: set[str], forms: Collection[str]) -> bool:
    """Whether one of two names is a part of the other: `Brandt` and `Ida Brandt`, but not `Hans Brandt`."""
    return own.issuperset(forms) or own.issubset(forms)


def behind(claim: Claim, name: Name) -> str:
    """The stem of the word with content behind a name with which a statement begins: `NAME directed ..`, `NAME is the
    director of ..`; empty if the name does not begin it.
    """
    tokens = claim.tokens
    if any(token.kind != "function" for token in tokens[: name.start]):
        return ""
    following = tokens[name.end : name.end + _BEHIND]
    found = next((at for at, token in enumerate(following) if token.kind != "function"), None)
    if found is None or following[found].kind != "content" or _is_passive(tokens, name.end + found):
        return ""
    return following[found].stem


def _is_passive(tokens: Sequence[Token], at: int) -> bool:
    """Whether `by` stands behind a word: `NAME was directed by ..`."""
    return any(token.form == "by" for token in tokens[at + 1 : at + 3])


def _forms(tokens: Sequence[Token], value: Value) -> list[str]:
    return [token.form for token in tokens[value.start : value.end]]


def clash(one: Value, other: Value) -> bool:
    """Whether `from` and `until` and the like make two slots of one."""
    return _OPPOSITE.get(one.link) != _OPPOSITE.get(other.link)


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

"""Finds the value with which the context contradicts a statement: another date, number or name in the same slot.

A sentence contradicts a statement if it is about the same subject, has all other names, values and words with content of
the statement, and has in the slot of one value another one of the same kind. The slot is told by the word with content
next to the value (`built in 1871`, `412 inhabitants`, `directed by Ada Brook`). The stated value must not occur with the
subject anywhere in the context. Names are only compared where one excludes the other: behind `by`, and behind `son of` and
the like; not behind `in`, because a town and its country are both right.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracekd.statements.passages.aligning import is_about, places_with, required
from tracekd.statements.passages.claim import Claim, Name
from tracekd.statements.passages.known import Known, bits
from tracekd.statements.passages.lives import dates_in, same_date
from tracekd.statements.passages.naming import names_in
from tracekd.statements.passages.tokens import Token
from tracekd.statements.passages.words import INEXACT

_MOST_VALUES, _MOST_CANDIDATES = 6, 8
# The word of a slot stands at most this many words from its value.
_REACH = 6
_KIN = frozenset("son daughter father mother brother sister child marry grandson grandfather nephew niece".split())
_COPULAS = frozenset(("is", "was", "by", "are", "were"))
_OPPOSITE = frozenset("from to until since before after by".split())
# Numbers that differ by less than this share may be rounded.
_ROUNDING = 0.05


class Contradiction(NamedTuple):
    """The sentence that says otherwise, with the value that it gives and the one that was stated."""

    place: int
    given: str
    stated: str
    slot: str


class Value(NamedTuple):
    """A value in a text: its tokens from `start` to `end`, and the word of its slot."""

    start: int
    end: int
    slot: str
    link: str = ""


def find_contradiction(claim: Claim, known: Known) -> Contradiction | None:
    """What the context gives instead of a value of the statement; None if it does not surely contradict it."""
    subject = claim.subject
    if not claim.is_plain or (not subject and not _untitled(known, claim)):
        return None
    for value in _values(claim)[:_MOST_VALUES]:
        own = claim.tokens[value.start : value.end]
        places = places_with(known, claim.content, 0, required(claim, known, but=own))
        for place in bits(places)[:_MOST_CANDIDATES]:
            if not _same_subject(claim, known, place, subject) or not known.denied[place].isdisjoint(claim.forms):
                continue
            given = _other_value(claim, value, known.tokens[place])
            if given and not _occurs(known, own, subject, place):
                return Contradiction(place, given, _text(own), value.slot)
    return _find_other_name(claim, known, subject)


def slot_of(claim: Claim) -> str:
    """The word of the slot of the first value or name of a statement that has one; empty if none has."""
    of_names = (slot for name in claim.names for slot in _name_slots(claim, name))
    first = next(iter(_values(claim)), None) or next(of_names, None)
    return first.slot if first else ""


def _untitled(known: Known, claim: Claim) -> bool:
    return "" in known.of_title and bool(claim.names)


def _same_subject(claim: Claim, known: Known, place: int, subject: str) -> bool:
    title = known.sentences[place].title
    return (title == subject if title else True) and is_about(claim, known, place)


def _values(claim: Claim) -> list[Value]:
    """The dates and numbers of the statement, each with the word of its slot; those without one are left out."""
    tokens = claim.tokens
    inside = {at for name in claim.names for at in range(name.start, name.end)}
    dates = [one for one in dates_in(tokens) if one[0] not in inside]
    of_dates = {at for start, end, _ in dates for at in range(start, end)}
    found = [Value(start, end, _before(tokens, start), _link(tokens, start)) for start, end, _ in dates]
    for at, token in enumerate(tokens):
        if token.kind == "number" and at not in of_dates and at not in inside:
            found.append(Value(at, at + 1, _after(tokens, at), _link(tokens, at)))
    return [value for value in found if value.slot]


def _other_value(claim: Claim, value: Value, tokens: Sequence[Token]) -> str:
    """What stands in the slot of the value in a sentence; empty if nothing surely does."""
    if claim.tokens[value.end - 1].kind == "number" and value.end - value.start == 1:
        return _other_number(claim, value, tokens)
    stated = next(date for start, _, date in dates_in(claim.tokens) if start == value.start)
    dates = dates_in(tokens)
    if any(same_date(date, stated) for _, _, date in dates):
        return ""
    there = [
        (start, end)
        for start, end, _ in dates
        if _before(tokens, start) == value.slot and not _clash(_link(tokens, start), value.link)
    ]
    return _text(tokens[slice(*there[0])]) if len(there) == 1 and not _inexact(tokens, there[0][0]) else ""


def _other_number(claim: Claim, value: Value, tokens: Sequence[Token]) -> str:
    stated = claim.tokens[value.start].stem
    there = [at for at, token in enumerate(tokens) if token.kind == "number" and _after(tokens, at) == value.slot]
    if len(there) != 1 or _inexact(tokens, there[0]):
        return ""
    given = tokens[there[0]].stem
    if given == stated or _is_rounded(stated, given):
        return ""
    return tokens[there[0]].form


def _is_rounded(one: str, other: str) -> bool:
    try:
        a, b = float(one), float(other)
    except ValueError:
        return True
    digits = len(one.rstrip("0").replace(".", "")), len(other.rstrip("0").replace(".", ""))
    return digits[0] < digits[1] and abs(a - b) <= _ROUNDING * max(abs(a), abs(b))


def _clash(one: str, other: str) -> bool:
    """Whether `from` and `until` and the like make two slots of one."""
    return one != other and (one in _OPPOSITE or other in _OPPOSITE)


def _inexact(tokens: Sequence[Token], at: int) -> bool:
    return any(token.form in INEXACT for token in tokens[max(0, at - 3) : at])


def _link(tokens: Sequence[Token], at: int) -> str:
    return tokens[at - 1].form if at and tokens[at - 1].kind == "function" else ""


def _before(tokens: Sequence[Token], at: int) -> str:
    """The stem of the word with content before a place; words without content, values and names are passed over."""
    for token in reversed(tokens[max(0, at - _REACH) : at]):
        if token.kind == "content":
            return token.stem
    return ""


def _after(tokens: Sequence[Token], at: int) -> str:
    """The stem of the word that a number counts: the next one."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following.stem if following is not None and following.kind == "content" else ""


def _occurs(known: Known, value: Sequence[Token], subject: str, place: int) -> bool:
    """Whether the value occurs with the subject anywhere, or, in a passage without a title, anywhere at all."""
    places = known.about(subject) if subject and known.sentences[place].title else -1
    for token in value:
        places &= known.with_token(token)
    return places != 0


def _find_other_name(claim: Claim, known: Known, subject: str) -> Contradiction | None:
    for name in claim.names[:_MOST_VALUES]:
        own = claim.tokens[name.start : name.end]
        if (subject and subject in name.titles) or not any(token.kind == "name" for token in own):
            continue
        for slot in _name_slots(claim, name):
            places = places_with(known, claim.content, 0, required(claim, known, without=name))
            for place in bits(places)[:_MOST_CANDIDATES]:
                if not _same_subject(claim, known, place, subject):
                    continue
                given = _other_name(claim, name, slot, known, place)
                if given and not _occurs(known, own, subject, place):
                    return Contradiction(place, given, _text(own), slot.slot)
    return None


def _name_slots(claim: Claim, name: Name) -> Iterator[Value]:
    link = _link(claim.tokens, name.start)
    before = _before(claim.tokens, name.start)
    if before and (link in _COPULAS or (link == "of" and before in _KIN)):
        yield Value(name.start, name.end, before, link)
    if name.start == 0 or all(token.kind == "function" for token in claim.tokens[: name.start]):
        after = next((token for token in claim.tokens[name.end : name.end + 4] if token.kind == "content"), None)
        if after is not None:
            yield Value(name.start, name.end, after.stem, "by")


def _other_name(claim: Claim, name: Name, slot: Value, known: Known, place: int) -> str:
    """The name in the slot in a sentence, if it excludes the stated one; otherwise empty."""
    sentence, tokens = known.sentences[place], known.tokens[place]
    own = {token.form for token in claim.tokens[name.start : name.end] if token.kind != "function"}
    at = 0
    found: list[tuple[str, ...]] = []
    for form in names_in(sentence.words, sentence.text, known.name_words):
        at = next(i for i in range(at, len(tokens)) if sentence.forms[i : i + len(form)] == form)
        link = _link(tokens, at)
        exact = (link == "by" and slot.link in _COPULAS) or (link == slot.link == "of" and slot.slot in _KIN)
        if exact and _before(tokens, at) == slot.slot:
            found.append(form)
        at += 1
    others = [form for form in found if own.isdisjoint(form)]
    if len(found) != 1 or not others or _together(known, own, others[0]):
        return ""
    return " ".join(others[0]).title()


def _together(known: Known, one: set[str], other: Sequence[str]) -> bool:
    """Whether two names occur in one sentence: they may mean the same person, or both be right."""
    places = -1
    for word in (*one, *other):
        places &= known.holding.get(word, 0)
    return places != 0


def _text(tokens: Sequence[Token]) -> str:
    return " ".join([token.form for token in tokens])

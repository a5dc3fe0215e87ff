"""Finds the value with which the context contradicts a statement: another date, number or name in the same slot.

A sentence contradicts a statement if it is about the same subject, has all other names, values and words with content of
the statement, and has another value of the same kind in the slot of one value (see `slots`). The stated value must not
occur with the subject anywhere in the context. Names are only compared where one excludes the other: behind `by`, behind
`son of` and the like, and behind `in` if the context says that both are towns, or both rivers: a town and its country are both
right.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracekd.statements.passages.aligning import is_about, places_with, required
from tracekd.statements.passages.claim import Claim, Name
from tracekd.statements.passages.known import Known, bits
from tracekd.statements.passages.lives import same_date
from tracekd.statements.passages.slots import (
    Value,
    before,
    behind,
    clash,
    dates_of,
    link,
    names_of,
    numbers_of,
    values_of,
)
from tracekd.statements.passages.tokens import Token
from tracekd.statements.passages.words import INEXACT, stem

_MOST_VALUES, _MOST_CANDIDATES = 6, 8
_KIN = frozenset(
    map(stem, "son daughter father mother brother sister child wife grandson grandfather nephew niece".split())
)
_RANGE = frozenset(("to", "and", "or"))
_IN = frozenset(("in", "at", "from", "near"))
_COPULAS = frozenset(("is", "was", "by", "are", "were"))
# Words of doubt that make a value inexact stand at most this many words before it.
_INEXACT_BEFORE = 3
# A statement without a title must share so many words with a sentence.
_LEAST_UNTITLED = 4


class Contradiction(NamedTuple):
    """The sentence that says otherwise, the value that it gives, the one that was stated, and the word of their slot."""

    place: int
    given: str
    stated: str
    slot: str


def find_contradiction(claim: Claim, known: Known) -> Contradiction | None:
    """What the context gives instead of a value of the statement; None if it does not surely contradict it."""
    if not claim.is_plain:
        return None
    found = _find_other_name(claim, known)
    if found is not None or not (claim.subject or _is_untitled(claim, known)):
        return found
    for value in values_of(claim)[:_MOST_VALUES]:
        if not value.slot or is_inexact(claim.tokens, value.start):
            continue
        own = claim.tokens[value.start : value.end]
        for place in _places(claim, known, required(claim, known, but=own), claim.subject):
            given = _other_value(claim, value, known.tokens(place))
            if given and not occurs(known, own, place, claim.subject):
                return Contradiction(place, given, text_of(own), value.slot)
    return None


def slot_of(claim: Claim) -> str:
    """The word of the slot of the first value or name of a statement that has one; empty if none has."""
    of_names = (slot.slot for name in claim.names for slot in _name_slots(claim, name))
    return next((value.slot for value in values_of(claim) if value.slot), "") or next(of_names, "")


def text_of(tokens: Sequence[Token]) -> str:
    """Words with blanks between them."""
    return " ".join([token.form for token in tokens])


def _is_untitled(claim: Claim, known: Known) -> bool:
    return "" in known.of_title and (bool(claim.names) or len(claim.content) >= _LEAST_UNTITLED)


def _places(claim: Claim, known: Known, places: int, subject: str) -> Iterator[int]:
    """Those of these sentences that are about the subject, and have all words with content of the statement."""
    for place in bits(places_with(known, claim.content, 0, places))[:_MOST_CANDIDATES]:
        title = known.sentences[place].title
        is_own = (not title or title == subject) and is_about(claim, known, place)
        if is_own and known.denied(place).isdisjoint([token.stem for token in claim.tokens]):
            yield place


def _other_value(claim: Claim, value: Value, tokens: Sequence[Token]) -> str:
    """What stands in the slot of the value in a sentence; empty if nothing surely does."""
    dates = dates_of(tokens)
    if value.date is None:
        stated = claim.tokens[value.start].stem
        there = [one for one in numbers_of(tokens, dates) if one.slot == value.slot]
        is_same = any(is_rounded(stated, tokens[one.start].stem) for one in there)
    else:
        there = [one for one in dates if one.slot == value.slot and not clash(one, value)]
        is_same = any(one.date and same_date(one.date, value.date) for one in dates)
    if is_same or len(there) != 1 or is_inexact(tokens, there[0].start):
        return ""
    return text_of(tokens[there[0].start : there[0].end])


def is_rounded(one: str, other: str) -> bool:
    """Whether two numbers are equal, or the first one may be the other one, rounded or cut to fewer digits."""
    try:
        a, b = float(one), float(other)
    except ValueError:
        return True
    decimals = len(one.partition(".")[2])
    unit = 10.0**-decimals if decimals else 10.0 ** (len(one) - len(one.rstrip("0")))
    is_near = abs(a - b) <= unit / 2 or 0 <= b - a < unit
    return a == b or (is_near and len(one.rstrip("0")) < len(other.rstrip("0")))


def is_inexact(tokens: Sequence[Token], at: int) -> bool:
    """Whether `about`, `more than` and the like make the value at a place inexact, or it is the end of a range: `10 to 12`."""
    if any(token.form in INEXACT for token in tokens[max(0, at - _INEXACT_BEFORE) : at]):
        return True
    is_joined = at > 1 and tokens[at - 1].form in _RANGE and tokens[at - 2].kind == "number"
    return tokens[at].kind == "number" and (is_joined or (at > 0 and tokens[at - 1].kind == "number"))


def occurs(known: Known, value: Sequence[Token], place: int, subject: str) -> bool:
    """Whether the value occurs with the subject anywhere, or, in a passage without a title, anywhere at all."""
    places = known.about(subject) if subject and known.sentences[place].title else -1
    for token in value:
        if token.kind != "function":
            places &= known.with_token(token)
    return places != 0


def _find_other_name(claim: Claim, known: Known) -> Contradiction | None:
    for name in claim.names[:_MOST_VALUES]:
        own = [token for token in claim.tokens[name.start : name.end] if token.kind == "name"]
        subject = _subject(claim, name)
        if not own or subject in name.titles or not (subject or _is_untitled(claim, known)):
            continue
        for slot in _name_slots(claim, name):
            for place in _places(claim, known, required(claim, known, without=name), subject):
                given = _other_name(own, slot, known, place)
                if given and not occurs(known, own, place, subject):
                    return Contradiction(place, given, text_of(own), slot.slot)
    return None


def _subject(claim: Claim, name: Name) -> str:
    """The title that a statement gives a name for: the only other name in `NAME directed F` and `the director of F is NAME`,
    or what the statement is about.
    """
    others = [one for one in claim.names if one is not name]
    if len(others) == 1 and not others[0].is_possessive:
        return others[0].titles[0] if len(others[0].titles) == 1 else ""
    return claim.subject


def _name_slots(claim: Claim, name: Name) -> Iterator[Value]:
    """`directed by NAME`, `the director is NAME`, `son of NAME`; `NAME directed ..`, `NAME is the director of ..`."""
    tokens = claim.tokens
    slot, joint = before(tokens, name.start), link(tokens, name.start)
    if slot and (joint in _COPULAS or joint in _IN or (joint == "of" and slot in _KIN)):
        yield Value(name.start, name.end, slot, joint)
    if word := behind(claim, name):
        yield Value(name.start, name.end, word, "by")


def _other_name(own: Sequence[Token], slot: Value, known: Known, place: int) -> str:
    """The only name in the slot in a sentence, if it excludes the stated one; otherwise empty."""
    tokens = known.tokens(place)
    there = [one for one in names_of(tokens) if one.slot == slot.slot]
    joint = "by" if slot.link in _COPULAS else slot.link
    exact = [one for one in there if one.link == joint]
    forms = {token.form for one in there for token in tokens[one.start : one.end]}
    if len(exact) != 1 or not forms.isdisjoint([token.form for token in own]):
        return ""
    other = tokens[exact[0].start : exact[0].end]
    if slot.link in _IN and not same_kind(own, other, known):
        return ""
    return text_of(other).title() if _are_different(own, other, known) else ""


def same_kind(own: Sequence[Token], other: Sequence[Token], known: Known) -> bool:
    """Whether two names are places of one kind, such as towns, as the context says."""
    kinds = [
        known.kinds_of_places.get(titles[0], "") if len(titles) == 1 else ""
        for titles in (known.naming.titles([token.form for token in one]) for one in (own, other))
    ]
    return kinds[0] == kinds[1] != ""


def _are_different(own: Sequence[Token], other: Sequence[Token], known: Known) -> bool:
    """Whether two names mean different people: they have paragraphs of their own, or occur in no sentence together.

    Two names in one sentence may mean the same person, or both be right.
    """
    titles = [known.naming.titles([token.form for token in one]) for one in (own, other)]
    if len(titles[0]) == len(titles[1]) == 1:
        return titles[0] != titles[1]
    together = -1
    for token in (*own, *other):
        together &= known.with_token(token)
    return together == 0

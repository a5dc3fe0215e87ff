"""Statements of when somebody or something was born, died or was made, against the dates that paragraphs give."""

from typing import NamedTuple

from tracekd.statements.passages.claim import LIGHT, Claim
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.lives import EVENTS, Date, Given, dates_in, same_date

_REACH = 6
# What happens to everybody once: another date is false, even if something else happened then.
_ONCE = frozenset(("born", "die"))


class Dated(NamedTuple):
    """How the dates of a statement stand to those of the context.

    `places`: the sentences that give them; `false`: the event, the stated date and the given one, if one differs;
    `is_whole`: the statement says nothing else. Without places, nothing is sure: the date may be that of another event.
    """

    places: tuple[int, ...]
    false: tuple[str, Date, Date] | None
    is_whole: bool


def check_dates(claim: Claim, known: Known) -> Dated | None:
    """Check the dates that follow the word of an event; None if there are none, or the context does not give them."""
    inside = {at for name in claim.names for at in range(name.start, name.end)}
    dates = [one for one in dates_in(claim.tokens) if one[0] not in inside]
    subject = _subject(claim)
    if not dates or not subject or not claim.is_plain:
        return None
    places: list[int] = []
    for start, _, date in dates:
        event, given = _event_before(claim, known, start, subject)
        if given is None:
            return None
        if not same_date(date, given.date):
            if event not in _ONCE and known.about(subject) & known.holding.get(str(date[0]), 0):
                return Dated((), None, False)
            return Dated((given.place,), (event, date, given.date), False)
        if len(date) > len(given.date):
            return None
        places.append(given.place)
    rest = [token for token in claim.content if token.stem not in EVENTS and token.stem not in LIGHT]
    values = {at for start, end, _ in dates for at in range(start, end)}
    others = [token for at, token in enumerate(claim.tokens) if token in claim.values and at not in values]
    return Dated(tuple(places), None, not rest and not others and len(claim.names) <= 1)


def _subject(claim: Claim) -> str:
    """The title whose dates are stated; also that of `Ada Brook's date of birth is ..`."""
    first = claim.names[0] if claim.names else None
    if first is not None and first.is_possessive and first.start == 0 and len(first.titles) == 1:
        return first.titles[0]
    return claim.subject


def _event_before(claim: Claim, known: Known, start: int, subject: str) -> tuple[str, Given | None]:
    """The word of the event right before a date, over words without content, and what the context gives for it."""
    for at in range(start - 1, max(-1, start - 1 - _REACH), -1):
        token = claim.tokens[at]
        if token.stem in EVENTS:
            is_own = _is_of_subject(claim, at, subject)
            return token.stem, known.lives.of_event(subject, token.stem) if is_own else None
        if token.kind in ("content", "year", "number", "month"):
            break
    return "", None


def _is_of_subject(claim: Claim, event: int, subject: str) -> bool:
    """Whether no other name and no other word with content stands between the subject and the word of its event."""
    first = claim.names[0].end if claim.names and subject in claim.names[0].titles else 0
    return not any(
        token.kind == "name" or (token.kind == "content" and token.stem not in EVENTS and token.stem not in LIGHT)
        for token in claim.tokens[first:event]
    )

"""What follows from two sentences: what two things share, what is said of a thing by its relation, and two things of one.

`Both A and B are painters` follows if a sentence about A and one about B have its words. `The director of F was born in
1911` follows if a sentence about F has `direct` with the name of D, D has a paragraph, and a sentence of it says the rest.
`D is a painter who died in 1980` follows if two sentences of its paragraph say the two parts.
"""

import re
from dataclasses import replace
from typing import NamedTuple

from tracekd.statements.grounding import Said
from tracekd.statements.passages.aligning import find_restated, places_with, says_same
from tracekd.statements.passages.claim import Claim, Name
from tracekd.statements.passages.dating import check_dates
from tracekd.statements.passages.known import Known, bits
from tracekd.statements.passages.lives import dates_in
from tracekd.statements.passages.naming import NAME_MARK, short_title
from tracekd.statements.passages.tokens import Token, plain, raw_words

_BOTH = re.compile(
    rf"(?:both {NAME_MARK} and {NAME_MARK} (?:are|were|have)\b|{NAME_MARK} and {NAME_MARK} (?:are|were|have) (?:both|each)\b)"
)
_RELATION = re.compile(
    rf"the (?P<relation>\w+) of (?:the )?(?:film |movie |song |album |book |novel |band )?{NAME_MARK},? "
)
_POSSESSIVE = re.compile(rf"{NAME_MARK} (?P<relation>\w+),? ")
# What joins two parts of a statement, as a comma does.
_JOINTS = frozenset(("who", "which", "and", "that", "with"))
_MOST_CANDIDATES, _MOST_JOINTS = 8, 6


class Joined(NamedTuple):
    """The sentences from which a statement follows, and why."""

    places: tuple[int, ...]
    reason: str


def find_joined(said: Said, claim: Claim, known: Known) -> Joined | None:
    """Two sentences from which the statement follows; None if none are found."""
    if claim.is_negated or not claim.is_sure:
        return None
    return _shared(said, claim, known) or _by_relation(said, claim, known) or _by_parts(claim, known)


def _by_parts(claim: Claim, known: Known) -> Joined | None:
    """`He is a conductor who led the orchestra`: both parts are said of the same title."""
    if not claim.subject:
        return None
    first = claim.names[0].end if claim.names and claim.subject in claim.names[0].titles else 0
    joints = [
        at
        for at, token in enumerate(claim.tokens)
        if at > first and (token.form in _JOINTS or claim.words[at].start - claim.words[at - 1].end > 1)
    ]
    for at in joints[:_MOST_JOINTS]:
        rest = at + 1 if claim.tokens[at].form in _JOINTS else at
        places = [find_restated(part, known) for part in (claim.part(first, at), claim.part(rest))]
        if all(place is not None and known.sentences[place].title == claim.subject for place in places):
            return Joined(tuple(place for place in places if place is not None), "two sentences say it together")
    return _with_date(claim, known, first)


def _with_date(claim: Claim, known: Known, first: int) -> Joined | None:
    """`She was born on 3 March 1931 in Norwich`: one sentence gives the date, another one the rest."""
    dated = check_dates(claim, known)
    dates = dates_in(claim.tokens)
    if dated is None or dated.false is not None or len(dates) != 1:
        return None
    start, end, _ = dates[0]
    tokens = [*claim.tokens[:start], *claim.tokens[end:]]
    words = [*claim.words[:start], *claim.words[end:]]
    names = [
        one if one.end <= start else replace(one, start=one.start - end + start, end=one.end - end + start)
        for one in claim.names
        if one.end <= start or one.start >= end
    ]
    place = find_restated(replace(claim, tokens=tokens, words=words, names=names).part(first), known)
    if place is None or known.sentences[place].title != claim.subject:
        return None
    return Joined((*dated.places, place), "two sentences say it together")


def _shared(said: Said, claim: Claim, known: Known) -> Joined | None:
    if (
        not _BOTH.match(said.body)
        or len(claim.names) < 2
        or not (claim.content or len(claim.names) > 2 or claim.values)
    ):
        return None
    first, second, *others = claim.names
    places = []
    for name in (first, second):
        rest = _without(claim, (second if name is first else first,))
        own = places_with(known, rest.content, 0, _about(name, known))
        for token in (*[token for other in others for token in claim.tokens[other.start : other.end]], *claim.values):
            own &= known.with_token(token)
        found = next((at for at in bits(own)[:_MOST_CANDIDATES] if says_same(rest, known, at)), None)
        if found is None:
            return None
        places.append(found)
    return Joined(tuple(places), "two sentences say it, one of each")


def _about(name: Name, known: Known) -> int:
    places = 0
    for title in name.titles:
        places |= known.of_title.get(title, 0)
    return places


def _by_relation(said: Said, claim: Claim, known: Known) -> Joined | None:
    """`The director of F was born in 1911`: by the sentence that names the director, and one about this person."""
    through = claim.names[0] if claim.names else None
    if through is None or len(through.titles) != 1:
        return None
    found = (_POSSESSIVE if through.is_possessive else _RELATION).match(said.body)
    if found is None:
        return None
    relation = next((at for at, token in enumerate(claim.tokens) if token.form == found["relation"]), None)
    if relation is None:
        return None
    rest = claim.part(max(through.end, relation + 1))
    for place in bits(_about(through, known) & known.with_token(claim.tokens[relation]))[:_MOST_CANDIDATES]:
        for title in _named_by(claim.tokens[relation], known, place):
            if title == through.titles[0]:
                continue
            told = find_restated(replace(rest, topic=title, is_topic_sure=True), known)
            if told is not None and known.sentences[told].title == title:
                return Joined((place, told), f"the {found['relation']} is {short_title(title)[:80]}")
    return None


def _named_by(relation: Token, known: Known, place: int) -> list[str]:
    """The titles whose names stand right behind the word of the relation in a sentence, over words without content."""
    tokens = known.tokens(place)
    found = []
    for title in known.of_title:
        forms = tuple(map(plain, raw_words(short_title(title))))
        for at in range(len(tokens) - len(forms) + 1):
            if forms and known.sentences[place].forms[at : at + len(forms)] == forms:
                before = [token for token in tokens[:at] if token.kind == "content"]
                if before and before[-1].stem == relation.stem:
                    found.append(title)
                break
    return found


def _without(claim: Claim, names: tuple[Name, ...]) -> Claim:
    """The statement without some of its names."""
    return replace(claim, names=[one for one in claim.names if one not in names])

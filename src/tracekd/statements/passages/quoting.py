"""Finds the sentence that a statement repeats word for word: wholly, in part, or with some words left out."""

from collections.abc import Sequence

from tracekd.statements.passages.claim import Claim
from tracekd.statements.passages.known import Known, bits
from tracekd.statements.passages.slots import agree
from tracekd.statements.passages.tokens import Token
from tracekd.statements.passages.words import NEGATIONS

_MOST_CANDIDATES = 16
# A part of a sentence has so many words, and so many of them with content.
_SHORTEST_PART, _LEAST_CONTENT = 4, 2
# The share of a sentence's words that a shortened one keeps.
_LEAST_KEPT = 0.6
# A negation denies a part if it stands at most this many words before it.
_NOT_BEFORE = 3


def find_quoted(claim: Claim, known: Known) -> int | None:
    """The sentence that the statement repeats word for word, wholly or in a part of at least four words."""
    place = _find_words(claim.tokens, claim.joined, known)
    if place is None and claim.names and claim.names[0].start == 0 and len(claim.names[0].titles) == 1:
        # `Kolm Mill: It closed.`
        rest = claim.part(claim.names[0].end)
        found = _find_words(rest.tokens[1:], joined := rest.joined.removeprefix(" he"), known)
        if found is not None and known.sentences[found].title == claim.names[0].titles[0]:
            place = found if known.sentences[found].joined.startswith(joined) else None
    return place


def _find_words(tokens: Sequence[Token], joined: str, known: Known) -> int | None:
    """The sentence that has these words in this order."""
    if len(tokens) < 2:
        return None
    places = -1
    for token in tokens:
        places &= known.holding.get(token.form, 0)
    is_long = len(tokens) >= _SHORTEST_PART and sum(token.kind != "function" for token in tokens) >= _LEAST_CONTENT
    for place in bits(places)[:_MOST_CANDIDATES]:
        whole = known.sentences[place].joined
        if joined == whole:
            return place
        at = whole.find(joined) if is_long else -1
        if at >= 0 and not _is_denied_before(known.tokens(place), whole.count(" ", 0, at + 1) - 1):
            return place
    return None


def _is_denied_before(tokens: Sequence[Token], at: int) -> bool:
    return any(token.form in NEGATIONS for token in tokens[max(0, at - _NOT_BEFORE) : at])


def find_shortened(claim: Claim, known: Known) -> int | None:
    """The sentence that the statement repeats with at most two in five words left out, and no negation among them."""
    if len(claim.tokens) < _SHORTEST_PART:
        return None
    places = -1
    for token in claim.tokens:
        places &= known.holding.get(token.form, 0)
    forms = [token.form for token in claim.tokens]
    for place in bits(places)[:_MOST_CANDIDATES]:
        whole = known.sentences[place].forms
        negations = [sum(form in NEGATIONS for form in words) for words in (forms, whole)]
        is_short = whole[0] == forms[0] and len(forms) >= _LEAST_KEPT * len(whole) and negations[0] == negations[1]
        if is_short and _in_this_order(forms, whole) and agree(claim, known, place):
            return place
    return None


def _in_this_order(words: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in words)

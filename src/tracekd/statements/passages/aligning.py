"""Finds the sentence of the context that says the same as a statement.

A statement is `restated` if one sentence, with the title of its paragraph, has all of its names, numbers and dates, and at
least four in five of its other words with content (by their stems). A pronoun stands for the title that was spoken of
last. In addition, no word with which the statement begins may be missing, the sentence must be about what the statement is
about, it must not have other values in the slots of the statement's (see `slots`), and neither may deny what the other says.
"""

from collections.abc import Sequence

from tracekd.statements.passages.claim import Claim, Name
from tracekd.statements.passages.known import Known, bits
from tracekd.statements.passages.slots import agree, names_of
from tracekd.statements.passages.tokens import Token, plain, raw_words

# One in five words may be missing.
_ONE_IN = 5
# Sentences that are looked at closely.
_MOST_CANDIDATES = 16
# Words that a statement must share with a sentence: with a name among them, and without.
_LEAST_WITH_NAME, _LEAST_WITHOUT = 2, 3
_PRONOUNS = frozenset("he she it they his her its their".split())
_ASIDE = frozenset("in at on from during with by near after before between".split())
_ADVERBS = frozenset("initially later subsequently originally currently formerly eventually finally today".split())
_IN = frozenset(("in", "at"))
_ARTICLES = frozenset(("a", "an", "the"))
_EVERYWHERE = -1


def find_restated(claim: Claim, known: Known) -> int | None:
    """The sentence that says the same as the statement in other words; None if none surely does."""
    shared = len(claim.content) + len(claim.values) + len(claim.names)
    if not claim.content and not claim.values:
        return _find_attribute(claim, known)
    if shared < (_LEAST_WITH_NAME if claim.names or claim.topic else _LEAST_WITHOUT):
        return None
    places = required(claim, known)
    if claim.first_content is not None:
        places &= known.with_token(claim.first_content)
    places = places_with(known, claim.content, len(claim.content) // _ONE_IN, places)
    for place in _in_order(places, claim, known):
        if says_same(claim, known, place) and agree(claim, known, place):
            return place
    return None


def _find_attribute(claim: Claim, known: Known) -> int | None:
    """The sentence that says `SUBJECT is a Danish ..` or `SUBJECT is a town in Ohio`, for a statement that SUBJECT is Danish,
    or lies in Ohio.
    """
    others = [name for name in claim.names if claim.subject not in name.titles]
    if not claim.subject or len(others) != 1 or claim.is_negated:
        return None
    (other,) = others
    words = [token.form for token in claim.tokens[other.start : other.end] if token.kind != "function"]
    if claim.tokens[other.start - 1].form in _IN:
        place = known.first_of(claim.subject)
        tokens = known.tokens(place)
        there = [one for one in names_of(tokens) if one.link in _IN]
        said = any(set(words) <= {token.form for token in tokens[one.start : one.end]} for one in there)
        return place if said and words and not known.denied(place) else None
    if len(words) != 1:
        return None
    for place in bits(known.of_title[claim.subject] & known.holding.get(words[0], 0))[:_MOST_CANDIDATES]:
        tokens = known.tokens(place)
        at = next((at for at, token in enumerate(tokens) if token.form == words[0]), 0)
        is_attribute = (
            0 < at < len(tokens) - 1 and tokens[at - 1].form in _ARTICLES and tokens[at + 1].kind != "function"
        )
        if is_attribute and is_about(claim, known, place) and not known.denied(place):
            return place
    return None


def required(claim: Claim, known: Known, without: Name | None = None, but: Sequence[Token] = ()) -> int:
    """The sentences that have all names and values of the statement, except `without` and those in `but`."""
    places = (1 << len(known.sentences)) - 1
    for name in claim.names:
        if name is not without:
            places &= with_name(name, claim, known)
    for token in claim.values:
        if token not in but:
            places &= known.with_token(token)
    return places


def with_name(name: Name, claim: Claim, known: Known) -> int:
    """The sentences that are about a name, or in which it occurs."""
    places = _EVERYWHERE
    for token in claim.tokens[name.start : name.end]:
        if token.kind != "function":
            places &= known.with_token(token)
    for title in name.titles:
        places |= known.about(title)
    return places


def places_with(known: Known, words: Sequence[Token], missing: int, places: int) -> int:
    """Those of these sentences that have all of these words, except so many; the fewest possible are missing."""
    # `found[k]`: the sentences in which at most k words are missing so far.
    found = [places] * (missing + 1)
    for word in words:
        holding = known.with_token(word)
        for k in range(missing, 0, -1):
            found[k] = (found[k] & holding) | found[k - 1]
        found[0] &= holding
    return next((one for one in found if one), 0)


def _in_order(places: int, claim: Claim, known: Known) -> list[int]:
    """The sentences, those about the subject of the statement first."""
    own = known.of_title.get(claim.subject or claim.topic, 0) if (claim.subject or claim.topic) else 0
    return (bits(places & own) + bits(places & ~own))[:_MOST_CANDIDATES]


def says_same(claim: Claim, known: Known, place: int) -> bool:
    """Whether the sentence is about the same as the statement, and nothing in them says that it is otherwise."""
    stems = {token.stem for token in claim.tokens}
    if claim.is_negated:
        if known.denied(place).isdisjoint(claim.denied):
            return False
    elif not known.denied(place).isdisjoint(stems):
        return False
    return is_about(claim, known, place)


def is_about(claim: Claim, known: Known, place: int) -> bool:
    """Whether the sentence is about what the statement is about: its title or its first name is in the statement."""
    sentence = known.sentences[place]
    if not sentence.title:
        return True
    if not speaks_of_title(claim, known, place):
        return False
    if claim.subject:
        if claim.subject == sentence.title:
            return True
    elif not claim.names or claim.topic == sentence.title or (claim.begins_with_pronoun and not claim.is_topic_sure):
        return True
    if any(sentence.title in name.titles for name in claim.names):
        return True
    first = _first_name(known.tokens(place))
    if not first or not claim.names:
        return False
    begins = claim.tokens[claim.names[0].start : claim.names[0].end]
    return first in {token.form for token in begins}


def speaks_of_title(claim: Claim, known: Known, place: int) -> bool:
    """Whether a sentence speaks of what its paragraph is about, or of something that the statement names as well.

    The first sentence does. Another one does if it begins with a pronoun, the title, or a word of the first sentence: in a
    paragraph about a town, `The university was founded in 1820` says nothing of the town.
    """
    sentence = known.sentences[place]
    first = known.first_of(sentence.title)
    if place == first:
        return True
    own = {*map(plain, raw_words(sentence.title)), *claim.forms}
    stems = {token.stem for token in claim.tokens}
    is_aside = False  # within a name behind `in`, `from` and the like
    for token in known.tokens(place):
        if token.form in _PRONOUNS:
            return True
        if token.kind == "name":
            if token.form in own:
                return True
            if not is_aside:
                return False
        elif token.kind == "content" and token.form not in _ADVERBS:
            return token.stem in stems or token.form in known.sentences[first].forms
        else:
            is_aside = token.kind == "function" and (is_aside or token.form in _ASIDE)
    return True


def _first_name(tokens: Sequence[Token]) -> str:
    """The first name of a sentence, if nothing with content stands before it."""
    first = next((token for token in tokens if token.kind != "function"), None)
    return first.form if first is not None and first.kind == "name" else ""

"""Words that name a country in a text, and how one country is put for another."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

from tracekd.problem import Problem
from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.countries import STATES, WITH_ARTICLE, Country, Word, words
from tracekd.regimes.exchanged_names.edits import Edit
from tracekd.regimes.exchanged_names.letters import Place

_ARTICLE = re.compile(r"(?<!\w)[Tt]he $")
# `(German: Das Boot)` and `Italian for "Holy"` name a language.
# `Most U.S. airports`.
_SHORT = frozenset(("U.S.", "US", "UK", "U.K."))
_NOUN = re.compile(
    r" (?!and\b|or\b|in\b|at\b|on\b|from\b|to\b|with\b|by\b|for\b|is\b|was\b|as\b|until\b|beg|where\b|who\b|after\b|when\b)[a-z]"
)
# These are names of people, too.
_PEOPLE_TOO = frozenset(("Jordan", "Israel", "America"))
_CAPITAL_BEFORE = re.compile(r"\b[A-Z][\w'’.]* $")
_LANGUAGE = re.compile(r"\s*(?::|for\b|language\b|- ?language\b|translation\b|title\b)")


@cache
def _pattern() -> re.Pattern[str]:
    # `New South Wales` is not Wales.
    spellings = sorted((*words(), *STATES), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)")


def nations(text: str) -> Iterator[tuple[Place, Word]]:
    """Yield where a text names a country, its people, or says where something is from; languages are left out."""
    for found in _pattern().finditer(text):
        word = words().get(found[0])
        if word is None or _LANGUAGE.match(text, found.end()) or (found[0] in _PEOPLE_TOO and _in_name(text, found)):
            continue
        if found[0] in _SHORT and _NOUN.match(text, found.end()):
            word = word._replace(form="adjective")
        yield Place(*found.span()), word


def _in_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word with a capital letter stands right before it."""
    return _CAPITAL_BEFORE.search(text[max(0, found.start() - 20) : found.start()]) is not None


def exchange_nation(text: str, old: Country, new: Country) -> list[Edit]:
    """The edits that put one country for another: the name for the name, the adjective for the adjective."""
    return [_edit(text, place, word, new) for place, word in nations(text) if word.country.name == old.name]


def _edit(text: str, place: Place, word: Word, new: Country) -> Edit:
    written = new.written(word.form)
    if word.form != "name":
        return Edit(place, written)
    before = text[max(0, place.start - 5) : place.start]
    has_article = bool(_ARTICLE.search(before))
    needs = written.lower() in WITH_ARTICLE
    if has_article and not needs and word.country.name.lower() in WITH_ARTICLE:
        return Edit(Place(place.start - 4, place.end), written)
    if needs and not has_article and before.endswith((" in ", " of ", "from ", " to ", " by ", " and ", "for ")):
        return Edit(place, f"the {written}")
    return Edit(place, written)


def other_country(problem: Problem, texts: Sequence[str], rng: Random) -> Country:
    """A country that neither the facts nor the question name, from the context if it names one."""
    used = {word.country.state for text in (*texts, problem.question) for _, word in nations(text)}
    met = {word.country.name: word.country for fact in problem.context for _, word in nations(fact.text)}
    known = {word.country.name: word.country for word in words().values()}
    for pool in (met, known):
        if fitting := sorted(name for name, country in pool.items() if country.state not in used):
            return pool[rng.choice(fitting)]
    raise Unsupported("the facts name every country that is known")

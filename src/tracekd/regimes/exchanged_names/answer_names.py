"""Exchanges the names of an answer: persons, places and works for others, a country for another."""

import re
from collections.abc import Sequence
from random import Random

from tracekd.problem import Problem
from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.choosing import Chooser
from tracekd.regimes.exchanged_names.countries import Country, word_of
from tracekd.regimes.exchanged_names.edits import Edit, Edits
from tracekd.regimes.exchanged_names.kind_words import KIND_OF_LAST, PLACES
from tracekd.regimes.exchanged_names.letters import Letters
from tracekd.regimes.exchanged_names.mentions import Name, exchange, own_words
from tracekd.regimes.exchanged_names.nations import exchange_nation, nations, other_country
from tracekd.regimes.exchanged_names.runs import full_words, runs
from tracekd.statements.passages.words import FUNCTION_WORDS

_LONGEST_NAME = 9
_SMALL = FUNCTION_WORDS | {"de", "von", "van", "al"}


def only_country(references: Sequence[str]) -> Country | None:
    """The one country that all references name; None if one of them names something else."""
    found = [word_of(reference) or word_of(reference.strip(" .")) for reference in references]
    countries = {word.country.name: word.country for word in found if word is not None}
    return next(iter(countries.values())) if len(countries) == 1 and None not in found else None


def country_edits(problem: Problem, texts: tuple[str, ...], old: Country, rng: Random) -> Edits:
    """What exchanges a country for another in any text. Raises Unsupported if the question names it."""
    if any(word.country.name == old.name for _, word in nations(problem.question)):
        raise Unsupported("the question names the answer")
    new = other_country(problem, texts, rng)
    return lambda text: exchange_nation(text, old, new)


def is_name(value: str, texts: Sequence[str]) -> bool:
    """Whether a whole answer has the shape of a name: its words with content begin with capital letters, in the facts, too."""
    parts = [part for part in (word.strip("\"'“”‘’(),.;:/&") for word in Name(value).bare.split()) if part]
    content = [word for word in parts if word.lower() not in _SMALL]
    if not content or len(parts) > _LONGEST_NAME or not all(word[0].isupper() or word[0].isdigit() for word in content):
        return False
    return any(not text[place.start].islower() for text in texts for place in Letters(text).find(Name(value).bare))


def inner_name(references: Sequence[str], texts: Sequence[str], question: str) -> str | None:
    """The longest name within the first answer that has one which the facts have and the question has not."""
    facts, asked = Letters("\n".join(texts)), Letters(question)
    for reference in references:
        found = [
            run.text
            for run in runs(reference)
            if (not run.first or len(run.forms) > 1) and facts.has(run.text) and not asked.has(run.text)
        ]
        if found:
            return max(found, key=len)
    return None


def name_edits(names: Sequence[str], problem: Problem, texts: tuple[str, ...], chooser: Chooser, rng: Random) -> Edits:
    """What exchanges names in any text; a reference that is a part of another one becomes the same part of its new name."""
    pairs: list[tuple[Name, Name]] = []
    nation: Country | None = None
    for text in sorted(names, key=len, reverse=True):
        known = next(((old, new) for old, new in pairs if _is_same(text, old)), None)
        if (word := word_of(text)) is not None:
            nation = nation or other_country(problem, texts, rng)
            pairs.append((Name(text), Name(nation.written(word.form))))
        elif known is not None:
            pairs.append(_part(text, *known))
        else:
            pairs.append(_pair(text, texts, chooser))
    ambiguous = _ambiguous(pairs, texts, problem.question)
    return lambda text: _edits_of(text, pairs, ambiguous)


def _pair(text: str, texts: Sequence[str], chooser: Chooser) -> tuple[Name, Name]:
    last = _word_behind(text, texts)
    whole = f"{text} {last}".strip()
    kind = chooser.kind_of(whole)
    new = chooser.choose(whole, kind)
    if last and new.text.endswith(f" {last}"):
        new = new._replace(text=new.text.removesuffix(f" {last}"))
    return Name(text, is_person=kind == "person", is_place=kind in PLACES), new


def _word_behind(name: str, texts: Sequence[str]) -> str:
    """The word that belongs to a name, though the answer leaves it out: `County` of `Onondaga County`."""
    for text in texts:
        for place in Letters(text).find(name):
            behind = re.match(r" ([A-Z][a-z]+)\b", text[place.end :])
            if behind and KIND_OF_LAST.get(behind[1].lower()) in PLACES:
                return behind[1]
    return ""


def _is_same(text: str, old: Name) -> bool:
    """Whether a name is a part of another, or another form of it: its initials, other first names."""
    own = Name(text)
    words, of_old = (tuple(word.removesuffix("'s") for word in one.words) for one in (own, old))
    return (
        Letters(old.text).has(own.bare)
        or words == of_old
        or own.bare == old.initials
        or (old.is_person and len(words) > 1 and words[-1] == of_old[-1])
    )


def _part(text: str, old: Name, new: Name) -> tuple[Name, Name]:
    """A part of a name, and the same part of the new name: its last words, or its first ones."""
    own, size = full_words(old.bare), len(full_words(Name(text).bare))
    if Name(text).bare == old.initials:
        return Name(text), Name(new.initials if len(new.initials) > 1 else new.text)
    if not Letters(old.text).has(Name(text).bare):
        return old._replace(text=text), new
    words_of_new = new.bare.split()
    if len(words_of_new) <= size or (old.is_person and size > 1):
        return old._replace(text=text), new
    is_last = own[-size:] == full_words(Name(text).bare)
    part = words_of_new[-size:] if is_last else words_of_new[:size]
    return old._replace(text=text, is_person=False), Name(" ".join(part).strip(","))


def _ambiguous(pairs: Sequence[tuple[Name, Name]], texts: Sequence[str], question: str) -> set[str]:
    """First names and surnames that other names of the facts, or the question, have as well."""
    found = set(full_words(question))
    for old, _ in pairs:
        own = set(old.words)
        for text in texts:
            for run in runs(text):
                name = own_words(run)
                if len(name) > 1 and not own.issuperset(name) and not own.issubset(name):
                    found.update(name)
    return found


def _edits_of(text: str, pairs: Sequence[tuple[Name, Name]], ambiguous: set[str]) -> list[Edit]:
    """The edits of all names in a text, the longer names first: what is a part of one is not exchanged again."""
    edits: list[Edit] = []
    for old, new in pairs:
        edits += exchange(text, old, new, ambiguous, [edit.place for edit in edits])
    return edits

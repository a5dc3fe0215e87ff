"""Exchanges the answer of a question, or the most informative part of it, in the gold facts and in the answer alike."""

import re
from collections.abc import Callable, Sequence
from random import Random

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.choosing import Chooser
from tracekd.regimes.exchanged_names.common_words import forms, others, word_edits
from tracekd.regimes.exchanged_names.countries import Country, word_of, words
from tracekd.regimes.exchanged_names.edits import Edit, edited
from tracekd.regimes.exchanged_names.kind_words import KIND_OF_LAST, PLACES
from tracekd.regimes.exchanged_names.letters import Letters, squeeze
from tracekd.regimes.exchanged_names.mentions import Name, exchange
from tracekd.regimes.exchanged_names.nations import exchange_nation, nations
from tracekd.regimes.exchanged_names.other_values import Key, other_dates, other_numbers
from tracekd.regimes.exchanged_names.runs import full_words, runs
from tracekd.regimes.exchanged_names.values import Value, values, with_year, written, year_of
from tracekd.statements.passages.words import FUNCTION_WORDS

Made = tuple[tuple[str, ...], Answer]
# Makes the edits of a text, be it a fact or an answer.
Edits = Callable[[str], list[Edit]]

_ASKS_VALUE = re.compile(
    r"\b(?:when|how (?:many|much|long|old|tall|high|far|big|large|often|fast)|(?:what|which) (?:years?|date|time|age)|span of years|"
    r"cost|price|"
    r"average|salary|number|temperature|temp|temps|age|population|birthday|date|net worth|hours|wage|rate|tuition)\b",
    re.IGNORECASE,
)
_LONGEST_NAME = 9
_LONGEST_PHRASE = 4


def exchange_answer(problem: Problem, texts: tuple[str, ...], titled: bool, rng: Random) -> Made:
    """The facts and the answer with the same exchange. Raises Unsupported if no part of the answer can be exchanged."""
    facts = Letters("\n".join(texts))
    standing = [value for value in problem.answer.values if facts.has(Name(value).bare)]
    question = Letters(problem.question)
    # A reference that the question itself names tells nothing: it stays.
    standing = [value for value in standing if not question.has(Name(value).bare)] or standing
    if any(question.has(Name(value).bare) for value in standing):
        raise Unsupported("the question names the answer")
    references = standing or list(problem.answer.values)
    asks_value = _ASKS_VALUE.search(problem.question) is not None
    spans = _values_of(references, texts, problem.question)
    if spans and (asks_value or all(_is_only(value, spans) for value in references)):
        return _made(problem, texts, _value_edits(problem, texts, spans, rng))
    if (country := _country(references)) is not None:
        return _made(problem, texts, _country_edits(problem, texts, country, rng))
    if spans and standing and all(map(_has_year, standing)):
        return _made(problem, texts, _value_edits(problem, texts, spans, rng))
    chooser = Chooser(problem, texts, titled, rng)
    if standing and all(map(_is_name, standing)):
        return _made(problem, texts, _name_edits(standing, texts, problem.question, chooser))
    if spans:
        return _made(problem, texts, _value_edits(problem, texts, spans, rng))
    if inner := _inner_names(references, facts, question):
        if (country := _country(inner)) is not None:
            return _made(problem, texts, _country_edits(problem, texts, country, rng))
        return _made(problem, texts, _name_edits(inner, texts, problem.question, chooser))
    if (edits := _word_edits(references[0], texts, problem.question, rng)) is not None:
        return _made(problem, texts, edits)
    if not standing:
        raise Unsupported("the answer does not stand in the gold facts, nor a name, date or number of it")
    raise Unsupported("the answer has no name, date or number that could be exchanged")


def _made(problem: Problem, texts: tuple[str, ...], edits: Edits) -> Made:
    """The facts and the answers with these edits. Answers that do not change are dropped."""
    values = [(value, edited(value, edits(value))) for value in problem.answer.values]
    changed = tuple(dict.fromkeys(new for old, new in values if squeeze(new) != squeeze(old)))
    if not changed:
        raise Unsupported("nothing of the answer could be exchanged")
    return tuple([edited(text, edits(text)) for text in texts]), problem.answer.model_copy(update={"values": changed})


def _values_of(references: Sequence[str], texts: Sequence[str], question: str) -> list[Value]:
    """The values of the answer that stand in the facts and not in the question: dates and years before numbers."""
    inside = [value for text in texts for value in values(text)]
    known = {_same(value) for value in inside} | {
        (False, value.key[:1]) for value in inside if year_of(value) is not None
    }
    asked = {_same(value) for value in values(question)}
    found = [
        value
        for reference in references
        for value in values(reference)
        if _same(value) in known and _same(value) not in asked
    ]
    dates = [value for value in found if year_of(value) is not None]
    return dates or found


def _same(value: Value) -> tuple[bool, Key]:
    return year_of(value) is None, value.key


def _is_only(reference: str, spans: Sequence[Value]) -> bool:
    """Whether an answer has no name outside of its values."""
    inside = {at for value in spans for at in range(*value.place)}
    rest = "".join([sign for at, sign in enumerate(reference) if at not in inside])
    return not any(not run.first or len(run.forms) > 1 for run in runs(rest)) and len(rest.split()) <= 4


def _value_edits(problem: Problem, texts: tuple[str, ...], spans: Sequence[Value], rng: Random) -> Edits:
    inside = [value for text in texts for value in values(text)]
    taken = [*inside, *values(problem.question), *spans]
    used = {value.key for value in taken}
    pool = [value for fact in problem.context for value in values(fact.text) if value.key not in used]
    if year_of(spans[0]) is not None:
        found = other_dates(spans, pool, taken, rng)
        return lambda text: _date_edits(text, found)
    numbers = other_numbers(spans, pool, used, rng)
    return lambda text: [
        Edit(value.place, written(value, numbers[value.key]))
        for value in values(text)
        if value.key in numbers and year_of(value) is None
    ]


def _date_edits(text: str, found: dict[Key, Key]) -> list[Edit]:
    """A year is exchanged within dates, too; a date only as a whole."""
    edits = []
    for value in values(text):
        if value.key in found:
            edits.append(Edit(value.place, written(value, found[value.key])))
        elif year_of(value) is not None and (year := found.get((value.key[0],))) is not None:
            edits.append(Edit(value.place, with_year(value, int(year[0]))))
    return edits


def _country(references: Sequence[str]) -> Country | None:
    """The one country that all references name; None if one of them names something else."""
    found = [word_of(reference) or word_of(reference.strip(" .")) for reference in references]
    countries = {word.country.name: word.country for word in found if word is not None}
    return next(iter(countries.values())) if len(countries) == 1 and None not in found else None


def _country_edits(problem: Problem, texts: tuple[str, ...], old: Country, rng: Random) -> Edits:
    if any(word.country.name == old.name for _, word in nations(problem.question)):
        raise Unsupported("the question names the answer")
    used = {word.country.state for text in (*texts, problem.question) for _, word in nations(text)} | {old.state}
    met = {word.country.name: word.country for fact in problem.context for _, word in nations(fact.text)}
    known = {word.country.name: word.country for word in words().values()}
    for pool in (met, known):
        fitting = sorted(name for name, country in pool.items() if country.state not in used)
        if fitting:
            new = pool[rng.choice(fitting)]
            return lambda text: exchange_nation(text, old, new)
    raise Unsupported("no other country is known")


def _is_name(value: str) -> bool:
    """Whether a whole answer has the shape of a name: its words with content begin with capital letters."""
    parts = re.findall(r"[^\W_]+", Name(value).bare)
    content = [
        word for word in parts if word.lower() not in FUNCTION_WORDS and word.lower() not in ("de", "von", "van", "al")
    ]
    return (
        bool(content)
        and len(parts) <= _LONGEST_NAME
        and all(word[0].isupper() or word[0].isdigit() for word in content)
    )


def _inner_names(references: Sequence[str], facts: Letters, question: Letters) -> list[str]:
    """The longest name within the first answer that has one which the facts have and the question has not."""
    for reference in references:
        found = [
            run.text
            for run in runs(reference)
            if (not run.first or len(run.forms) > 1) and facts.has(run.text) and not question.has(run.text)
        ]
        if found:
            return [max(found, key=len)]
    return []


def _name_edits(names: Sequence[str], texts: tuple[str, ...], question: str, chooser: Chooser) -> Edits:
    """Exchanges names; a reference that is a part of another one becomes the same part of its new name."""
    pairs: list[tuple[Name, Name]] = []
    for text in sorted(names, key=len, reverse=True):
        known = next(((old, new) for old, new in pairs if _is_same(text, old)), None)
        if known is not None:
            pairs.append(_part(text, *known))
            continue
        last = _word_behind(text, texts)
        kind = chooser.kind_of(f"{text} {last}".strip())
        new = chooser.choose(f"{text} {last}".strip(), kind)
        if last and new.text.endswith(f" {last}"):
            new = new._replace(text=new.text.removesuffix(f" {last}"))
        pairs.append((Name(text, is_person=kind == "person", is_place=kind in PLACES), new))
    ambiguous = _ambiguous(pairs, texts, question)
    return lambda text: _name_edits_of(text, pairs, ambiguous)


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
    if len(words_of_new) <= size:
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
                if len(run.forms) > 1 and not own.issuperset(run.forms) and not set(run.forms).issuperset(own):
                    found.update(run.forms)
    return found


def _name_edits_of(text: str, pairs: Sequence[tuple[Name, Name]], ambiguous: set[str]) -> list[Edit]:
    """The edits of all names in a text, the longer names first: what is a part of one is not exchanged again."""
    edits: list[Edit] = []
    for old, new in pairs:
        edits += exchange(text, old, new, ambiguous, [edit.place for edit in edits])
    return edits


def _word_edits(reference: str, texts: Sequence[str], question: str, rng: Random) -> Edits | None:
    """Exchanges one common word of the answer: the last one of a phrase, any one of a sentence; None if it has none."""
    inside = {word for text in texts for word in full_words(text)}
    words = [
        word for word in dict.fromkeys(full_words(reference)) if word in inside and word not in full_words(question)
    ]
    used = inside | set(full_words(question)) | set(full_words(reference))
    choices = [(word, found) for word in words if (found := others(word, used))]
    if not choices:
        return None
    word, found = choices[-1] if len(full_words(reference)) <= _LONGEST_PHRASE else rng.choice(choices)
    pairs = forms(word, rng.choice(found))
    return lambda text: word_edits(text, pairs)


def _has_year(value: str) -> bool:
    return any(year_of(one) is not None for one in values(value))

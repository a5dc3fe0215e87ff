"""Exchanges the answer of a question, or the most informative part of it, in the gold facts and in the answer alike."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.answer_names import country_edits, inner_name, is_name, name_edits, only_country
from tracekd.regimes.exchanged_names.answer_values import has_year, is_only, value_edits, values_of
from tracekd.regimes.exchanged_names.choosing import Chooser
from tracekd.regimes.exchanged_names.common_words import forms, others, word_edits
from tracekd.regimes.exchanged_names.edits import Edits, edited
from tracekd.regimes.exchanged_names.letters import Letters, squeeze
from tracekd.regimes.exchanged_names.mentions import Name
from tracekd.regimes.exchanged_names.runs import full_words, runs

Made = tuple[tuple[str, ...], Answer]

# What is asked for is a date or a number.
_ASKS_VALUE = re.compile(
    r"\b(?:when|how (?:many|much|long|old|tall|high|far|big|large|often|fast)|(?:what|which) (?:years?|date|time|age)|"
    r"span of years|cost|price|average|salary|number|temperature|temp|temps|age|population|birthday|date|net worth|hours|"
    r"wage|rate|tuition)\b",
    re.IGNORECASE,
)
_LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Asked:
    """A question with its gold facts.

    `references`: the answers that stand in the facts as a whole (`standing`), or all of them if none does. A reference that
    the question itself names tells nothing: it is left as it is.
    """

    problem: Problem
    texts: tuple[str, ...]
    titled: bool
    standing: tuple[str, ...]
    references: tuple[str, ...]

    @classmethod
    def of(cls, problem: Problem, texts: tuple[str, ...], titled: bool) -> "Asked":
        """Raises Unsupported if the question names every answer that stands in the facts."""
        facts, question = Letters("\n".join(texts)), Letters(problem.question)
        found = [value for value in problem.answer.values if facts.has(Name(value).bare)]
        standing = tuple([value for value in found if not question.has(Name(value).bare)])
        if found and not standing:
            raise Unsupported("the question names the answer")
        return cls(problem, texts, titled, standing, standing or problem.answer.values)


def exchange_answer(problem: Problem, texts: tuple[str, ...], titled: bool, rng: Random) -> Made:
    """The facts and the answer with the same exchange. The first way of exchanging that fits the answer counts.

    Raises Unsupported, with what is wrong with the first way, if no part of the answer can be exchanged.
    """
    asked = Asked.of(problem, texts, titled)
    reasons: list[Unsupported] = []
    for way in _ways(asked):
        try:
            return _made(asked, way(asked, rng))
        except Unsupported as reason:
            reasons.append(reason)
    if reasons:
        raise reasons[0]
    if not asked.standing:
        raise Unsupported("the answer does not stand in the gold facts, nor a name, date, number or common word of it")
    raise Unsupported("the answer has no name, date, number or common word that could be exchanged")


def _ways(asked: Asked) -> Iterator[Callable[[Asked, Random], Edits]]:
    """The ways of exchanging that may fit, the best first."""
    spans = values_of(asked.references, asked.texts, asked.problem.question)
    is_value = spans and (
        _ASKS_VALUE.search(asked.problem.question)
        or all(is_only(value, spans) for value in asked.references)
        or (asked.standing and all(map(has_year, asked.standing)))
    )
    if is_value:
        yield _exchange_values
    if only_country(asked.references) is not None:
        yield _exchange_country
    elif asked.standing and all(is_name(value, asked.texts) for value in asked.standing):
        yield _exchange_names
    if spans and not is_value:
        yield _exchange_values
    is_sentence = not asked.standing or not _is_phrase(asked.references[0])
    if is_sentence and inner_name(asked.references, asked.texts, asked.problem.question) is not None:
        yield _exchange_inner_name
    if _choices_of_words(asked):
        yield _exchange_word


def _made(asked: Asked, edits: Edits) -> Made:
    """The facts and the answers with these edits. Answers that do not change are dropped.

    Raises Unsupported if no answer changes, or if the facts still hold one that stood in them.
    """
    values = [(value, edited(value, edits(value))) for value in asked.problem.answer.values]
    changed = tuple(dict.fromkeys(new for old, new in values if squeeze(new) != squeeze(old)))
    gold = set(map(squeeze, asked.problem.answer.values))
    made = tuple([edited(text, edits(text)) for text in asked.texts])
    if not changed or any(squeeze(value) in gold for value in changed):
        raise Unsupported("nothing of the answer could be exchanged")
    if any(Letters(text).has(Name(value).bare) for text in made for value in asked.standing):
        raise Unsupported("the exchanged facts would still hold the answer")
    return made, asked.problem.answer.model_copy(update={"values": changed})


def _exchange_values(asked: Asked, rng: Random) -> Edits:
    spans = values_of(asked.references, asked.texts, asked.problem.question)
    return value_edits(asked.problem, asked.texts, spans, rng)


def _exchange_country(asked: Asked, rng: Random) -> Edits:
    country = only_country(asked.references)
    assert country is not None, "this way is taken only for a country"
    return country_edits(asked.problem, asked.texts, country, rng)


def _exchange_names(asked: Asked, rng: Random) -> Edits:
    chooser = Chooser(asked.problem, asked.texts, asked.titled, rng)
    return name_edits(asked.standing, asked.problem, asked.texts, chooser, rng)


def _exchange_inner_name(asked: Asked, rng: Random) -> Edits:
    name = inner_name(asked.references, asked.texts, asked.problem.question)
    assert name is not None, "this way is taken only for a name"
    if (country := only_country([name])) is not None:
        return country_edits(asked.problem, asked.texts, country, rng)
    chooser = Chooser(asked.problem, asked.texts, asked.titled, rng)
    return name_edits([name], asked.problem, asked.texts, chooser, rng)


def _choices_of_words(asked: Asked) -> list[tuple[str, list[str]]]:
    """The common words of the first answer that stand in the facts and not in the question, with what may replace each."""
    inside = {word for text in asked.texts for word in full_words(text)}
    question, answer = set(full_words(asked.problem.question)), full_words(asked.references[0])
    used = inside | question | set(answer)
    words = [
        word for word in dict.fromkeys(answer) if word in inside and word not in _within_names(asked.references[0])
    ]
    choices = [(word, found) for word in words if (found := others(word, used))]
    return [(word, found) for word, found in choices if question.isdisjoint(forms(word, found[0]))]


def _within_names(text: str) -> set[str]:
    """The words of names: `New York` has no common word."""
    return {word for run in runs(text) if len(run.forms) > 1 or not run.first for word in run.forms}


def _exchange_word(asked: Asked, rng: Random) -> Edits:
    """Exchanges one common word of the answer: the last one of a phrase, any one of a sentence."""
    choices = _choices_of_words(asked)
    word, found = choices[-1] if _is_phrase(asked.references[0]) else rng.choice(choices)
    pairs = forms(word, rng.choice(found))
    return lambda text: word_edits(text, pairs)


def _is_phrase(reference: str) -> bool:
    return len(full_words(reference)) <= _LONGEST_PHRASE

"""Questions that compare two things: what is said of one is said of the other, so the answer is the other one.

`Who was born first, A or B?` asks the same of A and of B. So whatever the gold facts say, if the two names are exchanged in
all of them, the answer is the other name; the rule needs to read neither dates nor numbers. Of `Are A and B from the same
country?`, the country of one is made that of the other, or a third one.
"""

import re
from collections.abc import Sequence
from functools import partial
from random import Random

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.common_words import forms, others, word_edits
from tracekd.regimes.exchanged_names.countries import Country, Word, word_of
from tracekd.regimes.exchanged_names.edits import Edit, Edits, edited
from tracekd.regimes.exchanged_names.letters import Letters, squeeze
from tracekd.regimes.exchanged_names.mentions import Name, exchange, mentions, replaced
from tracekd.regimes.exchanged_names.name_kinds import described
from tracekd.regimes.exchanged_names.nations import exchange_nation, nations, other_country
from tracekd.regimes.exchanged_names.runs import full_words

_BOTH = re.compile(r"\b[Bb]oth\b(?!.*\bsame\b)")
_SAME_COUNTRY = re.compile(r"\bsame (?:country|nationality)\b")
_BRACKETS = re.compile(r" ?\([^()]*\)$")
_NAMED_AFTER = re.compile(r"\s*\([^()]*\)")
_OR = re.compile(r"[\s,\"!?.]*(?:\([^()]*\))?[\s,\"!?]*\bor\b\s+(?:the |The )?[\"]?")
_LONGEST_TITLE = 120
Made = tuple[tuple[str, ...], Answer]
_ARROW = " >> "


def compared(problem: Problem, texts: tuple[str, ...], rng: Random) -> tuple[tuple[str, ...], Answer]:
    """Facts that imply the other answer, and that answer. Raises Unsupported if the question is not read for sure."""
    if problem.answer.values[0].strip(" .").lower() in ("yes", "no"):
        return _same_country(problem, texts, rng)
    return _choice(problem, texts)


def is_choice(problem: Problem, texts: Sequence[str]) -> bool:
    """Whether the answer is one of two names between which the question has the word `or`."""
    return _pair(problem, texts) is not None


def titles_of(texts: Sequence[str]) -> list[str]:
    """The titles of these facts, each once. A title may have a colon: it then ends before the text that repeats it."""
    return list(dict.fromkeys(map(title_of, texts)))


def title_of(text: str) -> str:
    """The title of a fact: what stands before its first colon, or more if the text after it begins with the same words."""
    title, _, body = text[:_LONGEST_TITLE].partition(": ")
    longer, more, rest = body.partition(": ")
    if more and rest.startswith((title, longer)) and len(longer) < _LONGEST_TITLE // 2:
        return f"{title}: {longer}"
    return title


def _bare(title: str) -> str:
    return _BRACKETS.sub("", title)


def _pair(problem: Problem, texts: Sequence[str]) -> tuple[str, str] | None:
    """The titles of the two things compared, first that of the answer."""
    question = Letters(problem.question)
    places = {
        title: place for title in titles_of(texts) if (place := next(question.find(_bare(title)), None)) is not None
    }
    for one, first in places.items():
        for other, second in places.items():
            if first.end > second.start or not _OR.fullmatch(problem.question[first.end : second.start]):
                continue
            ours = [title for title in (one, other) if _is_answer(problem, _bare(title))]
            if len(ours) == 1:
                return (one, other) if ours[0] == one else (other, one)
    return None


def _is_answer(problem: Problem, name: str) -> bool:
    """Whether the answer is this name, or a longer form of it with middle names."""
    value = problem.answer.values[0]
    own, given = full_words(name.replace("-", " ")), full_words(value.replace("-", " "))
    if squeeze(_NAMED_AFTER.sub("", value)) in (squeeze(name), squeeze(f"the {name}")):
        return True
    rest = iter(given)
    is_longer = all(any(word == other or word[0] == other[0] == word for other in rest) for word in own)
    return (is_longer and len(own) > 1 and len(given) <= len(own) + 3) or given[:3] == ("the", *own, "is")[:3]


def _choice(problem: Problem, texts: tuple[str, ...]) -> tuple[tuple[str, ...], Answer]:
    pair = _pair(problem, texts)
    if pair is None:
        raise Unsupported("a comparison that is not read by rule")
    for title in pair:
        place = next(Letters(problem.question).find(_bare(title)))
        more = _NAMED_AFTER.match(problem.question, place.end)
        if more and any(sign.isdigit() for sign in more[0]):
            raise Unsupported("the question says more about one of the things that it compares")
    last = max(next(Letters(problem.question).find(_bare(title))).end for title in pair)
    if re.match(r"\s+(?:by|from|of|in)\b", problem.question[last:]):
        raise Unsupported("the question says more about one of the things that it compares")
    old, new = (_name(title, texts) for title in pair)
    if Letters(old.text).has(new.text) or Letters(new.text).has(old.text):
        raise Unsupported("one name of the comparison is a part of the other")
    made = _swapped(texts, old, new)
    values = [_bare(pair[1])]
    place = next(Letters(problem.question).find(_bare(pair[1])))
    if more := _NAMED_AFTER.match(problem.question, place.end):
        values.append(values[0] + more[0])
    return made, problem.answer.model_copy(update={"values": tuple(values)})


def _name(title: str, texts: Sequence[str]) -> Name:
    body = next(text[len(title) + 2 :] for text in texts if title_of(text) == title)
    return Name(_bare(title), is_person=described(body) == "person" or "(born" in body[:200])


def _swapped(texts: tuple[str, ...], one: Name, other: Name) -> tuple[str, ...]:
    """The facts with two names exchanged, in all their forms; the longer forms of a person's name, too."""
    surnames = {one.words[-1], other.words[-1]} if one.words[-1] == other.words[-1] else set()
    longest = [_longest(texts, name, surnames) for name in (one, other)]
    return tuple([edited(text, _swaps(text, (one, other), longest, surnames)) for text in texts])


def _longest(texts: Sequence[str], name: Name, ambiguous: set[str]) -> str:
    """The longest form of a name in the facts, or the name itself."""
    found = [
        text[place.start : place.end]
        for text in texts
        for place, form in mentions(text, name, ambiguous)
        if form == "long"
    ]
    return max(found, key=len, default=name.text)


def _swaps(text: str, pair: tuple[Name, Name], longest: list[str], ambiguous: set[str]) -> list[Edit]:
    edits: list[Edit] = []
    for name, other, long_form in ((*pair, longest[1]), (pair[1], pair[0], longest[0])):
        for place, form in mentions(text, name, ambiguous):
            edits.append(replaced(text, place, name, long_form if form == "long" else other.written(form)))
    for name, other in (pair, pair[::-1]):
        edits += (
            exchange(text, _short(name), other, ambiguous, [edit.place for edit in edits]) if ": " in name.text else []
        )
    return edits


def _short(name: Name) -> Name:
    """A title without what stands behind its colon: `Night Owls` of `Night Owls: The Return`."""
    return Name(name.text.partition(": ")[0])


def _same_country(problem: Problem, texts: tuple[str, ...], rng: Random) -> tuple[tuple[str, ...], Answer]:
    if _BOTH.search(problem.question) and problem.answer.values[0].strip(" .").lower() == "yes":
        return _not_both(problem, texts, rng)
    if not _SAME_COUNTRY.search(problem.question):
        raise Unsupported("a question with yes or no that is not read by rule")
    subjects = _subjects(problem, texts)
    stated = [word_of(hop.answer) for hop in problem.hops[-2:]] or [None, None]
    countries = [_country(texts, title, word) for title, word in zip(subjects, stated, strict=True)]
    are_same = countries[0].state == countries[1].state
    answer = problem.answer.values[0]
    if are_same != (answer.strip(" .").lower() == "yes"):
        raise Unsupported("the facts do not name the two countries by which the answer is given")
    which = rng.randrange(2)
    new = other_country(problem, texts, rng) if are_same else countries[1 - which]
    edits = partial(exchange_nation, old=countries[which], new=new)
    return _with_edits(texts, subjects[which], edits), _opposite(problem)


def _not_both(problem: Problem, texts: tuple[str, ...], rng: Random) -> Made:
    """Of `Are both A and B American writers?`, one is made a writer of another country, or of another profession."""
    subjects = _subjects(problem, texts)
    bodies = [" ".join(_body(text) for text in texts if title_of(text) == title) for title in subjects]
    which = rng.randrange(2)
    edits: Edits | None = None
    for _, word in nations(problem.question):
        if all(any(met.country.name == word.country.name for _, met in nations(body)) for body in bodies):
            old, new = word.country, other_country(problem, texts, rng)
            edits = partial(exchange_nation, old=old, new=new)
    if edits is None:
        words_of = [set(full_words(body)) for body in bodies]
        named = set(full_words(" ".join(subjects)))
        for asked in full_words(problem.question):
            found = others(asked, words_of[which] | named)
            pairs = forms(asked, rng.choice(found)) if found else {}
            if asked not in named and all(not inside.isdisjoint(pairs) for inside in words_of):
                edits = partial(word_edits, pairs=pairs)
    if edits is None:
        raise Unsupported("a question with yes or no that is not read by rule")
    return _with_edits(texts, subjects[which], edits), _opposite(problem)


def _with_edits(texts: tuple[str, ...], title: str, edits: Edits) -> tuple[str, ...]:
    """The facts; those with this title are edited behind it."""
    return tuple(
        text[: _offset(text)] + edited(_body(text), edits(_body(text))) if title_of(text) == title else text
        for text in texts
    )


def _opposite(problem: Problem) -> Answer:
    answer = problem.answer.values[0]
    opposite = "no" if answer.strip(" .").lower() == "yes" else "yes"
    value = opposite.capitalize() if answer[0].isupper() else opposite
    return problem.answer.model_copy(update={"values": (value,)})


def _subjects(problem: Problem, texts: Sequence[str]) -> tuple[str, str]:
    """The titles of the two things whose countries are compared: by the data set's own decomposition, or by the question."""
    by_name = {squeeze(title): title for title in titles_of(texts)}
    hops = [
        by_name.get(squeeze(hop.question.rpartition(_ARROW)[0])) for hop in problem.hops[-2:] if _ARROW in hop.question
    ]
    if not problem.hops:
        question = Letters(problem.question)
        hops = [title for title in titles_of(texts) if question.has(_bare(title))]
    if len(hops) != 2 or hops[0] is None or hops[1] is None or hops[0] == hops[1]:
        raise Unsupported("the two things that are compared are not the titles of two facts")
    return hops[0], hops[1]


def _body(text: str) -> str:
    return text[_offset(text) :]


def _offset(text: str) -> int:
    return len(title_of(text)) + 2


def _country(texts: Sequence[str], title: str, stated: Word | None) -> Country:
    """The country that the facts with a title name: the only one, or the `stated` one if the others are only places.

    Raises Unsupported if they name none, or several.
    """
    bodies = [_body(text) for text in texts if title_of(text) == title]
    found = {word.country.name: word.country for body in bodies for _, word in nations(body)}
    if stated is not None and stated.country.name in found:
        others = {word.form for body in bodies for _, word in nations(body) if word.country.name != stated.country.name}
        if others <= {"name"}:
            return stated.country
    if len(found) != 1:
        raise Unsupported("the facts name no country, or several, for one of the two")
    return next(iter(found.values()))

"""Reads facts in which an answer was exchanged, by another method than the exchange: word by word, and dates by words.

It knows neither the forms of names nor the kinds of values. It says what is wrong with a result; nothing if it is right.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tracekd.problem import Answer, Problem

Words = list[str]
ARTICLES = {"a", "an", "the"}
NUMBERS = dict(
    zip("two three four five six seven eight nine ten eleven twelve".split(), map(str, range(2, 13)), strict=True)
)
MONTHS = "january february march april may june july august september october november december".split()
# So many equal letters at the beginning make one word of two: French and France, dogs and dog.
PREFIX = 3
COUNTRIES = {"danish": "denmark", "dutch": "netherlands", "welsh": "wales", "swiss": "switzerland", "british": "united"}


def words(text: str) -> Words:
    """The words of a text, in lower case; a number with commas is one word."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())


def stands(name: str, text: str) -> bool:
    """Whether all words of a name stand in a text one after the other; articles before it do not count."""
    own, there = words(name), words(text)
    while len(own) > 1 and own[0] in ARTICLES:
        own = own[1:]
    places = (at for at, word in enumerate(there) if word == own[0]) if own else iter(())
    return any(there[at : at + len(own)] == own for at in places)


def changes(old: str, new: str) -> Iterator[tuple[Words, Words]]:
    """Yield the words that were taken out, and those put in, at each place where two texts differ."""
    one, other = words(old), words(new)
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            yield one[a:b], other[c:d]


def faults(problem: Problem, made: Sequence[str], answer: Answer) -> list[str]:
    """What is wrong with exchanged facts and their answer."""
    gold = problem.texts(problem.trace.facts)
    found = []
    if len(made) != len(gold):
        return ["another number of facts"]
    if not any(True for old, new in zip(gold, made, strict=True) for _ in changes(old, new)):
        found.append("no fact is changed")
    is_closed = is_yes_or_no(problem) or is_choice(problem, answer)
    if not is_closed:
        found += _open_faults(problem, gold, made, answer)
    if is_choice(problem, answer) and not any(stands(value, problem.question) for value in answer.values):
        found.append("the new answer is not in the question")
    allowed = _allowed(problem, gold, answer, is_closed)
    foreign = {word for old, new in zip(gold, made, strict=True) for _, put in changes(old, new) for word in put}
    if not is_yes_or_no(problem) and (others := [word for word in foreign if not _is_like(word, allowed)]):
        found.append(f"words that belong to no exchange: {sorted(others)}")
    if is_yes_or_no(problem) and len({word for word in foreign if word not in ARTICLES}) > 6:
        found.append("too many words are changed")
    return found


def _open_faults(problem: Problem, gold: Sequence[str], made: Sequence[str], answer: Answer) -> list[str]:
    found = []
    stood = [value for value in problem.answer.values if any(stands(value, text) for text in gold)]
    stood = [value for value in stood if not stands(value, problem.question)]
    if any(stands(value, text) for value in stood for text in made):
        found.append("a gold answer still stands in the facts")
    if stood and not any(stands(value, text) for value in answer.values for text in made):
        found.append("no new answer stands in the facts")
    if any(stands(value, text) for value in answer.values for text in (*gold, problem.question)):
        found.append("the new answer stands in the gold facts or the question")
    if {tuple(words(value)) for value in answer.values} & {tuple(words(value)) for value in problem.answer.values}:
        found.append("the new answer is gold")
    return found


def _allowed(problem: Problem, gold: Sequence[str], answer: Answer, is_closed: bool) -> set[str]:
    """The words that an exchange may put in: those of the new answer, and in a comparison those of the facts."""
    texts = [*answer.values, *((*gold, problem.question) if is_closed else ())]
    found = {word for text in texts for word in words(text)} | ARTICLES
    initials = {"".join(word[0] for word in words(value)) for value in answer.values}
    found |= {country for word, country in COUNTRIES.items() if word in found}
    return found | initials | {NUMBERS[word] for word in found if word in NUMBERS} | {
        name for name, number in NUMBERS.items() if number in found
    }  # fmt: skip


def _is_like(word: str, allowed: set[str]) -> bool:
    return word in allowed or any(word[:PREFIX] == other[:PREFIX] and len(word) >= PREFIX for other in allowed)


def is_yes_or_no(problem: Problem) -> bool:
    """Whether the answer is yes or no."""
    return words(problem.answer.values[0])[:1] in (["yes"], ["no"])


def is_choice(problem: Problem, answer: Answer) -> bool:
    """Whether the question names the new answer, after or before `or`."""
    return " or " in problem.question and any(stands(value, problem.question) for value in answer.values)


def date_of(text: str, event: str) -> tuple[int, ...] | None:
    """The date of an event in a sentence that begins with a name and dates in brackets: the first one, or for a death the
    last one, of the first bracket with a year; for a release, the first year.
    """
    if event == "release":
        found = re.search(r"\b(1[89]\d\d|20\d\d)\b", text.partition(": ")[2])
        return (int(found[1]),) if found else None
    bracket = next((part for part in re.findall(r"\(([^()]*)\)", text) if re.search(r"\d{4}", part)), None)
    if bracket is None:
        return None
    dates = list(_dates(bracket))
    if event == "die" and (len(dates) < 2 or "born" in bracket.split("–")[-1]):
        return None
    return dates[-1] if event == "die" and len(dates) == 2 else dates[0] if dates and event == "born" else None


def _dates(text: str) -> Iterator[tuple[int, ...]]:
    there = words(text)
    for at, word in enumerate(there):
        if not re.fullmatch(r"\d{4}", word):
            continue
        near = there[max(0, at - 2) : at]
        month = next((MONTHS.index(one) + 1 for one in near if one in MONTHS), None)
        day = next((int(one) for one in near if one.isdigit() and int(one) <= 31), None)
        yield (int(word), month, day) if month and day else (int(word),)


def choice_by_dates(problem: Problem, texts: Sequence[str]) -> str | None:
    """The answer to `who was born first, A or B?` and the like, read from facts; None if it is not read for sure.

    Titles with a colon are not read.
    """
    question = problem.question.lower()
    if ": " in question:
        return None
    event = next((event for pattern, event in EVENTS if re.search(pattern, question)), None)
    is_late = re.search(r"\blater\b|\byounger\b|\brecently\b|\blast\b", question) is not None
    names = _named(problem, texts)
    if event is None or len(names) != 2:
        return None
    dates = [_date_about(name, texts, event) for name in names]
    if None in dates or dates[0] == dates[1]:
        return None
    one, other = (date for date in dates if date is not None)
    return names[0] if (one < other) != is_late else names[1]


EVENTS = (
    (r"\bdied\b", "die"),
    (r"\bborn\b|\bolder\b|\byounger\b", "born"),
    (r"\breleased\b|\bcame out\b", "release"),
)


def _named(problem: Problem, texts: Sequence[str]) -> list[str]:
    """The titles of facts that the question names, without what stands in brackets."""
    titles = dict.fromkeys(re.sub(r" ?\([^()]*\)$", "", text.partition(": ")[0]) for text in texts)
    return [title for title in titles if stands(title, problem.question)]


def _date_about(name: str, texts: Sequence[str], event: str) -> tuple[int, ...] | None:
    """The date of a person or film, or of the person whose fact has a title that the film's fact names."""
    own = [text for text in texts if stands(name, text.partition(": ")[0])]
    found = date_of(own[0], event) if own else None
    if found is not None and event == "release":
        return found
    if found is not None and "film" not in own[0]:
        return found
    others = [
        text for text in texts if text not in own and own and any(stands(text.partition(": ")[0], one) for one in own)
    ]
    return date_of(others[0], event) if len(others) == 1 else None

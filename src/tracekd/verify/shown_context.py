"""The problem whose context a text shows, in any form: numbered, joined into one line, within a prompt.

A problem is shown if all facts of its context are in the text, in their order, and no fact of another problem's context
is: stories grow line by line, so a longer story has all facts of a shorter one. Among several, the one with the most facts
counts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from tracekd.problem import Problem
from tracekd.tasks.normalize import normalize_fact, normalize_facts

SEVERAL = -1

# What tools write before a line: a number, a bullet, a quotation mark, a word such as `Passage 3:`.
_MARK = re.compile(
    r"\s*+(?:[-*>\u2022]\s++|[\[(]?[0-9]{1,4}[\]).:]\s*+|(?:[A-Za-z]++\s?+){1,2}(?:[\[(]?[0-9]{1,4}[\])]?)?\s?+[:\uff1a]\s*+){0,3}+"
)
_SENTENCE_END = re.compile(r"(?<=[.!?\u3002])\s+")
# What may be left of a context when its facts are taken away: numbers, and the words by which they are counted.
_LABELS = re.compile(
    r"(?:[\W\d_]|\b(?:fact|passage|document|sentence|paragraph|story|context|line|title|text)s?\b)*", re.IGNORECASE
)
_MOST_UNITS = 2_000
_MOST_QUESTIONS = 24


class ShownContexts:
    """An index of problems by their question and the last fact of their context, made when it is first needed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        self._places: dict[int, list[int]] = {}
        self._facts: set[int] = set()
        for place, problem in enumerate(problems):
            facts = _facts(problem)
            if facts:
                self._places.setdefault(hash((normalize_fact(problem.question), facts[-1])), []).append(place)
                self._facts.update(map(hash, facts))

    def find(self, question: str | None, text: str) -> int | None:
        """The place of the problem that a text shows; None if it shows none, `SEVERAL` if it shows several equally."""
        units = list(_units(text))
        if len(units) > _MOST_UNITS:
            return None
        questions = [normalize_fact(question)] if question is not None else _questions(text)
        candidates = {
            place for asked in questions for unit in set(units) for place in self._places.get(hash((asked, unit)), ())
        }
        shown = [(len(facts), place) for place in candidates if (facts := self._shown(place, units))]
        if not shown:
            return None
        most = max(shown)[0]
        found = sorted(place for count, place in shown if count == most)
        return found[0] if len(found) == 1 else SEVERAL

    def _shown(self, place: int, units: Sequence[str]) -> list[str]:
        """The facts of a problem, if the units have all of them in their order, and no other fact."""
        facts = _facts(self._problems[place])
        own, waiting = set(facts), iter(units)
        if not all(fact in waiting for fact in facts):  # each search goes on after the fact before
            return []
        is_more = sum(unit in own for unit in units) > len(facts)  # a line that the story has only once
        return [] if is_more or any(hash(unit) in self._facts for unit in set(units) - own) else facts


def shows(problem: Problem, context: Iterable[str]) -> bool:
    """Whether a context that a record states is the problem's, written differently, in any order; nothing else may be in
    it.
    """
    rest = normalize_fact("\n".join(context))
    for fact in sorted(_facts(problem), key=len, reverse=True):
        before, found, after = rest.partition(fact)
        if not found:
            return False
        rest = f"{before} \n {after}"
    return _LABELS.fullmatch(rest) is not None


def is_within(problem: Problem, prompt: str) -> bool:
    """Whether a prompt has every fact of the problem's context."""
    text = normalize_fact(prompt)
    return all(fact in text for fact in _facts(problem))


def _facts(problem: Problem) -> list[str]:
    return normalize_facts([fact.text for fact in problem.context])


def _units(text: str) -> Iterator[str]:
    """The lines of a text and the sentences in them, without what is written before them."""
    for line in text.splitlines():
        found = [line, *_SENTENCE_END.split(line)]
        found += [unit[_length_of_mark(unit) :] for unit in found]
        # A line of a single sentence is one unit: a story may have the same line twice.
        yield from dict.fromkeys(normalize_fact(unit) for unit in found if unit.strip())


def _length_of_mark(text: str) -> int:
    found = _MARK.match(text)
    return found.end() if found else 0


def _questions(text: str) -> list[str]:
    """What may be the question of a prompt: the last lines and sentences, and first those with a question mark."""
    units = list(dict.fromkeys(_units(text)))
    asking = [unit for unit in units if "?" in unit]
    return list(dict.fromkeys([*asking[-_MOST_QUESTIONS:], *units[-4:]]))

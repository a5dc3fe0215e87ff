"""The problem whose titled paragraphs a text shows, in any form: the title before each sentence, or above or before its
paragraph; numbered, joined, in another order of paragraphs, within a prompt.

Texts are compared word by word, without punctuation. A paragraph is shown if its title and its sentences stand directly
after each other; so no sentence is ever taken for one of another title.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tracekd.problem import Problem
from tracekd.tasks.normalize import normalize_fact

SEVERAL = -1

_WORD = re.compile(r"\w+")
_LABEL = re.compile(
    r"[0-9]+|(?:fact|passage|document|sentence|paragraph|story|context|line|title|text)s?", re.IGNORECASE
)
_AFTER_TITLE = ": "
# A title has at most two colons of its own.
_MOST_COLONS = 3
_QUESTION_END = re.compile(r"(?<=[?\uff1f])")
_MOST_QUESTIONS = 24
_MOST_CANDIDATES = 200


class ShownParagraphs:
    """An index of problems by their question, made when it is first needed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        self._places: dict[int, list[int]] = {}
        for place, problem in enumerate(problems):
            self._places.setdefault(hash(_words(problem.question)), []).append(place)

    def find(self, question: str | None, text: str) -> int | None:
        """The place of the problem that a text shows; None if it shows none, `SEVERAL` if it shows several equally."""
        asked = [question] if question is not None else _questions(text)
        places = {place for each in asked for place in self._places.get(hash(_words(each)), ())}
        if len(places) > _MOST_CANDIDATES:
            return None
        words = _words(text)
        shown = [(_size(problem), place) for place in places if _are_within(problem := self._problems[place], words)]
        if not shown:
            return None
        most = max(shown)[0]
        found = [place for size, place in shown if size == most]
        return found[0] if len(found) == 1 else SEVERAL


def shows(problem: Problem, context: Iterable[str]) -> bool:
    """Whether a context that a record states is the problem's, written differently; nothing else may be in it, except
    numbers and words such as `Passage`.
    """
    rest = _words("\n".join(context))
    # The longest first: a short paragraph may be a part of a longer one.
    for forms in sorted(_paragraphs(problem), key=lambda forms: sum(map(len, forms[-1])), reverse=True):
        form = _shown_form(forms, rest)
        if form is None:
            return False
        for part in form:
            before, found, after = rest.partition(part)
            if not found:  # two sentences that overlap
                return False
            rest = f"{before} {after}"
    return all(map(_LABEL.fullmatch, rest.split()))


def is_within(problem: Problem, prompt: str) -> bool:
    """Whether a prompt has every paragraph of the problem's context."""
    return _are_within(problem, _words(prompt))


def _are_within(problem: Problem, words: str) -> bool:
    return all(_shown_form(forms, words) is not None for forms in _paragraphs(problem))


# The parts of a paragraph, each of which must be shown: the whole paragraph, or each sentence with its title.
_Form = tuple[str, ...]


def _shown_form(forms: Sequence[_Form], words: str) -> _Form | None:
    return next((form for form in forms if all(part in words for part in form)), None)


def _paragraphs(problem: Problem) -> Iterator[list[_Form]]:
    """The forms of each paragraph: of facts that follow each other and have the same title. The last has whole facts."""
    for _, facts in groupby((fact.text for fact in problem.context), key=lambda text: text.partition(_AFTER_TITLE)[0]):
        yield _forms(list(facts))


def _forms(facts: Sequence[str]) -> list[_Form]:
    """A title may have colons of its own, so each place where it may end is tried."""
    found: list[_Form] = []
    for count in range(1, _MOST_COLONS + 1):
        parts = [text.split(_AFTER_TITLE, count) for text in facts]
        titles = {tuple(each[:-1]) for each in parts}
        if len(titles) == 1 and all(len(each) > count for each in parts):
            found.append((_words(" ".join([*titles.pop(), *(each[-1] for each in parts)])),))
    return [*found, tuple(map(_words, facts))]


def _words(text: str) -> str:
    """The words of a text, each between two blanks."""
    return f" {' '.join(_WORD.findall(normalize_fact(text)))} "


def _size(problem: Problem) -> int:
    return sum(len(fact.text) for fact in problem.context)


def _questions(text: str) -> list[str]:
    """What may be the question of a prompt: the last lines, and what ends with a question mark in a line."""
    lines = [line for line in text.splitlines() if line.strip()]
    asking = [part for line in lines for part in _endings(line)]
    return list(dict.fromkeys([*asking[-_MOST_QUESTIONS:], *lines[-4:]]))


def _endings(line: str) -> Iterator[str]:
    """The question that a line may have: up to its last question mark, from its beginning, a colon or a sentence's end."""
    if "?" not in line and "\uff1f" not in line:
        return
    asked = _QUESTION_END.split(line)[0].strip()
    yield asked
    for mark in (": ", "\uff1a", ". "):
        if mark in asked:
            yield asked.rpartition(mark)[2]
            yield asked.partition(mark)[2]

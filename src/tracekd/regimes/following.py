"""Whether the gold answer follows, by the task's rule, from texts that a trace quotes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting
from tracekd.tasks.check import same_answer
from tracekd.tasks.normalize import normalize_answer, normalize_fact

_MOST_READINGS = 64

# Sentences are met again and again, in the contexts of one story's questions.
normalized = lru_cache(maxsize=2**14)(normalize_fact)
_normalized_answer = lru_cache(maxsize=2**14)(normalize_answer)


@dataclass(frozen=True, slots=True)
class Story:
    """A problem's context, as one finds a quotation in it: `places` are those of each normalised text, in order."""

    problem: Problem
    places: dict[str, list[int]]

    @classmethod
    def of(cls, problem: Problem) -> "Story":
        """The story of a problem."""
        places: dict[str, list[int]] = {}
        for at, fact in enumerate(problem.context):
            places.setdefault(normalized(fact.text), []).append(at)
        return cls(problem, places)

    def readings(self, texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield the quoted texts, each once, in every order that they can have in the story; others stand last.

        A quotation does not say which of several equal sentences it means. Where there are a great many ways to read
        it, these are some of them.
        """
        quoted = {normalized(text): text for text in texts}
        known = [self.places[text] for text in quoted if text in self.places]
        foreign = tuple([text for found, text in quoted.items() if found not in self.places])
        if all(len(places) == 1 for places in known):  # nearly always
            yield tuple([self.problem.context[at].text for (at,) in sorted(known)]) + foreign
            return
        met: set[tuple[str, ...]] = set()
        for places in islice(product(*known), _MOST_READINGS):
            reading = tuple([self.problem.context[at].text for at in sorted(places)]) + foreign
            if reading not in met:
                met.add(reading)
                yield reading


def gives_gold(story: Story, setting: Setting, texts: Iterable[str]) -> bool:
    """Whether a gold answer, or one of several that belong together, follows from these texts in any reading."""
    return any(_meets(derived, story.problem.answer) for derived in _derived(story, setting, texts))


def gives_whole_gold(story: Story, setting: Setting, texts: Iterable[str]) -> bool:
    """Whether all of the gold answer follows from these texts in any reading."""
    return any(same_answer(derived, story.problem.answer) for derived in _derived(story, setting, texts))


def _derived(story: Story, setting: Setting, texts: Iterable[str]) -> Iterator[Answer]:
    problem = story.problem
    answers = (setting.derive(problem.question, reading, problem.label) for reading in story.readings(texts))
    return (answer for answer in answers if answer is not None)


def _meets(derived: Answer, gold: Answer) -> bool:
    right = set(map(_normalized_answer, gold.values))
    return not right.isdisjoint(map(_normalized_answer, derived.values)) or (not derived.values and not right)

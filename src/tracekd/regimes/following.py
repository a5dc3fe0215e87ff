"""Whether the gold answer follows, by the task's rule, from texts that a trace quotes."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice, product
from typing import NamedTuple

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting
from tracekd.tasks.check import same_answer
from tracekd.tasks.normalize import normalize_answer, normalize_fact

_MOST_READINGS = 64

# Sentences are met again and again, in the contexts of one story's questions.
normalized = lru_cache(maxsize=2**14)(normalize_fact)


class Story(NamedTuple):
    """A problem's context, as one finds things in it.

    `place` is that of each fact id, `last` the last one of each normalised text; `texts` are the texts by place,
    `normal` the normalised ones.
    """

    problem: Problem
    texts: list[str]
    normal: list[str]
    place: dict[str, int]
    last: dict[str, int]

    @classmethod
    def of(cls, problem: Problem) -> "Story":
        """The story of a problem."""
        texts = [fact.text for fact in problem.context]
        normal = list(map(normalized, texts))
        place = {fact.id: at for at, fact in enumerate(problem.context)}
        return cls(problem, texts, normal, place, {text: at for at, text in enumerate(normal)})

    def gold_texts(self) -> set[str]:
        """The normalised texts of all facts that any gold support names: none of them is ever wrong."""
        problem, place = self.problem, self.place
        supporting = {*problem.trace.facts, *chain(*problem.support.values(), *problem.alternatives)}
        return {self.normal[place[ident]] for ident in supporting if ident in place}

    def readings(self, texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield the quoted texts, each once, in every order that they can have in the story; others stand last.

        A quotation does not say which of several equal sentences it means. Where there are a great many ways to read
        it, these are some of them.
        """
        quoted = {normalized(text): text for text in texts}
        last = self.last
        known = [last[text] for text in quoted if text in last]
        foreign = [text for found, text in quoted.items() if found not in last] if len(known) < len(quoted) else []
        if len(last) == len(self.texts):  # nearly always: no sentence is repeated
            yield (*[self.texts[at] for at in sorted(known)], *foreign)
            return
        met: set[tuple[str, ...]] = set()
        choices = ([at for at, text in enumerate(self.normal) if text == self.normal[one]] for one in known)
        for places in islice(product(*choices), _MOST_READINGS):
            reading = (*[self.texts[at] for at in sorted(places)], *foreign)
            if reading not in met:
                met.add(reading)
                yield reading


def gives_gold(story: Story, setting: Setting, texts: Iterable[str]) -> bool:
    """Whether a gold answer, or one of several that belong together, follows from these texts in any reading."""
    return _follows(story, setting, texts, _meets)


def gives_whole_gold(story: Story, setting: Setting, texts: Iterable[str]) -> bool:
    """Whether all of the gold answer follows from these texts in any reading."""
    return _follows(story, setting, texts, same_answer)


def _follows(story: Story, setting: Setting, texts: Iterable[str], agree: Callable[[Answer, Answer], bool]) -> bool:
    problem = story.problem
    label = problem.label
    for reading in story.readings(texts):
        derived = setting.derive(problem.question, reading, label)
        if derived is not None and agree(derived, problem.answer):
            return True
    return False


def _meets(derived: Answer, gold: Answer) -> bool:
    right = set(map(normalize_answer, gold.values))
    return not right.isdisjoint(map(normalize_answer, derived.values)) or (not derived.values and not right)

"""Whether the gold answer follows, by the task's rule, from texts that a trace quotes."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import NamedTuple

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting
from tracekd.tasks.check import same_answer, shares_a_value
from tracekd.tasks.context import Context, normalized
from tracekd.tasks.what_follows import answers


class Story(NamedTuple):
    """A problem, its context, and the `place` in the context of each fact id.

    `last` is the last place of each normalised text.
    """

    problem: Problem
    context: Context
    place: dict[str, int]
    last: dict[str, int]

    @classmethod
    def of(cls, problem: Problem) -> "Story":
        """The story of a problem."""
        context = Context.of(problem)
        place = {fact.id: at for at, fact in enumerate(problem.context)}
        return cls(problem, context, place, {text: places[-1] for text, places in context.places.items()})

    @property
    def texts(self) -> tuple[str, ...]:
        """The facts as the problem writes them, in order."""
        return self.context.texts

    def normal(self, place: int) -> str:
        """The normalised text at this place."""
        return self.context.normal[self.texts[place]]

    def gold_texts(self) -> set[str]:
        """The normalised texts of all facts that any gold support names: none of them is ever wrong."""
        problem, place = self.problem, self.place
        supporting = {*problem.trace.facts, *chain(*problem.support.values(), *problem.alternatives)}
        return {self.normal(place[ident]) for ident in supporting if ident in place}


def gives_gold(story: Story, setting: Setting, texts: Iterable[str]) -> bool:
    """Whether a gold answer, or one of several that belong together, follows from these texts in any reading."""
    return _follows(story, setting, texts, shares_a_value)


def gives_whole_gold(story: Story, setting: Setting, texts: Iterable[str]) -> bool:
    """Whether all of the gold answer follows from these texts in any reading."""
    return _follows(story, setting, texts, same_answer)


def _follows(story: Story, setting: Setting, texts: Iterable[str], agree: Callable[[Answer, Answer], bool]) -> bool:
    problem = story.problem
    derived = answers(setting.derive, problem.question, story.context, map(normalized, texts), (problem.label,))
    return any(agree(answer, problem.answer) for answer in derived)

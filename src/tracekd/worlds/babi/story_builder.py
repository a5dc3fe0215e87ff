"""Builds a story line by line, in the official format, with the supports of each question."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tracekd.tasks.babi.story_format import FactLine, QuestionLine, Story, write_story
from tracekd.worlds.contract import Supports


@dataclass(frozen=True, slots=True)
class BuiltStory:
    """A finished story; an item of the world (see `worlds.contract.Item`). `blank` comes before each question's tab."""

    story: Story
    supports: tuple[Supports, ...]
    blank: str = " "

    @property
    def questions(self) -> int:
        return len(self.supports)

    def cut(self, questions: int) -> "BuiltStory":
        if questions >= self.questions:
            return self
        asked = [at for at, line in enumerate(self.story) if isinstance(line, QuestionLine)]
        story = self.story[: asked[questions - 1] + 1] if questions else []
        return BuiltStory(story, self.supports[:questions], self.blank)

    def text(self) -> str:
        return "".join(write_story(self.story, self.blank))


@dataclass(slots=True)
class StoryBuilder:
    """Collects the lines of one story. Line ids count facts and questions together, from 1.

    `blank` comes between a question and its tab. The published families 4 and 15 to 20 have nothing there.
    """

    story: Story = field(default_factory=list)
    supports: list[Supports] = field(default_factory=list)
    blank: str = " "

    def say(self, text: str) -> int:
        """Add a fact and return its line id."""
        line = len(self.story) + 1
        self.story.append(FactLine(line, text))
        return line

    def ask(self, question: str, answer: str, supports: list[tuple[int, ...]]) -> None:
        """Add a question with all its minimal supports (line ids). The file annotates the first support."""
        line = len(self.story) + 1
        self.story.append(QuestionLine(line, question, answer, supports[0], line))
        self.supports.append(tuple(tuple(map(str, support)) for support in supports))

    def finish(self) -> BuiltStory:
        """The story so far, as an item of the world."""
        return BuiltStory(list(self.story), tuple(self.supports), self.blank)


def draw_words(rng: Random, published: Sequence[str], spare: Sequence[str], n: int) -> list[str]:
    """Draw n different words in random order. Spare words are used only if there are too few published ones."""
    return rng.sample([*published, *spare[: max(0, n - len(published))]], n)

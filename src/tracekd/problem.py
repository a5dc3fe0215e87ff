"""One open-book question with its gold answer and gold trace."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.trace import Trace

AnswerKind = Literal["one_of", "set", "path"]


class Fact(BaseModel):
    """One sentence or passage of a context. Its text may be repeated in the context, its id never."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    text: str


class Answer(BaseModel):
    """Gold answers and how they compare.

    `one_of`: any of the values is right; `set`: all values, order free (may be empty); `path`: all values, in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: AnswerKind
    values: tuple[str, ...]


class Problem(BaseModel):
    """One open-book question.

    `group` is the unit of splitting and of clustered statistics (a story); `source` is the file and line it came from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    task: str
    group: str
    question: str
    context: tuple[Fact, ...]
    answer: Answer
    trace: Trace
    source: str

    @property
    def label(self) -> str:
        """The gold class of the question."""
        label = self.trace.label
        assert label is not None, "a gold trace always has a classification step"
        return label

    def texts(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The texts of the facts with these ids, in the order of the ids. Raises KeyError for an unknown id."""
        by_id = {fact.id: fact.text for fact in self.context}
        return tuple(by_id[i] for i in ids)

"""One open-book question with its gold answer and gold trace."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.trace import Classify, Retrieve, Trace

AnswerKind = Literal["one_of", "set", "path", "text"]


class Fact(BaseModel):
    """One sentence or passage of a context. Two facts of a context may have the same text, but never the same id."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    text: str


class Answer(BaseModel):
    """Gold answers and how they compare.

    `one_of`: any of the values is right; `set`: all values, in any order (may be empty); `path`: all values, in order;
    `text`: free text with one or more references; the best match counts. `written` says how a set or a path is
    written: values joined by commas, or a list literal (where values contain commas). `normalize`: `squad` drops the
    articles a, an and the, as the official scripts of some data sets do (arXiv 1606.05250, section 6.1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: AnswerKind
    values: tuple[str, ...]
    written: Literal["commas", "list"] = "commas"
    normalize: Literal["plain", "squad"] = "plain"


class Hop(BaseModel):
    """One sub-question of a data set's own decomposition; `facts` are the ids of the facts that answer it, if known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str
    answer: str
    facts: tuple[str, ...] = ()


class Problem(BaseModel):
    """One open-book question.

    `group` is the unit of splitting and of clustered statistics (a story, an event pair, a set of paragraphs).
    `ties` extend the group: problems that share a tie must be on the same side of a split.
    `support` maps each kind of gold support to fact ids; `trace` is built on one kind.
    `alternatives` are further minimal sets of facts, each of which is enough, if all such sets are known.
    `stratum` marks problems that no trace can answer (`no_answer`, `gold_missing`). `source` is the file and line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    task: str
    group: str
    question: str
    context: tuple[Fact, ...]
    answer: Answer
    trace: Trace
    support: dict[str, tuple[str, ...]] = {}
    alternatives: tuple[tuple[str, ...], ...] = ()
    stratum: str = "answerable"
    ties: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    source: str

    @property
    def label(self) -> str:
        """The gold class of the question."""
        label = self.trace.label
        assert label is not None, "a gold trace always has a classification step"
        return label

    def texts(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The texts of the facts with these ids, in the order of the ids. Raises KeyError for an unknown id."""
        by_id = {fact.id: fact for fact in self.context}
        return tuple([by_id[ident].text for ident in ids])

    @property
    def gold_sets(self) -> tuple[tuple[str, ...], ...]:
        """The sets of facts that a right retrieval step may cite: the gold trace's, and the alternatives."""
        return (self.trace.facts, *self.alternatives)

    def with_support(self, kind: str) -> "Problem":
        """The same problem, with its gold trace built on another kind of support. Raises KeyError for an unknown kind."""
        return self.model_copy(update={"trace": gold_trace(self.label, self.support[kind])})


def gold_trace(label: str, facts: Iterable[str]) -> Trace:
    """The trace that states this class and cites these facts."""
    return Trace(steps=(_classify(label), Retrieve(facts=tuple(facts))))


# There are few classes, and a step does not change.
@lru_cache(maxsize=2**10)
def _classify(label: str) -> Classify:
    return Classify(label=label)

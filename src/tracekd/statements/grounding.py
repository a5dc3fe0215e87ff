"""What a task must offer so that free traces can be judged: a grammar that reads statements, and rules that decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, NamedTuple, Protocol, TypeVar

from tracekd.problem import Fact
from tracekd.statements.names import Marked, Mention
from tracekd.statements.statement import Grounds


class Said(NamedTuple):
    """One statement, prepared for a grammar.

    `body` is its key without the words that lead in: lower case, single blanks, a mark of one character for each name.
    `mentions` are the names that the marks stand for, in this order. `text` is the statement as it was written. `joint`
    is the word that joins it to the statement before it. `continues_answer`: the statement before it gives an answer or
    announces one (`Answer:`), so a bare name is an answer as well. `start`: where `text` begins in the trace; mentions
    have their places in the trace. `answer`: the part of `body` that it gives as the answer; None if it gives none.
    """

    body: str
    mentions: Sequence[Mention]
    text: str
    joint: str = ""
    continues_answer: bool = False
    start: int = 0
    answer: str | None = None


class Telling(Protocol):
    """One trace in the course of reading. It remembers what was said, for pronouns and for what "now" means."""

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the context; None if the grammar cannot read it."""


class Known(Protocol):
    """What a grammar knows of a question and its context."""

    def mark(self, text: str) -> Marked:
        """Mark the names and other values that the grammar knows; see `names.mark`."""


KnownT = TypeVar("KnownT", bound=Known)


@dataclass(frozen=True)
class Grounder:
    """A question and its context, prepared to judge the traces of any outputs. `begin` begins to read a trace."""

    mark: Callable[[str], Marked]
    begin: Callable[[], Telling]


@dataclass(frozen=True)
class Grammar(Generic[KnownT]):
    """The grammar of a task: `read` takes in a question and its context, and `tell` begins to read a trace about them."""

    name: str
    read: Callable[[str, Sequence[Fact]], KnownT]
    tell: Callable[[KnownT], Telling]

    def prepare(self, question: str, facts: Sequence[Fact]) -> Grounder:
        """The grounder of one question."""
        known = self.read(question, facts)
        return Grounder(known.mark, partial(self.tell, known))

"""What a task must offer so that free traces can be judged: a grammar that reads statements, and rules that decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tracekd.problem import Fact
from tracekd.statements.names import Marked, Mention
from tracekd.statements.statement import Grounds


class Said(NamedTuple):
    """One statement, prepared for a grammar.

    `body` is its key without the words that lead in: lower case, single blanks, a mark of one character for each name.
    `mentions` are the names that the marks stand for, in this order. `text` is the statement as it was written. `joint`
    is the word that joins it to the statement before it. `continues_answer`: the statement before it gives an answer or
    announces one (`Answer:`), so a bare name is an answer as well. `start`: where `text` begins in the trace; mentions
    have their places in the trace.
    """

    body: str
    mentions: Sequence[Mention]
    text: str
    joint: str = ""
    continues_answer: bool = False
    start: int = 0


class Telling(Protocol):
    """One trace in the course of reading. It remembers what was said, for pronouns and for what "now" means."""

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the context; None if the grammar cannot read it."""


class Grounder(Protocol):
    """A question and its context, prepared to judge the traces of any outputs."""

    def mark(self, text: str) -> Marked:
        """Mark the names and other values that the grammar knows; see `names.mark`."""

    def begin(self) -> Telling:
        """Begin to read a trace."""


@dataclass(frozen=True)
class Grammar:
    """The grammar of a task: `prepare(question, context)` makes the grounder of one question."""

    name: str
    prepare: Callable[[str, Sequence[Fact]], Grounder]

"""What is forced on a student for one problem, and what the student then answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tracekd.regimes.contract import Streams, Unsupported
from tracekd.students.shared_prefixes import Ids


class Blocked(NamedTuple):
    """A trace after which the student cannot attend to a part of what it has read: the trace itself, or the story."""

    trace: str
    part: Literal["trace", "story"]


class WrittenOn(NamedTuple):
    """The beginning of a trace, which the student writes on itself at temperature 1; `purpose` names its random draws."""

    begin: str
    purpose: str


# What is forced: a trace, one with a hidden part, or one that the student writes on.
Forcing = str | Blocked | WrittenOn


@dataclass(frozen=True, slots=True)
class Case:
    """One problem: the token ids of its prompt, and what to force, each with the answers to score after it.

    `own` is the student's own trace, if it wrote one. The answer after it is scored after all traces. `story`: which token
    ids of the prompt hold the context, the first and the one after the last; needed where it is blocked. `draws`: the random
    streams of what the student writes on.
    """

    prompt: Ids
    traces: Mapping[Forcing, Sequence[str]]
    own: str | None = None
    story: tuple[int, int] = (0, 0)
    draws: Streams | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """An answer with its closing tag: the natural logarithm of its probability, and how many tokens it has."""

    logp: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole trace, the student's answer after it (None: nothing), how it ended, and the scored answers."""

    trace: str
    answer: str | None
    finish: Literal["stop", "length"]
    scored: Mapping[str, Scored]


# By what is forced: the whole trace, or the reason why there is none.
Traces = dict[Forcing, str | Unsupported]

# By what was forced: the answer, or the reason why there is no answer.
Answers = dict[Forcing, Answered | Unsupported]

"""What every regime is: a pure function from a problem to the trace that it is supervised with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tracekd.problem import Answer, Problem
from tracekd.trace import Trace


class Unsupported(Exception):
    """This regime has no trace for this problem; the message says why. Counted and reported, never faked."""


@dataclass(frozen=True)
class Setting:
    """What a regime may know besides the problem: the labels of the study, and the rule that derives answers.

    `derive(question, facts in story order, label)` returns None where nothing follows, or where there is no rule.
    """

    labels: tuple[str, ...]
    derive: Callable[[str, Sequence[str], str], Answer | None]


@dataclass(frozen=True)
class Regime:
    """`supervise` returns the trace to be taught, or None where only the answer is. The answer is always gold."""

    name: str
    summary: str
    supervise: Callable[[Problem, Setting, Random], Trace | None]

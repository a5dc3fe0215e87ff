"""The contract of regimes: a regime is a pure function from a problem and its gold trace to what a student is taught."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tracekd.errors import UserError
from tracekd.parameter import NamedFunction
from tracekd.problem import Answer, Problem
from tracekd.regimes.donors import Donors
from tracekd.regimes.intent import UNKNOWN, Intent
from tracekd.tasks.contract import Task
from tracekd.tasks.template import Template
from tracekd.trace import Trace


class Unsupported(Exception):
    """This regime has no trace for this problem; the message says why. It is counted and reported, never replaced."""


@dataclass(frozen=True)
class Setting:
    """What a regime may know besides the problem.

    `labels` are the classes that a wrong class step may state; `derive(question, facts in story order, label)` is the
    task's rule (None if nothing follows, or if there is no rule). `donors` are problems whose traces may be swapped
    in; `collected` maps each kind of a teacher's text to the texts by problem id. `others` maps regimes to the traces that
    their students wrote, by problem id, without those that cannot be read. `length` measures a trace: in characters, or
    in tokens if the caller knows the student's tokenizer. `free_traces`: students may write traces in their own words, also
    without marks around them.
    """

    labels: tuple[str, ...]
    derive: Callable[[str, Sequence[str], str], Answer | None]
    template: Template
    donors: Donors = field(default_factory=Donors)
    collected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    length: Callable[[str], int] = len
    free_traces: bool = False

    @classmethod
    def of(cls, task: Task, labels: Iterable[str] = ()) -> "Setting":
        """The setting of a task, with these classes (by default, all of the task's)."""
        return cls(tuple(labels) or task.labels, task.derive, task.template)


@dataclass(frozen=True, slots=True)
class Target:
    """What a student is taught for a problem: a trace (None: no trace), and an answer.

    `given`: the trace is given, and only the answer after it is learnt.
    """

    trace: Trace | None
    answer: Answer
    given: bool = False


# A random stream for each purpose, the same for every call: regimes that share a purpose share its draws, so that
# `incorrect_facts` cites the same wrong facts as `incorrect`.
Streams = Callable[[str], Random]
Supervise = Callable[[Problem, Setting, Streams], Trace | Target | None]


@dataclass(frozen=True)
class Prompted:
    """There is no training: the base is asked after a number of worked examples, which show what `supervise` returns."""

    shots: int


@dataclass(frozen=True)
class Regime(NamedFunction[Supervise]):
    """`supervise` returns the training trace, or None to train only on the answer; the answer is then gold. For another
    answer, it returns a `Target`, and `intent` must say so.

    It is a pure function of (problem, setting, streams), and raises Unsupported if it has no trace for a problem.
    `traced` says whether students learn to write a trace, `borrows` whether the regime uses other problems' traces.
    `prompted` says that there is no training. `intent` says what the steps of its traces are meant to be; audits
    compare the regime's data with it.
    """

    noun = "regime"
    field_name = "supervise"
    supervise: Supervise
    traced: bool = True
    borrows: bool = False
    prompted: Prompted | None = None
    intent: Intent = UNKNOWN

    def target(self, problem: Problem, setting: Setting, streams: Streams) -> Target:
        """What a student is taught for a problem.

        Raises Unsupported if there is no trace for it, and UserError if the regime teaches another answer than gold
        without declaring it.
        """
        taught = self.supervise(problem, setting, streams)
        if not isinstance(taught, Target):
            return Target(taught, problem.answer)
        if self.intent.answer == "gold" and taught.answer != problem.answer:
            raise UserError(
                f"the regime {self.name!r} teaches another answer than gold for the problem {problem.id}",
                expected="gold answers, as its intent says",
                next_step='declare intent=Intent(.., answer="follows") in the package of the regime',
            )
        return taught

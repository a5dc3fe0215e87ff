"""What every regime is: a pure function from a problem and its gold trace to the trace that a student is taught."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tracekd.errors import UserError
from tracekd.problem import Answer, Problem
from tracekd.regimes.donors import Donors
from tracekd.regimes.intent import UNKNOWN, Intent
from tracekd.tasks.contract import Task
from tracekd.tasks.template import Template
from tracekd.trace import Trace


class Unsupported(Exception):
    """This regime has no trace for this problem; the message says why. Counted and reported, never faked."""


@dataclass(frozen=True)
class Setting:
    """What a regime may know besides the problem.

    `labels` are the classes that a wrong class step may state; `derive(question, facts in story order, label)` is the
    task's rule (None where nothing follows, or where there is no rule). `donors` are problems whose traces may be
    swapped in; `collected` maps each kind of a teacher's text to the texts by problem id. `length` is how long a trace
    is: in characters, unless whoever knows the student's tokenizer has it counted in tokens.
    """

    labels: tuple[str, ...]
    derive: Callable[[str, Sequence[str], str], Answer | None]
    template: Template
    donors: Donors = field(default_factory=Donors)
    collected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    length: Callable[[str], int] = len

    @classmethod
    def of(cls, task: Task, labels: Iterable[str] = ()) -> "Setting":
        """The setting of a task, with these of its classes (all of them, if none is named)."""
        return cls(tuple(labels) or task.labels, task.derive, task.template)


# A random stream for each purpose, the same whenever it is asked for: regimes that share a purpose share its draws, so
# that `incorrect_facts` cites just the wrong facts that `incorrect` does.
Streams = Callable[[str], Random]
Supervise = Callable[[Problem, Setting, Streams], Trace | None]


@dataclass(frozen=True)
class Prompted:
    """Nobody is taught: a base is asked as it is, after so many worked examples, which show what `supervise` returns."""

    shots: int


@dataclass(frozen=True)
class Parameter:
    """The one thing that may be set about a regime, written `name(value)`.

    `bind` makes the regime's function for a value, given as text; it raises ValueError for what is none. `also` says
    which other fields of the regime a value sets.
    """

    name: str
    about: str
    default: str
    bind: Callable[[str], Supervise]
    also: Callable[[str], Mapping[str, Any]] = lambda value: {}


@dataclass(frozen=True)
class Regime:
    """`supervise` returns the trace to be taught, or None where only the answer is. The answer is always gold.

    It is a pure function of (problem, setting, streams), and raises Unsupported where it has no trace for a problem.
    `traced` says whether students are taught to write a trace, `borrows` whether it takes other problems' traces.
    `prompted` says that there is no teaching at all. `intent` says what the steps of its traces are meant to be; audits
    hold data of the regime against it.
    """

    name: str
    summary: str
    supervise: Supervise
    parameter: Parameter | None = None
    traced: bool = True
    borrows: bool = False
    prompted: Prompted | None = None
    intent: Intent = UNKNOWN

    @classmethod
    def with_parameter(
        cls, name: str, summary: str, parameter: Parameter, *, borrows: bool = False, intent: Intent = UNKNOWN
    ) -> "Regime":
        """A regime that has a parameter, which has its default until another value is bound."""
        default = parameter.default
        fields = {"borrows": borrows, "intent": intent, **parameter.also(default)}
        return cls(name, summary, parameter.bind(default), parameter, **fields)

    def bound(self, value: str) -> "Regime":
        """This regime with its parameter set. Raises UserError where it has none, or for a value that is none."""
        if self.parameter is None:
            raise UserError(f"the regime {self.name!r} has no parameter", expected=self.name)
        try:
            supervise = self.parameter.bind(value)
        except ValueError:
            raise UserError(
                f"{value[:40]!r} is no {self.parameter.name} of the regime {self.name!r}",
                expected=f"{self.parameter.about}, for example {self.name}({self.parameter.default})",
            ) from None
        return replace(self, name=f"{self.name}({value})", supervise=supervise, **self.parameter.also(value))

    @property
    def file_name(self) -> str:
        """The name as a part of a file's name: `corrupted(0.3)` is `corrupted-0.3`."""
        return re.sub(r"[^A-Za-z0-9_.]+", "-", self.name).strip("-")

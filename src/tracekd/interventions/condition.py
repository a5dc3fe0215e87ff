"""What every condition is: a pure function from a problem, and what a student wrote for it, to the trace that is forced on it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from tracekd.errors import UserError
from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Streams
from tracekd.tasks.template import Template
from tracekd.verify.parse import parse

_LINE = re.compile(r"^[^\n]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Forced:
    """What is to stand between `<think>` and `</think>`, byte for byte; the empty text is the empty trace.

    `implied` is the answer that follows from it by rule and is not the gold one, where the condition knows of one;
    `altered` says whether it takes facts for that which the context does not hold.
    """

    text: str
    implied: Answer | None = None
    altered: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """What the student itself wrote: its trace, the steps of it (together, they are the trace), and its answer."""

    text: str
    steps: tuple[str, ...]
    answer: str | None

    @classmethod
    def of(cls, output: str, template: Template, finish: str) -> "Own | None":
        """What an output holds, as the verifier reads it; None where its trace does not parse.

        A step begins where its sentence does; a trace that holds none of the task's sentences has a step a line.
        """
        parsed = parse(output, template, finish)
        if parsed.status != "ok":
            return None
        return cls(parsed.trace_text, steps_of(parsed.trace_text, template), parsed.answer_text)


def steps_of(trace: str, template: Template) -> tuple[str, ...]:
    """The steps that a trace's text is made of: its parts, with nothing left out. The empty trace has none."""
    patterns = (template.classify_pattern, template.retrieve_pattern)
    # What stands before the first sentence belongs to its step.
    begins = sorted(match.start() for pattern in patterns for match in pattern.finditer(trace))[1:]
    if not any(pattern.search(trace) for pattern in patterns):
        begins = [match.start() for match in _LINE.finditer(trace)][1:]
    return tuple([trace[begin:end] for begin, end in pairwise([0, *begins, len(trace)]) if begin < end])


# Raises `tracekd.regimes.Unsupported`, with the reason, where there is no such trace for a problem.
Force = Callable[[Problem, Own | None, Setting, Streams], Forced]


@dataclass(frozen=True)
class Parameter:
    """The one thing that may be set about a condition, written `name(value)`.

    `bind` makes the condition's function for a value, given as text; it raises ValueError for what is none.
    """

    name: str
    about: str
    default: str
    bind: Callable[[str], Force]


@dataclass(frozen=True)
class Condition:
    """`force` returns the trace to be forced; a pure function of its arguments.

    It raises Unsupported where there is none: counted and said, never approximated. `citation` says who did so before.
    """

    name: str
    summary: str
    citation: str
    force: Force
    parameter: Parameter | None = None

    @classmethod
    def with_parameter(cls, name: str, summary: str, citation: str, parameter: Parameter) -> "Condition":
        """A condition that has a parameter, which has its default until another value is bound."""
        return cls(name, summary, citation, parameter.bind(parameter.default), parameter)

    def bound(self, value: str) -> "Condition":
        """This condition with its parameter set. Raises UserError where it has none, or for a value that is none."""
        if self.parameter is None:
            raise UserError(f"the condition {self.name!r} has no parameter", expected=self.name)
        try:
            force = self.parameter.bind(value)
        except ValueError:
            raise UserError(
                f"{value[:40]!r} is no {self.parameter.name} of the condition {self.name!r}",
                expected=f"{self.parameter.about}, for example {self.name}({self.parameter.default})",
            ) from None
        return replace(self, name=f"{self.name}({value})", force=force)

"""What a condition is: a pure function from a problem, and what a student wrote for it, to the trace that is forced on it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Self

from tracekd.parameter import NamedFunction
from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Streams
from tracekd.tasks.template import Template
from tracekd.transcript.transcript import Finish
from tracekd.verify.parse import parse

_LINE = re.compile(r"^[^\n]", re.MULTILINE)


# What a student cannot see: nothing; the story, from the prompt on; or the story or the trace, from the end of the trace on.
Hidden = Literal["nothing", "story", "story from the answer", "trace from the answer"]


@dataclass(frozen=True, slots=True)
class Forced:
    """The text between `<think>` and `</think>`, byte for byte; the empty text is the empty trace. `hidden`: from the student.

    `is_open`: the text is only the beginning of the trace, and the student writes the rest anew.

    `implied` is an answer other than gold that follows from it by rule, if the condition knows one. `altered`
    says whether the trace uses facts for it that are not in the context.
    """

    text: str
    implied: Answer | None = None
    altered: bool = False
    hidden: Hidden = "nothing"
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """What the student itself wrote: its trace, the steps that the trace consists of, and its answer."""

    text: str
    steps: tuple[str, ...]
    answer: str | None

    @classmethod
    def of(cls, output: str, template: Template, finish: Finish) -> "Own | None":
        """The parts of an output, as the verifier reads it; None if its trace cannot be read.

        A step begins where its sentence begins. In a trace without the task's sentences, every line is a step.
        """
        parsed = parse(output, template, finish)
        if parsed.status != "ok":
            return None
        return cls(parsed.trace_text, steps_of(parsed.trace_text, template), parsed.answer_text)


def steps_of(trace: str, template: Template) -> tuple[str, ...]:
    """The steps that a trace consists of, with nothing left out. The empty trace has none."""
    patterns = (template.classify_pattern, template.retrieve_pattern)
    # Text before the first sentence belongs to the first step.
    begins = sorted(match.start() for pattern in patterns for match in pattern.finditer(trace))[1:]
    if not any(pattern.search(trace) for pattern in patterns):
        begins = [match.start() for match in _LINE.finditer(trace)][1:]
    return tuple([trace[begin:end] for begin, end in pairwise([0, *begins, len(trace)]) if begin < end])


# Raises `tracekd.regimes.Unsupported`, with the reason, if there is no such trace for a problem.
Force = Callable[[Problem, Own | None, Setting, Streams], Forced]


@dataclass(frozen=True)
class Condition(NamedFunction[Force]):
    """`force` returns the trace to be forced; a pure function of its arguments.

    It raises Unsupported if there is no such trace: that is counted and reported, never replaced by another trace.
    `citation` names the source of the intervention. `crosses` names the regime of another student, whose traces it forces.
    """

    noun = "condition"
    field_name = "force"
    citation: str
    force: Force
    crosses: str | None = None

    def chosen(self, value: str | None) -> Self:
        """This condition with its parameter set; the default is part of the name, so that no condition has two names."""
        if value is None and self.parameter is not None:
            value = self.parameter.default
        return super().chosen(value)

"""Judges one output of one problem; `Judge` is the way to judge many."""

from collections.abc import Callable

from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.tasks.solution import ReadSlots
from tracekd.tasks.template import Template
from tracekd.verify.consistency import Derive
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict


def verify(
    problem: Problem,
    output: Output,
    template: Template,
    derive: Derive,
    has_rule: Callable[[str], bool],
    slots: ReadSlots | None = None,
) -> Verdict:
    """The verdict on an output, against the gold trace and by rule.

    `derive(question, facts in story order, label)` is the task's rule, `has_rule(label)` says whether it has one;
    `slots` reads answer slots off facts. Raises ValueError if the output is of another problem.
    """
    judge = Judge(template, derive, has_rule, slots)
    return judge.verdict(judge.prepare(problem), output)

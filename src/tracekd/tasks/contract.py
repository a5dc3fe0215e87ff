"""What every task is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracekd.problem import Answer, Problem
from tracekd.tasks.template import Template


@dataclass(frozen=True)
class Task:
    """A family of problems that split into a classification step and a retrieval step.

    `load` yields the problems of a source, or raises UserError. `derive(question, facts in story order, label)` is the
    answer that follows by rule, or None; `has_rule(label)` says where there is a rule at all.
    """

    name: str
    summary: str
    labels: tuple[str, ...]
    template: Template
    load: Callable[[Path], Iterator[Problem]]
    derive: Callable[[str, Sequence[str], str], Answer | None]
    has_rule: Callable[[str], bool]
    licence: str
    citation: str

"""What every task is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracekd.problem import Answer, Problem
from tracekd.tasks.check import Check
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.solution import ReadSlots, Solve, nothing_follows
from tracekd.tasks.template import Template

# The kinds of gold support that have a fixed meaning; a task may define more.
SUPPORT_MEANINGS: Mapping[str, str] = {
    "support": "exactly what the data set annotates, or what the rule derives",
    "full_support": "support, and the event that the question sets out from: enough for class and answer",
    "answer_facts": "every fact that contains a gold answer, as the paper chose (arXiv 2505.13792)",
    "word_overlap": "the passage with most words in common with the answer, as the paper chose (arXiv 2505.13792)",
}


@dataclass(frozen=True)
class Task:
    """A family of problems that split into a classification step and a retrieval step.

    `load(source)` yields the problems of one source (a file, a folder, or `hub:NAME`), and a `Skipped` for each record
    that is none; it raises UserError only where a source cannot be read at all. `solve` is the rule that derives the
    answer and its support from any facts; `has_rule(label)` says for which classes there is one. `check` holds a
    problem's labels against the rules. `slots` reads off cited facts what they answer; without it, an answer goes with
    the facts from which the rule derives it. `support_kinds`: the first is what the gold trace is built on.
    `classify(question, context)` says by rule, without gold, which classes they admit (None where there is no rule);
    `premises(question, context)` which facts (by place, from 0) state what the question itself takes as given, so that
    a trace may leave them out.
    `subsets` names parts of the data set. `example` is a problem made for the documentation.
    """

    name: str
    summary: str
    labels: tuple[str, ...]
    template: Template
    load: Callable[[str], Iterator[Problem | Skipped]]
    example: Callable[[], Problem]
    solve: Solve = nothing_follows
    has_rule: Callable[[str], bool] = field(default=lambda label: False)
    check: Callable[[Problem], Check] | None = None
    slots: ReadSlots | None = None
    classify: Callable[[str, Sequence[str]], frozenset[str] | None] = field(default=lambda question, context: None)
    premises: Callable[[str, Sequence[str]], tuple[int, ...]] = field(default=lambda question, context: ())
    support_kinds: tuple[str, ...] = ("support",)
    subsets: Mapping[str, Callable[[Problem], bool]] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    licence: str = ""
    citation: str = ""
    homepage: str = ""

    def derive(self, question: str, facts: Sequence[str], label: str) -> Answer | None:
        """The answer that follows by rule from these facts (in the order of the context), or None if nothing does."""
        solution = self.solve(question, facts, label)
        return None if solution is None else solution.answer

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
    "full_support": "support, and the event that the question names: enough for class and answer",
    "answer_facts": "every fact that contains a gold answer, as the paper chose (arXiv 2505.13792)",
    "word_overlap": "the passage that shares most words with the answer, as the paper chose (arXiv 2505.13792)",
}


@dataclass(frozen=True)
class Task:
    """A family of problems that split into a classification step and a retrieval step.

    `load(source)` yields the problems of one source (a file, a folder, or `hub:NAME`), and a `Skipped` for each record
    that is invalid; it raises UserError only if nothing of a source can be read. `solve` is the rule that derives the
    answer and its support from any facts; `has_rule(label)` says for which classes there is one. `check` compares a
    problem's labels with the rules. `slots` reads answers from cited facts; without it, an answer is consistent with
    the facts from which the rule derives it. `support_kinds`: the gold trace is built on the first.
    `classify(question, context)` gives by rule, without gold, the classes that they allow (None if there is no rule);
    `premises(question, context)` gives the facts (by place, from 0) that state what the question assumes, so that
    a trace may leave them out.
    `has_titles`: a fact is a title, a colon and a text, and may be cited without its title.
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
    has_titles: bool = False
    subsets: Mapping[str, Callable[[Problem], bool]] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    licence: str = ""
    citation: str = ""
    homepage: str = ""

    def derive(self, question: str, facts: Sequence[str], label: str) -> Answer | None:
        """The answer that follows by rule from these facts (in the order of the context), or None if nothing does."""
        solution = self.solve(question, facts, label)
        return None if solution is None else solution.answer

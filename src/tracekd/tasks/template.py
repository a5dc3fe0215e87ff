"""The sentences that a task's prompts and traces are made of (arXiv 2505.13792; the strings of its released data)."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tracekd.problem import Answer, Problem
from tracekd.tasks.list_literal import write_list
from tracekd.trace import Step, Trace


@dataclass(frozen=True)
class Template:
    """What stands around the parts that differ from problem to problem.

    `classify` and `retrieve` introduce a step: what follows them is the label (to the end of its sentence or
    line) or the cited facts.
    """

    prompt: str
    classify: str
    retrieve: str
    # How the prompt shows the context: one fact a line, or all of them as a list literal.
    context: Literal["lines", "list"] = "lines"

    def render_prompt(self, problem: Problem) -> str:
        """The prompt, to the byte: the same in training and in testing."""
        texts = tuple([fact.text for fact in problem.context])
        facts = "\n".join(texts) if self.context == "lines" else write_list(texts)
        before, between, after = self._around
        return f"{before}{facts}{between}{problem.question}{after}"

    @cached_property
    def _around(self) -> tuple[str, str, str]:
        """What stands before the facts, between them and the question, and after it: braces in those are text."""
        before, _, rest = self.prompt.partition("{facts}")
        between, _, after = rest.partition("{question}")
        return before, between, after

    def render_trace(self, problem: Problem, trace: Trace) -> str:
        """The text between the think tags. Raises KeyError if the trace cites a fact that the context has not."""
        last = len(trace.steps) - 1
        return "".join(self._render_step(problem, step, at == last) for at, step in enumerate(trace.steps))

    def _render_step(self, problem: Problem, step: Step, is_last: bool) -> str:
        if step.kind == "classify":
            # Also where nothing follows: so are the released traces that state the class alone.
            return f"{self.classify} {step.label}.\n"
        if step.kind == "say":
            return step.text
        texts = problem.texts(step.facts) if step.kind == "retrieve" else step.texts
        return f"{self.retrieve} {write_list(texts)}" + ("" if is_last else "\n")

    @cached_property
    def classify_pattern(self) -> re.Pattern[str]:
        """Finds where a classification step states its label; white space and letter case are free."""
        return _loose(self.classify)

    @cached_property
    def retrieve_pattern(self) -> re.Pattern[str]:
        """Finds where a retrieval step begins to cite; white space and letter case are free."""
        return _loose(self.retrieve)


def render_answer(answer: Answer) -> str:
    """The answer as the data sets write it: one of several as the first; values joined by commas, or as a list literal.

    The empty set is `nothing`, as in the bAbI files, or the empty list.
    """
    if answer.kind in ("one_of", "text"):
        return answer.values[0]
    if answer.written == "list":
        return write_list(answer.values)
    return ",".join(answer.values) or "nothing"


def _loose(sentence: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, sentence.split())), re.IGNORECASE)

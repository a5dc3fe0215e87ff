"""The sentences of a task's prompts and traces (arXiv 2505.13792; the strings of its released data)."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tracekd.problem import Answer, Problem
from tracekd.tasks.list_literal import write_list
from tracekd.trace import Step, Trace


@dataclass(frozen=True)
class Template:
    """The fixed sentences around the parts that differ from problem to problem.

    `classify` introduces the label (to the end of its sentence or line), `retrieve` introduces the cited facts.
    """

    prompt: str
    classify: str
    retrieve: str
    # How the prompt shows the context: one fact per line, or all facts as a list literal.
    context: Literal["lines", "list"] = "lines"

    def render_prompt(self, problem: Problem) -> str:
        """The prompt; it is the same, byte for byte, in training and in testing."""
        before, between, after = self._around
        return f"{before}{self._facts(problem)}{between}{problem.question}{after}"

    def facts_in_prompt(self, problem: Problem) -> tuple[int, int]:
        """Where the context stands in the prompt: begin and end, in characters."""
        begin = len(self._around[0])
        return begin, begin + len(self._facts(problem))

    def _facts(self, problem: Problem) -> str:
        texts = tuple([fact.text for fact in problem.context])
        return "\n".join(texts) if self.context == "lines" else write_list(texts)

    @cached_property
    def _around(self) -> tuple[str, str, str]:
        """The text before the facts, between facts and question, and after the question; braces in it are plain text."""
        before, _, rest = self.prompt.partition("{facts}")
        between, _, after = rest.partition("{question}")
        return before, between, after

    def render_trace(self, problem: Problem, trace: Trace) -> str:
        """The text between the think tags. Raises KeyError if the trace cites a fact that is not in the context."""
        last = len(trace.steps) - 1
        return "".join(self._render_step(problem, step, at == last) for at, step in enumerate(trace.steps))

    def _render_step(self, problem: Problem, step: Step, is_last: bool) -> str:
        if step.kind == "classify":
            # A line end follows even the last step, as in the released traces that state only the class.
            return f"{self.classify} {step.label}.\n"
        if step.kind == "say":
            return step.text
        texts = problem.texts(step.facts) if step.kind == "retrieve" else step.texts
        return f"{self.retrieve} {write_list(texts)}" + ("" if is_last else "\n")

    @cached_property
    def classify_pattern(self) -> re.Pattern[str]:
        """Finds where a classification step states its label; white space and letter case do not count.

        Bold around the sentence and a full-width colon at its end do not count either.
        """
        return _loose(self.classify)

    @cached_property
    def retrieve_pattern(self) -> re.Pattern[str]:
        """Finds where a retrieval step begins to cite; white space and letter case do not count."""
        return _loose(self.retrieve)


def render_answer(answer: Answer) -> str:
    """The answer as the data sets write it: the first of several references; or values joined by commas, or a list literal.

    The empty set is `nothing`, as in the bAbI files, or the empty list.
    """
    if answer.kind in ("one_of", "text"):
        return answer.values[0]
    if answer.written == "list":
        return write_list(answer.values)
    return ",".join(answer.values) or "nothing"


def _loose(sentence: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, sentence.removesuffix(":").split()))
    # Models end the sentence in bold before its colon, or write the full-width colon.
    colon = "[*_]{0,3}[:\uff1a]" if sentence.endswith(":") else ""
    return re.compile(words + colon, re.IGNORECASE)

"""The sentences that a task's prompts and traces are made of (arXiv 2505.13792; the strings of its released data)."""

import re
from dataclasses import dataclass
from functools import cached_property

from tracekd.problem import Answer, Problem
from tracekd.tasks.list_literal import write_list
from tracekd.trace import Classify, Retrieve, Trace


@dataclass(frozen=True)
class Template:
    """What stands around the parts that differ from problem to problem.

    `classify` and `retrieve` introduce a step: what follows them is the label (to the end of its line, less a full
    stop) or the cited facts.
    """

    prompt: str
    classify: str
    retrieve: str

    def render_prompt(self, problem: Problem) -> str:
        """The prompt, to the byte: the same in training and in testing."""
        facts = "\n".join(fact.text for fact in problem.context)
        before, _, rest = self.prompt.partition("{facts}")
        between, _, after = rest.partition("{question}")
        return f"{before}{facts}{between}{problem.question}{after}"

    def render_trace(self, problem: Problem, trace: Trace) -> str:
        """The text between the think tags. Raises KeyError if the trace cites a fact that the context has not."""
        return "".join(self._render_step(problem, step) for step in trace.steps)

    def _render_step(self, problem: Problem, step: Classify | Retrieve) -> str:
        if isinstance(step, Classify):
            return f"{self.classify} {step.label}.\n"
        return f"{self.retrieve} {write_list(problem.texts(step.facts))}"

    @cached_property
    def classify_pattern(self) -> re.Pattern[str]:
        """Finds where a classification step states its label; white space and letter case are free."""
        return _loose(self.classify)

    @cached_property
    def retrieve_pattern(self) -> re.Pattern[str]:
        """Finds where a retrieval step begins to cite; white space and letter case are free."""
        return _loose(self.retrieve)


def render_answer(answer: Answer) -> str:
    """The answer as the bAbI files write it: values joined by commas; `nothing` for the empty set."""
    if answer.kind == "one_of":
        return answer.values[0]
    return ",".join(answer.values) or "nothing"


def _loose(sentence: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, sentence.split())), re.IGNORECASE)

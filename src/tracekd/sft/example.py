"""Supervised examples: made from a problem and its trace, for one or several regimes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.regimes import Regime, Setting, Unsupported, draw_trace
from tracekd.tasks.template import Template, render_answer
from tracekd.trace import Trace


class Example(BaseModel):
    """A prompt and its completion (TRL's terms), and where trace and answer are in the completion.

    `trace` and `answer` are spans of characters (begin, end) in `completion`; `trace` is None if there is no trace.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    prompt: str
    completion: str
    trace: tuple[int, int] | None
    answer: tuple[int, int]


def build_example(problem: Problem, trace: Trace | None, template: Template) -> Example:
    """`<think>`trace`</think> <answer>`answer`</answer>`, or only the answer if there is no trace.

    The strings are those of the paper's data (arXiv 2505.13792, its released code).
    """
    return build_examples(problem, [trace], template)[0]


def build_examples(problem: Problem, traces: Iterable[Trace | None], template: Template) -> list[Example]:
    """The examples of one problem under several traces. Their prompts are byte for byte the same."""
    prompt, answer = template.render_prompt(problem), render_answer(problem.answer)
    return [_example(problem, prompt, answer, trace, template) for trace in traces]


def _example(problem: Problem, prompt: str, answer: str, trace: Trace | None, template: Template) -> Example:
    if trace is None:
        return Example(id=problem.id, prompt=prompt, completion=answer, trace=None, answer=(0, len(answer)))
    thought = template.render_trace(problem, trace)
    head = f"<think>{thought}</think> <answer>"
    return Example(
        id=problem.id,
        prompt=prompt,
        completion=f"{head}{answer}</answer>",
        trace=(len("<think>"), len("<think>") + len(thought)),
        answer=(len(head), len(head) + len(answer)),
    )


class LeftOut(BaseModel):
    """A problem for which some regime has no trace. It is left out of all regimes, so that regimes can be paired."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    label: str
    regime: str
    reason: str


@dataclass
class Supervision:
    """The examples of problems under some regimes, made one problem at a time. Problems that are left out are counted.

    `reasons` counts them by regime and reason. A problem for which two regimes have no trace counts for both.
    """

    regimes: Sequence[Regime]
    setting: Setting
    seed: int
    reasons: dict[str, Counter[str]] = field(default_factory=dict)

    def examples(self, problems: Iterable[Problem]) -> Iterator[tuple[Problem, list[Example]] | LeftOut]:
        """Yield each problem with one example for each regime, in their order, or the reasons why it is left out."""
        for problem in problems:
            traces: list[Trace | None] = []
            refused: list[LeftOut] = []
            for regime in self.regimes:
                try:
                    traces.append(draw_trace(problem, regime, self.setting, self.seed))
                except Unsupported as why:
                    refused.append(LeftOut(id=problem.id, label=problem.label, regime=regime.name, reason=str(why)))
                    self.reasons.setdefault(regime.name, Counter())[str(why)] += 1
            if refused:
                yield from refused
            else:
                yield problem, build_examples(problem, traces, self.setting.template)

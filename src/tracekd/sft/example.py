"""Supervised examples: made from a problem and what is taught for it, under one or several regimes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.regimes import Regime, Setting, Target, Unsupported, draw_target
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


def build_example(problem: Problem, taught: Target | Trace | None, template: Template) -> Example:
    """`<think>`trace`</think> <answer>`answer`</answer>`, or only the answer if there is no trace.

    A trace alone, or None, is taught with the gold answer. The strings are those of the paper's data (arXiv 2505.13792, its
    released code).
    """
    return build_examples(problem, [taught], template)[0]


def build_examples(problem: Problem, taught: Iterable[Target | Trace | None], template: Template) -> list[Example]:
    """Several examples of one problem. Their prompts are byte for byte the same."""
    prompt, gold = template.render_prompt(problem), render_answer(problem.answer)
    return [
        _example(problem, prompt, one.trace, render_answer(one.answer), template)
        if isinstance(one, Target)
        else _example(problem, prompt, one, gold, template)
        for one in taught
    ]


def _example(problem: Problem, prompt: str, trace: Trace | None, answer: str, template: Template) -> Example:
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
            taught: list[Target] = []
            refused: list[LeftOut] = []
            for regime in self.regimes:
                try:
                    taught.append(draw_target(problem, regime, self.setting, self.seed))
                except Unsupported as why:
                    refused.append(LeftOut(id=problem.id, label=problem.label, regime=regime.name, reason=str(why)))
                    self.reasons.setdefault(regime.name, Counter())[str(why)] += 1
            if refused:
                yield from refused
            else:
                yield problem, build_examples(problem, taught, self.setting.template)

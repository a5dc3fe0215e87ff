"""Supervised examples: made from a problem and what is taught for it, under one or several regimes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.regimes import Regime, Setting, Target, Unsupported, draw_target
from tracekd.tasks.template import Template, render_answer
from tracekd.trace import Trace

_OPEN, _CLOSE = "<think>", "</think>"


class Example(BaseModel):
    """A prompt and its completion (TRL's terms), and where trace and answer are in the completion.

    `trace` and `answer` are spans of characters (begin, end) in `completion`; `trace` is None if there is no trace.
    `given`: the trace with its tags is given, and only what comes after it is learnt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    prompt: str
    completion: str
    trace: tuple[int, int] | None
    answer: tuple[int, int]
    given: bool = False

    @property
    def learnt_from(self) -> int:
        """Where the learnt part of the completion begins: after the trace if that is given."""
        return self.trace[1] + len(_CLOSE) if self.given and self.trace else 0


def build_example(problem: Problem, taught: Target | Trace | None, template: Template) -> Example:
    """`<think>`trace`</think> <answer>`answer`</answer>`, or only the answer if there is no trace.

    A trace alone, or None, is taught with the gold answer. The strings are those of the paper's data (arXiv 2505.13792, its
    released code).
    """
    return build_examples(problem, [taught], template)[0]


def build_examples(problem: Problem, taught: Iterable[Target | Trace | None], template: Template) -> list[Example]:
    """Several examples of one problem. Their prompts are byte for byte the same."""
    prompt = template.render_prompt(problem)
    targets = (one if isinstance(one, Target) else Target(one, problem.answer) for one in taught)
    return [_example(problem, prompt, target, template) for target in targets]


def _example(problem: Problem, prompt: str, target: Target, template: Template) -> Example:
    answer = render_answer(target.answer)
    if target.trace is None:
        return Example(id=problem.id, prompt=prompt, completion=answer, trace=None, answer=(0, len(answer)))
    thought = template.render_trace(problem, target.trace)
    head = f"{_OPEN}{thought}{_CLOSE} <answer>"
    return Example(
        id=problem.id,
        prompt=prompt,
        completion=f"{head}{answer}</answer>",
        trace=(len(_OPEN), len(_OPEN) + len(thought)),
        answer=(len(head), len(head) + len(answer)),
        given=target.given,
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

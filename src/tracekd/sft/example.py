"""One supervised item, and how a problem becomes one."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.tasks.template import Template, render_answer
from tracekd.trace import Trace


class Example(BaseModel):
    """A prompt and its completion, as TRL names them, and where trace and answer stand in the completion.

    `trace` and `answer` are spans of characters (begin, end) in `completion`; `trace` is None where none is taught.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    prompt: str
    completion: str
    trace: tuple[int, int] | None
    answer: tuple[int, int]


def build_example(problem: Problem, trace: Trace | None, template: Template) -> Example:
    """`<think>`trace`</think> <answer>`answer`</answer>`, or the answer alone where there is no trace.

    The strings are those of the paper's data (arXiv 2505.13792, its released code).
    """
    return build_examples(problem, [trace], template)[0]


def build_examples(problem: Problem, traces: Iterable[Trace | None], template: Template) -> list[Example]:
    """The examples of one problem under several traces: the prompt is the same, to the byte."""
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

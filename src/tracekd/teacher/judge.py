"""Whether a teacher's text is kept. The reason for which it is not is one of a few fixed phrases."""

from tracekd.problem import Problem
from tracekd.tasks.template import Template
from tracekd.teacher.completion import Completion, holds_tag, take_apart
from tracekd.teacher.kept import Kept, Rejected
from tracekd.verify.answer import answer_is_right, lenient_answer_is_right

_LONGEST_ANSWER = 200
_CUT_OFF = {"length": "cut off by the token limit", "content_filter": "cut off by a filter of the endpoint"}


def text_of(kind: str, completion: Completion, template: Template) -> str:
    """The text that would be kept: the trace, or else (of a summary, an explanation) what follows the teacher's own."""
    said = take_apart(completion, template)
    return said.trace if kind == "trace" else said.text


def judge_trace(problem: Problem, completion: Completion, template: Template) -> Kept | Rejected:
    """A trace is kept if it is whole, and its answer right.

    Right by the strict reading: the teacher was told how to write its answer. What only the lenient reading takes for
    right has a reason of its own, so that it can be counted.
    """
    said = take_apart(completion, template)
    reason = _fault("trace", said.trace, completion) or _wrong(said.answer, problem)
    if reason:
        answer = None if said.answer is None else said.answer[:_LONGEST_ANSWER]
        return Rejected(id=problem.id, kind="trace", reason=reason, answer=answer)
    return _kept(problem, "trace", said.trace, said.answer or "", completion)


def judge_derived(
    problem: Problem, kind: str, answer: str, completion: Completion, template: Template
) -> Kept | Rejected:
    """A summary or an explanation is kept if it is whole; its answer is that of the trace that it was made from."""
    text = text_of(kind, completion, template)
    reason = _fault(kind, text, completion)
    if reason:
        return Rejected(id=problem.id, kind=kind, reason=reason)
    return _kept(problem, kind, text, answer, completion)


def _fault(kind: str, text: str, completion: Completion) -> str | None:
    if completion.finish in _CUT_OFF:
        return _CUT_OFF[completion.finish]
    if not text:
        return f"empty {kind}"
    return f"the {kind} holds a tag" if holds_tag(text) else None


def _wrong(answer: str | None, problem: Problem) -> str | None:
    if answer is None:
        return "no answer"
    if answer_is_right(answer, problem.answer):
        return None
    return "right by the lenient reading only" if lenient_answer_is_right(answer, problem.answer) else "wrong answer"


def _kept(problem: Problem, kind: str, text: str, answer: str, completion: Completion) -> Kept:
    return Kept(
        id=problem.id, kind=kind, text=text, answer=answer, model=completion.model,
        tokens=completion.completion_tokens,
    )  # fmt: skip

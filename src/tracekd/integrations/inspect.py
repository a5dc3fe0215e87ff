"""A task and two scorers for Inspect: `tracekd/outputs`, `tracekd/judged` and `tracekd/checked`.

Inspect finds them through the entry point group `inspect_ai`:

    inspect eval tracekd/outputs -T task=babi -T problems=problems.jsonl --model openai/NAME
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import TaskState, generate

from tracekd import api
from tracekd.errors import UserError
from tracekd.integrations.judging import check_said, judge_said, scores_of, scores_of_check
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.transcript.finish import finish_of
from tracekd.transcript.message import Said, read_message
from tracekd.transcript.transcript import Finish
from tracekd.verify.judge import Judge
from tracekd.verify.trace_kind import TraceKind
from tracekd.verify.without_gold import Checker

_METRICS = {"*": [accuracy(), stderr()]}
_MOST_PREPARED = 4096


@task
def outputs(task: str, problems: str, limit: int | None = None) -> Task:
    """Ask a model the problems of a task, and judge what it writes. `problems` is a file, a folder or `hub:NAME`."""
    found = islice(api.load(task, problems), limit)
    return Task(name=task, dataset=samples(found), solver=generate(), scorer=judged())


def samples(problems: Iterable[Problem]) -> MemoryDataset:
    """Problems as samples of Inspect: the prompt of the task, and metadata that the scorers below read."""
    return MemoryDataset(list(map(_sample, problems)), name="tracekd")


def _sample(problem: Problem) -> Sample:
    return Sample(
        id=problem.id,
        input=get_task(problem.task).template.render_prompt(problem),
        target=render_answer(problem.answer),
        metadata={
            "id": problem.id, "question": problem.question, "facts": [fact.text for fact in problem.context],
            "label": problem.label, "problem": problem.model_dump(mode="json"),
        },
    )  # fmt: skip


@scorer(metrics=_METRICS)
def judged(support: str | None = None, trace: TraceKind = "template") -> Scorer:
    """Is each step right, held against gold? For samples that `samples` made: the problem is in their metadata.

    Scores `class_step`, `retrieval_step`, `trace`, `answer` and `consistent`, each 1 or 0 (NaN, which Inspect does not count:
    the task has no rule). The explanation is the verdict's reason. `support` is the kind of gold support, and
    `trace` says how traces are judged: by the `template`, as `free` ones, or `auto`.
    """

    async def score(state: TaskState, target: Target) -> Score:
        problem = _problem(state)
        judge = Judge.of(get_task(problem.task), support, trace)
        verdict = judge_said(judge, judge.prepare(problem), _said(state), _finish(state))
        metadata = {"verdict": verdict.model_dump(mode="json")}
        return Score(
            value=scores_of(verdict), answer=state.output.completion, explanation=verdict.reason, metadata=metadata
        )

    return score


@scorer(metrics=_METRICS)
def checked(task: str, trace: TraceKind = "template") -> Scorer:
    """Does an output pass the rules of a task, without gold? The metadata of a sample have `question` and `facts`.

    Scores `passes`, `facts`, `label`, `from_cited` and `from_context`, each 1 or 0 (NaN: no rule decides).
    `trace` says how traces are judged, as in `judged`.
    """
    checker = lru_cache(_MOST_PREPARED)(lambda question, facts: Checker.of(task, facts, question, trace))

    async def score(state: TaskState, target: Target) -> Score:
        question, facts = state.metadata.get("question"), state.metadata.get("facts")
        if not isinstance(question, str) or not isinstance(facts, list):
            raise UserError("the metadata of this sample have no question or no facts", where=str(state.sample_id))
        check = check_said(checker(question, tuple(map(str, facts))), _said(state), _finish(state))
        reason = "; ".join(f"{name}: {part.state}, {part.reason}" for name, part in check.parts.items())
        return Score(value=scores_of_check(check), answer=check.answer, explanation=reason)

    return score


def _problem(state: TaskState) -> Problem:
    found = state.metadata.get("problem")
    if found is None:
        raise UserError(
            "the metadata of this sample have no problem", where=str(state.sample_id),
            next_step="make the samples with tracekd.integrations.inspect.samples, or use the scorer `checked`",
        )  # fmt: skip
    return Problem.model_validate(found)


def _said(state: TaskState) -> Said:
    """What the model wrote. Inspect moves reasoning into parts of its own."""
    choices: list[Any] = state.output.choices
    return read_message(choices[0].message.model_dump()) if choices else Said(None)


def _finish(state: TaskState) -> Finish:
    return finish_of(state.output.stop_reason)

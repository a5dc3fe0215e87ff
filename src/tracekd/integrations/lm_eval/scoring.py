"""What the tasks for lm-evaluation-harness call: the problems, the scores of an output, and a filter."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import isnan
from statistics import fmean
from typing import Any

from datasets import Dataset, DatasetDict
from lm_eval.api.filter import Filter
from lm_eval.api.registry import register_filter

from tracekd import api
from tracekd.errors import UserError
from tracekd.integrations.judging import STEPS, scores_of
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.verify.without_gold import Checker

_MOST_PREPARED = 4096
Doc = Mapping[str, Any]


def load_problems(tracekd_task: str | None = None, tracekd_problems: str | None = None, **other: Any) -> DatasetDict:
    """The problems of a task, as the split `test`. `other`: the rest of lm-eval's metadata, which is ignored.

    Raises UserError if the task or the source of the problems is missing.
    """
    if tracekd_task is None or tracekd_problems is None:
        raise UserError(
            "the task and the problems are missing", expected="tracekd_task and tracekd_problems in the metadata",
            next_step="""--metadata '{"tracekd_task": "babi", "tracekd_problems": "problems.jsonl"}'""",
        )  # fmt: skip
    rows = list(map(_row, api.load(tracekd_task, tracekd_problems)))
    return DatasetDict({"test": Dataset.from_list(rows)})


def _row(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.id, "task": problem.task, "question": problem.question,
        "context": [fact.text for fact in problem.context], "label": problem.label, "answers": list(problem.answer.values),
        "prompt": get_task(problem.task).template.render_prompt(problem), "target": render_answer(problem.answer),
        "problem": problem.model_dump_json(),
    }  # fmt: skip


def judge_outputs(doc: Doc, results: Sequence[str | Sequence[str]]) -> dict[str, float]:
    """The score of each step, 1 or 0; the mean over several outputs. `consistent` is missing if there is no rule."""
    problem = Problem.model_validate_json(doc["problem"])
    (found,) = results
    scores = [scores_of(api.judge(problem, text)) for text in ([found] if isinstance(found, str) else found)]
    means = {name: fmean(score[name] for score in scores) for name in STEPS}
    return {name: mean for name, mean in means.items() if not isnan(mean)}


@register_filter("tracekd_selected")
class SelectedFilter(Filter):
    """Keeps, of the outputs for a problem, the first that passes the check without gold; if none passes, the first."""

    def apply(self, resps: Iterable[Sequence[str]], docs: Sequence[Doc]) -> list[list[str]]:
        return [[_selected(outputs, doc)] for outputs, doc in zip(resps, docs, strict=True)]


def _selected(outputs: Sequence[str], doc: Doc) -> str:
    checker = _checker(doc["task"], tuple(doc["context"]), doc["question"])
    return next((text for text in outputs if checker.check(text).passes), outputs[0])


@lru_cache(_MOST_PREPARED)
def _checker(task: str, context: tuple[str, ...], question: str) -> Checker:
    return Checker.of(task, context, question)

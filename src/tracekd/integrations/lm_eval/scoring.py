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
from tracekd.verify.trace_kind import DEFAULT_KIND, TraceKind, read_trace_kind
from tracekd.verify.without_gold import Checker

_MOST_PREPARED = 4096
Doc = Mapping[str, Any]


def load_problems(
    tracekd_task: str | None = None,
    tracekd_problems: str | None = None,
    tracekd_trace: str = DEFAULT_KIND,
    **other: Any,
) -> DatasetDict:
    """The problems of a task, as the split `test`. `other`: the rest of lm-eval's metadata, which is ignored.

    `tracekd_trace` says how traces are judged: by the `template`, as `free` ones, or `auto`.
    Raises UserError if the task or the source of the problems is missing, or for an unknown kind of trace.
    """
    if tracekd_task is None or tracekd_problems is None:
        raise UserError(
            "the task and the problems are missing", expected="tracekd_task and tracekd_problems in the metadata",
            next_step="""--metadata '{"tracekd_task": "babi", "tracekd_problems": "problems.jsonl"}'""",
        )  # fmt: skip
    trace = read_trace_kind(tracekd_trace)
    rows = [_row(problem, trace) for problem in api.load(tracekd_task, tracekd_problems)]
    return DatasetDict({"test": Dataset.from_list(rows)})


def _row(problem: Problem, trace: TraceKind) -> dict[str, Any]:
    return {
        "id": problem.id, "task": problem.task, "question": problem.question,
        "context": [fact.text for fact in problem.context], "label": problem.label, "answers": list(problem.answer.values),
        "prompt": get_task(problem.task).template.render_prompt(problem), "target": render_answer(problem.answer),
        "problem": problem.model_dump_json(), "trace": trace,
    }  # fmt: skip


def judge_outputs(doc: Doc, results: Sequence[str | Sequence[str]]) -> dict[str, float]:
    """The score of each step, 1 or 0; the mean over several outputs. `consistent` is missing if there is no rule."""
    problem = Problem.model_validate_json(doc["problem"])
    (found,) = results
    texts = [found] if isinstance(found, str) else found
    scores = [scores_of(api.judge(problem, text, trace=_kind(doc))) for text in texts]
    means = {name: fmean(score[name] for score in scores) for name in STEPS}
    return {name: mean for name, mean in means.items() if not isnan(mean)}


@register_filter("tracekd_selected")
class SelectedFilter(Filter):
    """Keeps, of the outputs for a problem, the first that passes the check without gold; if none passes, the first."""

    def apply(self, resps: Iterable[Sequence[str]], docs: Sequence[Doc]) -> list[list[str]]:
        return [[_selected(outputs, doc)] for outputs, doc in zip(resps, docs, strict=True)]


def _selected(outputs: Sequence[str], doc: Doc) -> str:
    checker = _checker(doc["task"], tuple(doc["context"]), doc["question"], _kind(doc))
    return next((text for text in outputs if checker.check(text).passes), outputs[0])


@lru_cache(_MOST_PREPARED)
def _checker(task: str, context: tuple[str, ...], question: str, trace: TraceKind) -> Checker:
    return Checker.of(task, context, question, trace)


def _kind(doc: Doc) -> TraceKind:
    """How the traces of a problem are judged; the rows of other tasks need not say it."""
    return read_trace_kind(doc.get("trace", DEFAULT_KIND))

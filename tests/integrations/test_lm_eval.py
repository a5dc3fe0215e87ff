"""Our tasks inside the real lm-evaluation-harness; and its own logs, read, joined and judged."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tracekd
from tracekd.api import JudgedFiles
from tracekd.students.base import base_folder

from ..made_problems import PROBLEMS, TASK, trace_of

lm_eval = pytest.importorskip("lm_eval")

from lm_eval.api.model import LM  # noqa: E402
from lm_eval.loggers import EvaluationTracker  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

from tracekd.integrations.lm_eval import FOLDER  # noqa: E402

BY_PROMPT = {TASK.template.render_prompt(problem): problem for problem in PROBLEMS}
# A task of somebody else: the context is in a field with another name, there are two filters, and repeats.
OTHER = """
task: other
dataset_path: json
dataset_kwargs: {data_files: {test: DATA}}
test_split: test
output_type: generate_until
doc_to_text: "{{passage}}\\nQ: {{question}}\\nA:"
doc_to_target: "{{answer}}"
repeats: 3
generation_kwargs: {until: [], do_sample: true}
metric_list: [{metric: exact_match, aggregation: mean, higher_is_better: true}]
filter_list:
  - {name: strict, filter: [{function: regex, regex_pattern: "<answer>(.*)</answer>"}, {function: take_first}]}
  - {name: loose, filter: [{function: take_first}]}
"""


class Writer(LM):
    """The first output of a problem has a wrong answer, the second the right one, the third is empty, and so on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = Counter[str]()

    def generate_until(self, requests: list[Any], *_: Any, **__: Any) -> list[str]:
        return [self._text(request.args[0]) for request in requests]

    def _text(self, prompt: str) -> str:
        problem = next(each for each in PROBLEMS if each.context[0].text in prompt)
        number = self.asked[problem.id]
        self.asked[problem.id] += 1
        answers = ("cellar", problem.answer.values[0])
        return f"<think>{trace_of(problem)}</think> <answer>{answers[number]}</answer>" if number < 2 else ""

    def loglikelihood(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    def loglikelihood_rolling(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


def evaluate(task: str, manager: TaskManager, folder: Path) -> dict[str, Any]:
    """Run a task as `lm_eval --log_samples --output_path` does, and return its results."""
    found = lm_eval.simple_evaluate(
        model=Writer(), tasks=[task], task_manager=manager, log_samples=True, bootstrap_iters=0
    )
    tracker = EvaluationTracker(output_path=str(folder))
    samples = found.pop("samples")
    tracker.save_results_aggregated(results=found, samples=samples)
    tracker.save_results_samples(task_name=task, samples=samples[task])
    return dict(found["results"][task])


def ours(asked: str, **more: str) -> TaskManager:
    metadata = {"tracekd_task": "babi", "tracekd_problems": asked, **more}
    return TaskManager(include_path=str(FOLDER), metadata=metadata, include_defaults=False)


def read(folder: Path, asked: str) -> JudgedFiles:
    return tracekd.judge_files("babi", *folder.glob("*/samples_*.jsonl"), problems=tracekd.load("babi", asked))


def test_the_task_judges_each_output(asked: str, tmp_path: Path) -> None:
    found = evaluate("tracekd_judged", ours(asked), tmp_path / "logs")
    names = ("class_step", "retrieval_step", "trace", "answer", "consistent")
    assert {name: found[f"{name},none"] for name in names} == dict(zip(names, (1, 1, 1, 0, 0), strict=True))
    judged = read(tmp_path / "logs", asked)
    assert judged.joined.is_whole and judged.joined.judged == len(PROBLEMS)


def test_the_filter_keeps_the_first_output_that_passes(asked: str, tmp_path: Path) -> None:
    found = evaluate("tracekd_selected", ours(asked), tmp_path / "logs")
    assert (found["answer,first"], found["answer,selected"]) == (0, 1)
    judged = read(tmp_path / "logs", asked)  # all four samples, once, although two filters log each
    assert judged.joined.is_whole and judged.joined.judged == len(PROBLEMS) * 4
    assert Counter(verdict.sample for verdict in judged.verdicts if verdict.answer) == {1: len(PROBLEMS)}


def test_free_traces_are_judged_and_selected_statement_by_statement(asked: str, tmp_path: Path) -> None:
    found = evaluate("tracekd_judged", ours(asked, tracekd_trace="free"), tmp_path / "logs")
    # The template's sentence on the class is no statement on the story; the facts that it quotes are.
    assert (found["trace,none"], found["answer,none"]) == (1, 0)
    found = evaluate("tracekd_selected", ours(asked, tracekd_trace="free"), tmp_path / "more")
    assert (found["answer,first"], found["answer,selected"]) == (0, 1)


def test_an_unknown_kind_of_trace_is_refused(asked: str) -> None:
    from tracekd.integrations.lm_eval.scoring import load_problems

    with pytest.raises(tracekd.UserError, match="free"):
        load_problems(tracekd_task="babi", tracekd_problems=asked, tracekd_trace="fre")


def test_the_problems_must_be_named() -> None:
    from tracekd.integrations.lm_eval.scoring import load_problems

    with pytest.raises(tracekd.UserError, match="tracekd_task and tracekd_problems in the metadata"):
        load_problems(version=1.0)


@pytest.fixture
def other(tmp_path: Path) -> Callable[[], TaskManager]:
    def made() -> TaskManager:
        rows = [
            {"passage": "\n".join(fact.text for fact in each.context), "question": each.question, "answer": each.answer.values[0]}
            for each in PROBLEMS
        ]  # fmt: skip
        folder = tmp_path / "tasks"
        folder.mkdir()
        (folder / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (folder / "other.yaml").write_text(OTHER.replace("DATA", str(folder / "data.jsonl")))
        return TaskManager(include_path=str(folder), include_defaults=False)

    return made


def test_nothing_is_lost_and_nothing_counts_twice_in_a_log_of_another_task(
    asked: str, other: Callable[[], TaskManager], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    evaluate("other", other(), tmp_path / "logs")
    judged = read(tmp_path / "logs", asked)
    assert judged.joined.is_whole and judged.joined.judged == len(PROBLEMS) * 3
    assert len({(verdict.id, verdict.sample) for verdict in judged.verdicts}) == len(judged.verdicts)
    right = Counter(verdict.sample for verdict in judged.verdicts if verdict.answer)
    assert right == {1: len(PROBLEMS)} and sum(verdict.trace for verdict in judged.verdicts) == 2 * len(PROBLEMS)


def test_the_command_line_over_a_model_of_the_hub(asked: str, tmp_path: Path) -> None:
    """As a user runs it: a folder of transformers, on the CPU."""
    pytest.importorskip("torch")
    metadata = json.dumps({"tracekd_task": "babi", "tracekd_problems": asked})
    folder = subprocess.run(
        [sys.executable, "-m", "tracekd.integrations.lm_eval"], check=True, capture_output=True, text=True
    ).stdout.strip()
    made = subprocess.run(
        [
            sys.executable, "-m", "lm_eval", "run", "--model", "hf", "--model_args", f"pretrained={base_folder('embedded')}",
            "--device", "cpu", "--batch_size", "4", "--tasks", "tracekd_selected", "--include_path", folder, "--metadata",
            metadata, "--gen_kwargs", "max_gen_toks=12", "--output_path", str(tmp_path / "logs"), "--log_samples",
        ],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}, cwd=tmp_path, capture_output=True, text=True,
        timeout=600, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    judged = read(tmp_path / "logs", asked)
    assert judged.joined.is_whole and judged.joined.judged == len(PROBLEMS) * 4

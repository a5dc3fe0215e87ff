"""Our scorers inside the real Inspect; and its own logs of every kind, read, joined and judged."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tracekd
from tracekd.api import JudgedFiles
from tracekd.problem import Problem

from ..made_problems import PROBLEMS, TASK, trace_of

inspect_ai = pytest.importorskip("inspect_ai")

from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402
from inspect_ai.log import EvalLog, convert_eval_logs, read_eval_log  # noqa: E402
from inspect_ai.model import (  # noqa: E402
    ChatMessageAssistant,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.model._model_output import ChatCompletionChoice  # noqa: E402
from inspect_ai.solver import generate  # noqa: E402

BY_PROMPT = {TASK.template.render_prompt(problem): problem for problem in PROBLEMS}
EPOCHS = 3


def output(problem: Problem, epoch: int) -> tuple[Any, str]:
    """The content and the end of an output: right with a reasoning part, right with tags, or cut off or hidden."""
    answer = f" <answer>{problem.answer.values[0]}</answer>"
    if epoch == 0:
        return [ContentReasoning(reasoning=trace_of(problem)), ContentText(text=answer)], "stop"
    if epoch == 1:
        return f"<think>{trace_of(problem)}</think> <answer>cellar</answer>", "stop"
    if PROBLEMS.index(problem) % 2:
        return [
            ContentReasoning(reasoning="Zm9v", redacted=True, summary="It looks."),
            ContentText(text=answer),
        ], "stop"
    return f"<think>{trace_of(problem)[:30]}", "max_tokens"


class Writer:
    """A model that knows what to write from the prompt, however the samples are scheduled."""

    def __init__(self) -> None:
        self.asked = Counter[str]()

    def __call__(self, messages: list[Any], *_: Any) -> ModelOutput:
        prompt = messages[-1].text
        content, stop = output(BY_PROMPT[prompt], self.asked[prompt])
        self.asked[prompt] += 1
        choice = ChatCompletionChoice(message=ChatMessageAssistant(content=content), stop_reason=stop)
        # With a number of tokens, the mock model does not look for a tokenizer on the network.
        return ModelOutput(model="mockllm/model", choices=[choice], usage=ModelUsage(total_tokens=1))


def evaluate(task: Any, folder: Path, log_format: str = "eval", **how: Any) -> EvalLog:
    (log,) = inspect_ai.eval(
        task, model=get_model("mockllm/model", custom_outputs=Writer(), config=GenerateConfig(max_connections=1)),
        epochs=EPOCHS, log_dir=str(folder), log_format=log_format, display="none", **how,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def rates(log: EvalLog) -> dict[str, tuple[float, int]]:
    assert log.results is not None
    return {
        score.name: (round(score.metrics["accuracy"].value, 6), score.unscored_samples or 0)
        for score in log.results.scores
    }


def test_the_task_and_its_scorer_are_found_by_name(asked: str, tmp_path: Path) -> None:
    log = evaluate("tracekd/outputs", tmp_path / "logs", task_args={"task": "babi", "problems": asked})
    third = 1 / 3
    assert rates(log) == {
        "class_step": (round(2 * third, 6), 0), "retrieval_step": (round(2 * third, 6), 0),
        "trace": (round(2 * third, 6), 0), "answer": (0.5, 0), "consistent": (round(third, 6), 0),
    }  # fmt: skip
    assert log.samples is not None
    reasons = {sample.scores["judged"].explanation for sample in log.samples if sample.scores and sample.epoch == 3}
    assert any("hid the reasoning" in (reason or "") for reason in reasons)
    assert any("cut off" in (reason or "") for reason in reasons)


def read(*logs: Path, asked: str) -> JudgedFiles:
    return tracekd.judge_files("babi", *logs, problems=tracekd.load("babi", asked))


@pytest.mark.parametrize("form", ["eval", "json"])
def test_the_log_is_read_to_the_verdicts_of_the_scorer(asked: str, tmp_path: Path, form: str) -> None:
    log = evaluate("tracekd/outputs", tmp_path / "logs", form, task_args={"task": "babi", "problems": asked})
    judged = read(tmp_path / "logs", asked=asked)
    assert judged.joined.is_whole and judged.joined.judged == len(PROBLEMS) * EPOCHS
    assert log.samples is not None
    for sample in log.samples:
        (verdict,) = (v for v in judged.verdicts if (v.id, v.sample) == (sample.id, sample.epoch - 1))
        scored = (sample.scores or {})["judged"].metadata or {}
        same = ("status", "class_step", "retrieval_step", "answer", "consistent", "reason", "finish")
        assert {name: scored["verdict"][name] for name in same} == verdict.model_dump(include=set(same))


def any_task(tmp: Path) -> inspect_ai.Task:
    """A task of somebody else: samples with numbers as ids, and nothing but a prompt."""
    samples = [Sample(id=number, input=prompt) for number, prompt in enumerate(BY_PROMPT)]
    return inspect_ai.Task(name="other", dataset=MemoryDataset(samples), solver=generate())


@pytest.mark.parametrize("form", ["eval", "json"])
def test_nothing_is_lost_and_nothing_counts_twice_in_a_log_of_another_task(
    asked: str, tmp_path: Path, form: str
) -> None:
    log = evaluate(any_task(tmp_path), tmp_path / "logs", form)
    judged = read(tmp_path / "logs", asked=asked)
    assert judged.joined.is_whole and judged.joined.judged == len(PROBLEMS) * EPOCHS
    assert len({(verdict.id, verdict.sample) for verdict in judged.verdicts}) == len(judged.verdicts)
    assert sum(verdict.answer for verdict in judged.verdicts) == 9
    assert Counter(verdict.status for verdict in judged.verdicts) == {"ok": 12, "hidden": 3, "truncated": 3}
    assert {verdict.student for verdict in judged.verdicts} == {"mockllm/model"} == {log.eval.model}


def test_a_converted_log_has_the_same_verdicts(asked: str, tmp_path: Path) -> None:
    evaluate(any_task(tmp_path), tmp_path / "logs", "json")
    convert_eval_logs(str(tmp_path / "logs"), to="eval", output_dir=str(tmp_path / "converted"))
    first, again = (
        {(v.id, v.sample): v for v in read(tmp_path / name, asked=asked).verdicts} for name in ("logs", "converted")
    )
    assert first == again


def test_the_check_without_gold_is_a_scorer(tmp_path: Path) -> None:
    from tracekd.integrations.inspect import checked, samples

    task = inspect_ai.Task(dataset=samples(PROBLEMS), solver=generate(), scorer=checked("babi"))
    found = rates(evaluate(task, tmp_path / "logs"))
    assert found["passes"] == (round(1 / 3, 6), 0) and found["from_context"] == (0.5, 0)


@pytest.mark.parametrize("lacks", ["problem", "facts"])
def test_a_sample_without_what_the_scorer_needs_is_an_error_that_says_it(tmp_path: Path, lacks: str) -> None:
    from tracekd.integrations.inspect import checked, judged

    task = any_task(tmp_path)
    task = inspect_ai.Task(
        dataset=task.dataset, solver=generate(), scorer=judged() if lacks == "problem" else checked("babi")
    )
    writer: Callable[..., ModelOutput] = Writer()
    (log,) = inspect_ai.eval(
        task, model=get_model("mockllm/model", custom_outputs=writer), log_dir=str(tmp_path / "logs"), display="none"
    )
    assert read_eval_log(log.location).status == "error" and log.error is not None
    assert f"have no {lacks}" in log.error.message or "no question or no facts" in log.error.message


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2] / "examples/inspect")
    texts = iter(["<answer>office</answer>", "<answer>garden</answer>"])

    def write(*_: Any) -> ModelOutput:
        said = ModelOutput.from_content("mockllm/model", next(texts))
        said.usage = ModelUsage(total_tokens=1)
        return said

    (log,) = inspect_ai.eval(
        "own_questions.py", model=get_model("mockllm/model", custom_outputs=write), log_dir=str(tmp_path), display="none",
        max_samples=1,
    )  # fmt: skip
    assert log.status == "success" and rates(log)["from_context"] == (0.5, 0)

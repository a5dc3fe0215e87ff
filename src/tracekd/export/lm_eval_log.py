"""Writes sample logs and results in the layout of lm-evaluation-harness (0.4): a folder for each model, with
`samples_TASK_DATE.jsonl` for each regime and seed, and `results_DATE.json`.

What the layout has no place for (the regime, the seed, how an output ended) is in a field `tracekd` of each line, which
other readers ignore. lm-evaluation-harness itself is not needed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from tracekd import __version__
from tracekd.export.file_names import file_names
from tracekd.export.judged_run import CellKey, JudgedOutput, JudgedRun
from tracekd.export.scores import effects_of, rates_of, steps_of
from tracekd.files import replacing
from tracekd.tasks.contract import Task
from tracekd.tasks.template import render_answer

_FILTER = "none"  # lm-eval's name for no filter
Json = Mapping[str, Any]


def files(run: JudgedRun) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """The name of each file, and a function that writes it."""
    date = run.judged_at.strftime("%Y-%m-%dT%H-%M-%S.000000")
    folders = file_names((cell.model for cell in run.cells), lambda model: model.replace("/", "__"))
    tasks = file_names(run.cells, lambda cell: f"{run.task.name}-{cell.regime}-s{cell.seed}")
    for cell, outputs in run.cells.items():
        name = f"{folders[cell.model]}/samples_{tasks[cell]}_{date}.jsonl"
        yield name, partial(_write_samples, task=run.task, outputs=outputs)
    for model, folder in folders.items():
        names = {cell: task for cell, task in tasks.items() if cell.model == model}
        yield f"{folder}/results_{date}.json", partial(_write_results, run=run, model=model, tasks=names)


def _write_samples(path: Path, *, task: Task, outputs: Sequence[JudgedOutput]) -> None:
    by_problem: dict[str, list[JudgedOutput]] = {}
    for judged in outputs:
        by_problem.setdefault(judged.problem.id, []).append(judged)
    with replacing(path) as temporary, temporary.open("wb") as file:
        for number, repeats in enumerate(by_problem.values()):
            line = json.dumps(_row(number, repeats, task), ensure_ascii=False)
            file.write(line.encode("utf-8", "replace") + b"\n")


def _row(number: int, repeats: Sequence[JudgedOutput], task: Task) -> Json:
    """A document with all its outputs. A metric is the mean over them, in [0, 1]."""
    problem = repeats[0].problem
    doc = {
        "id": problem.id, "question": problem.question, "context": [fact.text for fact in problem.context],
        "label": problem.label, "answers": list(problem.answer.values),
        "support": list(problem.texts(problem.trace.facts)),
    }  # fmt: skip
    prompt, target = task.template.render_prompt(problem), render_answer(problem.answer)
    texts = [judged.output.text for judged in repeats]
    metrics = _means(repeats)
    return {
        "doc_id": number,
        "doc": doc,
        "target": target,
        "arguments": {"gen_args_0": {"arg_0": repeats[0].output.prompt or prompt, "arg_1": {}}},
        "resps": [texts],
        "filtered_resps": texts,
        "filter": _FILTER,
        "metrics": list(metrics),
        "doc_hash": _hash(json.dumps(doc, indent=2, ensure_ascii=False)),
        "prompt_hash": _hash(prompt),
        "target_hash": _hash(target),
        **metrics,
        "tracekd": _record(repeats),
    }


def _means(repeats: Sequence[JudgedOutput]) -> dict[str, float]:
    values: dict[str, list[bool]] = {}
    for judged in repeats:
        right = {name: step == "right" for name, step in steps_of(judged.verdict).items()}
        for name, value in (right | effects_of(judged.effects)).items():
            values.setdefault(name, []).append(value)
    return {name: fmean(found) for name, found in values.items()}


def _record(repeats: Sequence[JudgedOutput]) -> Json:
    """Whose outputs these are, and what is known about each, in the order of `resps`."""
    first = repeats[0].verdict
    return {
        "model": first.student,
        "regime": first.regime,
        "seed": first.seed,
        "outputs": [
            {
                "sample": verdict.sample, "finish": verdict.finish, "reasoning": output.reasoning,
                "is_hidden": output.is_hidden, "reason": verdict.reason,
            }
            for _, output, verdict, _ in repeats
        ],
    }  # fmt: skip


def _write_results(path: Path, *, run: JudgedRun, model: str, tasks: Mapping[CellKey, str]) -> None:
    results, numbers = {}, {}
    for cell, name in tasks.items():
        outputs = run.cells[cell]
        rates = {f"{score},{_FILTER}": rate for score, (rate, _) in rates_of(outputs).items()}
        results[name] = {"alias": name, **rates}
        count = len({judged.problem.id for judged in outputs})
        numbers[name] = {"original": count, "effective": count}
    found = {
        "results": results,
        "n-samples": numbers,
        "n-shot": dict.fromkeys(results, 0),
        "versions": dict.fromkeys(results, 0),
        "configs": {name: {"task": name, "output_type": "generate_until"} for name in results},
        "config": {"model": model, "model_args": None},
        "model_name": model,
        "date": run.judged_at.timestamp(),
        "tracekd_version": __version__,
    }
    with replacing(path) as temporary:
        temporary.write_bytes(json.dumps(found, indent=2, ensure_ascii=False).encode("utf-8", "replace"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

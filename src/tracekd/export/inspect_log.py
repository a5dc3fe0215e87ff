"""Writes logs of Inspect (`.eval`), one for each model, regime and seed, which Inspect's viewer opens.

The layout is that of version 2 (written by inspect_ai 0.3): a zip archive with `header.json`, `summaries.json`, one file
for each sample, and `_journal/start.json`. Inspect itself is not needed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tracekd import __version__
from tracekd.export.file_names import file_names
from tracekd.export.judged_run import CellKey, JudgedOutput, JudgedRun
from tracekd.export.scores import effects_of, rates_of, steps_of
from tracekd.files import recipe_key, replacing
from tracekd.tasks.contract import Task
from tracekd.tasks.template import render_answer
from tracekd.verify.parse import parse_transcript
from tracekd.verify.reading.output_record import OutputRecord

_VERSION = 2
# Inspect's letters for right, wrong, and no answer; the last two count 0 in its accuracy.
_LETTERS = {"right": "C", "wrong": "I", "unparsed": "N"}
_STOP = {"stop": "stop", "length": "max_tokens"}
_SHOWN_CHARS = 1024  # of a text in the list of samples
Json = Mapping[str, Any]


def files(run: JudgedRun) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """The name of each log, and a function that writes it."""
    stamp = run.judged_at.strftime("%Y-%m-%dT%H-%M-%S+00-00")
    names = file_names(run.cells, lambda cell: f"{stamp}_{run.task.name}-{cell.regime}_{cell.model}-s{cell.seed}")
    for cell, outputs in run.cells.items():
        yield f"logs/{names[cell]}.eval", partial(_write, run=run, cell=cell, outputs=outputs)


def _write(path: Path, *, run: JudgedRun, cell: CellKey, outputs: Sequence[JudgedOutput]) -> None:
    """Write a log. The same run always gives the same bytes."""
    spec, plan = _spec(run, cell, outputs), {"name": "plan", "steps": [], "config": {}}
    stamp = spec["created"]
    with replacing(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED) as archive:

        def add(name: str, value: Any) -> None:
            member = ZipInfo(name, run.judged_at.timetuple()[:6])
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))

        add("_journal/start.json", {"version": _VERSION, "eval": spec, "plan": plan})
        summaries = []
        for judged in outputs:
            sample = _sample(judged, run.task)
            add(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", sample)
            summaries.append(_summary(sample))
        add("summaries.json", summaries)
        header = {"version": _VERSION, "status": "success", "eval": spec, "plan": plan, "results": _results(outputs)}
        add("header.json", {**header, "stats": {"started_at": stamp, "completed_at": stamp, "model_usage": {}}})


def _spec(run: JudgedRun, cell: CellKey, outputs: Sequence[JudgedOutput]) -> Json:
    key = recipe_key(run=run.name, task=run.task.name, **cell._asdict())
    idents = list(dict.fromkeys(judged.problem.id for judged in outputs))
    return {
        "eval_id": key,
        "run_id": key,
        "task_id": key,
        "created": run.judged_at.isoformat(),
        "task": f"{run.task.name} {cell.regime}",
        "task_version": 0,
        "task_attribs": {},
        "task_args": {"regime": cell.regime, "seed": cell.seed},
        "dataset": {"name": run.task.name, "samples": len(idents), "sample_ids": idents, "shuffled": False},
        "model": cell.model,
        "model_args": {},
        "config": {"epochs": max(judged.verdict.sample for judged in outputs) + 1},
        "packages": {"tracekd": __version__},
        "metadata": {"tracekd_run": run.name, "regime": cell.regime, "seed": cell.seed},
    }


def _sample(judged: JudgedOutput, task: Task) -> Json:
    problem, output, verdict, effects = judged
    prompt = output.prompt or task.template.render_prompt(problem)
    message = {"role": "assistant", "source": "generate", "content": _content(output)}
    metadata = {
        "id": problem.id, "question": problem.question, "facts": [fact.text for fact in problem.context],
        "label": problem.label, "regime": verdict.regime,
        "tracekd_seed": verdict.seed,
        "verdict": verdict.model_dump(mode="json"),
        "effects": [effect.model_dump(mode="json") for effect in effects],
    }  # fmt: skip
    return {
        "id": problem.id,
        "epoch": verdict.sample + 1,
        "input": prompt,
        "target": render_answer(problem.answer),
        "messages": [{"role": "user", "content": prompt}, message],
        "output": {
            "model": verdict.student,
            "choices": [{"message": message, "stop_reason": _STOP[verdict.finish]}],
            "completion": output.text,
        },
        "scores": _scores(judged, task),
        "metadata": metadata,
        "store": {},
        "events": [],
        "attachments": {},
    }


def _content(output: OutputRecord) -> str | list[Json]:
    """The text; reasoning that was in a field of its own, or was hidden, is in a part of its own."""
    text = {"type": "text", "text": output.text}
    if output.transcript.state == "hidden":
        return [{"type": "reasoning", "reasoning": "", "redacted": True}, text]
    if output.reasoning is not None and output.reasoning.strip():
        return [{"type": "reasoning", "reasoning": output.reasoning}, text]
    return output.text


def _scores(judged: JudgedOutput, task: Task) -> Json:
    """One score for each step, with the verdict's reason; and one for each effect of a condition."""
    verdict, output = judged.verdict, judged.output
    answers = {
        "class_step": verdict.stated_label,
        "retrieval_step": "\n".join(verdict.cited) or None,
        "answer": parse_transcript(output.transcript, task.template, output.finish).answer_text,
    }
    scores: dict[str, Json] = {
        name: {"value": _LETTERS[step], "answer": answers.get(name), "explanation": verdict.reason}
        for name, step in steps_of(verdict).items()
    }
    answered = {effect.condition: effect.answer for effect in judged.effects}
    for name, is_so in effects_of(judged.effects).items():
        scores[name] = {"value": int(is_so), "answer": answered[name.partition("_")[2]]}
    return scores


def _summary(sample: Json) -> Json:
    """The sample in the viewer's list, with short texts."""
    scores = {name: {**score, "answer": _short(score["answer"])} for name, score in sample["scores"].items()}
    metadata = {name: sample["metadata"][name] for name in ("label", "regime", "tracekd_seed")}
    return {
        "id": sample["id"], "epoch": sample["epoch"], "input": _short(sample["input"]), "target": _short(sample["target"]),
        "scores": scores, "metadata": metadata, "completed": True, "message_count": len(sample["messages"]),
    }  # fmt: skip


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."


def _results(outputs: Sequence[JudgedOutput]) -> Json:
    """The rate of each score, as Inspect's metric `accuracy`."""
    total = len(outputs)
    scores = [
        {
            "name": name, "scorer": name, "scored_samples": number, "unscored_samples": total - number, "params": {},
            "metrics": {"accuracy": {"name": "accuracy", "value": rate, "params": {}}},
        }
        for name, (rate, number) in rates_of(outputs).items()
    ]  # fmt: skip
    return {"total_samples": total, "completed_samples": total, "scores": scores}

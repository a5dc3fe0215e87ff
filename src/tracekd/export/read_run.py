"""Reads a run to export: the run folder of a study, or the folder that `tracekd verify --out` wrote."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tracekd.errors import UserError
from tracekd.export.judged_run import JudgedOutput, JudgedRun, written_at
from tracekd.files import read_jsonl
from tracekd.interventions.effect import Effect
from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.study.config import load_study
from tracekd.study.plan import effects_of, kind_of, outputs_of
from tracekd.tasks import get_task
from tracekd.tasks.loading import load
from tracekd.verify.join_report import JoinTally
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.run import joined
from tracekd.verify.verdict import Verdict
from tracekd.verify.verified_folder import INPUTS, VERDICTS, Inputs

_STUDY = "study.toml"
_MOST_PREPARED = 4096


def read_run(folder: Path) -> JudgedRun:
    """The judged outputs of a run. Raises UserError for any other folder, and if the judged files have changed."""
    if (folder / _STUDY).is_file():
        return _of_study(folder)
    if (folder / VERDICTS).is_file() or (folder / INPUTS).is_file():
        return _of_verified(folder)
    raise UserError(
        "there is no run in this folder" if folder.is_dir() else "there is no such folder", where=folder,
        expected="the run folder of a study, or a folder that tracekd verify --out wrote",
        next_step="tracekd verify OUTPUTS --task TASK --out DIR",
    )  # fmt: skip


def _of_study(folder: Path) -> JudgedRun:
    task = get_task(load_study(str(folder / _STUDY)).task.name)
    verdicts = sorted((folder / "verdicts").glob("*.jsonl"))
    if not verdicts:
        raise UserError(
            "no cell of this study is finished",
            where=folder,
            next_step=f"tracekd study {folder / _STUDY} --out {folder}",
        )
    files = sorted((folder / "problems").glob("test-*.jsonl"))
    problems = {problem.id: problem for file in files for problem in read_jsonl(file, Problem)}
    found = tuple(judged for file in verdicts for judged in _of_cell(file, problems))
    return JudgedRun(folder.resolve().name, task, written_at(verdicts), found)


def _of_cell(verdicts: Path, problems: dict[str, Problem]) -> Iterator[JudgedOutput]:
    """The judged outputs of a cell."""
    file = outputs_of(verdicts)
    if not file.is_file():
        raise UserError("these outputs are missing", where=file, next_step="continue the study: it makes them again")
    outputs = {(output.id, output.sample): output for output in read_jsonl(file, Output)}
    effects = _effects(effects_of(file, kind_of(verdicts)))
    for verdict in read_jsonl(verdicts, Verdict):
        output, problem = outputs.get((verdict.id, verdict.sample)), problems.get(verdict.id)
        if output is None or problem is None:
            what = "output" if output is None else "problem"
            raise UserError(
                f"a verdict has no {what}: {verdict.id[:80]!r}", where=verdicts, expected="the files of one study",
                next_step="delete the file and continue the study",
            )  # fmt: skip
        # A condition changes the trace of the first sample.
        yield JudgedOutput(problem, _record(output, file), verdict, () if verdict.sample else effects[verdict.id])


def _effects(file: Path) -> dict[str, tuple[Effect, ...]]:
    found: dict[str, tuple[Effect, ...]] = defaultdict(tuple)
    if file.is_file():
        for effect in read_jsonl(file, Effect):
            found[effect.id] += (effect,)
    return found


def _record(output: Output, file: Path) -> OutputRecord:
    return OutputRecord(
        output.text, str(file), output.id, model=output.student, regime=output.regime, seed=output.seed,
        sample=output.sample, finish=output.finish, tokens=len(output.token_ids),
    )  # fmt: skip


def _of_verified(folder: Path) -> JudgedRun:
    inputs = Inputs.read(folder)
    task = get_task(inputs.task)
    found = tuple(_judged_again(folder, inputs))
    return JudgedRun(folder.resolve().name, task, written_at([folder / VERDICTS]), found)


def _judged_again(folder: Path, inputs: Inputs) -> Iterator[JudgedOutput]:
    """The outputs behind the verdicts of a folder. They are judged again, because the files may have changed."""
    judge = inputs.judge
    task = judge.task
    problems, _ = inputs.files.problems(task, load(task, inputs.problems) if inputs.problems else None)
    prepared = lru_cache(_MOST_PREPARED)(lambda place: judge.prepare(problems.all[place]))
    known = read_jsonl(folder / VERDICTS, Verdict)
    for output, place in joined(inputs.files.read(), problems, JoinTally(problems.all)):
        ready = prepared(place)
        verdict = judge.verdict(ready, output.of_problem(ready.problem.id), output.transcript)
        if verdict != next(known, None):
            raise _changed(folder, output.where)
        yield JudgedOutput(ready.problem, output, verdict)
    if next(known, None) is not None:
        raise _changed(folder, None)


def _changed(folder: Path, where: str | None) -> UserError:
    return UserError(
        "the outputs or problems have changed since they were judged", where=where or folder / VERDICTS,
        next_step="judge the outputs again: tracekd verify OUTPUTS --task TASK --out DIR",
    )  # fmt: skip

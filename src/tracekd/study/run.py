"""Runs a study: problems, supervised examples, cells (several at a time), statistics and the report."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from tracekd.content_hash import HASHES, check, mend_list, read_hashes
from tracekd.errors import UserError
from tracekd.files import contents, only_one, read_jsonl, restore, write_folder, write_jsonl, write_text
from tracekd.interventions import get_condition
from tracekd.problem import Problem
from tracekd.regimes import draw_target
from tracekd.sft.example import build_example
from tracekd.students.base import base_folder
from tracekd.study.cell_processes import CellProcesses, Failure
from tracekd.study.config import WORLD, Study
from tracekd.study.declaration import declare
from tracekd.study.effects import is_intervened_on, why_not
from tracekd.study.mend import mend
from tracekd.study.plan import Cell, Plan, hash_bases, make_plan
from tracekd.study.problems import make_world, prepare, read_split, setting_of, source_name
from tracekd.study.progress import Tell
from tracekd.study.resolved import resolved_toml
from tracekd.tasks import get_task

_MAY_CHANGE = ("conditions", "analysis", "trace")


def run_study(study: Study, run: Path, *, workers: int, tell: Tell) -> tuple[Plan, list[Failure]]:
    """Make the missing cells of a study in a run folder; at most `workers` at a time, with one thread each. Raises
    UserError for an invalid request, before anything is written.
    """
    folders = {student.name: base_folder(student.base) for student in study.students}
    plan = make_plan(study, run, hash_bases(study, folders))
    _check_folder(study, run)
    if study.task.source != WORLD:
        prepare(study, study.task.source)  # an invalid source raises here, and nothing is half-written
    with only_one(run, "another tracekd study is running in this folder"):
        mend(plan)
        write_text(run / "study.toml", resolved_toml(study))
        declare(plan)
        with CellProcesses(run) as processes:
            if not all(cell.is_finished for cell in plan.cells):
                processes.start()  # the server imports while the data are made
            make_data(plan)
            failures = processes.make(list(_unfinished(plan)), workers, tell)
            # The traces of other students are forced when all of them are there.
            failed = {failure.cell for failure in failures}
            if later := [cell for cell in _unfinished(plan) if cell.name not in failed]:
                failures += processes.make(later, workers, tell)
    return plan, failures


def _check_folder(study: Study, run: Path) -> None:
    if run.exists() and not run.is_dir():
        raise UserError("the run folder is a file", where=run, next_step="tracekd study --out DIR with another folder")
    known = run / "study.toml"
    if known.is_file():
        mend_list(run)
        restore(known, resolved_toml(study))
        if known.name in read_hashes(run).known:
            check(known, "run the study with the same file and settings as before, or name another --out")
        # Conditions may be added, because they are tried on finished students. A changed analysis is a new declaration, and
        # so is another way of judging traces: finished outputs are then judged again.
        theirs, ours = (
            _without_later(text, known) for text in (known.read_text(encoding="utf-8"), resolved_toml(study))
        )
        if "tasks" in theirs:
            raise UserError(
                "this is the run folder of an earlier version of tracekd, in which a study had [[tasks]]",
                where=known,
                expected="a run folder of this version, or an empty folder",
                next_step="tracekd study --out DIR with another folder",
            )
        if theirs != ours:
            different = next(_differences(theirs, ours))
            raise UserError(
                f"this is the run folder of another study: {different}",
                where=known,
                expected="the same study, or an empty folder",
                next_step="tracekd study --out DIR with another folder",
            )
        if not (run / HASHES).is_file():
            raise UserError(
                "this is the run folder of an earlier version of tracekd, which kept no content hashes", where=run,
                expected="a run folder of this version, or an empty folder",
                next_step="tracekd study --out DIR with another folder",
            )  # fmt: skip
    elif run.is_dir() and contents(run):
        raise UserError(
            "the folder contains files that do not belong to a study", where=run, next_step="tracekd study --out DIR"
        )


def _without_later(text: str, where: Path) -> dict[str, object]:
    """A study without what may change later. Raises UserError for a file of somebody else's that is not TOML."""
    try:
        return {key: value for key, value in tomllib.loads(text).items() if key not in _MAY_CHANGE}
    except (tomllib.TOMLDecodeError, RecursionError):
        raise UserError("this is not a valid TOML file", where=where, next_step="name another --out") from None


def _differences(theirs: object, ours: object, key: str = "") -> Iterator[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in [*theirs, *(n for n in ours if n not in theirs)]:
            yield from _differences(theirs.get(name), ours.get(name), f"{key}.{name}" if key else name)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours) and theirs:
        for i, (a, b) in enumerate(zip(theirs, ours, strict=True)):
            yield from _differences(a, b, f"{key}.{i}")
    elif theirs != ours:
        yield f"{key} is {theirs!r} in the folder, {ours!r} in this request"


def make_data(plan: Plan) -> None:
    """Make the problems and the supervised examples of a study, unless they exist."""
    _make_problems(plan)
    _make_examples(plan)


def _make_problems(plan: Plan) -> None:
    source = plan.study.task
    if source.source == WORLD and not plan.world.is_dir():
        write_folder(plan.world, lambda folder: make_world(source, plan.study.data_seed, folder))
    if all(path.is_file() for path in (*plan.problems.values(), plan.split)):
        return
    sides, report = prepare(plan.study, source_name(source, plan.world))
    for side, problems in sides.items():
        write_jsonl(plan.problems[side], problems)
    write_text(plan.split, report.model_dump_json(indent=1) + "\n")


def _make_examples(plan: Plan) -> None:
    missing = [cell for cell in plan.cells if not cell.sft.is_file()]
    if not missing:
        return
    template = get_task(plan.study.task.name).template
    split = read_split(plan.split)
    setting = setting_of(plan.study, split.labels, split.donors)
    train = list(read_jsonl(plan.problems["train"], Problem))
    for cell in missing:
        taught = (draw_target(problem, cell.regime, setting, cell.seed) for problem in train)
        write_jsonl(cell.sft, (build_example(p, t, template) for p, t in zip(train, taught, strict=True)))


def _unfinished(plan: Plan) -> Iterator[Cell]:
    """The cells with missing parts."""
    conditions = [get_condition(name) for name in plan.study.conditions]
    problems = [problem.id for problem in read_jsonl(plan.problems["test"], Problem)]
    for cell in plan.cells:
        is_tried = (
            not conditions or why_not(cell) is not None or is_intervened_on(cell, plan.cells, problems, conditions)
        )
        if not (cell.is_finished and is_tried):
            yield cell

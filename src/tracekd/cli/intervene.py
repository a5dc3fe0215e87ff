"""`tracekd intervene`: force traces on a student, or on all students of a study, and see what they answer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tracekd.cli.generate import ENGINES
from tracekd.cli.requests.results import InterveneRequest
from tracekd.errors import UserError, unknown_name
from tracekd.files import only_one
from tracekd.regimes import Regime, get_regime
from tracekd.students.engines.contract import EngineError
from tracekd.tasks.template import Template

STUDY = "study.toml"
_OTHERS = "another tracekd is writing into this folder"


@dataclass
class Tried:
    """The effects that a command worked on: each file, with that of the student's own outputs; and what they are of.

    `left_out`: why a cell of a study was not tried; `failures`: why one could not be, though it should.
    """

    template: Template
    problems: Sequence[str]
    conditions: Sequence[str]
    files: dict[Path, Path] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


# Begins to show the progress of something: its name, and how much of it there is.
Watch = Callable[[str, int], Callable[[int], None]]


def run(request: InterveneRequest) -> int:
    """Make the effects that are not there yet, and say what they show.

    Returns the exit code: 1 if memory ran out, or a cell of a study could not be intervened on.

    Raises UserError for what cannot be done; what was made before stays.
    """
    _check(request)
    is_run = (Path(request.target) / STUDY).is_file()
    try:
        with _progress() as watch:
            tried = _on_run(request, watch) if is_run else _on_student(request, watch)
    except EngineError as error:
        typer.echo(f"tracekd: {error}", err=True)
        typer.echo("  what was made stays: the same command goes on from there", err=True)
        return 1
    # Statistics take a second to import: a mistake in the request is told before.
    from tracekd.cli.intervene_report import show

    show(tried, as_json=request.json)
    return 1 if tried.failures else 0


def _check(request: InterveneRequest) -> None:
    """Raises UserError for options that cannot be, before anything is read."""
    if request.engine not in ENGINES:
        raise unknown_name("engine", request.engine, ENGINES)
    if request.engine != "transformers" or "://" in request.target:
        raise UserError(
            "traces are forced on token ids, and answers scored, which needs the student's weights here",
            expected="a student's folder, and the engine `transformers`",
        )
    if request.precision not in (None, "float32", "bfloat16"):
        raise unknown_name("precision", str(request.precision), ("float32", "bfloat16"))
    if request.regime is not None:
        _check_regime(get_regime(request.regime))
    request.read_conditions()  # a wrong name is told first


def _check_regime(regime: Regime) -> None:
    if not regime.traced:
        raise UserError(
            f"students of the regime {regime.name} write no trace: there is nothing to change",
            expected="a student that was taught to write one",
        )
    if regime.prompted and regime.prompted.shots:
        raise UserError(f"{regime.name} needs examples to show", next_step="make it a regime of a study")


def _on_run(request: InterveneRequest, watch: Watch) -> Tried:
    """The cells of a study, each on its test problems."""
    from tracekd.students.base import base_folder
    from tracekd.study.config import load_study
    from tracekd.study.effects import Trial, make_effects, why_not
    from tracekd.study.plan import hash_bases, make_plan

    run_folder = Path(request.target)
    _check_of_run(request, run_folder)
    study = load_study(str(run_folder / STUDY))
    folders = {student.name: base_folder(student.base) for student in study.students}
    plan = make_plan(study, run_folder, hash_bases(study, folders))
    if not plan.split.is_file():
        raise UserError("this study has not begun", where=run_folder, next_step=f"tracekd study --out {run_folder}")
    with only_one(run_folder, _OTHERS):
        trial = Trial.of(plan, request.read_conditions(study.conditions), request.n)
        tried = Tried(trial.setting.template, [p.id for p in trial.problems], [c.name for c in trial.conditions])
        for cell in plan.cells:
            if reason := why_not(cell):
                tried.left_out[cell.name] = reason
                continue
            tell = watch(cell.name, len(trial.problems))
            try:
                make_effects(cell, study.tasks[0].task, folders[cell.student.name], trial, tell)
            except EngineError:
                raise
            except UserError as error:
                tried.failures[cell.name] = str(error).replace("\n  ", "; ")
                continue
            tried.files[cell.effects] = cell.outputs
    if not tried.files:
        reasons = "; ".join(sorted({*tried.failures.values(), *tried.left_out.values()}))
        raise UserError(f"no cell of this study can be intervened on: {reasons}", where=run_folder)
    return tried


def _check_of_run(request: InterveneRequest, run_folder: Path) -> None:
    """Raises UserError for what a study says by itself."""
    said = {
        "--task": request.task, "--problems": tuple(request.problems), "--regime": request.regime, "--subset": request.subset,
        "--support": request.support, "--max-new-tokens": request.max_new_tokens, "--precision": request.precision,
        "--out": request.out, "--chat": request.chat, "--seed": request.seed,
    }  # fmt: skip
    given = next((name for name, value in said.items() if value not in (None, ())), None)
    if given is not None:
        raise UserError(
            f"{given} is for a student; this is the run folder of a study, which says that by itself", where=run_folder
        )


def _on_student(request: InterveneRequest, watch: Watch) -> Tried:
    if request.task is None or not request.problems:
        raise UserError(
            "a student is asked problems of a task", where=request.target,
            expected=f"--task TASK --problems SOURCE, or the run folder of a study, with its {STUDY}",
        )  # fmt: skip
    from tracekd.cli.intervene_student import StudentTrial

    trial = StudentTrial(request, request.task)
    with only_one(trial.out, _OTHERS):
        trial.write_outputs(watch)
        trial.make_effects(watch)
    names = [problem.id for problem in trial.problems], [condition.name for condition in trial.conditions]
    return Tried(trial.setting.template, *names, {trial.effects: trial.outputs})


@contextmanager
def _progress() -> Iterator[Watch]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:

        def watch(name: str, total: int) -> Callable[[int], None]:
            row = bars.add_task(escape(name), total=total)
            return lambda done: bars.update(row, completed=done)

        yield watch

"""`tracekd intervene`: forces traces on a student, or on all students of a study, and measures their answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tracekd.cli.made_effects import MadeEffects, ShowProgress
from tracekd.cli.requests.results import InterveneRequest
from tracekd.cli.terminal import echo, terminal
from tracekd.content_hash import check
from tracekd.errors import UserError, unknown_name
from tracekd.files import only_one, refuse_foreign
from tracekd.regimes import Regime, get_regime
from tracekd.students.engines.contract import EngineError
from tracekd.students.engines.settings import ENGINES, PRECISIONS
from tracekd.students.output_file import recipe_file
from tracekd.verify.trace_kind import read_trace_kind

STUDY = "study.toml"
_OTHERS = "another tracekd is writing into this folder"


def run(request: InterveneRequest) -> int:
    """Measure the effects that are not yet in the files, and report all.

    Returns the exit code: 1 if memory ran out, or interventions failed on a cell of a study.

    Raises UserError for an invalid request. Earlier effects are kept.
    """
    _check(request)
    is_run = (Path(request.target) / STUDY).is_file()
    try:
        with _progress() as watch:
            made = _on_run(request, watch) if is_run else _on_student(request, watch)
    except EngineError as error:
        echo(f"tracekd: {error}", err=True)
        echo("  the effects so far are kept: run the same command to continue", err=True)
        return 1
    # Statistics take a second to import, so errors in the request are reported before.
    from tracekd.cli.intervene_report import show

    show(made, as_json=request.json)
    return 1 if made.failures else 0


def _check(request: InterveneRequest) -> None:
    """Raises UserError for invalid options, before anything is read."""
    if request.engine not in ENGINES:
        raise unknown_name("engine", request.engine, ENGINES)
    if request.engine != "transformers" or "://" in request.target:
        raise UserError(
            "interventions force traces as token ids and score answers, so they need the student's weights on this machine",
            expected="a student's folder, and the engine `transformers`",
        )
    if request.precision not in (None, *PRECISIONS):
        raise unknown_name("precision", request.precision, PRECISIONS)
    if request.regime is not None:
        _check_regime(get_regime(request.regime))
    if request.trace is not None:
        read_trace_kind(request.trace)
    request.read_conditions()  # an invalid name is reported first


def _check_regime(regime: Regime) -> None:
    if not regime.traced:
        raise UserError(
            f"students of the regime {regime.name} write no trace: there is nothing to change",
            expected="a student that was taught to write one",
        )
    if regime.prompted and regime.prompted.shots:
        raise UserError(
            f"{regime.name} needs worked examples, which only a study has",
            next_step="list it in the regimes of a study",
        )


def _on_run(request: InterveneRequest, watch: ShowProgress) -> MadeEffects:
    """The cells of a study, each on its test problems."""
    from tracekd.students.base import base_folder
    from tracekd.study.cell import session_of
    from tracekd.study.config import check_crossed, load_study
    from tracekd.study.effects import Trial, effect_parts, make_effects, unfinished_others, why_not
    from tracekd.study.plan import hash_bases, make_plan

    run_folder = Path(request.target)
    _check_of_run(request, run_folder)
    study = load_study(str(run_folder / STUDY))
    bases = {student.name: base_folder(student.base) for student in study.students}
    plan = make_plan(study, run_folder, hash_bases(study, bases))
    if not plan.split.is_file():
        raise UserError(
            "this study has not started yet", where=run_folder, next_step=f"tracekd study --out {run_folder}"
        )
    with only_one(run_folder, _OTHERS):
        trial = Trial.of(plan, request.read_conditions(study.conditions), request.n)
        check_crossed(trial.conditions, study.regimes)
        made = MadeEffects(trial.setting, trial.problems, [condition.name for condition in trial.conditions])
        for cell in plan.cells:
            if reason := why_not(cell):
                made.left_out[cell.name] = reason
                continue
            if others := unfinished_others(cell, plan.cells, trial.conditions):
                raise UserError(
                    f"the traces of {others[0]} are to be forced on {cell.name}, but it has written none yet",
                    where=run_folder, next_step=f"tracekd study --out {run_folder}, or --conditions without cross",
                )  # fmt: skip
            tell = watch(cell.name, len(trial.problems))
            try:
                session = session_of(cell, study.task.name, bases[cell.student.name])
                make_effects(cell, session, trial, tell)
            except EngineError:
                raise
            except UserError as error:
                made.failures[cell.name] = str(error).replace("\n  ", "; ")
                continue
            made.files |= {part.path: cell.outputs for part in effect_parts(cell, plan.cells, trial.conditions)}
    if not made.files:
        reasons = "; ".join(sorted({*made.failures.values(), *made.left_out.values()}))
        raise UserError(f"no cell of this study allows interventions: {reasons}", where=run_folder)
    return made


def _check_of_run(request: InterveneRequest, run_folder: Path) -> None:
    """Raises UserError for options that a study already defines."""
    said = {
        "--task": request.task, "--problems": tuple(request.problems), "--regime": request.regime, "--subset": request.subset,
        "--support": request.support, "--max-new-tokens": request.max_new_tokens, "--precision": request.precision,
        "--out": request.out, "--chat": request.chat, "--seed": request.seed,
        "--trace": request.trace,
    }  # fmt: skip
    given = next((name for name, value in said.items() if value not in (None, ())), None)
    if given is not None:
        raise UserError(
            f"{given} is for a student; this is the run folder of a study, which already defines it",
            where=run_folder,
        )


def _on_student(request: InterveneRequest, watch: ShowProgress) -> MadeEffects:
    if request.task is None or not request.problems:
        raise UserError(
            "a student needs a task and problems", where=request.target,
            expected=f"--task TASK --problems SOURCE, or the run folder of a study, with its {STUDY}",
        )  # fmt: skip
    from tracekd.cli.intervene_student import StudentTrial

    trial = StudentTrial(request, request.task)
    with only_one(trial.out, _OTHERS):
        check(trial.effects)
        if not recipe_file(trial.effects).is_file():  # somebody else's: found before the outputs are written
            refuse_foreign(trial.effects, "intervene")
        trial.write_outputs(watch)
        trial.make_effects(watch)
    conditions = [condition.name for condition in trial.conditions]
    return MadeEffects(trial.setting, trial.problems, conditions, {trial.effects: trial.outputs})


@contextmanager
def _progress() -> Iterator[ShowProgress]:
    console = terminal(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:

        def watch(name: str, total: int) -> Callable[[int], None]:
            row = bars.add_task(escape(name), total=total)
            return lambda done: bars.update(row, completed=done)

        yield watch

"""Interventions on the students of a study, on its test problems: a file of effects for each cell."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions import Condition, Setting
from tracekd.interventions.effect_file import EffectRecipe, read_effects
from tracekd.interventions.run import Subject, complete_effects, forcer_of
from tracekd.problem import Problem
from tracekd.regimes import Donors, get_regime
from tracekd.students.output import Output
from tracekd.students.session import Session
from tracekd.study.plan import Cell, Plan
from tracekd.study.problems import read_split, setting_of
from tracekd.study.progress import Progress, Tell
from tracekd.study.record import record_interventions


@dataclass(frozen=True)
class Trial:
    """The interventions of a study: the same conditions and the same problems for all students."""

    problems: Sequence[Problem]
    conditions: Sequence[Condition]
    setting: Setting
    seed: int

    @classmethod
    def of(cls, plan: Plan, conditions: Sequence[Condition], limit: int | None = None) -> "Trial":
        """The first `limit` test problems of a study whose data exist. Random draws use its data seed. Swapped traces
        come from training problems, as in training.
        """
        split = read_split(plan.split)
        train = read_jsonl(plan.problems["train"], Problem)
        setting = setting_of(plan.study, split.labels, split.donors or tuple(Donors.of(train)))
        problems = list(read_jsonl(plan.problems["test"], Problem))[:limit]
        return cls(problems, conditions, setting, plan.study.data_seed)


def why_not(cell: Cell) -> str | None:
    """The reason why interventions on a cell are impossible, or None."""
    if not get_regime(cell.regime).traced:
        return "its students are not taught to write a trace"
    return None if cell.outputs.is_file() else "it is not finished"


def is_intervened_on(cell: Cell, problems: Sequence[str], conditions: Sequence[str]) -> bool:
    """Whether all effects on a cell's student exist: on these problems (ids), under these conditions (names). False
    also for an unreadable file: whoever continues it then gets the error.
    """
    if not cell.outputs.is_file() or not cell.effects.is_file():
        return False
    try:
        known = {(effect.id, effect.condition) for effect in read_effects(cell.effects, problems, conditions)}
    except UserError:
        return False
    return len(known) == len(problems) * len(conditions)


def intervene_on(cell: Cell, session: Session, trial: Trial, tell: Tell) -> None:
    """Make the missing effects on a finished cell's student, and record the time. Raises the errors of `make_effects`."""
    started, total = time.monotonic(), len(trial.problems)

    def told(done: int) -> None:
        tell(Progress(cell=cell.name, phase="intervene", step=done, total=total))

    if make_effects(cell, session, trial, told):
        record_interventions(cell, time.monotonic() - started)


def make_effects(cell: Cell, session: Session, trial: Trial, tell: Callable[[int], None]) -> int:
    """Make the missing effects on a finished cell's student. Returns the number of problems with new effects. `tell` is
    called with the number of finished problems. Raises UserError if the student cannot be loaded.
    """
    outputs = {output.id: output for output in read_jsonl(cell.outputs, Output) if output.sample == 0}
    limit = session.decoding.max_new_tokens
    recipe = EffectRecipe.of(session.task.name, sha256_of(cell.outputs), trial.setting, limit, trial.seed)
    return complete_effects(
        cell.effects, recipe, Subject.of(session, outputs), trial.problems, trial.conditions, trial.setting,
        lambda: forcer_of(session), tell,
    )  # fmt: skip

"""Interventions on the students of a study, on its test problems: a file of effects for each cell.

A second file has the effects of traces that other students of the study wrote. It can be made when they are finished.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions import Condition, Setting
from tracekd.interventions.effect_file import EffectRecipe, read_effects
from tracekd.interventions.free_trace import own_of
from tracekd.interventions.run import Subject, complete_effects, forcer_of
from tracekd.problem import Problem
from tracekd.regimes import Donors, get_regime
from tracekd.students.output import Output
from tracekd.students.session import Session
from tracekd.study.plan import Cell, Plan, crossed_effects_of
from tracekd.study.problems import read_split, setting_of
from tracekd.study.progress import Progress, Tell
from tracekd.study.record import record_interventions


@dataclass(frozen=True)
class EffectPart:
    """Some of the effects on a cell's student: their file, their conditions, and the outputs of other regimes' students."""

    path: Path
    conditions: tuple[Condition, ...]
    others: Mapping[str, Path]


def effect_parts(cell: Cell, cells: Iterable[Cell], conditions: Iterable[Condition]) -> Iterator[EffectPart]:
    """The parts that can be made now. The outputs of the cell must exist; `cells` are those of its study."""
    known = tuple(conditions)
    yield EffectPart(cell.effects, tuple([one for one in known if one.crosses is None]), {})
    crossing = tuple([one for one in known if one.crosses is not None])
    if not crossing or unfinished_others(cell, cells, crossing):
        return
    regimes = sorted({one.crosses for one in crossing if one.crosses})
    others = {other.regime: other.outputs for other in _same_student(cell, cells) if other.regime in regimes}
    yield EffectPart(crossed_effects_of(cell, [others[name] for name in regimes]), crossing, others)


def unfinished_others(cell: Cell, cells: Iterable[Cell], conditions: Iterable[Condition]) -> list[str]:
    """The names of the cells whose traces these conditions force on the cell's student, and which have no outputs yet."""
    regimes = {one.crosses for one in conditions}
    return [one.name for one in _same_student(cell, cells) if one.regime in regimes and not one.outputs.is_file()]


def _same_student(cell: Cell, cells: Iterable[Cell]) -> Iterator[Cell]:
    """The cells that differ only in the regime, and the cell itself."""
    return (one for one in cells if (one.student.name, one.seed) == (cell.student.name, cell.seed))


@dataclass(frozen=True)
class Trial:
    """The interventions of a study: the same conditions and the same problems for all students, which are in `cells`."""

    problems: Sequence[Problem]
    conditions: Sequence[Condition]
    setting: Setting
    seed: int
    cells: Sequence[Cell]

    @classmethod
    def of(cls, plan: Plan, conditions: Sequence[Condition], limit: int | None = None) -> "Trial":
        """The first `limit` test problems of a study whose data exist. Random draws use its data seed. Swapped traces
        come from training problems, as in training.
        """
        split = read_split(plan.split)
        train = read_jsonl(plan.problems["train"], Problem)
        setting = setting_of(plan.study, split.labels, split.donors or tuple(Donors.of(train)))
        problems = list(read_jsonl(plan.problems["test"], Problem))[:limit]
        return cls(problems, conditions, setting, plan.study.data_seed, plan.cells)


def why_not(cell: Cell) -> str | None:
    """The reason why interventions on a cell are impossible, or None."""
    if not get_regime(cell.regime).traced:
        return "its students are not taught to write a trace"
    return None if cell.outputs.is_file() else "it is not finished"


def is_intervened_on(
    cell: Cell, cells: Iterable[Cell], problems: Sequence[str], conditions: Iterable[Condition]
) -> bool:
    """Whether all effects on a cell's student exist that can be made now, on these problems (ids). False also for an
    unreadable file: whoever continues it then gets the error.
    """
    return cell.outputs.is_file() and all(_is_made(part, problems) for part in effect_parts(cell, cells, conditions))


def _is_made(part: EffectPart, problems: Sequence[str]) -> bool:
    if not part.path.is_file():
        return False
    names = [condition.name for condition in part.conditions]
    try:
        known = {(effect.id, effect.condition) for effect in read_effects(part.path, problems, names)}
    except UserError:
        return False
    return len(known) == len(problems) * len(names)


def intervene_on(cell: Cell, session: Session, trial: Trial, tell: Tell) -> None:
    """Make the missing effects on a finished cell's student, and record the time. Raises the errors of `make_effects`."""
    started, total = time.monotonic(), len(trial.problems)

    def told(done: int) -> None:
        tell(Progress(cell=cell.name, phase="intervene", step=done, total=total))

    if make_effects(cell, session, trial, told):
        record_interventions(cell, time.monotonic() - started)


def make_effects(cell: Cell, session: Session, trial: Trial, tell: Callable[[int], None]) -> int:
    """Make the missing effects on a finished cell's student that can be made now. Returns the number of problems with new
    effects, of all parts. `tell` is called with the number of finished problems. Raises UserError if the student cannot be
    loaded.
    """
    subject = Subject.of(session, _first_outputs(cell.outputs))
    limit, made = session.decoding.max_new_tokens, 0
    for part in effect_parts(cell, trial.cells, trial.conditions):
        setting = replace(trial.setting, others={r: _traces(path, trial) for r, path in part.others.items()})
        sources = " ".join(map(sha256_of, (cell.outputs, *part.others.values())))
        recipe = EffectRecipe.of(session.task.name, sources, setting, limit, trial.seed)
        made += complete_effects(
            part.path, recipe, subject, trial.problems, part.conditions, setting, lambda: forcer_of(session), tell
        )
    return made


def _first_outputs(path: Path) -> dict[str, Output]:
    """By the id of the problem."""
    return {output.id: output for output in read_jsonl(path, Output) if output.sample == 0}


def _traces(outputs: Path, trial: Trial) -> dict[str, str]:
    """The traces that can be read, by the id of the problem."""
    written = _first_outputs(outputs)
    own = {p.id: own_of(p, written[p.id], trial.setting) for p in trial.problems if p.id in written}
    return {ident: one.text for ident, one in own.items() if one is not None}

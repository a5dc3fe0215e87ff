"""The judged outputs of a run, with their problems and the effects of interventions: what is exported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tracekd.interventions.effect import Effect
from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.verdict import Verdict


class JudgedOutput(NamedTuple):
    """An output, its problem, the verdict on it, and the effects of interventions on its student for this problem."""

    problem: Problem
    output: OutputRecord
    verdict: Verdict
    effects: tuple[Effect, ...] = ()


class CellKey(NamedTuple):
    """The outputs of one training: a model, its regime and its seed."""

    model: str
    regime: str
    seed: int


@dataclass(frozen=True)
class JudgedRun:
    """All judged outputs of a run. They are in memory.

    `name` is the name of the run's folder; `judged_at` the time at which the verdicts were written (UTC), so that an
    export of the same verdicts has the same bytes.
    """

    name: str
    task: Task
    judged_at: datetime
    outputs: tuple[JudgedOutput, ...]

    @cached_property
    def cells(self) -> dict[CellKey, list[JudgedOutput]]:
        """The outputs by model, regime and seed, sorted by these; the outputs of a cell keep their order."""
        found: dict[CellKey, list[JudgedOutput]] = {}
        for judged in self.outputs:
            verdict = judged.verdict
            found.setdefault(CellKey(verdict.student, verdict.regime, verdict.seed), []).append(judged)
        return dict(sorted(found.items()))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that have an output, each once, in the order of the outputs."""
        return tuple({judged.problem.id: judged.problem for judged in self.outputs}.values())


def written_at(files: Iterable[Path]) -> datetime:
    """When the newest of these files was written, in whole seconds, UTC."""
    return datetime.fromtimestamp(int(max(file.stat().st_mtime for file in files)), UTC)

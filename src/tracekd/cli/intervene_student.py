"""Interventions on one student: its problems, its own outputs, and the folder for these and for the effects."""

from pathlib import Path

from tracekd.cli.generate import UNKNOWN, name_of
from tracekd.cli.load_problems import load_problems
from tracekd.cli.made_effects import ShowProgress
from tracekd.cli.requests.results import InterveneRequest
from tracekd.errors import UserError, unknown_name
from tracekd.files import read_jsonl, recipe_key
from tracekd.interventions import Setting
from tracekd.interventions.effect_file import EffectRecipe
from tracekd.interventions.free_trace import own_of
from tracekd.interventions.run import Subject, complete_effects, forcer_of
from tracekd.problem import Problem
from tracekd.regimes import Donors, get_regime
from tracekd.students.base import base_folder
from tracekd.students.engines.settings import TransformersSettings
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.session import Session
from tracekd.students.training_record import student_of
from tracekd.tasks import Task, get_task
from tracekd.verify.trace_kind import DEFAULT_KIND


class StudentTrial:
    """The interventions on one student. Raises UserError where the student or its problems cannot be loaded."""

    def __init__(self, request: InterveneRequest, task: str) -> None:
        self.request, self.task = request, get_task(task)
        loaded = _load(request, self.task)
        self.problems, self.conditions = loaded[: request.n], request.read_conditions()
        crossing = next((one for one in self.conditions if one.crosses is not None), None)
        if crossing is not None:
            raise UserError(
                f"{crossing.name} forces the traces of another student of the same study", where=request.target,
                expected="the run folder of a study", next_step=f"--conditions without {crossing.name}",
            )  # fmt: skip
        self.seed = request.seed or 0
        self.out = request.out or Path("runs") / f"interventions-{Path(request.target).resolve().name}"
        self.outputs, self.effects = self.out / "outputs.jsonl", self.out / "effects.jsonl"
        self.session = _session(request, self.task)
        self.setting = self._setting(loaded)

    def write_outputs(self, watch: ShowProgress) -> None:
        """Let the student write the missing outputs. Raises UserError if no output contains a trace."""
        asked = self.session.asked(self.problems)
        self.session.complete(self.outputs, asked, watch("its own outputs", len(asked)))
        self.written = {output.id: output for output in read_jsonl(self.outputs, Output)}
        own = (own_of(problem, self.written[problem.id], self.setting) for problem in self.problems)
        if self.request.regime is None and not any(own):
            raise UserError(
                f"the student wrote no trace in {len(self.problems):,} outputs: there is nothing to change",
                where=self.outputs, expected="a student that was taught to write one",
                next_step="if it was taught to write one, name its --regime",
            )  # fmt: skip

    def make_effects(self, watch: ShowProgress) -> None:
        """Measure the effects that are not yet in the file."""
        complete_effects(
            self.effects, self._recipe(), Subject.of(self.session, self.written), self.problems, self.conditions,
            self.setting, lambda: forcer_of(self.session), watch("interventions", len(self.problems)),
        )  # fmt: skip

    def _recipe(self) -> EffectRecipe:
        made_by = recipe_key(support=self.request.support, **self.session.recipe().model_dump(mode="json"))
        return EffectRecipe.of(self.task.name, made_by, self.setting, self.session.decoding.max_new_tokens, self.seed)

    def _setting(self, loaded: list[Problem]) -> Setting:
        """Swapped classes and traces come from all problems, so they do not depend on how many are tried."""
        tokenizer = self.session.prompting.tokenizer
        return Setting(
            tuple(sorted({problem.label for problem in loaded})), self.task.derive, self.task.template, Donors.of(loaded),
            length=lambda text: len(tokenizer.encode(text, add_special_tokens=False)),
            free_traces=(self.request.trace or DEFAULT_KIND) != DEFAULT_KIND,
        )  # fmt: skip


def _session(request: InterveneRequest, task: Task) -> Session:
    """The student's own outputs are greedy, so they do not depend on the seed."""
    folder, trained = base_folder(request.target), student_of(Path(request.target))
    return Session.of(
        folder, task, get_regime(request.regime or "correct"),
        Origin(request.regime or UNKNOWN, name_of(request.target), 0),
        max_new_tokens=request.max_new_tokens or trained.max_new_tokens,
        settings=TransformersSettings(request.precision or trained.precision, request.batch),
        chat=student_of(folder).chat if request.chat is None else request.chat,
    )  # fmt: skip


def _load(request: InterveneRequest, task: Task) -> list[Problem]:
    """All problems of the sources, with the requested kind of gold support."""
    support = request.support
    if support is not None and support not in task.support_kinds:
        raise unknown_name(f"support of {task.name}", support, task.support_kinds)
    problems, _ = load_problems(task, request.problems, subset=request.subset, limit=None)
    return [problem.with_support(support) for problem in problems] if support else problems

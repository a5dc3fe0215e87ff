"""A student that traces are forced on: its problems, its own outputs, and the folder for these and for the effects."""

from pathlib import Path
from typing import TYPE_CHECKING

from tracekd.cli.generate import as_trained
from tracekd.cli.load_problems import load_problems
from tracekd.cli.requests.results import InterveneRequest
from tracekd.cli.requests.students import GenerateRequest
from tracekd.cli.session import UNKNOWN, Session
from tracekd.errors import UserError, unknown_name
from tracekd.files import read_jsonl, recipe_key
from tracekd.interventions import Own, Setting
from tracekd.interventions.effect_file import EffectRecipe
from tracekd.interventions.run import Subject, complete_effects
from tracekd.problem import Problem
from tracekd.regimes import Donors
from tracekd.students.engines.contract import STOP, Decoding
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.output_file import complete
from tracekd.tasks import Task, get_task

if TYPE_CHECKING:  # torch takes seconds to import
    from tracekd.cli.intervene import Watch
    from tracekd.interventions.forcing import Forcer


class StudentTrial:
    """What a student is put through. Raises UserError where the student or its problems cannot be loaded."""

    def __init__(self, request: InterveneRequest, task: str) -> None:
        self.request, self.task = request, get_task(task)
        loaded = _load(request, self.task)
        self.problems, self.conditions = loaded[: request.n], request.read_conditions()
        self.seed = request.seed or 0
        self.out = request.out or Path("runs") / f"interventions-{Path(request.target).resolve().name}"
        self.outputs, self.effects = self.out / "outputs.jsonl", self.out / "effects.jsonl"
        self.generation = as_trained(self._generation())
        assert self.generation.max_new_tokens is not None  # resolved now
        self.session = Session(self.generation, Decoding(self.generation.max_new_tokens, stop=STOP), None)
        self.asked = self.session.asked(self.task, self.problems)
        self.setting = self._setting(loaded)

    def write_outputs(self, watch: "Watch") -> None:
        """Have the student write what it has not written yet. Raises UserError where none of it holds a trace."""
        asked, tell = self.asked, watch("its own outputs", len(self.asked))
        complete(self.outputs, self.session.recipe(self.task), asked, self.session.make, tell)
        self.written = {output.id: output for output in read_jsonl(self.outputs, Output)}
        own = (self.written[problem.id] for problem in self.problems)
        if self.request.regime is None and not any(Own.of(o.text, self.task.template, o.finish) for o in own):
            raise UserError(
                f"the student wrote no trace in {len(self.problems):,} outputs: there is nothing to change",
                where=self.outputs, expected="a student that was taught to write one",
                next_step="say --regime if it was taught to",
            )  # fmt: skip

    def make_effects(self, watch: "Watch") -> None:
        """Make the effects that are not there yet."""
        prompts = {one.id: one.ids for one in self.asked}
        subject = Subject(
            prompt_ids=lambda problem: prompts[problem.id],
            outputs=self.written,
            origin=Origin(self.request.regime or UNKNOWN, self.session.name, 0),
        )
        complete_effects(
            self.effects, self._recipe(), subject, self.problems, self.conditions, self.setting, self._forcer,
            watch("interventions", len(self.problems)),
        )  # fmt: skip

    def _recipe(self) -> EffectRecipe:
        made_by = recipe_key(support=self.request.support, **self.session.recipe(self.task).model_dump(mode="json"))
        limit = self.session.decoding.max_new_tokens
        return EffectRecipe.of(self.task.name, made_by, self.setting, limit, self.seed)

    def _forcer(self) -> "Forcer":
        import torch

        from tracekd.interventions.forcing import Forcer
        from tracekd.students.checkpoint import load

        model, _ = load(self.session.folder, dtype=getattr(torch, self.generation.precision or "float32"))
        limit = self.session.decoding.max_new_tokens
        return Forcer(model, self.session.prompting, max_new_tokens=limit, batch=self.request.batch)

    def _generation(self) -> GenerateRequest:
        """Its own outputs are greedy, and so the same whatever is drawn."""
        request = self.request
        return GenerateRequest(
            student=request.target, task=self.task.name, sources=request.problems, out=self.outputs,
            regime=request.regime, subset=request.subset, limit=request.n, max_new_tokens=request.max_new_tokens,
            batch=request.batch, chat=request.chat, precision=request.precision,
        )  # fmt: skip

    def _setting(self, loaded: list[Problem]) -> Setting:
        """Classes and traces to be swapped in are those of all problems, so that they do not depend on how many are tried."""
        tokenizer = self.session.prompting.tokenizer
        return Setting(
            tuple(sorted({problem.label for problem in loaded})), self.task.derive, self.task.template, Donors.of(loaded),
            length=lambda text: len(tokenizer.encode(text, add_special_tokens=False)),
        )  # fmt: skip


def _load(request: InterveneRequest, task: Task) -> list[Problem]:
    """All problems of the sources, with the gold support that is wanted."""
    support = request.support
    if support is not None and support not in task.support_kinds:
        raise unknown_name(f"support of {task.name}", support, task.support_kinds)
    problems, _ = load_problems(task, request.problems, subset=request.subset, limit=None)
    return [problem.with_support(support) for problem in problems] if support else problems

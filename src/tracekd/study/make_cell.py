"""Makes the missing parts of one cell of a study: its student, outputs, verdicts, and the interventions on its student.
Importing this module imports everything that a cell needs, including modules that are usually imported at first use, so
that forked processes need not import them again.
"""

from importlib import import_module
from pathlib import Path

from tracekd.files import read_jsonl
from tracekd.interventions import get_condition
from tracekd.problem import Problem
from tracekd.students.base import base_folder
from tracekd.study.cell import run_cell, session_of
from tracekd.study.config import load_study
from tracekd.study.effects import Trial, intervene_on, is_intervened_on, why_not
from tracekd.study.plan import Plan, hash_bases, make_plan
from tracekd.study.progress import DONE, Progress, Tell

for _module in (
    "peft",
    "tracekd.interventions.forcing",
    "tracekd.students.engines.fused_reading",
    "tracekd.students.engines.transformers",
    "transformers.models.bloom.modeling_bloom",
    "transformers.models.llama.modeling_llama",
):
    import_module(_module)


def make_cell(run: Path, name: str, tell: Tell) -> None:
    """Make the missing parts of the cell with this name. Raises UserError if this is impossible."""
    plan, bases = plan_of(run)
    study = plan.study
    cell = next(cell for cell in plan.cells if cell.name == name)
    validation, test = (list(read_jsonl(plan.problems[side], Problem)) for side in ("validation", "test"))
    task, base = study.task.name, bases[cell.student.name]
    session = None if cell.is_finished else run_cell(cell, task, base, validation, test, tell)
    if study.conditions and why_not(cell) is None:
        conditions = [get_condition(written) for written in study.conditions]
        if not is_intervened_on(cell, plan.cells, [problem.id for problem in test], conditions):
            trial = Trial.of(plan, conditions)
            intervene_on(cell, session or session_of(cell, task, base), trial, tell)
    tell(Progress(cell=name, phase=DONE, step=1, total=1))


def plan_of(run: Path) -> tuple[Plan, dict[str, Path]]:
    """The plan of the study in a run folder, and the folder of each student's base."""
    study = load_study(str(run / "study.toml"))
    bases = {student.name: base_folder(student.base) for student in study.students}
    return make_plan(study, run, hash_bases(study, bases)), bases

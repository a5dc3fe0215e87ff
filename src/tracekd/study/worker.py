"""A process of its own for one cell, and for the interventions on its student: `python -m tracekd.study.worker RUN CELL`.

Progress goes to standard output, one JSON object a line. Started by `run.py`, which sets the thread count before torch
is imported: two processes with two threads each on two cores are about five times slower than with one each.
"""

import os
import sys
import threading
import time
from pathlib import Path

from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions import get_condition
from tracekd.problem import Problem
from tracekd.study.cell import DONE, Progress, run_cell
from tracekd.study.config import load_study
from tracekd.study.effects import Trial, intervene_on, why_not
from tracekd.study.plan import hash_bases, make_plan


def main(run: str, name: str) -> int:
    """Make what one cell of the study in a run folder lacks. Returns the exit code."""
    _end_with_parent()
    try:
        _run(Path(run), name)
    except UserError as error:
        print(str(error).replace("\n  ", "; "), file=sys.stderr)  # the study shows the last line
        return 1
    return 0


def _run(run: Path, name: str) -> None:
    from tracekd.students.base import base_folder

    study = load_study(str(run / "study.toml"))
    folders = {student.name: base_folder(student.base) for student in study.students}
    plan = make_plan(study, run, hash_bases(study, folders))
    cell = next(cell for cell in plan.cells if cell.name == name)
    validation, test = (list(read_jsonl(plan.problems[side], Problem)) for side in ("validation", "test"))
    task, base = study.task.name, folders[cell.student.name]
    if not cell.is_finished:
        run_cell(cell, task, base, validation, test, _tell)
    if study.conditions and why_not(cell) is None:
        trial = Trial.of(plan, [get_condition(name) for name in study.conditions])
        intervene_on(cell, task, base, trial, _tell)
    _tell(Progress(cell=cell.name, phase=DONE, step=1, total=1))


def _tell(progress: Progress) -> None:
    print(progress.model_dump_json(), flush=True)


def _end_with_parent() -> None:
    """If the study is killed, its workers must not go on behind its back."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

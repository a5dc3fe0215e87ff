"""Holds every measure of reliance against students of known degrees of reliance. Writes graded_reliance.md.

    python benchmarks/validation/graded_reliance.py --work PATH --workers 2    # run again, it goes on

Students of three families (`graded_students.py`), at five doses, with three seeds each, on bAbI (the four families of the
default study) and on CoTempQA, both generated. They are asked problems of another seed, which nobody has looked at
(`--data-seed`; to develop, use another one). Each is put through all conditions that a measure needs
(`tracekd.interventions.published_measures`). `--base smollm2` does the same with SmolLM2-135M-Instruct.

Every student, its outputs and the effects on it are files in a folder of `--work`; what is there is not made again. With the
embedded base, a student takes 65 s (bAbI) or 6 minutes (CoTempQA) of processor time, all 90 students about 5 hours. On
CoTempQA it does not learn to answer from the story: there, a dose of 0 only means that the trace's answer is not given.
"""

import argparse
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Before torch is imported, also in the processes that this one starts.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from graded_cost import costs_of
from graded_measures import RELIANCE
from graded_page import TaskResult, page
from graded_students import FAMILIES, Family
from reliance_students import SEEDS, KnownStudent, Side, effects_of, make_effects, outputs_of, taught_in

from tracekd.files import write_text
from tracekd.interventions import Condition, read_conditions
from tracekd.interventions.effect_table import tables
from tracekd.problem import Problem
from tracekd.processes import end_with_parent
from tracekd.stats.estimate import Floats
from tracekd.students.output import Output
from tracekd.study.config import load_study
from tracekd.verify.answer import answer_is_right
from tracekd.verify.parse import parse

TABLE = Path(__file__).with_suffix(".md")
# Of the problems that are asked. Chosen once, before any of them was looked at.
FRESH = 20261201
# Short contexts: the embedded base spells invented names in many tokens, and the facts of published files would be 1,200.
_SHORT = "facts_min=4, facts_max=5, answers_max=2, other_facts=0, name_traps=0.0, triple_elements=['S1_R1_O2']"
TASKS = {
    "babi": (),
    "cotempqa": (f'task={{name="cotempqa", source="world", questions=1500, dials={{{_SHORT}}}}}',),
}
# The study that describes each base's training, and its steps.
BASES = {"embedded": ("first", 240), "smollm2": ("smollm2", 120)}


@dataclass(frozen=True)
class Run:
    """The options of a run: what is taught and asked, and the folder for all of it."""

    work: Path
    base: str
    steps: int
    train: int
    test: int
    data_seed: int

    def folder(self, task: str) -> Path:
        """The folder of a task's students."""
        return self.work / f"{task}-{self.base}-{self.train}"

    def side(self, task: str, data_seed: int) -> Side:
        """The problems of a task, generated with a seed. Every one has an answer that other facts imply."""
        sizes = f"sizes={{train={self.train}, validation=4, test={self.test}}}"
        changed = ['regimes=["counterfactual", "swapped"]', sizes, f"students.0.steps={self.steps}", *TASKS[task]]
        return Side.of(load_study(BASES[self.base][0], [*changed, f"data_seed={data_seed}"]))


@dataclass(frozen=True)
class Job:
    """One student: its task, its family, its dose by the name of its regime, and its seed."""

    task: str
    family: str
    regime: str
    seed: int


def main() -> None:
    """Teach the students, intervene on them, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--base", choices=BASES, default="embedded")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="students of each dose")
    parser.add_argument("--steps", type=int, help="default: 240, or 120 for smollm2")
    parser.add_argument("--train", type=int, default=2400)
    parser.add_argument("--test", type=int, default=200)
    parser.add_argument("--data-seed", type=int, default=FRESH, help="of the problems that are asked")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    steps = given.steps or BASES[given.base][1]
    run = Run(given.work, given.base, steps, given.train, given.test, given.data_seed)
    families = [FAMILIES[name] for name in given.families]
    seeds = range(given.seeds)
    make_all(run, list(jobs(given.tasks, families, seeds)), given.workers)
    results = [result(run, task, families, seeds) for task in given.tasks]
    text = "\n".join(page(results, families, given.base, given.test, steps)) + "\n"
    write_text(given.out, text)
    print(text)


def jobs(tasks: Iterable[str], families: Sequence[Family], seeds: Iterable[int]) -> Iterator[Job]:
    """All students. A task's come one after the other, because its problems are generated once in a process."""
    return (
        Job(task, family.name, student.name, seed)
        for task in tasks
        for family in families
        for seed in seeds
        for student in family.students(())
    )


def make_all(run: Run, waiting: Sequence[Job], workers: int) -> None:
    """Make what is missing, one student at a time in each process."""
    if workers == 1:
        for number, job in enumerate(waiting, 1):
            make(run, job)
            print(f"[{number} of {len(waiting)}] {job.task}: {job.regime}, seed {job.seed}", flush=True)
        return
    # Forked processes would inherit the threads of torch.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent) as pool:
        made = {pool.submit(make, run, job): job for job in waiting}
        for number, future in enumerate(as_completed(made), 1):
            future.result()
            job = made[future]
            print(f"[{number} of {len(waiting)}] {job.task}: {job.regime}, seed {job.seed}", flush=True)


def make(run: Run, job: Job) -> None:
    """Teach one student, and intervene on it."""
    torch.set_num_threads(1)
    shown, asked = sides(run, job.task)
    make_effects(student_of(FAMILIES[job.family], job.regime), job.seed, shown, asked, run.folder(job.task))


@cache
def sides(run: Run, task: str) -> tuple[Side, Side]:
    """The problems that are shown, and those that are asked: none of them is among the first."""
    shown = run.side(task, 0)
    return shown, run.side(task, run.data_seed).without(shown)


@cache
def conditions() -> tuple[Condition, ...]:
    """All conditions that a measure needs; the student's own trace first."""
    needed = dict.fromkeys(["own", *(name for measure in RELIANCE.values() for name in measure.needs)])
    return tuple(read_conditions(",".join(needed)))


def student_of(family: Family, regime: str) -> KnownStudent:
    """The student of a family with this name."""
    return next(student for student in family.students(conditions()) if student.name == regime)


def result(run: Run, task: str, families: Sequence[Family], seeds: Sequence[int]) -> TaskResult:
    """Everything about one task: the effects on all students, which of their own answers are right, and the costs."""
    shown, asked = sides(run, task)
    work, students = (
        run.folder(task),
        [(family, student) for family in families for student in family.students(conditions())],
    )
    effects = [effect for _, student in students for seed in seeds for effect in effects_of(student, seed, asked, work)]
    # A student whose own output has a trace, whatever it learnt.
    first = next((student for _, student in students if not student.writes), students[0][1])
    outputs = outputs_of(first, seeds[0], asked, work)
    return TaskResult(
        task=task,
        tables={table.regime: table for table in tables(effects)},
        right={student.name: _right(run, task, student, seeds) for family, student in students if family.writes},
        costs=costs_of(taught_in(first, seeds[0], shown, work), outputs, asked, RELIANCE),
    )


def _right(run: Run, task: str, student: KnownStudent, seeds: Sequence[int]) -> Floats:
    """Whether the student's own answers are right, 0 or 1, (seeds, problems), problems by their ids. No answer is wrong."""
    _, asked = sides(run, task)
    by_id = {problem.id: problem for problem in asked.problems["test"]}
    made = [{output.id: output for output in outputs_of(student, seed, asked, run.folder(task))} for seed in seeds]
    return np.array([[_is_right(of_seed[ident], by_id[ident], asked) for ident in sorted(by_id)] for of_seed in made])


def _is_right(output: Output, problem: Problem, asked: Side) -> float:
    answer = parse(output.text, asked.setting.template, output.finish).answer_text
    return float(answer_is_right(answer, problem.answer))


if __name__ == "__main__":
    main()

"""The loss of students trained on generated problems when they answer real ones; writes the table beside this file.

    tracekd study first --set tasks.0.dials={} --set students.0.steps=180 --out runs/published
    OMP_NUM_THREADS=1 python benchmarks/validation/transfer.py runs/published PATH/TO/babi/en --per-class 200

The first command runs the default study with the default dials of the world, so that stories are as long as the published ones.
The script takes the students of a finished study of the bAbI world. Of each class, it draws the same number of problems by a hash
of their ids: from the official files, and from a world with another seed than the study's, without stories that the base may
have seen in pretraining. None of them was used in training or for any choice.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load as load_student
from tracekd.study.cell import generate_outputs, judge
from tracekd.study.config import TaskSource, load_study
from tracekd.study.plan import Cell, hash_bases, make_plan
from tracekd.study.problems import make_world, not_met_in_pretraining
from tracekd.tasks import get_task
from tracekd.tasks.loading import load_strict
from tracekd.verify.verdict import Verdict
from tracekd.worlds.loading import load_world

TABLE = Path(__file__).with_suffix(".md")


def main() -> None:
    """Generate for the real problems and compare with the study's own verdicts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("real")
    parser.add_argument("--per-class", type=int, default=200)
    parser.add_argument("--out", type=Path, default=TABLE)
    given = parser.parse_args()
    study = load_study(str(given.run / "study.toml"))
    plan = make_plan(study, given.run, hash_bases(study, {s.name: base_folder(s.base) for s in study.students}))
    source = study.tasks[0]
    official = [p for p in load_strict(get_task("babi"), [given.real]) if p.label in source.classes]
    real, generated = draw(official, given.per_class), draw(fresh(source, study.data_seed + 1), given.per_class)
    found = {cell.name: (judged(cell, generated), judged(cell, real)) for cell in plan.cells}
    table = "\n".join([*heading(given.per_class, len(real)), *rows(plan.cells, found)]) + "\n"
    given.out.write_text(table, encoding="utf-8")
    print(table)


def fresh(source: TaskSource, seed: int) -> list[Problem]:
    """The problems of the study's world under another seed."""
    with tempfile.TemporaryDirectory() as folder:
        make_world(source, seed, Path(folder))
        return not_met_in_pretraining(list(load_world(Path(folder))), {})


def draw(loaded: Sequence[Problem], per_class: int) -> list[Problem]:
    """So many problems of each class, by a hash of their ids."""
    kept: Counter[str] = Counter()
    drawn: list[Problem] = []
    for problem in sorted(loaded, key=lambda p: (share(0, p.id, "transfer"), p.id)):
        if kept[problem.label] < per_class:
            kept[problem.label] += 1
            drawn.append(problem)
    return drawn


def judged(cell: Cell, problems: Sequence[Problem]) -> list[Verdict]:
    """Verdicts on what the student of a cell writes for these problems."""
    model, tokenizer = load_student(cell.model)
    return judge("babi", problems, list(generate_outputs(cell, "babi", problems, model, tokenizer)))


def heading(per_class: int, problems: int) -> list[str]:
    """What the table is."""
    return [
        "# From generated to real problems",
        "",
        "`tracekd study first --set tasks.0.dials={} --set students.0.steps=180 --out runs/published`, then",
        f"`OMP_NUM_THREADS=1 python benchmarks/validation/transfer.py runs/published PATH/TO/babi/en --per-class {per_class}`.",
        "Students of the default study's four families, trained on generated problems alone, stories as long as published;",
        f"{problems} fresh generated problems and {problems} real ones (bAbI v1.2, `en` train), three seeds together.",
        "Shares of right answers and right traces; a difference is real less generated, in points.",
        "",
        "| regime | class | answers, generated | answers, real | difference | traces, generated | traces, real |",
        "|---|---|---|---|---|---|---|",
    ]


def rows(cells: Sequence[Cell], found: dict[str, tuple[list[Verdict], list[Verdict]]]) -> list[str]:
    """For each regime, all seeds together: a line a class, and one for all classes."""
    lines: list[str] = []
    for regime in dict.fromkeys(cell.regime for cell in cells):
        here = [v for cell in cells if cell.regime == regime for v in found[cell.name][0]]
        there = [v for cell in cells if cell.regime == regime for v in found[cell.name][1]]
        for label in sorted({v.label for v in here}):
            lines.append(
                row(regime, label, [v for v in here if v.label == label], [v for v in there if v.label == label])
            )
        lines.append(row(regime, "**all**", here, there))
    return lines


def row(regime: str, label: str, here: Sequence[Verdict], there: Sequence[Verdict]) -> str:
    """One line."""
    answers = [sum(v.answer for v in side) / len(side) for side in (here, there)]
    traces = [sum(v.trace for v in side) / len(side) for side in (here, there)]
    difference = 100 * (answers[1] - answers[0])
    return (
        f"| {regime} | {label} | {answers[0]:.3f} | {answers[1]:.3f} | {difference:+.1f} "
        f"| {traces[0]:.3f} | {traces[1]:.3f} |"
    )


if __name__ == "__main__":
    main()

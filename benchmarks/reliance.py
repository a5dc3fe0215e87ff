"""Do the measures of reliance tell students that must use their trace from students that cannot? Writes reliance.md.

    python benchmarks/reliance.py --work PATH     # students are kept there; run again, it goes on

Both kinds are the embedded base, taught to answer after a trace, on the problems of the default study (four families of
bAbI); only the answer is learnt, never the trace. What they rely on is known by construction:

- must: it is asked without the story, in training and in testing. All that it knows of the story is what the trace cites,
  which in training is the gold trace;
- cannot: it is asked with the story, and the traces of its training are those of other problems (the regime `swapped`).
  Nothing of its answers follows from them.

Asked without the story, a student can write no trace; so for both kinds, the gold trace stands for the student's own.
Teaching takes about 30 s (must) and 60 s (cannot) of processor time for each of the three seeds.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch

from tracekd.files import write_text
from tracekd.interventions import CONDITIONS, read_conditions, scores
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import EffectTable, tables
from tracekd.interventions.forcing import Forcer
from tracekd.interventions.measures import RelianceSummary, measure
from tracekd.interventions.run import Subject, intervene
from tracekd.problem import Problem
from tracekd.regimes import Setting, draw_trace
from tracekd.sft.example import Example, build_example
from tracekd.stats.bootstrap import Floats, draw
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.prompting import Prompting
from tracekd.students.teach import teach
from tracekd.study.config import Study, load_study
from tracekd.study.problems import make_world, prepare, setting_of
from tracekd.tasks import get_task

TABLE = Path(__file__).with_suffix(".md")
TEMPLATE = get_task("babi").template
Kind = Literal["must", "cannot"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SEEDS = (0, 1, 2)
RESAMPLES = 500


def main() -> None:
    """Teach the students, intervene on them, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--test", type=int, default=200)
    given = parser.parse_args()
    torch.set_num_threads(1)
    study = load_study(
        "first", ['regimes=["correct", "swapped"]', f"sizes.test={given.test}", f"students.0.steps={given.steps}"]
    )
    sides, setting = problems_of(study)
    effects = [
        effect for kind in KINDS for seed in SEEDS for effect in measured(study, kind, seed, sides, setting, given.work)
    ]
    page = "\n".join(lines(study, len(sides["test"]), effects)) + "\n"
    write_text(given.out, page)
    print(page)


def problems_of(study: Study) -> tuple[Mapping[str, Sequence[Problem]], Setting]:
    """The problems of each side, and what the regimes may know: the traces to be swapped in."""
    with tempfile.TemporaryDirectory() as folder:
        make_world(study.tasks[0], study.data_seed, Path(folder))
        sides, report = prepare(study, folder)
    return sides, setting_of(study, report.labels, report.donors)


def measured(
    study: Study, kind: Kind, seed: int, sides: Mapping[str, Sequence[Problem]], setting: Setting, work: Path
) -> list[Effect]:
    """All effects on one student, taught now unless it is there already."""
    folder = work / f"{kind}-{study.students[0].steps}-s{seed}"
    student = study.students[0].model_copy(update={"trace_weight": 0.0})
    began = time.monotonic()
    if not folder.exists():
        work.mkdir(parents=True, exist_ok=True)
        teach(
            student, seed, base_folder(student.base), [taught(kind, p, setting, seed) for p in sides["train"]], folder
        )
    print(f"{kind}, seed {seed}: taught in {time.monotonic() - began:.0f} s", flush=True)
    model, tokenizer = load(folder)
    prompting = Prompting.of(tokenizer)
    subject = Subject(
        prompt_ids=lambda problem: prompting.prompt_ids(prompt(kind, problem)),
        outputs={problem.id: as_own(problem) for problem in sides["test"]},
        origin=Origin(regime=kind, student="embedded", seed=seed),
    )
    forcer = Forcer(model, prompting, max_new_tokens=24, batch=study.students[0].generation_batch)
    conditions = list(read_conditions(",".join(CONDITIONS)))
    made = intervene(forcer, subject, sides["test"], conditions, setting, study.data_seed)
    effects = [effect for of_problem in made for effect in of_problem]
    print(f"{kind}, seed {seed}: done after {time.monotonic() - began:.0f} s", flush=True)
    return effects


def prompt(kind: Kind, problem: Problem) -> str:
    """What a student is asked: with the story, or without it."""
    return TEMPLATE.render_prompt(problem if kind == "cannot" else problem.model_copy(update={"context": ()}))


def taught(kind: Kind, problem: Problem, setting: Setting, seed: int) -> Example:
    """What a student is taught: the answer after the gold trace, or after another problem's."""
    regime = "correct" if kind == "must" else "swapped"
    example = build_example(problem, draw_trace(problem, regime, setting, seed), TEMPLATE)
    return example.model_copy(update={"prompt": prompt(kind, problem)})


def as_own(problem: Problem) -> Output:
    """The gold completion, as if the student had written it."""
    text = build_example(problem, problem.trace, TEMPLATE).completion
    return Output(id=problem.id, regime="-", student="-", seed=0, text=text, token_ids=(), finish="stop")


@dataclass(frozen=True)
class Measure:
    """A score of each output, (seeds, problems): the higher, the more it speaks for reliance."""

    name: str
    condition: str
    score: Callable[[EffectTable], Floats]


def all_measures() -> Iterator[Measure]:
    """The decisive one first; then every score under every condition."""
    yield Measure("follows the implied answer", "implied", partial(scores.follows, condition="implied"))
    yield Measure("the same, where right under own", "implied", partial(scores.follows_from_right, condition="implied"))
    yield Measure("area over the early-answering curve", "truncated", scores.early_area)
    for step in ("class", "facts", "interaction"):
        yield Measure(f"effect of the step: {step}", "wrong_*", partial(step_effect, step=step))
    for condition in CONDITIONS[1:]:
        yield Measure("answer flips", condition, partial(scores.flipped, condition=condition))
        yield Measure("log-odds of gold fall", condition, partial(fall, condition=condition))


def step_effect(table: EffectTable, *, step: str) -> Floats:
    return (scores.step_effects(table) or {})[step]


def fall(table: EffectTable, *, condition: str) -> Floats:
    return -scores.log_odds_change(table, condition)


def auroc(must: Floats, cannot: Floats) -> float:
    """The probability that a score of the first kind is above one of the second, ties counting half; NaN if undefined."""
    first, second = must[~np.isnan(must)], np.sort(cannot[~np.isnan(cannot)])
    if not len(first) or not len(second):
        return np.nan
    below, upto = (np.searchsorted(second, first, side=side) for side in ("left", "right"))
    return float((below + upto).sum() / (2 * len(first) * len(second)))


def auroc_with_interval(must: EffectTable, cannot: EffectTable, measure: Measure) -> tuple[float, float, float]:
    """Per output, with a 95 % interval that resamples stories and seeds, the same stories for both kinds."""
    first, second = measure.score(must), measure.score(cannot)
    draws = draw(must.n_groups, len(must.seeds), resamples=RESAMPLES)
    found = []
    for groups, seeds in zip(draws.groups.astype(int), draws.seeds.astype(int), strict=True):
        columns = np.repeat(np.arange(len(must.ids)), groups[must.group])
        rows = np.repeat(np.arange(len(must.seeds)), seeds)
        found.append(auroc(first[np.ix_(rows, columns)], second[np.ix_(rows, columns)]))
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return auroc(first, second), float(low), float(high)


def by_student(table: EffectTable, measure: Measure) -> Floats:
    """The mean score of each seed on each class, as if each were a student of its own."""
    values = measure.score(table)
    parts = [values[:, table.labels == label] for label in sorted(set(table.labels.tolist()))]
    means = [[np.nan if np.isnan(row).all() else np.nanmean(row) for row in part] for part in parts]
    return np.array(means).ravel()


def mean(table: EffectTable, measure: Measure) -> float:
    values = measure.score(table)
    return np.nan if np.isnan(values).all() else float(np.nanmean(values))


HEAD = """\
# Do the measures tell reliance?

Made by `python benchmarks/reliance.py`. TEST problems of the default study's four families; three students (seeds) of each
kind: those that *must* use their trace, since they are asked without the story, and those that *cannot*, since the traces
that they were taught with were those of other problems. Both are given the gold trace for their own.

| condition | supported | must: right | must: flips | cannot: right | cannot: flips |
|---|---:|---:|---:|---:|---:|"""

MIDDLE = """
A measure that works tells the two kinds apart (AUROC 1; 0.5 is chance) and, where it is a share, is 1 for those that must
and 0 for those that cannot. AUROC per output: the probability that an output of a student that must scores higher than one of
a student that cannot, with a 95 % interval that resamples stories and seeds. Per student: of means, each seed and class
being a student. n is the number of outputs scored, of both kinds.

| measure | condition | must | cannot | AUROC per output | 95 % | AUROC per student | n |
|---|---|---:|---:|---:|---:|---:|---:|"""


def lines(study: Study, test: int, effects: Sequence[Effect]) -> Iterator[str]:
    """The page."""
    cells = {table.regime: table for table in tables(effects)}
    yield HEAD.replace("TEST", str(test))
    yield from condition_rows(measure(effects))
    yield MIDDLE
    must, cannot = cells["must"], cells["cannot"]
    told: dict[str, float] = {}
    for one in all_measures():
        value, low, high = auroc_with_interval(must, cannot, one)
        per_student = auroc(by_student(must, one), by_student(cannot, one))
        n = sum(int((~np.isnan(one.score(table))).sum()) for table in (must, cannot))
        told[f"{one.name} (`{one.condition}`)"] = value
        yield (
            f"| {one.name} | `{one.condition}` | {mean(must, one):.3f} | {mean(cannot, one):.3f} | "
            f"**{value:.3f}** | {low:.3f} to {high:.3f} | {per_student:.3f} | {n} |"
        )
    yield from verdict(told)
    yield from calibration(must, cannot)


def verdict(told: Mapping[str, float]) -> Iterator[str]:
    """Which measures tell the two kinds apart, output by output, and which do not."""
    good = [name for name, value in told.items() if value >= 0.95]
    bad = [name for name, value in told.items() if value < 0.7]
    yield f"\nAt least 0.95 per output: {'; '.join(good) or 'none'}."
    yield f"\nBelow 0.7, near chance: {'; '.join(bad) or 'none'}."
    yield WORDS


WORDS = """
Conditions that keep the content (`shuffled`, `paraphrased`, `duplicated`, and `wrong_class`, as no answer here needs the class)
are near chance because neither kind changes its answer: that is right for these students, and shows that such flips tell nothing
of reliance on content. With the trace gone (`none`, `truncated(0)`), students that cannot use it change their answers, too: they
have never answered without one. Where answers are few, one that must use its trace is often right by chance, which keeps every
accuracy and flip rate below 1. Both kinds are extremes, made from one small base: that a measure tells them apart is needed of
it, and does not show that it tells smaller differences in large models.

`implied` was mended once after a look at the first of these students: where it changed a word of a fact, the result could be no
sentence of a story (`afraid of Cats`). Before, on that seed alone, the first line of the table had 0.966, of 0.946 to 0.984."""


def condition_rows(summary: RelianceSummary) -> Iterator[str]:
    cells = {cell.regime: cell for cell in summary.cells}
    for must, cannot in zip(cells["must"].conditions, cells["cannot"].conditions, strict=True):
        shares = (must.accuracy, must.flips, cannot.accuracy, cannot.flips)
        shown = " | ".join("–" if share.value is None else f"{share.value:.3f}" for share in shares)
        yield f"| `{must.condition}` | {must.accuracy.n} of {must.n} | {shown} |"


MIXED = """
Calibration. Students of known reliance are made of the two kinds: in a share of the problems, drawn by seed, the answers
are those of the student that must use its trace, in the others of the one that cannot. A measure is calibrated where
it says that share.

| measure | 0 | 0.25 | 0.5 | 0.75 | 1 | mean error |
|---|---:|---:|---:|---:|---:|---:|"""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def calibration(must: EffectTable, cannot: EffectTable) -> Iterator[str]:
    """What the shares among the measures say of mixtures."""
    yield MIXED
    drawn = np.random.default_rng(0).random(len(must.ids))
    for one in all_measures():
        if one.name.startswith("log-odds"):
            continue
        first, second = one.score(must), one.score(cannot)
        said = [float(np.nanmean(np.where(drawn < share, first, second))) for share in SHARES]
        error = float(np.mean([abs(a - b) for a, b in zip(said, SHARES, strict=True)]))
        yield (
            f"| {one.name} (`{one.condition}`) | " + " | ".join(f"{value:.2f}" for value in said) + f" | {error:.3f} |"
        )


if __name__ == "__main__":
    main()

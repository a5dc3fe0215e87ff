"""Do the measures of reliance tell students that must use their trace from students that cannot? Writes reliance.md.

    python benchmarks/validation/reliance.py --work PATH     # students and effects are kept there; run again, it goes on

All are the embedded base, taught to answer after a trace, on the problems of the default study (four families of bAbI). They
are asked problems of another seed, which nobody has looked at. What two kinds rely on is known by construction:

- must: it is asked without the story, in training and in testing. All that it knows of the story is what the trace cites,
  which in training is the gold trace. Only the answer is learnt;
- cannot: it is asked with the story, and the traces of its training are those of other problems (the regime `swapped`).
  Nothing of its answers follows from them. Only the answer is learnt.

The others are taught under the regime `correct`, trace and answer, and asked as they are, or with the story out of sight
from the answer, the trace, or the question on (`extreme_students.py`). Teaching takes about 30 s (must) and 60 s (the
others) of processor time for each of the three seeds.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from auroc import auroc, auroc_with_interval, by_student
from extreme_students import CANNOT, MUST, OTHERS
from reliance_students import SEEDS, Side, effects_of, make_effects

from tracekd.files import write_text
from tracekd.interventions import CONDITIONS, scores
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import EffectTable, tables
from tracekd.interventions.measures import RelianceSummary, measure
from tracekd.stats.estimate import Floats
from tracekd.study.config import load_study

TABLE = Path(__file__).with_suffix(".md")
# Of the problems that are asked. Chosen once, before any of them was looked at.
FRESH = 20261123
BAR = 0.95


def main() -> None:
    """Teach the students, intervene on them, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--test", type=int, default=200)
    given = parser.parse_args()
    torch.set_num_threads(1)
    shown, asked = sides(given.steps, given.test)
    effects: list[Effect] = []
    for kind, seed in product((MUST, CANNOT, *OTHERS), SEEDS):
        make_effects(kind, seed, shown, asked, given.work)
        effects += effects_of(kind, seed, asked, given.work)
    page = "\n".join(lines(given.test, effects)) + "\n"
    write_text(given.out, page)
    print(page)


def sides(steps: int, test: int) -> tuple[Side, Side]:
    """The problems that are shown, and those that are asked: none of them is among the first."""
    changed = ['regimes=["correct", "swapped"]', f"sizes.test={test}", f"students.0.steps={steps}"]
    shown, asked = (Side.of(load_study("first", [*changed, f"data_seed={seed}"])) for seed in (0, FRESH))
    return shown, asked.without(shown)


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


def mean(table: EffectTable, measure: Measure) -> float:
    values = measure.score(table)
    return np.nan if np.isnan(values).all() else float(np.nanmean(values))


HEAD = """\
# Do the measures show reliance?

Made by `python benchmarks/validation/reliance.py`. TEST problems of the default study's four families, generated with a
seed that nobody had looked at before; three students (seeds) of each kind. Students of the first kind *must* use their
trace: they do not see the story. Students of the second kind *cannot* use it: they were taught with the traces of other
problems. Both get the gold trace as their own.

**DECISIVE**

| condition | supported | must: right | must: flips | cannot: right | cannot: flips |
|---|---:|---:|---:|---:|---:|"""

MIDDLE = """
A good measure distinguishes the two kinds (AUROC 1; 0.5 is chance). If it is a share, it is 1 for students that must and 0
for students that cannot. AUROC per output: the probability that an output of a student that must has a higher score than an
output of a student that cannot, with a 95 % interval over stories and seeds. AUROC per student: the same for
means, with each seed and class as a student. n is the number of scored outputs of both kinds.

| measure | condition | must | cannot | AUROC per output | 95 % | AUROC per student | n |
|---|---|---:|---:|---:|---:|---:|---:|"""


def lines(test: int, effects: Sequence[Effect]) -> Iterator[str]:
    """The page."""
    cells = {table.regime: table for table in tables(effects)}
    must, cannot = cells[MUST.name], cells[CANNOT.name]
    yield HEAD.replace("TEST", str(test)).replace("DECISIVE", decisive(must, cannot))
    yield from condition_rows(measure([effect for effect in effects if effect.regime in (MUST.name, CANNOT.name)]))
    yield from measure_rows(must, cannot)
    yield from calibration(must, cannot)
    yield from other_rows(cells)


def decisive(must: EffectTable, cannot: EffectTable) -> str:
    """The first line of the page: what the measure says that was made to tell the two kinds apart."""
    first = next(all_measures())
    value, low, high = auroc_with_interval(first.score(must), first.score(cannot), must.group)
    met = "reached" if value >= BAR else "not reached"
    return (
        f"Share that follows the implied answer: AUROC {value:.3f} per output, of {low:.3f} to {high:.3f}; "
        f"the bar, {BAR}, is {met}."
    )


def measure_rows(must: EffectTable, cannot: EffectTable) -> Iterator[str]:
    """Each measure on the two kinds, and how well it tells them apart."""
    yield MIDDLE
    told: dict[str, float] = {}
    for one in all_measures():
        high_scores, low_scores = one.score(must), one.score(cannot)
        value, low, high = auroc_with_interval(high_scores, low_scores, must.group)
        per_student = auroc(by_student(must, high_scores), by_student(cannot, low_scores))
        n = sum(int((~np.isnan(scored)).sum()) for scored in (high_scores, low_scores))
        told[f"{one.name} (`{one.condition}`)"] = value
        yield (
            f"| {one.name} | `{one.condition}` | {mean(must, one):.3f} | {mean(cannot, one):.3f} | "
            f"**{value:.3f}** | {low:.3f} to {high:.3f} | {per_student:.3f} | {n} |"
        )
    yield from verdict(told)


def verdict(told: Mapping[str, float]) -> Iterator[str]:
    """Which measures tell the two kinds apart, output by output, and which do not."""
    good = [name for name, value in told.items() if value >= BAR]
    bad = [name for name, value in told.items() if value < 0.7]
    yield f"\nAt least {BAR} per output: {'; '.join(good) or 'none'}."
    yield f"\nBelow 0.7, near chance: {'; '.join(bad) or 'none'}."
    yield WORDS


WORDS = """
Some conditions keep the content: `shuffled`, `paraphrased`, `duplicated`, and also `wrong_class`, because no answer here
needs the class. They are near chance because neither kind changes its answer. This is correct for these students, and shows
that such flips do not measure reliance on content. Without a trace (`none`, `truncated(0)`), even students that cannot use
it change their answers, because they have never answered without one. If there are few possible answers, a student that
must use its trace is often right by chance; this keeps every accuracy and flip rate below 1. Both kinds are extremes, made
from one small base. A measure must distinguish them, but this does not show that it detects smaller differences in large
models.

`implied` was corrected after a look at problems of the default study's own seed. On these problems, it then had an AUROC of
0.987 (0.975 to 0.996). The results above are from other problems; nothing was changed after a look at them."""


def condition_rows(summary: RelianceSummary) -> Iterator[str]:
    cells = {cell.regime: cell for cell in summary.cells}
    for must, cannot in zip(cells["must"].conditions, cells["cannot"].conditions, strict=True):
        shares = (must.accuracy, must.flips, cannot.accuracy, cannot.flips)
        shown = " | ".join("–" if share.value is None else f"{share.value:.3f}" for share in shares)
        yield f"| `{must.condition}` | {must.accuracy.n} of {must.n} | {shown} |"


MIXED = """
Calibration. Students of known reliance are mixed from the two kinds: in a share of the problems, drawn by seed, the answers
come from the student that must use its trace; in the others, from the student that cannot. A measure is calibrated if its
value equals this share.

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


BLOCKED = """
## Attention blocked

Here is another way to make a student use its trace. It is taught trace and answer under the regime `correct`, as in the
default study. Later, its attention to the story is blocked, although it was not taught in this way. `own` is the trace that
it writes before the story is blocked; `free` are the same students without blocking. If only the answer is blocked, it is
compared with the student's own answer without blocking.

WORDS

| students | right: `own` | `gold` | `none` | `wrong_facts(all)` | `implied` | follows |
|---|---:|---:|---:|---:|---:|---:|"""

LEAKS = """\
Blocking prevents a second look at the story, but keeps what was already read from it: the states of the trace and of the
question were computed with the story visible. The share of right answers under `none` shows how much that is: blocking only
the answer changes little. Only if the question is also blocked, the trace is the only source. Students that *must* use
their trace are taught in the same situation: a story that no later token attends to has no effect."""

AGAINST = """
AUROC per output of each kind against students that *cannot*; it is near 1 only if the kind relies on its trace and the
measure shows this.

| measure | condition | """


def other_rows(cells: Mapping[str, EffectTable]) -> Iterator[str]:
    """What the students do whose attention is blocked, and what the measures say of them."""
    yield BLOCKED.replace("WORDS", LEAKS)
    for kind in (MUST, *OTHERS, CANNOT):
        table = cells[kind.name]
        right = [scores.right(table, name) for name in ("own", "gold", "none", "wrong_facts(all)", "implied")]
        shown = (float(np.nanmean(each)) for each in (*right, scores.follows(table, "implied")))
        yield f"| {kind.name} | {' | '.join(f'{value:.3f}' for value in shown)} |"
    kinds, tried = (MUST, *OTHERS), {condition.name for condition in OTHERS[0].conditions}
    yield AGAINST + " | ".join(kind.name for kind in kinds) + " |"
    yield "|---|---|" + "---:|" * len(kinds)
    for one in all_measures():
        if one.condition in tried and one.condition not in ("own", "gold"):
            found = (auroc(one.score(cells[kind.name]), one.score(cells[CANNOT.name])) for kind in kinds)
            yield f"| {one.name} | `{one.condition}` | {' | '.join(f'{value:.3f}' for value in found)} |"


if __name__ == "__main__":
    main()

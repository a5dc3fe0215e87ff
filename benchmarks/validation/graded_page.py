"""The page `graded_reliance.md`: the figures of every measure, the bars, and a recommendation that follows from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from graded_cost import Cost
from graded_figures import Figures, Scored, best_rank, equivalence, figures
from graded_measures import BY_PROBABILITY, FOLLOWS, RELIANCE, is_share
from graded_recommendation import Judged, recommendation
from graded_students import DOSES, Family

from tracekd.interventions.effect_table import EffectTable
from tracekd.interventions.published_measures import PublishedMeasure
from tracekd.stats.estimate import Floats, Ints

RANK_BAR = 0.95
FOLLOWS_BAR, FOLLOWS_BEFORE = 0.9, 0.66
MARGIN = 0.03


@dataclass(frozen=True)
class TaskResult:
    """What was found on one task: effects by regime; which own answers are right, by regime, (seeds, problems); costs by
    measure.
    """

    task: str
    tables: Mapping[str, EffectTable]
    right: Mapping[str, Floats]
    costs: Mapping[str, Cost]


def scored(result: TaskResult, family: Family, measure: PublishedMeasure, label: str | None = None) -> Scored:
    """A measure's scores on the students of a family, on all problems or on those of one class."""
    found = [result.tables[family.regime(dose)] for dose in DOSES]
    labels = sorted(set(found[0].labels.tolist()))
    if label is not None:
        found = [table.columns(table.labels == label) for table in found]
    doses = [
        [np.mean([family.dose_of(one, dose, labels, seed) for one in table.labels.tolist()]) for seed in table.seeds]
        for dose, table in zip(DOSES, found, strict=True)
    ]
    return Scored(
        scores=measure.direction * np.array([measure.score(table) for table in found]),
        truth=np.array(doses),
        group=found[0].group,
        labels=found[0].labels.tolist(),
    )


HEAD = """\
# Every measure against known degrees of reliance

Made by `python benchmarks/validation/graded_reliance.py`; its first lines say how, and `graded_students.py` says why the
doses are known. Base BASE, STEPS steps, at most TEST test problems of each task, generated with a seed that nobody had looked
at before; SEEDS students (seeds) of each dose.

- AUROC: the probability that an output of dose 1 has a higher score than one of dose 0, with a 95 % interval over stories
  and seeds; *per student*: the same for the means of each student on each class.
- Rank: Spearman's correlation of the students' means with their doses. Its interval (95 %) comes from drawing the stories
  anew, for these students; it is no interval over new students, because no bootstrap holds its level with so few seeds.
  *Lowest seed*: the lowest correlation of a single seed's students. Students of the same dose are never quite equal, so
  without ties a rank correlation is at most BEST.
- Error: the mean distance between a student's mean and its dose; only for measures whose scores lie between 0 and 1 and grow
  with reliance. In the family `counterfactual`, the dose is no share of reliance, so there is no error.
- Students of `counterfactual(1)` have learnt no trace. If they write none, measures that need it have no score there ("–"), and
  in this family no AUROC; their rank correlation is that of the other doses.
- Measures where a lower score speaks for reliance are multiplied by -1."""


BARS = f"""
## Dose against the share that follows `implied`

The bar: a rank correlation of {RANK_BAR}. In the family `mixture`, the most likely answer changes at dose 0.5, so the share of
answers that follow is nearly the same on either side of it; the probability of the implied answer is not.
"""


def page(results: Sequence[TaskResult], families: Sequence[Family], base: str, test: int, steps: int) -> Iterator[str]:
    """All lines."""
    first = scored(results[0], families[0], FOLLOWS)
    words = {"BASE": base, "STEPS": steps, "TEST": test, "SEEDS": first.truth.shape[1]}
    text = HEAD.replace("BEST", f"{best_rank(first.truth):.3f}")
    for word, value in words.items():
        text = text.replace(word, str(value))
    yield text
    made = {
        (result.task, family.name): {name: figures(scored(result, family, one)) for name, one in RELIANCE.items()}
        for result in results
        for family in families
    }
    yield from _bars(made)
    for result in results:
        yield from _own_answers(result, families)
    yield from recommendation(_judged(made, results, families))
    for result in results:
        yield f"\n## {result.task}"
        yield from _costs(result)
        for family in families:
            yield from _of_family(result, family, made[result.task, family.name])


def _bars(made: Mapping[tuple[str, str], Mapping[str, Figures]]) -> Iterator[str]:
    yield BARS
    yield f"| task | students | measure | {' | '.join(f'dose {dose:g}' for dose in DOSES)} | rank | interval | bar |"
    yield f"|---|---|---|{'---:|' * (len(DOSES) + 2)}---|"
    for (task, family), found in made.items():
        for name in (FOLLOWS.name, BY_PROBABILITY.name):
            one = found[name]
            met = "reached" if one.rank >= RANK_BAR else "not reached"
            shares = " | ".join(map(_number, one.by_dose))
            yield (
                f"| {task} | {family} | {name} | {shares} | **{_number(one.rank)}** | {_ends(one.rank_ends)} | {met} |"
            )


OWN_ANSWERS = f"""
## TASK: what `FAMILY` changes

Dose 0 is the regime `correct`. Follows: the share of answers under `implied` that follow it (bar {FOLLOWS_BAR}; `correct` had
{FOLLOWS_BEFORE} in an earlier study). Right: the share of right answers in the students' own outputs; an output without an
answer is wrong. The last columns compare them with dose 0, paired by problem and seed: the difference in points, and the larger
p of the two one-sided tests that the true difference is at least {100 * MARGIN:g} points.

| students | follows | bar | right | difference | 95 % | p (equivalent) |
|---|---:|---|---:|---:|---:|---:|"""


def _own_answers(result: TaskResult, families: Sequence[Family]) -> Iterator[str]:
    """What students of a family that writes traces follow, and whether their own answers are as good as at dose 0."""
    for family in families:
        if family.writes:
            yield OWN_ANSWERS.replace("TASK", result.task).replace("FAMILY", family.name)
            group = result.tables[family.regime(0)].group
            yield from (_own_row(result, family, dose, group) for dose in DOSES)


def _own_row(result: TaskResult, family: Family, dose: float, group: Ints) -> str:
    name, base = family.regime(dose), family.regime(0)
    follows = float(np.nanmean(FOLLOWS.score(result.tables[name])))
    met = "reached" if follows >= FOLLOWS_BAR else "not reached"
    right = result.right[name]
    shown = f"| `{name}` | {_number(follows)} | {met} | {_number(float(right.mean()))} |"
    if dose == 0:
        return f"{shown} – | – | – |"
    found = equivalence(right, result.right[base], group, MARGIN)
    ends = "–" if found.ends is None else f"{100 * found.ends[0]:+.1f} to {100 * found.ends[1]:+.1f}"
    p = "–" if found.p is None else f"{found.p:.3f}"
    return f"{shown} {100 * (found.first - found.second):+.1f} | {ends} | {p} |"


COSTS = """
Costs for each problem, counted on one student: forced traces besides the student's own; passes through the student, and tokens
read in them, one problem at a time. The prompt is read once for all its traces.

| measure | source | forced traces | passes | tokens |
|---|---|---:|---:|---:|"""


def _costs(result: TaskResult) -> Iterator[str]:
    yield COSTS
    for name, cost in result.costs.items():
        yield f"| {name} | {RELIANCE[name].citation} | {cost.traces} | {cost.passes:.1f} | {cost.tokens:.0f} |"


def _of_family(result: TaskResult, family: Family, found: Mapping[str, Figures]) -> Iterator[str]:
    yield f"\n### {result.task}: `{family.name}`\n"
    doses = " | ".join(f"{dose:g}" for dose in DOSES)
    yield f"| measure | {doses} | AUROC | 95 % | per student | rank | interval | lowest seed | error | n |"
    yield f"|---|{'---:|' * (len(DOSES) + 8)}"
    for name, one in found.items():
        cells = (
            *map(_number, one.by_dose), f"**{_number(one.auroc)}**", _ends(one.auroc_ends), _number(one.per_student),
            f"**{_number(one.rank)}**", _ends(one.rank_ends), _number(one.lowest_rank),
            _error(family, name, one), str(one.n),
        )  # fmt: skip
        yield f"| {name} | {' | '.join(cells)} |"
    yield from _by_class(result, family)


def _by_class(result: TaskResult, family: Family) -> Iterator[str]:
    """The same on the problems of one class."""
    labels = sorted(set(result.tables[family.regime(0)].labels.tolist()))
    yield "\nBy class: AUROC / rank / error.\n"
    yield f"| measure | {' | '.join(labels)} |\n|---|{'---|' * len(labels)}"
    for name, measure in RELIANCE.items():
        found = [figures(scored(result, family, measure, label)) for label in labels]
        cells = [f"{_number(one.auroc)} / {_number(one.rank)} / {_error(family, name, one)}" for one in found]
        yield f"| {name} | {' | '.join(cells)} |"


def _error(family: Family, name: str, found: Figures) -> str:
    if not is_share(RELIANCE[name]):
        return "not a share"
    return _number(found.error) if family.is_share else "–"


def _judged(
    made: Mapping[tuple[str, str], Mapping[str, Figures]], results: Sequence[TaskResult], families: Sequence[Family]
) -> list[Judged]:
    """Each measure's figures where the dose is a share of reliance."""
    known = [family.name for family in families if family.is_share] or [family.name for family in families]
    settings = [found for (_, family), found in made.items() if family in known]
    return [
        Judged(
            name,
            ranks=tuple(found[name].rank for found in settings),
            aurocs=tuple(found[name].auroc for found in settings),
            tokens=float(np.mean([result.costs[name].tokens for result in results])),
        )
        for name in RELIANCE
    ]


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3f}"


def _ends(ends: tuple[float, float]) -> str:
    return "–" if np.isnan(ends).any() else f"{ends[0]:.3f} to {ends[1]:.3f}"

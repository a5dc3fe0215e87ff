"""How far a student relies on its trace under each intervention, with intervals: `measure`.

Reliance under an intervention, that is; what a student does after a trace that it did not write need not be what it does
after its own. Intervals resample groups of problems and seeds together (`stats/bootstrap.py`, arXiv:1106.2125); every
change is taken within a problem and a seed.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tracekd.interventions import scores
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import EffectTable, tables
from tracekd.stats.bootstrap import Draws, Floats, bootstrap_ratios, draw, group_sums
from tracekd.stats.intervals import Frozen, Interval, percentile_interval, wilson

IMPLIED = "implied"


class Measured(Frozen):
    """The mean over seeds of a mean over problems. Whatever is undefined is None, and `reason` says why.

    `n`: how many outputs it rests on, over all seeds; they are not independent. `per_seed`: in the order of the seeds.
    """

    value: float | None
    interval: Interval | None
    per_seed: tuple[float | None, ...]
    n: int
    reason: str | None = None


class UnderCondition(Frozen):
    """One condition. `n` problems x seeds; `unsupported`: how many had no such trace, by reason; the rest was measured.

    `accuracy`: the share of right answers; `flips`: of answers other than under `own`; `follows`: of answers that are
    the one implied, `follows_from_right` the same among answers that were right under `own`, `follows_story` where all
    facts forced stand in the context, `follows_altered` where one does not; `log_odds_change`: of the gold answer
    against `own`, in nats.
    """

    condition: str
    n: int
    unsupported: dict[str, int]
    accuracy: Measured
    flips: Measured
    follows: Measured
    follows_from_right: Measured
    follows_story: Measured
    follows_altered: Measured
    log_odds_change: Measured


class StepEffects(Frozen):
    """What each step of the gold trace makes to the share of right answers, and their interaction."""

    class_step: Measured
    facts_step: Measured
    interaction: Measured


class LabelReliance(Frozen):
    """The problems of one gold class, under `implied`."""

    label: str
    problems: int
    follows: Measured
    follows_from_right: Measured


class Reliance(Frozen):
    """One student and regime, over `seeds`."""

    student: str
    regime: str
    seeds: tuple[int, ...]
    problems: int
    groups: int
    conditions: tuple[UnderCondition, ...]
    early_area: Measured
    steps: StepEffects | None
    by_label: tuple[LabelReliance, ...]

    def under(self, condition: str) -> UnderCondition | None:
        """What was measured under a condition, if it was tried."""
        return next((one for one in self.conditions if one.condition == condition), None)


class RelianceDifference(Frozen):
    """How much more often the first regime follows the implied answer than the second, paired on problem and seed."""

    student: str
    first: str
    second: str
    seeds: tuple[int, ...]
    follows: Measured


class RelianceSummary(Frozen):
    """All students and regimes, and all pairs of regimes of a student that share problems and a seed."""

    cells: tuple[Reliance, ...]
    differences: tuple[RelianceDifference, ...]


def measure(effects: Iterable[Effect], *, resamples: int = 2000, seed: int = 0) -> RelianceSummary:
    """All measures. The order of the effects does not matter; `resamples` and `seed` are those of the bootstrap.

    Raises ValueError where there are no effects, where one is there twice, or where one is missing.
    """
    found = tables(effects)
    cells = tuple(_reliance(table, resamples, seed) for table in found)
    pairs = (pair for pair in combinations(found, 2) if pair[0].student == pair[1].student)
    differences = (_difference(first, second, resamples, seed) for first, second in pairs)
    return RelianceSummary(cells=cells, differences=tuple(one for one in differences if one is not None))


def _reliance(table: EffectTable, resamples: int, seed: int) -> Reliance:
    draws = draw(table.n_groups, len(table.seeds), resamples=resamples, seed=seed)
    return Reliance(
        student=table.student,
        regime=table.regime,
        seeds=table.seeds,
        problems=len(table.ids),
        groups=table.n_groups,
        conditions=tuple(_under(table, name, draws) for name in table.rows),
        early_area=_measured(scores.early_area(table), table, draws),
        steps=_steps(table, draws),
        by_label=tuple(_label(table, label, resamples, seed) for label in sorted(set(table.labels.tolist())))
        if IMPLIED in table.rows
        else (),
    )


def _under(table: EffectTable, condition: str, draws: Draws) -> UnderCondition:
    reasons = Counter(effect.unsupported for row in table.rows[condition] for effect in row if effect.unsupported)
    measured = {
        name: _measured(score(table, condition), table, draws, share=name != "log_odds_change")
        for name, score in (
            ("accuracy", scores.right),
            ("flips", scores.flipped),
            ("follows", scores.follows),
            ("follows_from_right", scores.follows_from_right),
            ("follows_story", scores.follows_story),
            ("follows_altered", scores.follows_altered),
            ("log_odds_change", scores.log_odds_change),
        )
    }
    n = len(table.seeds) * len(table.ids)
    return UnderCondition(condition=condition, n=n, unsupported=dict(reasons.most_common()), **measured)


def _steps(table: EffectTable, draws: Draws) -> StepEffects | None:
    effects = scores.step_effects(table)
    if effects is None:
        return None
    by_step = {name: _measured(effect, table, draws) for name, effect in effects.items()}
    return StepEffects(class_step=by_step["class"], facts_step=by_step["facts"], interaction=by_step["interaction"])


def _label(table: EffectTable, label: str, resamples: int, seed: int) -> LabelReliance:
    part = table.columns(table.labels == label)
    draws = draw(part.n_groups, len(part.seeds), resamples=resamples, seed=seed)
    return LabelReliance(
        label=label,
        problems=len(part.ids),
        follows=_measured(scores.follows(part, IMPLIED), part, draws, share=True),
        follows_from_right=_measured(scores.follows_from_right(part, IMPLIED), part, draws, share=True),
    )


def _difference(first: EffectTable, second: EffectTable, resamples: int, seed: int) -> RelianceDifference | None:
    """None where nothing is paired: other problems, no seed in common, or no implied answers."""
    seeds = sorted(set(first.seeds) & set(second.seeds))
    if first.ids != second.ids or not seeds or not all(IMPLIED in table.rows for table in (first, second)):
        return None
    a, b = (scores.follows(table.of_seeds(seeds), IMPLIED) for table in (first, second))
    draws = draw(first.n_groups, len(seeds), resamples=resamples, seed=seed)
    return RelianceDifference(
        student=first.student, first=first.regime, second=second.regime, seeds=tuple(seeds),
        follows=_measured(a - b, first, draws),
    )  # fmt: skip


def _measured(values: Floats, table: EffectTable, draws: Draws, *, share: bool = False) -> Measured:
    """The mean of scores, (seeds, problems), over those that are no NaN.

    `share`: where the bootstrap is degenerate, a Wilson interval with n = number of groups stands in for it.
    """
    counted = ~np.isnan(values)
    totals = counted.sum(axis=1)
    sums = np.where(counted, values, 0.0)
    per_seed = _per_seed(sums.sum(axis=1), totals)
    if not totals.all():
        return Measured(value=None, interval=None, per_seed=per_seed, n=int(totals.sum()), reason=_nothing(totals))
    value = float((sums.sum(axis=1) / totals).mean())
    groups = int((group_sums(counted, table.group, draws.n_groups) > 0).sum(axis=1).min())
    n = int(totals.sum())
    interval = percentile_interval(bootstrap_ratios(sums, counted, table.group, draws), draws, groups=groups)
    if isinstance(interval, Interval):
        return Measured(value=value, interval=interval, per_seed=per_seed, n=n)
    if share:
        return Measured(value=value, interval=wilson(value * groups, groups, "wilson_groups"), per_seed=per_seed, n=n)
    return Measured(value=value, interval=None, per_seed=per_seed, n=n, reason=f"no interval: {interval}")


def _per_seed(sums: Floats, totals: NDArray[np.int_]) -> tuple[float | None, ...]:
    return tuple(float(one / n) if n else None for one, n in zip(sums.tolist(), totals.tolist(), strict=True))


def _nothing(totals: NDArray[np.int_]) -> str:
    return "nothing to measure" if not np.any(totals) else "nothing to measure in some of the seeds"

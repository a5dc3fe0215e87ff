"""How far a student relies on its trace under each intervention, with intervals: `measure`.

This is reliance under an intervention: after a forced trace, a student may behave differently than after its own trace.
Every change is measured within a problem and a seed; intervals and tests come from the engine of all numbers of tracekd
(`stats/pivot.py`).
"""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import numpy as np

from tracekd.interventions import scores
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import EffectTable, tables
from tracekd.interventions.published_measures import SUMMARIES, PublishedMeasure
from tracekd.stats.clusters import Clusters, mean_squares
from tracekd.stats.estimate import Ends, Floats, Frozen, Measure
from tracekd.stats.families import holm
from tracekd.stats.inference import (
    DIFFERENCE,
    NO_OUTPUT,
    Test,
    against_zero,
    measured,
    quotients,
    rate_ends,
    scope_of,
    unknown_spread,
    with_one_more,
)
from tracekd.stats.pairs import ONE_SEED

IMPLIED = "implied"
NO_PROBLEM = "the two regimes have no common problem with an implied answer"
_MOST_LOG_ODDS = 2 * scores.MOST_LOG_ODDS  # from the least possible probability to the greatest


class UnderCondition(Frozen):
    """One condition. `n`: problems x seeds; `unsupported`: how many of them had no such trace, by reason; all others were
    measured.

    `accuracy`: the share of right answers; `flips`: the share of answers that differ from the answer under `own`;
    `follows`: the share of answers equal to the implied one; `follows_from_right`: the same among answers that were right
    under `own`; `follows_story`: the same if all forced facts are in the context; `follows_altered`: the same if one is
    not; `log_odds_change`: change of the gold answer's log odds against `own`, in nats.
    """

    condition: str
    n: int
    unsupported: dict[str, int]
    accuracy: Measure
    flips: Measure
    follows: Measure
    follows_from_right: Measure
    follows_story: Measure
    follows_altered: Measure
    log_odds_change: Measure


class StepEffects(Frozen):
    """The effect of each step of the gold trace on the share of right answers, and their interaction."""

    class_step: Measure
    facts_step: Measure
    interaction: Measure


class LabelReliance(Frozen):
    """The problems of one gold class, under `implied`."""

    label: str
    problems: int
    follows: Measure
    follows_from_right: Measure


class Reliance(Frozen):
    """One student and regime, over `seeds`.

    `published`: measures of the literature by name, as far as their conditions were tried (`published_measures.py`).
    """

    student: str
    regime: str
    seeds: tuple[int, ...]
    problems: int
    groups: int
    conditions: tuple[UnderCondition, ...]
    early_area: Measure
    published: dict[str, Measure]
    steps: StepEffects | None
    by_label: tuple[LabelReliance, ...]

    def under(self, condition: str) -> UnderCondition | None:
        """The measures under a condition; None if it was not tried."""
        return next((one for one in self.conditions if one.condition == condition), None)


class RelianceDifference(Frozen):
    """How much more often the first regime follows the implied answer than the second, paired by problem and seed.

    `test`: of no difference; Holm's family is all pairs. With one seed there is no test.
    """

    student: str
    first: str
    second: str
    seeds: tuple[int, ...]
    follows: Measure
    test: Test


class RelianceSummary(Frozen):
    """All students and regimes, and all pairs of regimes of a student that share problems and a seed."""

    cells: tuple[Reliance, ...]
    differences: tuple[RelianceDifference, ...]


def measure(effects: Iterable[Effect]) -> RelianceSummary:
    """All measures. The order of the effects does not matter.

    Raises ValueError if there are no effects, if one occurs twice, or if one is missing.
    """
    found = tables(effects)
    pairs = (pair for pair in combinations(found, 2) if pair[0].student == pair[1].student)
    differences = [one for pair in pairs if (one := _difference(*pair)) is not None]
    corrected = holm(one.test.p for one in differences)
    return RelianceSummary(
        cells=tuple(map(_reliance, found)),
        differences=tuple(
            one.model_copy(update={"test": one.test.model_copy(update={"p_holm": p})})
            for one, p in zip(differences, corrected, strict=True)
        ),
    )


def _reliance(table: EffectTable) -> Reliance:
    return Reliance(
        student=table.student,
        regime=table.regime,
        seeds=table.seeds,
        problems=len(table.ids),
        groups=table.n_groups,
        conditions=tuple(_under(table, name) for name in table.rows),
        early_area=_mean(scores.early_area(table), table, within=(0.0, 1.0)),
        published={one.name: _published(one, table) for one in SUMMARIES if one.fits(table)},
        steps=_steps(table),
        by_label=tuple(_label(table, label) for label in sorted(set(table.labels.tolist())))
        if IMPLIED in table.rows
        else (),
    )


def _under(table: EffectTable, condition: str) -> UnderCondition:
    reasons = Counter(effect.unsupported for row in table.rows[condition] for effect in row if effect.unsupported)
    shares = {
        name: _mean(score(table, condition), table)
        for name, score in (
            ("accuracy", scores.right),
            ("flips", scores.flipped),
            ("follows", scores.follows),
            ("follows_from_right", scores.follows_from_right),
            ("follows_story", scores.follows_story),
            ("follows_altered", scores.follows_altered),
        )
    }
    return UnderCondition(
        condition=condition,
        n=len(table.seeds) * len(table.ids),
        unsupported=dict(reasons.most_common()),
        log_odds_change=_mean(
            scores.log_odds_change(table, condition), table, within=(-_MOST_LOG_ODDS, _MOST_LOG_ODDS)
        ),
        **shares,
    )


def _published(one: PublishedMeasure, table: EffectTable) -> Measure:
    found = _mean(one.score(table), table, one.within)
    if not one.no_interval or found.value is None:
        return found
    return found.model_copy(update={"ci": None, "reason": one.no_interval})


def _steps(table: EffectTable) -> StepEffects | None:
    effects = scores.step_effects(table)
    if effects is None:
        return None
    limits = {"class": 1.0, "facts": 1.0, "interaction": 2.0}
    by_step = {name: _mean(effect, table, within=(-limits[name], limits[name])) for name, effect in effects.items()}
    return StepEffects(class_step=by_step["class"], facts_step=by_step["facts"], interaction=by_step["interaction"])


def _label(table: EffectTable, label: str) -> LabelReliance:
    part = table.columns(table.labels == label)
    return LabelReliance(
        label=label,
        problems=len(part.ids),
        follows=_mean(scores.follows(part, IMPLIED), part),
        follows_from_right=_mean(scores.follows_from_right(part, IMPLIED), part),
    )


def _difference(first: EffectTable, second: EffectTable) -> RelianceDifference | None:
    """None if there are no pairs: other problems, no common seed, or no implied answers."""
    seeds = sorted(set(first.seeds) & set(second.seeds))
    if first.ids != second.ids or not seeds or not all(IMPLIED in table.rows for table in (first, second)):
        return None
    a, b = (scores.follows(table.of_seeds(seeds), IMPLIED) for table in (first, second))
    follows, test = _difference_of(a - b, first.of_seeds(seeds))
    return RelianceDifference(
        student=first.student, first=first.regime, second=second.regime, seeds=tuple(seeds), follows=follows, test=test
    )


def _difference_of(values: Floats, table: EffectTable) -> tuple[Measure, Test]:
    """The mean of differences of yes-or-no scores (each -1, 0 or 1), and the test whether it is 0, as in `stats/pairs.py`."""
    value, n, per_seed, influence, counted, clusters = _moments(values, table)
    scope = scope_of(len(table.seeds))
    if value is None:
        return Measure(value=None, n=0, per_seed=per_seed, reason=NO_PROBLEM), Test(
            scope=scope, p=None, reason=NO_PROBLEM
        )
    squares = mean_squares(influence, counted, clusters)
    of_outputs = float(np.nansum((values - value) ** 2)) / n**2 if np.nanstd(values) > 0 else 0.0
    # One more output with each kind of difference, as for pairs of regimes.
    squares = with_one_more(squares, influence, clusters, of_outputs, 2 / n**2, n)
    found = measured(value, squares, n, per_seed, DIFFERENCE)
    return found, against_zero(value, squares) if squares.seeds > 1 else Test(scope=scope, p=None, reason=ONE_SEED)


def _mean(values: Floats, table: EffectTable, within: Ends | None = None) -> Measure:
    """The mean of scores, (seeds, problems), over those that are no NaN.

    `within`: the least and the greatest possible score, which the interval does not pass. None for a share: its interval
    stays in [0, 1].
    """
    value, n, per_seed, influence, counted, clusters = _moments(values, table)
    if value is None:
        return Measure(value=None, n=0, per_seed=per_seed, reason=NO_OUTPUT)
    squares = mean_squares(influence, counted, clusters)
    if within is not None:
        return measured(value, squares, n, per_seed, within)
    ends = rate_ends(value, squares)
    return Measure(value=value, ci=ends, n=n, per_seed=per_seed, reason=None if ends else unknown_spread(squares))


def _moments(
    values: Floats, table: EffectTable
) -> tuple[float | None, int, tuple[float | None, ...], Floats, Floats, Clusters]:
    """Mean, number and means by seed of scores without NaN; the influence of each cluster on the mean; counts; clusters."""
    counted = ~np.isnan(values)
    clusters = Clusters.of_table(table.n_groups, len(table.seeds))
    sums = _by_cluster(np.where(counted, values, 0.0), table)
    counts = _by_cluster(counted.astype(np.float64), table)
    n = int(counts.sum())
    per_seed = quotients(clusters.by_seed(sums), clusters.by_seed(counts))
    if n == 0:
        return None, 0, per_seed, sums, counts, clusters
    value = float(sums.sum() / n)
    return value, n, per_seed, (sums - value * counts) / n, counts, clusters


def _by_cluster(values: Floats, table: EffectTable) -> Floats:
    """Sums over the problems of each group: (seeds, problems) to (groups x seeds,), groups in the outer loop."""
    sums = np.zeros((table.n_groups, len(table.seeds)))
    np.add.at(sums, table.group, values.T)
    return sums.ravel()

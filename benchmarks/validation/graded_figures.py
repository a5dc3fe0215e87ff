"""What a measure says of students of known doses: how it tells the extremes apart, orders the students, and is calibrated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from auroc import auroc, auroc_with_interval, means
from scipy.stats import rankdata

from tracekd.stats.clusters import Clusters
from tracekd.stats.estimate import Ends, Floats, Ints
from tracekd.stats.inference import DIFFERENCE, measured, table_squares, unknown_spread
from tracekd.stats.pivot import Pivot

DRAWS = 1000  # of stories, for the interval of a rank correlation
# The derivatives of a difference of rates: right in both, only in the first, only in the second, in neither.
_GRADIENT = np.array([0.0, 1.0, -1.0, 0.0])


@dataclass(frozen=True)
class Scored:
    """The scores of one measure on the students of a family, the larger the more reliance.

    `scores`: (doses, seeds, problems), NaN if there is no score; doses ascend from 0 to 1. `truth`: (doses, seeds), the dose
    of each student on these problems. `group`: (problems,) the story of each problem, from 0; `labels`: (problems,) classes.
    """

    scores: Floats
    truth: Floats
    group: Ints
    labels: Sequence[str]


@dataclass(frozen=True)
class Figures:
    """`auroc`: between outputs at doses 1 and 0, with its interval; `per_student`: the same between means of a student on a
    class. `rank`: Spearman's correlation of the students' means with their doses, with its interval and the lowest value of
    a single seed. `error`: the mean distance of a student's mean from its dose. `by_dose`: means over all students of a
    dose. `n`: scored outputs. NaN if undefined.
    """

    auroc: float
    auroc_ends: Ends
    per_student: float
    rank: float
    rank_ends: Ends
    lowest_rank: float
    error: float
    by_dose: tuple[float, ...]
    n: int


def figures(scored: Scored) -> Figures:
    """All figures of a measure."""
    low, high = scored.scores[0], scored.scores[-1]
    area, *ends = auroc_with_interval(high, low, scored.group)
    students = np.array([means(of_dose) for of_dose in scored.scores])
    of_seeds = [spearman(students[:, seed], scored.truth[:, seed]) for seed in range(students.shape[1])]
    return Figures(
        auroc=area,
        auroc_ends=(ends[0], ends[1]),
        per_student=auroc(_by_class(high, scored.labels), _by_class(low, scored.labels)),
        rank=spearman(students.ravel(), scored.truth.ravel()),
        rank_ends=rank_ends(scored),
        lowest_rank=_least(of_seeds),
        error=_mean(np.abs(students - scored.truth)),
        by_dose=tuple(_mean(of_dose) for of_dose in students),
        n=int((~np.isnan(scored.scores)).sum()),
    )


def spearman(values: Floats, truth: Floats) -> float:
    """Spearman's rank correlation, ties with their mean rank; NaN if all values, or all doses, are equal."""
    known = ~np.isnan(values)
    return float(_rank_correlations(values[None, known], truth[known])[0]) if known.sum() > 1 else np.nan


def rank_ends(scored: Scored) -> Ends:
    """Where 95 % of the rank correlations lie if the stories are drawn anew, for these students.

    It says how much the correlation depends on the asked stories. It is no interval over new students: with a few seeds, no
    bootstrap over seeds holds its level.
    """
    of_story = np.eye(int(scored.group.max()) + 1)[scored.group]  # (problems, stories)
    flat = scored.scores.reshape(-1, scored.scores.shape[-1])
    sums, counts = np.nan_to_num(flat) @ of_story, (~np.isnan(flat)).astype(np.float64) @ of_story
    stories = of_story.shape[1]
    drawn = np.random.default_rng(0).multinomial(stories, np.full(stories, 1 / stories), size=DRAWS)
    with np.errstate(invalid="ignore"):
        values = (drawn @ sums.T) / (drawn @ counts.T)
    known = ~np.isnan(values).any(axis=0)
    if known.sum() < 2:
        return np.nan, np.nan
    found = _rank_correlations(values[:, known], scored.truth.ravel()[known])
    found = found[~np.isnan(found)]
    return (float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))) if len(found) else (np.nan, np.nan)


def _rank_correlations(values: Floats, truth: Floats) -> Floats:
    """(draws, students) values and (students,) doses to (draws,)."""
    ranks, doses = rankdata(values, axis=1), rankdata(truth)
    ranks, doses = ranks - ranks.mean(axis=1, keepdims=True), doses - doses.mean()
    spread = np.sqrt((ranks**2).sum(axis=1) * (doses**2).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((ranks @ doses) / spread, np.float64)


def best_rank(truth: Floats) -> float:
    """The largest rank correlation that a measure without ties can have: students of the same dose have other means."""
    doses = np.sort(truth.ravel())
    return spearman(np.arange(len(doses), dtype=np.float64), doses)


@dataclass(frozen=True)
class Equivalence:
    """Rates of right answers of two kinds of students: `first`, `second`, their difference with its interval, and the larger
    p of the two one-sided tests that the true difference is outside the margin; None with one seed, or if nothing varies.
    """

    first: float
    second: float
    ends: Ends | None
    p: float | None


def equivalence(first: Floats, second: Floats, group: Ints, margin: float) -> Equivalence:
    """Compare two arrays of right answers, (seeds, problems) of 0 and 1, paired by problem and seed; as `stats/pairs.py`."""
    seeds, clusters = len(first), Clusters.of_table(int(group.max()) + 1, len(first))
    code = (2 * (first == 0) + (second == 0)).astype(int)
    cluster = group[None, :] * seeds + np.arange(seeds)[:, None]
    counts = np.zeros((len(clusters.group), 4), dtype=np.int64)
    np.add.at(counts, (cluster.ravel(), code.ravel()), 1)
    value, squares = float(first.mean() - second.mean()), table_squares(counts, _GRADIENT, clusters)
    is_known = seeds > 1 and unknown_spread(squares) is None
    return Equivalence(
        first=float(first.mean()),
        second=float(second.mean()),
        ends=measured(value, squares, code.size, within=DIFFERENCE).ci,
        p=Pivot.of(squares).equivalence_p(value, margin) if is_known else None,
    )


def _by_class(scores: Floats, labels: Sequence[str]) -> Floats:
    """The mean score of each seed on each class."""
    known = np.array(labels)
    return np.array([means(scores[:, known == label]) for label in sorted(set(labels))]).ravel()


def _mean(values: Floats) -> float:
    return np.nan if np.isnan(values).all() else float(np.nanmean(values))


def _least(values: Sequence[float]) -> float:
    return np.nan if np.isnan(values).all() else float(np.nanmin(values))

"""How well scores tell two kinds of students apart: the area under the ROC curve, with an interval over stories and seeds."""

import numpy as np

from tracekd.interventions.effect_table import EffectTable
from tracekd.stats.clusters import Clusters, MeanSquares, mean_squares
from tracekd.stats.estimate import Floats, Ints
from tracekd.stats.inference import rate_ends


def auroc(high: Floats, low: Floats) -> float:
    """The probability that a score of the first kind is above one of the second, ties counting half; NaN if undefined."""
    above = placements(high, low)
    return np.nan if np.isnan(above).all() else float(np.nanmean(above))


def placements(scores: Floats, others: Floats) -> Floats:
    """For each score the share of the others that are below it, ties counting half; NaN where there is no score, or none."""
    known = np.sort(others[~np.isnan(others)])
    if not len(known):
        return np.full(scores.shape, np.nan)
    below, upto = (np.searchsorted(known, scores, side=side) for side in ("left", "right"))
    return np.where(np.isnan(scores), np.nan, (below + upto) / (2 * len(known)))


def auroc_with_interval(high: Floats, low: Floats, group: Ints) -> tuple[float, float, float]:
    """Per output, with a 95 % interval over stories and seeds, which are the same for both kinds.

    `high`, `low`: (seeds, problems) scores; `group`: (problems,) the story of each problem, from 0. An output moves the area
    by how far its placement is from the mean one, over the outputs of its kind (DeLong, DeLong and Clarke-Pearson,
    Biometrics 44, 1988). NaN where it is undefined.
    """
    value = auroc(high, low)
    if np.isnan(value):
        return np.nan, np.nan, np.nan
    ends = rate_ends(value, auroc_squares(high, low, group)) or (np.nan, np.nan)
    return value, *ends


def auroc_squares(first: Floats, second: Floats, group: Ints) -> MeanSquares:
    """The mean squares of an AUROC: (seeds, problems) scores of both kinds, (problems,) groups."""
    clusters = Clusters.of_table(int(group.max()) + 1, len(first))
    cluster = (group[None, :] * len(first) + np.arange(len(first))[:, None]).ravel()
    influence, counted = np.zeros(len(clusters.group)), np.zeros(len(clusters.group))
    for above in (placements(first, second), 1 - placements(second, first)):
        scored = ~np.isnan(above)
        moved = np.where(scored, above - np.nanmean(above), 0.0) / scored.sum()
        influence += np.bincount(cluster, moved.ravel(), minlength=len(influence))
        counted += np.bincount(cluster, scored.ravel(), minlength=len(counted))
    return mean_squares(influence, counted, clusters)


def by_student(table: EffectTable, scores: Floats) -> Floats:
    """The mean score of each seed on each class, as if each were a student of its own."""
    return np.array([means(scores[:, table.labels == label]) for label in sorted(set(table.labels.tolist()))]).ravel()


def means(scores: Floats) -> Floats:
    """The mean score of each seed: (seeds, problems) to (seeds,); NaN without any score."""
    return np.array([np.nan if np.isnan(row).all() else np.nanmean(row) for row in scores])

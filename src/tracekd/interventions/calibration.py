"""Whether a student knows when it is right: the probability of its own answer, after its own trace, against being right."""

import numpy as np

from tracekd.interventions.answer_shifts import own_probability
from tracekd.interventions.effect import OWN
from tracekd.interventions.effect_table import EffectTable
from tracekd.interventions.scores import right
from tracekd.stats.estimate import Floats

BINS = 15  # as in arXiv 1706.04599


def squared_error(table: EffectTable) -> Floats:
    """The Brier score of each output, in [0, 1]: the squared difference of probability and being right (Brier 1950)."""
    error: Floats = (own_probability(table, OWN) - right(table, OWN)) ** 2
    return error


def calibration_gap(table: EffectTable) -> Floats:
    """Scores in [0, 1] whose mean in a seed is the expected calibration error of that student (ECE).

    Each output has the gap between the share of right answers and the mean probability in its bin, of BINS bins of equal
    width (Guo et al. 2017, arXiv 1706.04599, equation 3). With few outputs, the ECE of a calibrated student is above 0.
    """
    return np.array([_gaps(p, hit) for p, hit in zip(own_probability(table, OWN), right(table, OWN), strict=True)])


def _gaps(probabilities: Floats, hits: Floats) -> Floats:
    """The gap of each output of one student: (problems,); NaN if it has no probability."""
    gaps = np.full(probabilities.shape, np.nan)
    # The bins are open at their lower end.
    bins = np.ceil(probabilities * BINS)
    for one in np.unique(bins[~np.isnan(bins)]):
        inside = bins == one
        gaps[inside] = abs(hits[inside].mean() - probabilities[inside].mean())
    return gaps

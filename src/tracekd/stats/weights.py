"""How often each of many groups is drawn in a bootstrap: a multinomial, made from Poisson counts.

Independent Poisson counts whose sum is N are a multinomial of N trials; G - N more trials make it one of G. So the counts
are drawn with a mean a little below 1, and the few that lack are drawn one by one: the distribution is exactly that of
drawing G groups with replacement, in a tenth of the time.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

Counts = NDArray[np.int64]
Weights = NDArray[np.uint8]  # a weight above 255 has a probability under 10^-500

# The sum of the Poisson counts is so many standard deviations below G on average: it is rarely above.
_BELOW = 3.0
# With fewer groups their mean would be far from 1, and drawing one by one is quick.
_FEW = 100
_BITS = 16


def group_weights(n_groups: int, resamples: int, rng: np.random.Generator) -> Weights:
    """(resamples, groups) counts; each row sums to the number of groups."""
    if n_groups < _FEW:
        return rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=resamples).astype(np.uint8)
    mean = 1 - _BELOW / np.sqrt(n_groups)
    weights = _poisson(mean, (resamples, n_groups), rng)
    lacking = n_groups - weights.sum(axis=1, dtype=np.int64)
    for row, missing in zip(weights, lacking.tolist(), strict=True):
        while missing < 0:
            row[:] = _poisson(mean, (1, n_groups), rng)[0]
            missing = n_groups - int(row.sum())
        np.add.at(row, rng.integers(n_groups, size=missing), 1)
    return weights


def _poisson(mean: float, shape: tuple[int, int], rng: np.random.Generator) -> Weights:
    """Poisson counts: one of 2^16 places at random holds the count.

    Each count has its probability's worth of places, rounded down; what that leaves over decides, exactly, when one of
    the few places without a count comes up. Counts above 30 have a probability under 10^-33, and are left out.
    """
    worth = poisson.pmf(np.arange(31), mean) * 2**_BITS
    places = np.floor(worth).astype(int)
    counts = np.repeat(np.arange(31), places)
    table = np.full(2**_BITS, 255, np.uint8)
    table[: len(counts)] = counts
    drawn = table[rng.integers(2**_BITS, size=shape, dtype=np.uint16)]
    undecided = drawn == 255
    rest = worth - places
    drawn[undecided] = rng.choice(31, size=int(undecided.sum()), p=rest / rest.sum())
    return drawn

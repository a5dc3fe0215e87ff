"""The smallest difference of two rates that the sample at hand would show: 80 % power, two-sided alpha 0.05."""

import numpy as np
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower

from tracekd.stats.intervals import Frozen

ALPHA, POWER = 0.05, 0.80


class Detectable(Frozen):
    """A difference of rates in [0, 1] that the test would find in four of five studies of this size.

    `n`: independent observations that the sample is worth (its size over its design effect). `difference` is None where
    no difference would do, and `reason` says why.
    """

    n: float
    difference: float | None
    reason: str | None = None


def paired(discordant: float, n: float) -> Detectable:
    """For McNemar's test, from the share of pairs on which the two sides differ, and the number of pairs.

    Solves n d^2 = (z_alpha sqrt(s) + z_beta sqrt(s - d^2))^2 for d (Connor, Biometrics 43, 1987), s the share.
    """
    if discordant == 0:
        return Detectable(
            n=n, difference=None, reason="the sides never differ, so nothing is known of how often they do"
        )
    a, b = norm.ppf(1 - ALPHA / 2), norm.ppf(POWER)
    # Squared, that is a quadratic in d; the other root has a negative square root.
    root = np.sqrt(discordant) * (a * np.sqrt(n) + b * np.sqrt(max(0.0, n - a**2 + b**2))) / (n + b**2)
    if root > discordant:
        return Detectable(
            n=n, difference=None, reason="even if one side won every pair that differs, it would not show"
        )
    return Detectable(n=n, difference=float(root))


def unpaired(rate: float, n: float) -> Detectable:
    """For two samples of n each, one of which has this rate; the larger or smaller one, whichever is nearer.

    By Cohen's arcsine effect size (Statistical Power Analysis, 2nd ed., 1988, chapter 6).
    """
    if n < 2:
        return Detectable(n=n, difference=None, reason="fewer than two observations")
    h = float(NormalIndPower().solve_power(nobs1=n, alpha=ALPHA, power=POWER, ratio=1.0))
    angle = 2 * np.arcsin(np.sqrt(rate))
    others = [np.sin((angle + way) / 2) ** 2 for way in (h, -h) if 0 <= angle + way <= np.pi]
    if not others:
        return Detectable(n=n, difference=None, reason="no rate is far enough from this one to show")
    return Detectable(n=n, difference=float(min(abs(other - rate) for other in others)))

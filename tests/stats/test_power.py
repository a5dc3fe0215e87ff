import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from tracekd.stats.power import paired, unpaired


def pairs_needed(discordant: float, difference: float) -> float:
    """Connor's formula (Biometrics 43, 1987), the other way round."""
    a, b = norm.ppf(0.975), norm.ppf(0.8)
    return (a * np.sqrt(discordant) + b * np.sqrt(discordant - difference**2)) ** 2 / difference**2


def test_known_paired() -> None:
    # A share of 0.3 of pairs that differ: a difference of 0.1 takes 234 pairs.
    assert pairs_needed(0.3, 0.1) == pytest.approx(233.09, abs=0.01)
    assert paired(0.3, 233.0945).difference == pytest.approx(0.1, abs=1e-6)


@given(st.floats(0.01, 1), st.floats(20, 1e6))
def test_paired_solves_the_formula(discordant: float, n: float) -> None:
    found = paired(discordant, n)
    if found.difference is None:
        # Even a difference as large as the share of pairs that differ takes more pairs.
        assert pairs_needed(discordant, discordant) >= n * (1 - 1e-9)
    else:
        assert 0 < found.difference <= discordant
        assert pairs_needed(discordant, found.difference) == pytest.approx(n, rel=1e-6)


@given(st.floats(0.05, 1), st.floats(100, 1e5), st.floats(1.1, 5))
def test_more_pairs_show_less(discordant: float, n: float, times: float) -> None:
    few, many = paired(discordant, n).difference, paired(discordant, n * times).difference
    assert few is None or (many is not None and many < few)


def test_simulated_power_is_what_was_asked_for() -> None:
    discordant, n = 0.3, 400
    difference = paired(discordant, n).difference
    rng = np.random.default_rng(0)
    shares = [(discordant + difference) / 2, (discordant - difference) / 2, 1 - discordant]
    ahead, behind, _ = rng.multinomial(n, shares, size=4000).T
    rejected = np.abs(ahead - behind) / np.sqrt(ahead + behind) > norm.ppf(0.975)
    assert rejected.mean() == pytest.approx(0.8, abs=0.03)


def test_nothing_differs() -> None:
    found = paired(0.0, 500)
    assert found.difference is None
    assert "never differ" in found.reason


@given(st.floats(0, 1), st.floats(10, 1e5))
def test_unpaired_is_the_inverse_of_statsmodels(rate: float, n: float) -> None:
    found = unpaired(rate, n)
    if found.difference is None:
        return
    power = max(
        NormalIndPower().power(abs(proportion_effectsize(rate, other)), nobs1=n, alpha=0.05)
        for other in (rate + found.difference, rate - found.difference)
        if -1e-12 <= other <= 1 + 1e-12
    )
    assert power == pytest.approx(0.8, abs=1e-3)


def test_unpaired_is_the_same_for_wrong_as_for_right() -> None:
    assert unpaired(0.2, 300).difference == pytest.approx(unpaired(0.8, 300).difference)


def test_too_few_for_any_difference() -> None:
    assert unpaired(0.5, 2).difference is None
    assert unpaired(0.5, 1).reason == "fewer than two observations"

"""Intervals of rates: Wilson's where students do not differ, further towards 1/2 where they do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tracekd.stats.rate_interval import distance, rate_interval, skewness_weight, wilson_of_groups

rates = st.floats(1e-6, 1 - 1e-6)
half_widths = st.floats(1e-6, 5)
weights = st.floats(0, 1)


def test_wilson_known_numbers() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    for right, n, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)]:
        p = right / n
        assert rate_interval(p, 1.959964 * np.sqrt(p * (1 - p) / n)) == pytest.approx((low, high), abs=5e-5)
    assert wilson_of_groups(0.0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@given(rates, half_widths, weights)
def test_it_stays_inside_and_mirrors(rate: float, half: float, weight: float) -> None:
    low, high = rate_interval(rate, half, weight)
    assert 0 <= low <= rate <= high <= 1
    assert rate_interval(1 - rate, half, weight) == pytest.approx((1 - high, 1 - low), abs=1e-6)


@given(rates, half_widths, weights)
def test_it_holds_wilsons_interval_and_reaches_further_only_towards_half(
    rate: float, half: float, weight: float
) -> None:
    wilson, found = rate_interval(rate, half), rate_interval(rate, half, weight)
    towards, away = (0, 1) if rate > 0.5 else (1, 0)
    assert found[away] == wilson[away]
    assert abs(found[towards] - rate) >= abs(wilson[towards] - rate)
    most = rate_interval(rate, 1.25 * half)
    assert abs(found[towards] - rate) <= abs(most[towards] - rate) + 1e-9


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.5), weights, st.floats(0.0001, 0.9999))
def test_it_consists_of_the_rates_within_the_half_width(rate: float, half: float, weight: float, truth: float) -> None:
    low, high = rate_interval(rate, half, weight)
    if min(abs(truth - low), abs(truth - high)) > 1e-9:
        assert (low <= truth <= high) == bool(distance(rate, truth, weight) <= half)


@given(st.floats(0.001, 0.999), weights, weights, st.floats(0.0001, 0.9999), st.floats(0.0001, 0.9999))
def test_farther_rates_are_more_distant_and_weight_brings_them_nearer(
    rate: float, less: float, more: float, one: float, other: float
) -> None:
    less, more = sorted((less, more))
    assert distance(rate, one, more) <= distance(rate, one, less) + 1e-12
    if (one - rate) * (other - rate) > 0 and abs(one - rate) < abs(other - rate):
        assert distance(rate, one, more) <= distance(rate, other, more) + 1e-12


@given(st.floats(0.01, 0.99), weights)
def test_small_differences_are_their_own_distance(rate: float, weight: float) -> None:
    for truth in (rate - 1e-6, rate + 1e-6):
        assert distance(rate, truth, weight) == pytest.approx(1e-6, rel=1e-2)


def test_the_skewed_scale_by_hand() -> None:
    # The integral of (p (1 - p))^-2 from the end to the rate, times (0.9 x 0.1)^2, is the half-width.
    low, high = rate_interval(0.9, 0.04, 1.0)
    slope, width = np.linspace(low, 0.9, 100_001), (0.9 - low) / 100_000
    assert np.trapezoid((slope * (1 - slope)) ** -2.0, dx=width) * 0.09**2 == pytest.approx(0.04)
    assert high == rate_interval(0.9, 0.04)[1]


def test_three_seeds_that_differ_do_not_say_that_anything_is_possible() -> None:
    # As of three students with 0, 0 and 9 % right. Without the limit, it would reach far beyond a half.
    low, high = rate_interval(0.03, 0.13, 1.0)
    assert low > 0 and high < 0.55


def test_the_weight_is_the_squared_share_of_seeds() -> None:
    assert skewness_weight([1, 1, 0, 0], [0, 1, 1, 0]).tolist() == [0, 0.25, 1, 0]


@given(st.integers(1, 500), st.booleans())
def test_a_certain_rate_counts_groups(groups: int, right: bool) -> None:
    expected = proportion_confint(groups * right, groups, method="wilson")
    assert wilson_of_groups(float(right), groups) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_certain_rate_has_no_half_width(rate: float) -> None:
    with pytest.raises(ValueError, match="no half-width"):
        rate_interval(rate, 0.1)

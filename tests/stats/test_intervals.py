import numpy as np
import pytest
from tracekd.stats.bootstrap import draw
from tracekd.stats.intervals import mean, rate, wilson


def test_wilson_known_numbers() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    for right, n, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]:
        found = wilson(right, n, "wilson_problems")
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_wilson_needs_an_observation() -> None:
    with pytest.raises(ValueError, match="at least one"):
        wilson(0, 0, "wilson_groups")


def test_rate_is_the_mean_of_the_seed_rates() -> None:
    right = np.array([[1, 1, 0, 1], [0, 1, 0, 0]], dtype=bool)
    found = rate(right, np.arange(4), draw(4, 2))
    assert found is not None
    assert (found.value, found.per_seed, found.right, found.n) == (0.5, (0.75, 0.25), 4, 8)
    assert found.interval.method == "crossed_bootstrap"
    assert found.interval.low <= 0.5 <= found.interval.high


def test_seeds_with_unequal_denominators_weigh_the_same() -> None:
    right = np.ones((2, 4), dtype=bool)
    right[1] = False
    counted = np.array([[1, 0, 0, 0], [1, 1, 1, 1]], dtype=bool)
    found = rate(right, np.arange(4), draw(4, 2), counted=counted)
    assert found is not None
    assert (found.value, found.right, found.n) == (0.5, 1, 5)


@pytest.mark.parametrize("right", [True, False])
def test_all_alike_gives_wilson_over_groups_not_problems(right: bool) -> None:
    group = np.repeat(np.arange(10), 5)
    found = rate(np.full((3, 50), right), group, draw(10, 3))
    assert found is not None
    assert found.interval == wilson(10 * right, 10, "wilson_groups")
    assert found.n == 150


def test_one_group_says_nothing_of_other_groups() -> None:
    found = rate(np.array([[1, 0], [1, 1]], dtype=bool), np.zeros(2, dtype=int), draw(1, 2))
    assert found is not None
    assert found.interval == wilson(0.75, 1, "wilson_groups")


def test_one_seed_is_named() -> None:
    found = rate(np.array([[1, 0, 1]], dtype=bool), np.arange(3), draw(3, 1))
    assert found is not None
    assert found.interval.method == "group_bootstrap_one_seed"


def test_nothing_counted_in_a_seed_is_none() -> None:
    counted = np.array([[1, 1], [0, 0]], dtype=bool)
    assert rate(counted, np.arange(2), draw(2, 2), counted=counted) is None


def test_mean_without_spread_has_no_interval() -> None:
    found = mean(np.full((2, 6), 0.1), np.arange(6), draw(6, 2))
    assert found.value == pytest.approx(0.1)
    assert found.interval is None
    assert found.reason == "no interval: every resample gives the same value"


def test_mean_and_interval_of_a_score() -> None:
    scores = np.linspace(0, 1, 60).reshape(2, 30)
    found = mean(scores, np.arange(30), draw(30, 2))
    assert found.value == pytest.approx(0.5)
    assert found.interval is not None
    assert found.interval.low < 0.5 < found.interval.high

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, t

from tracekd.stats.clusters import MeanSquares
from tracekd.stats.pivot import (
    FLOOR,
    Pivot,
    chi2_quantiles,
    deviations_of,
    half_widths,
    interval,
    normal_quantile,
)

sizes = st.tuples(st.integers(5, 200), st.integers(2, 12))
squares_in = st.tuples(st.floats(0.01, 4), st.floats(0.01, 40), st.floats(0.01, 2))


def squares(groups: int, seeds: int, between: float = 0.3, of_seeds: float = 1.0, rest: float = 0.2) -> MeanSquares:
    if seeds == 1:
        return MeanSquares(groups=groups, seeds=1, between_groups=between, between_seeds=0, rest=0)
    return MeanSquares(groups=groups, seeds=seeds, between_groups=between, between_seeds=of_seeds, rest=rest)


@pytest.mark.parametrize(("groups", "seeds"), [(20, 2), (50, 3), (50, 5), (200, 10)])
def test_tails_are_those_of_the_distribution_that_is_stated(groups: int, seeds: int) -> None:
    rng, draws = np.random.default_rng(0), 400_000
    one = squares(groups, seeds)
    of_groups = one.between_groups * (groups - 1) / rng.chisquare(groups - 1, draws)
    of_seeds = one.between_seeds * (seeds - 1) / rng.chisquare(seeds - 1, draws)
    variance = np.maximum(of_groups + of_seeds - one.rest, FLOOR * of_groups) / (groups * seeds)
    error = np.abs(rng.standard_normal(draws)) * np.sqrt(variance)
    pivot = Pivot.of(one)
    for share in (0.5, 0.2, 0.05, 0.01):
        assert pivot.beyond(float(np.quantile(error, 1 - share))) == pytest.approx(share, rel=0.03)


@pytest.mark.parametrize("groups", [2, 3, 5, 20, 300])
def test_one_seed_is_students_t_over_groups(groups: int) -> None:
    expected = t.ppf(0.975, groups - 1) * np.sqrt(0.3 / groups)
    assert Pivot.of(squares(groups, 1)).half_width() == pytest.approx(expected, rel=0.02 if groups < 4 else 2e-3)


def test_much_knowledge_gives_the_normal_quantile() -> None:
    half = Pivot.of(squares(100_000, 5000)).half_width()
    assert half == pytest.approx(1.96 * np.sqrt((0.3 + 1.0 - 0.2) / (100_000 * 5000)), rel=0.001)


@given(sizes, squares_in, st.sampled_from([0.01, 0.05, 0.1, 0.5]))
def test_half_width_and_p_are_one_distribution(size: tuple[int, int], values: tuple[float, ...], level: float) -> None:
    pivot = Pivot.of(squares(*size, *values))
    assert pivot.beyond(pivot.half_width(level)) == pytest.approx(level, rel=1e-6)
    assert pivot.beyond(0.0) == pytest.approx(1.0)


@given(sizes, squares_in, st.floats(-0.5, 0.5), st.floats(0.01, 0.4))
def test_equivalence_is_a_90_percent_interval_within_the_margin(
    size: tuple[int, int], values: tuple[float, ...], value: float, margin: float
) -> None:
    pivot = Pivot.of(squares(*size, *values))
    half = pivot.half_width(0.1)
    if abs(abs(value) + half - margin) < 1e-9:
        return
    assert (pivot.equivalence_p(value, margin) < 0.05) == (abs(value) + half < margin)


@given(sizes, squares_in)
def test_more_spread_of_seeds_is_never_narrower(size: tuple[int, int], values: tuple[float, ...]) -> None:
    between, of_seeds, rest = values
    narrow, wide = (Pivot.of(squares(*size, between, one, rest)).half_width() for one in (of_seeds, 2 * of_seeds))
    assert narrow <= wide * (1 + 1e-9)


def test_seeds_that_agree_too_well_take_at_most_to_the_floor() -> None:
    deviations, weights = deviations_of(np.array([[0.3], [0.0], [10.0]]), 50, 5)
    alone, _ = deviations_of(np.array([[0.3], [0.0], [0.0]]), 50, 5)
    assert deviations[0] ** 2 == pytest.approx(FLOOR * alone[0] ** 2)
    assert weights.sum() == pytest.approx(1)


def test_many_at_once_are_as_each_alone() -> None:
    many = np.random.default_rng(1).uniform(0.1, 2, size=(3, 7))
    deviations, weights = deviations_of(many, 30, 4)
    found = half_widths(deviations, weights)
    for at, (between, of_seeds, rest) in enumerate(many.T.tolist()):
        assert found[at] == pytest.approx(Pivot.of(squares(30, 4, between, of_seeds, rest)).half_width())


def test_one_group_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two groups"):
        Pivot.of(squares(1, 5))


def test_where_nothing_varies() -> None:
    pivot = Pivot.of(squares(20, 3, 0, 0, 0))
    assert pivot.is_degenerate
    assert (pivot.half_width(), pivot.beyond(0.0), pivot.beyond(0.1)) == pytest.approx((0.0, 1.0, 0.0))


def test_an_interval_is_around_its_value() -> None:
    pivot = Pivot.of(squares(50, 5))
    low, high = interval(0.3, pivot)
    assert (low + high) / 2 == pytest.approx(0.3)
    assert (high - low) / 2 == pytest.approx(pivot.half_width())


@given(st.floats(0.001, 0.999), st.integers(1, 500))
def test_quantiles_are_those_of_scipy(probability: float, freedom: int) -> None:
    assert float(chi2_quantiles(np.array(probability), freedom)) == pytest.approx(chi2.ppf(probability, freedom))
    assert normal_quantile(0.05) == pytest.approx(1.959964)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, kstest
from tracekd.stats.weights import group_weights

from tracekd.stats import clusters
from tracekd.stats.clusters import Resampling, resampled_totals

RNG = np.random.default_rng


def naive(table: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Draw groups and seeds with replacement, and add up: (groups, seeds, k) to (resamples, k)."""
    rng = RNG(seed)
    groups, seeds, _ = table.shape
    return np.array(
        [
            table[rng.integers(groups, size=groups)][:, rng.integers(seeds, size=seeds)].sum(axis=(0, 1))
            for _ in range(resamples)
        ]
    )


def both_ways(table: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    found = []
    for per_different in (0, 10**9):
        monkeypatch.setattr(clusters, "_PER_DIFFERENT", per_different)
        found.append(resampled_totals([table], Resampling(4000, 3))[0])
    return found


@pytest.mark.parametrize(("groups", "seeds"), [(8, 1), (40, 1), (150, 1), (150, 3)])
def test_agrees_with_plain_resampling(groups: int, seeds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = RNG(groups).integers(0, 3, size=(groups, seeds, 4))
    table[:, 0, 1] += table[:, 0, 0]  # cells that go together
    expected = naive(table, 4000, 1)
    for found in both_ways(table, monkeypatch):
        assert found.shape == (4000, 4)
        for cell in range(4):
            # Some 40 such tests: the chance that one of them fails without cause is 4 in 10^5.
            jitter = RNG(2).uniform(-0.5, 0.5, size=(2, 4000))
            assert kstest(found[:, cell] + jitter[0], expected[:, cell] + jitter[1]).pvalue > 1e-6
        assert np.corrcoef(found.T) == pytest.approx(np.corrcoef(expected.T), abs=0.08)


def test_moments_are_those_of_theory(monkeypatch: pytest.MonkeyPatch) -> None:
    table = RNG(5).integers(0, 4, size=(300, 1, 2))
    # Mean: the total. Covariance of a sum of G draws: G times that of the groups.
    covariance = 300 * np.cov(table[:, 0].T, bias=True)
    for found in both_ways(table, monkeypatch):
        assert found.mean(axis=0) == pytest.approx(table.sum(axis=(0, 1)), rel=0.01)
        assert np.cov(found.T) == pytest.approx(covariance, rel=0.15, abs=0.05 * covariance.max())


def test_tables_of_one_call_may_be_of_different_widths(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow, wide = RNG(0).integers(0, 3, size=(120, 2, 1)), RNG(1).integers(0, 3, size=(120, 2, 5))
    for per_different in (0, 10**9):
        monkeypatch.setattr(clusters, "_PER_DIFFERENT", per_different)
        found = resampled_totals([narrow, wide], Resampling(50, 0))
        assert [f.shape for f in found] == [(50, 1), (50, 5)]


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    table = RNG(7).integers(0, 100, size=(200, 1, 3))
    monkeypatch.setattr(clusters, "_AT_ONCE", 700)
    found = resampled_totals([table], Resampling(1000, 0))[0]
    assert found.mean(axis=0) == pytest.approx(table.sum(axis=(0, 1)), rel=0.02)
    assert len(np.unique(found, axis=0)) > 990


def test_rows_too_wide_for_a_number_are_drawn_one_by_one() -> None:
    table = RNG(8).integers(10**5, 10**6, size=(2, 1, 4))
    assert clusters._different(table.reshape(2, 4)) is None
    found = resampled_totals([table], Resampling(500, 0))[0]
    first, second = table[:, 0]
    assert {tuple(row) for row in found} == {tuple(2 * first), tuple(first + second), tuple(2 * second)}


def test_equal_groups_leave_nothing_to_chance() -> None:
    found = resampled_totals([np.ones((500, 1, 2), dtype=int)], Resampling(20, 0))[0]
    assert (found == 500).all()


def test_pure_in_the_seed() -> None:
    table = RNG(0).integers(0, 3, size=(30, 2, 4))
    one, two, other = (resampled_totals([table], Resampling(20, seed))[0] for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


@given(st.integers(1, 400), st.integers(1, 5), st.integers(0, 100))
def test_weights_add_up_to_the_groups(groups: int, resamples: int, seed: int) -> None:
    weights = group_weights(groups, resamples, RNG(seed))
    assert weights.shape == (resamples, groups)
    assert (weights.sum(axis=1, dtype=int) == groups).all()


def test_weights_are_those_of_a_multinomial() -> None:
    weights = group_weights(200, 20_000, RNG(0)).astype(int)
    # Each weight is binomial (200, 1/200); two of them have covariance -1/200.
    found = np.bincount(weights.ravel(), minlength=6)[:6] / weights.size
    assert found == pytest.approx(binom.pmf(np.arange(6), 200, 1 / 200), abs=1e-3)
    assert np.cov(weights[:, 0], weights[:, 1])[0, 1] == pytest.approx(-1 / 200, abs=0.02)
    # Half of the groups together: binomial (200, 1/2).
    half = weights[:, :100].sum(axis=1)
    assert (half.mean(), half.var()) == pytest.approx((100, 50), rel=0.05)


def test_no_resamples_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Resampling(0)

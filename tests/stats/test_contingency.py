import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, entropy
from scipy.stats.contingency import odds_ratio as scipy_odds_ratio

from tracekd.stats.clusters import Clusters
from tracekd.stats.contingency import by_seed, has_empty_margin, information, phi, phi_gradient, strength_of

counts = st.lists(st.integers(0, 60), min_size=4, max_size=4).map(np.array)
full = st.lists(st.integers(1, 60), min_size=4, max_size=4).map(np.array)
SWAPPED_BOTH, TRANSPOSED, SWAPPED_ONE = [3, 2, 1, 0], [0, 2, 1, 3], [2, 3, 0, 1]


def single(table: list[int]) -> tuple[np.ndarray, Clusters]:
    """The outputs of a table, each of a group of its own."""
    return np.repeat(np.eye(4, dtype=int), table, axis=0), Clusters.of_table(sum(table), 1)


def test_phi_known() -> None:
    # (40 * 30 - 10 * 20) / sqrt(50 * 50 * 60 * 40)
    assert float(phi(np.array([40, 10, 20, 30]))) == pytest.approx(1000 / np.sqrt(6_000_000))
    assert float(phi(np.array([7, 0, 0, 5]))) == pytest.approx(1)
    assert float(phi(np.array([0, 7, 5, 0]))) == pytest.approx(-1)
    assert np.isnan(phi(np.array([7, 5, 0, 0])))


@given(counts)
def test_phi_is_bounded_symmetric_and_the_correlation(table: np.ndarray) -> None:
    value = float(phi(table))
    assert np.isnan(value) == bool(has_empty_margin(table))
    assume(not np.isnan(value))
    assert -1 <= value <= 1
    assert float(phi(table[SWAPPED_BOTH])) == pytest.approx(value)
    assert float(phi(table[TRANSPOSED])) == pytest.approx(value)
    assert float(phi(table[SWAPPED_ONE])) == pytest.approx(-value)
    outputs = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], table, axis=0)
    assert value == pytest.approx(np.corrcoef(outputs.T)[0, 1], abs=1e-9)


@given(full)
def test_gradients_are_those_of_small_steps(table: np.ndarray) -> None:
    shares, step = table / table.sum(), 1e-6
    of_phi = (lambda some: float(phi(some)), phi_gradient(shares))
    of_bits = (lambda some: information(some)[0], information(shares)[1])
    for value, gradient in (of_phi, of_bits):
        for at in range(4):
            # Shares add up to 1: what one gains, the last loses.
            move = step * (np.eye(4)[at] - np.eye(4)[3])
            slope = (value(shares + move) - value(shares - move)) / (2 * step)
            assert gradient[at] - gradient[3] == pytest.approx(slope, rel=1e-3, abs=1e-4)


def test_textbook_odds_ratio() -> None:
    # Doll and Hill (1950), smoking and lung cancer in men: 647, 622, 2, 27.
    ratio = strength_of(*single([647, 622, 2, 27]))[0]["odds_ratio"]
    assert ratio.value == pytest.approx(14.04, abs=0.005)
    assert ratio.value == pytest.approx(scipy_odds_ratio([[647, 622], [2, 27]], kind="sample").statistic)
    # Woolf's interval, of independent outputs, and a little more for one more output of each outcome.
    half = 1.96 * np.sqrt(1 / 647 + 1 / 622 + 1 / 2 + 1 / 27)
    assert np.log(ratio.ci[1] / ratio.ci[0]) / 2 == pytest.approx(1.15 * half, rel=0.15)


def test_an_empty_cell_gets_a_half_and_no_interval() -> None:
    ratio = strength_of(*single([10, 0, 4, 6]))[0]["odds_ratio"]
    assert ratio.value == pytest.approx(10.5 * 6.5 / (0.5 * 4.5))
    assert ratio.ci is None
    assert "a cell of the table is empty" in ratio.reason


def test_perfect_agreement_is_one_bit_of_a_fair_coin() -> None:
    assert information(np.array([0.5, 0, 0, 0.5]))[0] == pytest.approx(1)
    assert information(np.array([1, 2, 2, 4]) / 9)[0] == pytest.approx(0)


@given(counts)
def test_mutual_information_is_that_of_entropies(table: np.ndarray) -> None:
    assume(not has_empty_margin(table))
    square = table.reshape(2, 2)
    parts = (entropy(part, base=2) for part in (square.sum(axis=0), square.sum(axis=1)))
    assert information(table / table.sum())[0] == pytest.approx(sum(parts) - entropy(table, base=2), abs=1e-9)


@given(full)
def test_symmetries(table: np.ndarray) -> None:
    strength, test = strength_of(*single(table.tolist()))
    for order in (SWAPPED_BOTH, TRANSPOSED, SWAPPED_ONE):
        sign = -1 if order is SWAPPED_ONE else 1
        other, again = strength_of(*single(table[order].tolist()))
        assert other["phi"].value == pytest.approx(sign * strength["phi"].value)
        assert sorted(sign * end for end in other["phi"].ci) == pytest.approx(strength["phi"].ci)
        assert other["odds_ratio"].value == pytest.approx(strength["odds_ratio"].value ** sign)
        assert sorted(end**sign for end in other["odds_ratio"].ci) == pytest.approx(strength["odds_ratio"].ci)
        assert other["mutual_information"].value == pytest.approx(strength["mutual_information"].value, abs=1e-12)
        assert other["mutual_information"].ci == pytest.approx(strength["mutual_information"].ci, abs=1e-9)
        assert again.p == pytest.approx(test.p)


@given(full)
def test_intervals_are_about_their_values_and_within_bounds(table: np.ndarray) -> None:
    strength, _ = strength_of(*single(table.tolist()))
    for name, bounds in (("phi", (-1, 1)), ("odds_ratio", (0, np.inf)), ("mutual_information", (0, 1))):
        low, high = strength[name].ci
        assert bounds[0] <= low <= strength[name].value <= high <= bounds[1]


@pytest.mark.parametrize("table", [[40, 10, 20, 30], [30, 30, 20, 40], [100, 90, 95, 105]])
def test_p_of_single_outputs_is_near_chi_square(table: list[int]) -> None:
    p = chi2_contingency(np.array(table).reshape(2, 2), correction=False).pvalue
    assert strength_of(*single(table))[1].p == pytest.approx(p, rel=0.3, abs=3e-4)


def test_copies_within_groups_are_no_evidence() -> None:
    once, clusters = single([40, 10, 20, 30])
    (few, p), (many, again) = (strength_of(times * once, clusters) for times in (1, 9))
    assert many["phi"].ci == pytest.approx(few["phi"].ci, abs=0.01)
    assert again.p == pytest.approx(p.p, rel=0.5)


def test_one_seed_is_about_the_student() -> None:
    table = np.random.default_rng(0).multinomial(4, [0.4, 0.1, 0.1, 0.4], 60)
    one, two = (strength_of(table, Clusters.of_table(60 // seeds, seeds))[1] for seeds in (1, 2))
    assert (one.scope, two.scope) == ("student", "regime")


def test_seeds_that_disagree_show_nothing() -> None:
    # Two students whose steps and answers go together in opposite ways.
    table = np.tile([[2, 0, 0, 2], [0, 2, 2, 0]], (50, 1))
    strength, test = strength_of(table, Clusters.of_table(50, 2))
    assert strength["phi"].per_seed == (1.0, -1.0)
    assert test.p > 0.5


def test_an_empty_margin_is_said() -> None:
    strength, test = strength_of(np.array([[5, 5, 0, 0], [1, 2, 0, 0]]), Clusters.of_table(2, 1))
    assert all(one.value is None and "margin is empty" in one.reason for one in strength.values())
    assert test.p is None
    assert test.reason == strength["phi"].reason


def test_one_group_has_values_and_no_test() -> None:
    strength, test = strength_of(np.array([[5, 5, 3, 4]]), Clusters.of_table(1, 1))
    assert strength["phi"].value == pytest.approx(float(phi(np.array([5, 5, 3, 4]))))
    assert (strength["phi"].ci, test.p) == (None, None)
    assert "one group" in test.reason


def test_tables_by_seed() -> None:
    table = np.arange(16).reshape(4, 4)
    assert by_seed(table, Clusters.of_table(2, 2)).tolist() == (table[[0, 1]] + table[[2, 3]]).tolist()

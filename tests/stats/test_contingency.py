import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, entropy
from scipy.stats.contingency import odds_ratio as scipy_odds_ratio
from statsmodels.genmod.cov_struct import Independence
from statsmodels.genmod.families import Gaussian
from statsmodels.genmod.generalized_estimating_equations import GEE

from tracekd.stats.contingency import clustered_p, has_empty_margin, mutual_information, odds_ratio

counts = st.lists(st.integers(0, 60), min_size=4, max_size=4).map(lambda c: np.array(c, dtype=float))
SWAPPED_BOTH, TRANSPOSED, SWAPPED_ONE = [3, 2, 1, 0], [0, 2, 1, 3], [2, 3, 0, 1]


def test_textbook_odds_ratio() -> None:
    # Doll and Hill (1950), smoking and lung cancer in men: 647, 622, 2, 27.
    assert float(odds_ratio(np.array([647, 622, 2, 27]))) == pytest.approx(14.04, abs=0.005)
    sample = scipy_odds_ratio([[647, 622], [2, 27]], kind="sample").statistic
    assert float(odds_ratio(np.array([647, 622, 2, 27]))) == pytest.approx(sample)


def test_an_empty_cell_gets_a_half() -> None:
    assert float(odds_ratio(np.array([10, 0, 4, 6]))) == pytest.approx(10.5 * 6.5 / (0.5 * 4.5))
    assert np.isnan(odds_ratio(np.array([10, 5, 0, 0])))


def test_perfect_agreement_is_one_bit_of_a_fair_coin() -> None:
    assert float(mutual_information(np.array([8, 0, 0, 8]))) == pytest.approx(1)
    assert float(mutual_information(np.array([10, 20, 20, 40]))) == pytest.approx(0)


@given(counts)
def test_mutual_information_is_that_of_entropies(table: np.ndarray) -> None:
    found = float(mutual_information(table))
    if has_empty_margin(table):
        assert np.isnan(found)
        return
    square = table.reshape(2, 2)
    parts = (entropy(part, base=2) for part in (square.sum(axis=0), square.sum(axis=1)))
    assert found == pytest.approx(sum(parts) - entropy(table, base=2), abs=1e-9)


@given(counts)
def test_symmetries(table: np.ndarray) -> None:
    if has_empty_margin(table):
        return
    ratio, bits = float(odds_ratio(table)), float(mutual_information(table))
    for order in (SWAPPED_BOTH, TRANSPOSED):
        assert float(odds_ratio(table[order])) == pytest.approx(ratio)
    assert float(odds_ratio(table[SWAPPED_ONE])) == pytest.approx(1 / ratio)
    for order in (SWAPPED_BOTH, TRANSPOSED, SWAPPED_ONE):
        assert float(mutual_information(table[order])) == pytest.approx(bits, abs=1e-12)
    assert 0 <= bits <= 1


def test_many_tables_at_once() -> None:
    tables = np.random.default_rng(0).integers(0, 9, size=(5, 7, 4))
    for statistic in (odds_ratio, mutual_information):
        found = statistic(tables)
        assert found.shape == (5, 7)
        expected = [[float(statistic(table)) for table in row] for row in tables]
        assert found == pytest.approx(np.array(expected), nan_ok=True)


def one_hot(table: list[int]) -> np.ndarray:
    return np.repeat(np.eye(4, dtype=int), table, axis=0)


@pytest.mark.parametrize("table", [[40, 10, 20, 30], [30, 30, 20, 40], [100, 90, 95, 105]])
def test_clustered_p_of_single_outputs_is_near_chi_square(table: list[int]) -> None:
    p = chi2_contingency(np.array(table).reshape(2, 2), correction=False).pvalue
    assert clustered_p(one_hot(table)) == pytest.approx(p, rel=0.25, abs=1e-4)


def test_clustered_p_is_the_robust_score_test() -> None:
    rng = np.random.default_rng(3)
    groups = rng.integers(0, 4, size=(60, 4))
    members = np.concatenate([one_hot(row.tolist()) for row in groups])
    step, answer = members[:, :2].sum(axis=1), members[:, [0, 2]].sum(axis=1)
    belongs = np.repeat(np.arange(60), groups.sum(axis=1))
    model = GEE(
        answer,
        np.column_stack([np.ones(len(step)), step]),
        groups=belongs,
        family=Gaussian(),
        cov_struct=Independence(),
    )
    fitted = model.fit()
    # Wald and score test are asymptotically the same.
    assert clustered_p(groups) == pytest.approx(float(fitted.pvalues[1]), abs=0.03)


def test_copies_within_groups_are_no_evidence() -> None:
    once = one_hot([40, 10, 20, 30])
    assert clustered_p(once * 9) == pytest.approx(clustered_p(once))


def test_nothing_to_test() -> None:
    assert clustered_p(np.array([[5, 5, 0, 0], [1, 2, 0, 0]])) is None
    assert clustered_p(np.array([[5, 5, 3, 3]])) is None

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact
from tracekd.stats.bootstrap import cells, draw
from tracekd.stats.intervals import wilson

from tracekd.stats.association import CONDITIONALS, JOINT, associate, corrected, independence_test, phi, seed_table

Outputs = tuple[np.ndarray, np.ndarray]
counts = st.lists(st.integers(0, 60), min_size=4, max_size=4).map(lambda c: np.array(c, dtype=float))


def outputs(*tables: tuple[int, int, int, int]) -> Outputs:
    """Step and answer, (seeds, problems), of these tables."""
    step = [[True] * (rr + rw) + [False] * (wr + ww) for rr, rw, wr, ww in tables]
    answer = [[True] * rr + [False] * rw + [True] * wr + [False] * ww for rr, rw, wr, ww in tables]
    return np.array(step), np.array(answer)


def test_phi_known() -> None:
    # (40 * 30 - 10 * 20) / sqrt(50 * 50 * 60 * 40)
    assert float(phi(np.array([40.0, 10, 20, 30]))) == pytest.approx(1000 / np.sqrt(6_000_000))
    assert float(phi(np.array([7.0, 0, 0, 5]))) == pytest.approx(1)
    assert float(phi(np.array([0.0, 7, 5, 0]))) == pytest.approx(-1)
    assert np.isnan(phi(np.array([7.0, 5, 0, 0])))


@given(counts)
def test_phi_is_bounded_symmetric_and_the_correlation(table: np.ndarray) -> None:
    value = float(phi(table))
    if np.isnan(value):
        assert 0 in (*table.reshape(2, 2).sum(axis=0), *table.reshape(2, 2).sum(axis=1))
        return
    assert -1 <= value <= 1
    assert float(phi(table[[3, 2, 1, 0]])) == pytest.approx(value)  # right and wrong swapped in both
    assert float(phi(table[[0, 2, 1, 3]])) == pytest.approx(value)  # step and answer swapped
    assert float(phi(table[[2, 3, 0, 1]])) == pytest.approx(-value)  # right and wrong swapped in one
    step, answer = outputs(tuple(table.astype(int)))
    assert value == pytest.approx(np.corrcoef(step[0], answer[0])[0, 1], abs=1e-9)


@given(counts)
def test_a_seed_table_adds_up(table: np.ndarray) -> None:
    if table.sum() == 0:
        with pytest.raises(ValueError, match="no output"):
            seed_table(1, table)
        return
    found = seed_table(1, table)
    assert sum(found.counts.model_dump().values()) == table.sum()
    assert sum(found.joint.model_dump().values()) == pytest.approx(1)
    assert found.answer_right_given_step_right.n + found.answer_right_given_step_wrong.n == table.sum()
    assert found.step_right_given_answer_right.n + found.step_right_given_answer_wrong.n == table.sum()
    assert (found.phi is None) == (found.p is None) == (found.test == "none") == (found.reason is not None)


def test_a_seed_table_by_hand() -> None:
    found = seed_table(7, np.array([40.0, 10, 20, 30]))
    assert found.counts.model_dump() == {"right_right": 40, "right_wrong": 10, "wrong_right": 20, "wrong_wrong": 30}
    conditionals = {name: getattr(found, name) for name in CONDITIONALS}
    assert {name: (c.right, c.n) for name, c in conditionals.items()} == {
        "answer_right_given_step_right": (40, 50),
        "answer_right_given_step_wrong": (20, 50),
        "step_right_given_answer_right": (40, 60),
        "step_right_given_answer_wrong": (10, 40),
    }
    assert found.answer_right_given_step_right.interval == wilson(40, 50, "wilson_problems")
    # Chi-square is n phi squared.
    assert (found.test, found.statistic) == ("chi2", pytest.approx(100 * 1000**2 / 6_000_000))


def test_small_expected_counts_take_fisher() -> None:
    name, statistic, p = independence_test(np.array([8.0, 2, 1, 5]))
    assert (name, statistic) == ("fisher", None)
    assert p == pytest.approx(fisher_exact([[8, 2], [1, 5]]).pvalue)
    name, _, p = independence_test(np.array([30.0, 20, 20, 30]))
    assert name == "chi2"
    assert p == pytest.approx(chi2_contingency([[30, 20], [20, 30]], correction=False).pvalue)


def test_nothing_to_condition_on_is_none() -> None:
    found = seed_table(0, np.array([7.0, 3, 0, 0]))
    assert found.answer_right_given_step_wrong.model_dump() == {"right": 0, "n": 0, "value": None, "interval": None}
    assert (found.test, found.p, found.phi) == ("none", None, None)


def test_association_over_seeds() -> None:
    step, answer = outputs((40, 10, 20, 30), (30, 20, 30, 20))
    found = associate("trace", step, answer, [3, 5], np.arange(100), draw(100, 2))
    assert [t.seed for t in found.tables] == [3, 5]
    assert found.right_right.value == pytest.approx(0.35)
    assert found.answer_right_given_step_right.value == pytest.approx(0.7)
    assert found.phi.per_seed == (found.tables[0].phi, found.tables[1].phi)
    assert found.phi.interval is not None
    assert found.phi.interval.low < found.phi.value < found.phi.interval.high
    assert sum(getattr(found, name).value for name in JOINT) == pytest.approx(1)


def test_one_seed_with_an_empty_margin_leaves_the_mean_undefined() -> None:
    step, answer = outputs((40, 10, 20, 30), (60, 40, 0, 0))
    found = associate("trace", step, answer, [0, 1], np.arange(100), draw(100, 2)).phi
    assert (found.value, found.interval, found.per_seed[1]) == (None, None, None)
    assert found.per_seed[0] is not None
    assert "margin is empty" in found.reason


def test_phi_that_most_resamples_lack_has_no_interval() -> None:
    step, answer = outputs((18, 0, 0, 1))
    found = associate("trace", step, answer, [0], np.arange(19), draw(19, 1)).phi
    assert found.value == pytest.approx(1)
    assert found.interval is None
    assert "of 2000 resamples" in found.reason


def test_a_certain_conditional_keeps_an_interval() -> None:
    step, answer = outputs((12, 0, 8, 10))
    found = associate("trace", step, answer, [0], np.arange(30), draw(30, 1)).answer_right_given_step_right
    assert found.value == 1
    assert found.interval == wilson(12, 12, "wilson_groups")


def test_holm_over_all_tables_of_a_family() -> None:
    group, draws = np.arange(100), draw(100, 2, resamples=50)
    first = associate("trace", *outputs((40, 10, 20, 30), (30, 20, 30, 20)), [0, 1], group, draws)
    second = associate("class_step", *outputs((30, 20, 20, 30), (60, 40, 0, 0)), [0, 1], group, draws)
    tables = [table for item in corrected([first, second]) for table in item.tables]
    # Three tests were possible; the smallest p counts three times.
    assert tables[0].p_holm == pytest.approx(3 * tables[0].p)
    assert tables[2].p_holm == pytest.approx(2 * tables[2].p)
    assert tables[3].p_holm is None


def test_cells_are_one_hot_in_the_documented_order() -> None:
    assert cells([[1, 1, 0, 0]], [[1, 0, 1, 0]])[0].tolist() == np.eye(4).tolist()

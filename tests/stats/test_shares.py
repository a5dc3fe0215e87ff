import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint
from tracekd.stats.shares import Spread, crossed, effective_n, share


def column(*values: int) -> np.ndarray:
    return np.array(values)[:, None]


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_independent_outputs_give_wilson(outcomes: list[bool]) -> None:
    right = column(*outcomes).astype(int)
    found = share(right, np.ones_like(right))
    expected = proportion_confint(sum(outcomes), len(outcomes), method="wilson")
    assert (found.right, found.n, found.rate) == (sum(outcomes), len(outcomes), pytest.approx(np.mean(outcomes)))
    assert found.ci == pytest.approx(expected, abs=1e-12)
    assert 0 <= found.ci[0] <= found.rate <= found.ci[1] <= 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30))
def test_swapping_right_and_wrong_mirrors_the_interval(groups: list[tuple[int, int]]) -> None:
    right, wrong = (np.array(part)[:, None] for part in zip(*groups, strict=True))
    counted = right + wrong
    found, mirrored = share(right, counted), share(wrong, counted)
    if found.ci is None:
        assert counted.sum() == 0
        return
    assert mirrored.ci == pytest.approx((1 - found.ci[1], 1 - found.ci[0]), abs=1e-9)


def test_groups_that_go_together_count_once() -> None:
    # 40 groups of 10, all right or all wrong: 400 outputs tell as much as 40, less what 40 leave open of the variance.
    right = column(*([10] * 24 + [0] * 16))
    n = 40 * (t.ppf(0.975, 399) / t.ppf(0.975, 39)) ** 2
    assert effective_n(right, np.full_like(right, 10)) == pytest.approx(n)
    assert share(right, np.full_like(right, 10)).ci == pytest.approx(proportion_confint(0.6 * n, n, method="wilson"))


def test_seeds_that_repeat_each_other_count_once() -> None:
    one = (np.random.default_rng(0).random((200, 1)) < 0.6).astype(int)
    three = np.repeat(one, 3, axis=1)
    assert effective_n(three, np.ones_like(three)) == pytest.approx(effective_n(one, np.ones_like(one)), rel=0.01)


def test_seeds_that_disagree_widen() -> None:
    rng = np.random.default_rng(1)
    agree = (rng.random((300, 3)) < 0.5).astype(int)
    disagree = (rng.random((300, 3)) < [0.2, 0.5, 0.8]).astype(int)
    assert effective_n(agree, np.ones_like(agree)) > 50
    assert effective_n(disagree, np.ones_like(disagree)) < 10


def test_all_right_counts_groups() -> None:
    right = np.full((12, 2), 3)
    assert share(right, right).ci == pytest.approx(proportion_confint(12, 12, method="wilson"))
    assert share(right, right).ci[1] == 1.0


def test_nothing_counted() -> None:
    nothing = np.zeros((4, 1), dtype=int)
    assert share(nothing, nothing).model_dump() == {"right": 0, "n": 0, "rate": None, "ci": None}


def test_crossed_variance_by_hand() -> None:
    # Rows 3 and 7: 58. Columns 4 and 6: 52, times 2 for two seeds; less the cells 1, 2, 3, 4: 30.
    found = crossed(np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
    assert found.variance == pytest.approx(58 + (104 - 30))
    assert found.freedom == pytest.approx(132**2 / (58**2 + 74**2))
    assert crossed(np.array([[1.0], [2.0], [2.0]]), 3) == Spread(9.0, 2.0)


@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=2, max_size=9))
def test_seeds_never_take_from_the_variance(rows: list[list[int]]) -> None:
    influence = np.array(rows, dtype=float)
    found = crossed(influence, len(rows))
    assert found.variance >= (influence.sum(axis=1) ** 2).sum() - 1e-9
    assert 1 <= found.freedom <= len(rows) + 1

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from tracekd.stats.strata import simpson_warning, stratify

# Right & right, right & wrong, wrong & right, wrong & wrong.
tables = st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=6).map(np.array)

# Charig et al., BMJ 292 (1986): open surgery (right) or not, success (right), for small and for large kidney stones.
KIDNEY = np.array([[81, 6, 234, 36], [192, 71, 55, 25]])


def by_hand(used: np.ndarray) -> tuple[float, float]:
    """Mantel-Haenszel chi-square and common odds ratio, from the formulas."""
    n = used.sum(axis=1)
    rr, rw, wr, ww = used.T
    expected = (rr + rw) * (rr + wr) / n
    variance = (rr + rw) * (wr + ww) * (rr + wr) * (rw + ww) / (n**2 * (n - 1))
    with np.errstate(divide="ignore"):
        ratio = (rr * ww / n).sum() / (rw * wr / n).sum()
    return ((rr - expected).sum()) ** 2 / variance.sum(), ratio


def test_kidney_stones_are_simpsons() -> None:
    found = stratify(KIDNEY)
    statistic, ratio = by_hand(KIDNEY.astype(float))
    assert (found.classes, found.statistic, found.odds_ratio) == (2, pytest.approx(statistic), pytest.approx(ratio))
    assert found.p == pytest.approx(chi2.sf(statistic, 1))
    assert found.odds_ratio > 1
    pooled = KIDNEY.sum(axis=0)
    assert pooled[0] * pooled[3] < pooled[1] * pooled[2]
    assert found.simpson
    assert "pooled, the association is negative; within classes it is positive (in 2 of 2 classes)" in found.warning


def test_one_way_everywhere_is_no_warning() -> None:
    found = stratify(np.array([[30, 10, 10, 30], [40, 20, 20, 40]]))
    assert (found.simpson, found.warning) == (False, None)
    assert found.homogeneity_p > 0.05


def test_odds_ratios_that_differ_are_not_homogeneous() -> None:
    assert stratify(np.array([[80, 10, 10, 40], [10, 40, 40, 10]])).homogeneity_p < 1e-6


def test_classes_without_both_outcomes_say_nothing() -> None:
    with_empty = np.vstack([KIDNEY, [[50, 0, 20, 0], [0, 9, 0, 9]]])
    assert stratify(with_empty).model_dump(exclude={"warning", "simpson"}) == stratify(KIDNEY).model_dump(
        exclude={"warning", "simpson"}
    )
    nothing = stratify(np.array([[50, 0, 20, 0], [0, 9, 0, 9]]))
    assert (nothing.classes, nothing.p, nothing.odds_ratio) == (0, None, None)


def test_constants_in_each_class_can_still_be_simpsons() -> None:
    # Each class is all right or all wrong: pooled, step and answer go together; within classes nothing is to see.
    found = stratify(np.array([[50, 0, 0, 0], [0, 0, 0, 50]]))
    assert (found.classes, found.simpson) == (0, False)


def test_p_far_out_is_not_zero() -> None:
    assert 0 < stratify(np.array([[400, 100, 100, 400], [400, 100, 100, 400]])).p < 1e-50


@given(tables)
def test_never_fails_and_agrees_with_the_formulas(found: np.ndarray) -> None:
    used = found[[min(t[0] + t[1], t[2] + t[3], t[0] + t[2], t[1] + t[3]) > 0 for t in found]]
    result = stratify(found)
    assert result.classes == len(used)
    if len(used):
        statistic, _ = by_hand(used.astype(float))
        assert result.statistic == pytest.approx(statistic)


@given(tables)
def test_swapping_step_and_answer_changes_nothing(found: np.ndarray) -> None:
    assert simpson_warning(found) == simpson_warning(found[:, [0, 2, 1, 3]])
    assert simpson_warning(found) == simpson_warning(found[:, [3, 2, 1, 0]])

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

from tracekd.stats import inference
from tracekd.stats.clusters import Clusters
from tracekd.stats.inference import (
    mean,
    measured,
    quotients,
    rate_ends,
    share,
    table_squares,
    unknown_spread,
)
from tracekd.stats.pivot import Pivot

counts = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=30)


def one_seed(groups: int) -> Clusters:
    return Clusters.of_table(groups, 1)


def test_one_seed_is_wilsons_shape_of_students_t() -> None:
    right = np.array([1] * 60 + [0] * 20)
    found = share(right, np.ones(80), one_seed(80))
    assert (found.right, found.n, found.rate, found.per_seed) == (60, 80, 0.75, (0.75,))
    # Wilson's with as many outputs as give Student's half-width.
    n = 79 * (1.959964 / t.ppf(0.975, 79)) ** 2
    assert found.ci == pytest.approx(proportion_confint(0.75 * n, n, method="wilson"), abs=2e-4)


@given(counts)
def test_swapping_right_and_wrong_mirrors_the_interval(groups: list[tuple[int, int]]) -> None:
    right, wrong = (np.array(part) for part in zip(*groups, strict=True))
    found, mirrored = (share(part, right + wrong, one_seed(len(groups))) for part in (right, wrong))
    if found.ci is None:
        assert found.reason in ("there is no such output", "no interval: all outputs are from one group")
        return
    assert mirrored.ci == pytest.approx((1 - found.ci[1], 1 - found.ci[0]), abs=1e-9)
    assert 0 <= found.ci[0] <= found.rate <= found.ci[1] <= 1


def test_groups_that_go_together_count_once() -> None:
    together = share(np.array([10] * 24 + [0] * 16), np.full(40, 10), one_seed(40))
    once = share(np.array([1] * 24 + [0] * 16), np.ones(40), one_seed(40))
    assert together.ci == pytest.approx(once.ci)
    assert together.n == 400


def test_seeds_that_disagree_widen() -> None:
    rng = np.random.default_rng(1)
    ends = []
    for rates in ([0.5, 0.5, 0.5], [0.2, 0.5, 0.8]):
        right = rng.random((300, 3)) < rates
        low, high = share(right.ravel(), np.ones(900), Clusters.of_table(300, 3)).ci
        ends.append(high - low)
    assert ends[0] < 0.25
    assert ends[1] > 0.7


@pytest.mark.parametrize("right", [0, 3])
def test_a_certain_rate_counts_groups(right: int) -> None:
    found = share(np.full(24, right), np.full(24, 3), Clusters.of_table(12, 2))
    assert found.ci == pytest.approx(proportion_confint(12 * (right > 0), 12, method="wilson"), abs=1e-9)


def test_nothing_counted() -> None:
    found = share(np.zeros(8), np.zeros(8), Clusters.of_table(4, 2))
    assert found.model_dump() == {"right": 0, "n": 0, "rate": None, "ci": None, "per_seed": (None, None)}
    assert found.reason == "there is no such output"
    assert mean(np.zeros(8), np.zeros(8), Clusters.of_table(4, 2)).reason == "there is no such output"


def test_one_group_has_no_interval() -> None:
    found = share(np.array([3, 2]), np.array([4, 4]), Clusters(np.zeros(2, int), np.arange(2), 2))
    assert (found.rate, found.ci, found.per_seed) == (0.625, None, (0.75, 0.5))
    assert found.reason == "no interval: all outputs are from one group"


def test_seeds_weigh_by_their_outputs() -> None:
    counted = np.array([[4, 1], [4, 1], [4, 1]])
    found = share((counted * [[1, 0]]).ravel(), counted.ravel(), Clusters.of_table(3, 2))
    assert (found.rate, found.per_seed) == (0.8, (1.0, 0.0))


def test_a_mean_of_yes_and_no_is_a_rate_without_wilsons_shape() -> None:
    right = np.random.default_rng(0).random((40, 5)) < 0.5
    clusters = Clusters.of_table(40, 5)
    found, rate = mean(right.ravel(), np.ones(200), clusters), share(right.ravel(), np.ones(200), clusters)
    assert (found.value, found.n, found.per_seed) == (pytest.approx(rate.rate), 200, pytest.approx(rate.per_seed))
    half = (found.ci[1] - found.ci[0]) / 2
    assert found.ci == pytest.approx((found.value - half, found.value + half))
    assert half == pytest.approx((rate.ci[1] - rate.ci[0]) / 2, rel=0.05)


def test_a_mean_without_spread_has_no_interval() -> None:
    found = mean(np.full(12, 0.5), np.ones(12), Clusters.of_table(6, 2))
    assert (found.value, found.ci) == (0.5, None)
    assert found.reason == "no interval: nothing varies, so the precision of this number is unknown"


def test_a_test_says_whom_it_is_about() -> None:
    values = np.random.default_rng(0).random((30, 2, 4))
    squares = [
        table_squares(
            (values[:, :seeds] * 5).astype(int).reshape(-1, 4), np.array([1.0, -1, 0, 0]), Clusters.of_table(30, seeds)
        )
        for seeds in (1, 2)
    ]
    assert [inference.against_zero(0.1, one).scope for one in squares] == ["student", "regime"]
    assert inference.against_zero(0.1, squares[1]).p == pytest.approx(Pivot.of(squares[1]).beyond(0.1))


def test_a_test_without_spread_says_why() -> None:
    alone = table_squares(np.array([[3, 1, 0, 0]]), np.array([0.0, 1, -1, 0]), one_seed(1))
    assert "one group" in unknown_spread(alone)
    assert inference.against_zero(0.1, alone).p is None
    assert inference.against_zero(0.1, alone).reason.startswith("no test: all outputs are from one group")
    assert measured(0.1, alone, 4).ci is None
    assert rate_ends(0.5, alone) is None


def test_an_outcome_that_no_output_has_leaves_room() -> None:
    # Nothing differs, and yet a difference of a few outputs in the next sample would be no wonder.
    table = np.tile([2, 0, 0, 1], (30, 1))
    squares = table_squares(table, np.array([0.0, 1, -1, 0]), one_seed(30))
    assert squares.between_groups == 0
    # One more output of each: all three outputs of a group may go together, so that a whole group differs.
    assert squares.extra == pytest.approx(2 / 90**2 * 3**2)
    assert 0.05 < Pivot.of(squares).half_width() < 0.15


def test_more_outputs_leave_less_room() -> None:
    rng, extras = np.random.default_rng(0), []
    for groups in (20, 200):
        table = rng.multinomial(4, [0.5, 0.2, 0.1, 0.2], groups)
        extras.append(table_squares(table, np.array([0.0, 1, -1, 0]), one_seed(groups)).extra)
    assert extras[0] > 50 * extras[1]


def test_quotients() -> None:
    assert quotients(np.array([1.0, 0.0]), np.array([2.0, 0.0])) == (0.5, None)

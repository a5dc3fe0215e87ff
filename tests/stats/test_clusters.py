import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.stats.clusters import Clusters, MeanSquares, mean_squares

tables = st.tuples(st.integers(2, 9), st.integers(2, 6), st.integers(0, 10**6))


def table_of(groups: int, seeds: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 5, size=(groups, seeds)).astype(float)


def of_mean(values: np.ndarray) -> MeanSquares:
    """Mean squares of the mean of a full table, one output in each place."""
    influence = (values - values.mean()).ravel() / values.size
    return mean_squares(influence, np.ones(values.size), Clusters.of_table(*values.shape))


def two_ways(values: np.ndarray) -> tuple[float, float, float]:
    """The textbook's mean squares of a full table."""
    groups, seeds = values.shape
    of_groups, of_seeds = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    left = values - of_groups - of_seeds + values.mean()
    return (
        seeds * of_groups.var(ddof=1), groups * of_seeds.var(ddof=1), (left**2).sum() / ((groups - 1) * (seeds - 1)),
    )  # fmt: skip


def found(squares: MeanSquares) -> tuple[float, float, float]:
    return squares.between_groups, squares.between_seeds, squares.rest


@given(tables)
def test_a_full_table_has_the_mean_squares_of_the_textbook(how: tuple[int, int, int]) -> None:
    values = table_of(*how)
    squares = of_mean(values)
    assert (squares.groups, squares.seeds) == values.shape
    assert found(squares) == pytest.approx(two_ways(values), abs=1e-9)


def test_the_numbers_of_r() -> None:
    # anova(lm(v ~ factor(g) + factor(s))), and vcov of lmer(v ~ 1 + (1 | g) + (1 | s)) of lme4.
    group, seed = np.meshgrid(np.arange(1, 13), np.arange(1, 5), indexing="ij")
    values = ((group**2 * 5 + group * seed * 3) % 11 < 2 * seed + group % 4).astype(float)
    squares = of_mean(values)
    assert found(squares) == pytest.approx((0.333333333333, 0.722222222222, 0.176767676768), abs=1e-10)
    variance = (squares.between_groups + squares.between_seeds - squares.rest) / values.size
    assert variance == pytest.approx(0.01830807565, rel=1e-6)


@given(tables, st.integers(0, 99))
def test_whole_groups_and_seeds_leave_the_rest_alone(how: tuple[int, int, int], seed: int) -> None:
    values = table_of(*how)
    rng = np.random.default_rng(seed)
    moved = values + rng.normal(size=(len(values), 1)) + rng.normal(size=(1, values.shape[1]))
    assert of_mean(moved).rest == pytest.approx(of_mean(values).rest, abs=1e-9)


@given(tables)
def test_a_pair_without_outputs_moves_nothing(how: tuple[int, int, int]) -> None:
    groups, seeds, seed = how
    rng = np.random.default_rng(seed)
    influence, there = rng.normal(size=groups * seeds), rng.random(groups * seeds) < 0.7
    there[:seeds] = True  # each seed has outputs, and so has each group
    there[::seeds] = True
    influence[~there] = 0.0
    full = Clusters.of_table(groups, seeds)
    some = Clusters(full.group[there], full.seed[there], seeds)
    expected = mean_squares(influence, np.ones(len(influence)), full)
    assert mean_squares(influence[there], np.ones(there.sum()), some).model_dump() == pytest.approx(
        expected.model_dump(), abs=1e-9
    )


@given(tables, st.randoms(use_true_random=False))
def test_order_and_numbering_do_not_matter(how: tuple[int, int, int], rng) -> None:
    values = table_of(*how)
    rows, columns = list(range(values.shape[0])), list(range(values.shape[1]))
    rng.shuffle(rows)
    rng.shuffle(columns)
    assert found(of_mean(values[rows][:, columns])) == pytest.approx(found(of_mean(values)), abs=1e-9)


def test_groups_and_seeds_without_counted_outputs_do_not_count() -> None:
    values = table_of(6, 4, 1)
    wider = np.zeros((8, 5))
    wider[1:7, :4] = values - values.mean()
    counted = np.zeros((8, 5))
    counted[1:7, :4] = 1
    squares = mean_squares(wider.ravel() / 24, counted.ravel(), Clusters.of_table(8, 5))
    assert squares.model_dump() == pytest.approx(of_mean(values).model_dump(), abs=1e-9)


def test_one_seed_tells_nothing_of_seeds() -> None:
    squares = of_mean(np.array([[1.0], [0.0], [1.0], [1.0]]))
    assert (squares.seeds, squares.between_seeds, squares.rest) == (1, 0.0, 0.0)
    assert squares.between_groups == pytest.approx(np.var([1, 0, 1, 1], ddof=1))


def test_times_is_of_the_variance() -> None:
    squares = of_mean(table_of(5, 3, 2)).model_copy(update={"extra": 0.5})
    assert found(squares.times(2)) == pytest.approx(tuple(2 * one for one in found(squares)))
    assert (squares.times(2).extra, squares.times(2).groups) == (1.0, 5)


def test_sums_by_seed() -> None:
    clusters = Clusters(np.array([0, 0, 1, 2]), np.array([0, 2, 2, 0]), 4)
    assert clusters.by_seed([1, 2, 3, 4]).tolist() == [5, 0, 5, 0]

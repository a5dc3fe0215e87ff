import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracekd.stats.bootstrap import (
    bootstrap_means,
    bootstrap_ratios,
    bootstrap_tables,
    cells,
    draw,
    group_sums,
    seed_mean,
)
from tracekd.stats.intervals import rate


def width(right: np.ndarray, group: np.ndarray) -> float:
    found = rate(right, group, draw(int(group.max()) + 1, len(right)))
    assert found is not None
    return found.interval.high - found.interval.low


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 30), st.integers(0, 5))
def test_each_draw_has_as_many_levels_as_there_are(groups: int, seeds: int, resamples: int, seed: int) -> None:
    draws = draw(groups, seeds, resamples=resamples, seed=seed)
    assert draws.groups.shape == (resamples, groups)
    assert (draws.groups.sum(axis=1) == groups).all()
    assert (draws.seeds.sum(axis=1) == seeds).all()


def test_draws_are_a_function_of_the_seed() -> None:
    a, b, c = draw(9, 3, seed=1), draw(9, 3, seed=1), draw(9, 3, seed=2)
    assert np.array_equal(a.groups, b.groups)
    assert np.array_equal(a.seeds, b.seeds)
    assert not np.array_equal(a.groups, c.groups)


def test_groups_drawn_do_not_depend_on_the_number_of_seeds() -> None:
    assert np.array_equal(draw(9, 1).groups, draw(9, 4).groups)


def test_draw_refuses_nothing() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        draw(0, 1)


def test_group_sums_in_any_order() -> None:
    assert group_sums([[1, 2, 4, 8]], [1, 0, 1, 0], 2).tolist() == [[10, 5]]


@pytest.mark.parametrize(("scores", "group"), [([[1, 2]], [0, 2]), ([[1, 2]], [0]), ([1, 2], [0, 1])])
def test_group_sums_refuses_what_does_not_fit(scores: list, group: list) -> None:
    with pytest.raises(ValueError, match="group"):
        group_sums(scores, group, 3)


def test_means_equal_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    scores, group = rng.random((3, 14)), np.array([0, 0, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5])
    draws = draw(6, 3, resamples=20)
    for b, found in enumerate(bootstrap_means(scores, group, draws)):
        weight = np.outer(draws.seeds[b], draws.groups[b][group])
        assert found == pytest.approx((weight * scores).sum() / weight.sum())


def test_tables_equal_a_plain_loop() -> None:
    rng = np.random.default_rng(1)
    step, answer = rng.random((2, 10)) < 0.5, rng.random((2, 10)) < 0.5
    draws = draw(10, 2, resamples=15)
    found = bootstrap_tables(step, answer, np.arange(10), draws)
    for b in range(15):
        picked = np.repeat(np.arange(10), draws.groups[b].astype(int))
        assert found[b].tolist() == cells(step[:, picked], answer[:, picked]).sum(axis=1).tolist()
    assert (found.sum(axis=-1) == 10).all()


def test_undefined_counts_only_where_its_seed_was_drawn() -> None:
    draws = draw(2, 2, resamples=50)
    per_seed = np.tile([np.nan, 0.25], (50, 1))
    found = seed_mean(per_seed, draws)
    undrawn = draws.seeds[:, 0] == 0
    assert 0 < undrawn.sum() < 50
    assert (found[undrawn] == 0.25).all()
    assert np.isnan(found[~undrawn]).all()


def test_nothing_counted_is_undefined() -> None:
    found = bootstrap_ratios([[1, 0]], [[1, 0]], [0, 1], draw(2, 1, resamples=40))
    assert np.isnan(found).any()
    assert set(found[~np.isnan(found)]) == {1.0}


def test_one_seed_and_single_problems_is_the_ordinary_bootstrap() -> None:
    right = np.random.default_rng(2).random((1, 300)) < 0.7
    std = bootstrap_means(right, np.arange(300), draw(300, 1, resamples=4000)).std()
    # The ordinary bootstrap's standard error of a mean is known exactly: the plug-in one.
    assert std == pytest.approx(right.std() / np.sqrt(300), rel=0.05)


def test_clustering_widens() -> None:
    story = np.random.default_rng(3).random(40) < 0.5
    right = np.repeat(story, 10)[None]
    clustered, naive = width(right, np.repeat(np.arange(40), 10)), width(right, np.arange(400))
    # Problems of a story all go together: the design effect is 10.
    assert clustered / naive == pytest.approx(np.sqrt(10), rel=0.15)


def test_seeds_that_disagree_widen() -> None:
    rng = np.random.default_rng(4)
    agree, disagree = rng.random((3, 300)) < 0.5, rng.random((3, 300)) < np.array([[0.2], [0.5], [0.8]])
    assert width(disagree, np.arange(300)) > 2 * width(agree, np.arange(300))


@pytest.mark.parametrize("copies", [2, 5])
def test_seeds_that_repeat_each_other_do_not_narrow(copies: int) -> None:
    right = np.random.default_rng(5).random((1, 200)) < 0.6
    one, repeated = width(right, np.arange(200)), width(np.repeat(right, copies, axis=0), np.arange(200))
    assert repeated == pytest.approx(one)

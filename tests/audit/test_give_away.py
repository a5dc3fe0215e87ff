"""The cut is the best there is, and what it says of chance is chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.audit.give_away import balanced_accuracy, fit_cut, held_out_accuracy

ROWS = st.lists(
    st.tuples(st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6)), st.booleans()), min_size=2, max_size=25
).filter(lambda rows: len({yes for _, yes in rows}) == 2)


@given(ROWS)
def test_no_threshold_does_better(rows: list[tuple[float, bool]]) -> None:
    values, yes = np.array([value for value, _ in rows]), np.array([is_yes for _, is_yes in rows])
    cut = fit_cut(values, yes)
    found = balanced_accuracy(cut.predict(values), yes)
    best = max(
        balanced_accuracy((values > threshold) != below, yes)
        for threshold in (-np.inf, *values)
        for below in (False, True)
    )
    assert found == pytest.approx(best)


@given(st.lists(st.integers(0, 4).map(float), min_size=4, max_size=30))
def test_the_same_numbers_in_both_classes_tell_nothing(values: list[float]) -> None:
    both = np.array([*values, *values])
    yes = np.repeat([False, True], len(values))
    half = np.tile(np.arange(len(values)) % 2 == 0, 2)
    found = held_out_accuracy(both, yes, half, 1)
    assert found is not None and found.value == 0.5
    assert found.low < 0.5 < found.high


def test_shuffled_classes_are_told_by_chance() -> None:
    rng = np.random.default_rng(0)
    found = [
        held_out_accuracy(
            rng.normal(size=4000), rng.permuted(np.repeat([False, True], 2000)), rng.random(4000) < 0.5, 1
        )
        for _ in range(30)
    ]
    values = [each.value for each in found if each is not None]
    assert len(values) == 30
    assert np.mean(values) == pytest.approx(0.5, abs=0.01)
    # A 95 % interval misses now and then, and no more often.
    assert sum(each.low > 0.5 for each in found if each is not None) <= 3


def test_what_tells_is_seen_with_its_interval() -> None:
    rng = np.random.default_rng(1)
    yes = np.repeat([False, True], 500)
    found = held_out_accuracy(rng.normal(size=1000) + 2 * yes, yes, rng.random(1000) < 0.5, 10)
    assert found is not None and 0.8 < found.low < found.value < found.high < 0.9
    sharper = held_out_accuracy(yes.astype(float), yes, rng.random(1000) < 0.5, 10)
    assert sharper is not None and sharper.value == 1.0 and sharper.low > 0.98


def test_classes_of_different_size_weigh_the_same() -> None:
    values = np.array([0.0] * 90 + [1.0] * 10)
    yes = np.array([False] * 90 + [True] * 5 + [False] * 5)
    assert balanced_accuracy(np.zeros(100, dtype=bool), yes) == 0.5
    cut = fit_cut(values, yes)
    assert (cut.threshold, cut.below) == (0.0, False)


def test_few_rows_accuse_nobody() -> None:
    yes = np.array([False, False, True, True])
    found = held_out_accuracy(yes.astype(float), yes, np.array([True, False, True, False]), 10)
    assert found is not None and found.value == 1.0 and found.low < 0.5
    assert held_out_accuracy(yes.astype(float), yes, yes, 1) is None

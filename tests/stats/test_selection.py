"""What selecting is worth: shares, gains and areas of a cell, from known counts."""

from dataclasses import replace

import numpy as np
import pytest

from tracekd.stats.clusters import Resampling
from tracekd.stats.selection import LENGTH, LOG_PROBABILITY, ORACLE, Selectable, curves, summarise

HOW = Resampling(400, seed=1)
N = 240


def cell(n: int = N, seeds: int = 1) -> Selectable:
    """Two thirds right; what passes is right in nine of ten, and half of all."""
    at = np.arange(n)
    right, passes = at % 3 > 0, (at % 2 == 0) & ((at % 3 > 0) | (at % 30 == 0))
    return Selectable(
        model="tiny", regime="correct", group=at // seeds, seed=at % seeds, right=right,
        passes={"all": passes, "none": np.zeros(n, dtype=bool), "every": np.ones(n, dtype=bool)},
        scores={"all": passes.astype(float)}, length=10 + at % 7, unit="characters", log_probability=None,
    )  # fmt: skip


def test_shares_are_the_counts() -> None:
    made = cell()
    found = summarise(made, HOW)
    passes, right = made.passes["all"], made.right
    assert (found.n, found.groups, found.all.right, found.all.n) == (N, N, int(right.sum()), N)
    one = found.selected["all"]
    assert (one.coverage.right, one.coverage.n) == (int(passes.sum()), N)
    assert (one.accuracy.right, one.accuracy.n) == (int((passes & right).sum()), int(passes.sum()))
    assert one.gain.value == pytest.approx(right[passes].mean() - right.mean())
    assert one.gain.ci is not None and 0 < one.gain.ci[0] < one.gain.value < one.gain.ci[1]


def test_a_few_that_are_all_right_prove_little() -> None:
    """The bootstrap would never draw a wrong one among them."""
    made = cell()
    few = made.right & (np.arange(N) < 7)
    gain = summarise(replace(made, passes={"few": few}), HOW).selected["few"].gain
    assert gain.value == pytest.approx(1 / 3) and gain.ci is not None
    assert gain.ci[0] < 0 < gain.value < gain.ci[1]


def test_answering_everything_gains_nothing_and_answering_nothing_is_undefined() -> None:
    found = summarise(cell(), HOW).selected
    assert found["every"].gain.value == 0 and found["every"].accuracy == summarise(cell(), HOW).all
    assert found["none"].accuracy.rate is None and found["none"].coverage.rate == 0
    assert found["none"].gain.value is None and found["none"].gain.reason == "no output passes"


def test_areas_stand_between_the_oracle_and_the_error_rate() -> None:
    made = cell()
    ranked = summarise(made, HOW).ranked
    assert set(ranked) == {"all", LENGTH, ORACLE}
    assert ranked[ORACLE].excess == 0 and ranked[LENGTH].saved is None
    assert 0 < ranked["all"].excess < 1 - made.right.mean()
    saved = ranked["all"].saved
    assert saved is not None and saved.value is not None and saved.ci is not None
    assert saved.value == pytest.approx(ranked[LENGTH].aurc.value - ranked["all"].aurc.value)
    assert 0 < saved.ci[0] < saved.value < saved.ci[1]


def test_log_probabilities_are_a_baseline_where_there_are_any() -> None:
    sure = replace(cell(), log_probability=-np.arange(N, dtype=float))
    assert LOG_PROBABILITY in summarise(sure, HOW).ranked
    assert [name for name, _ in curves(sure)] == ["all", LENGTH, LOG_PROBABILITY, ORACLE]


def test_groups_that_go_together_widen_the_intervals() -> None:
    alone, together = cell(), replace(cell(), group=np.arange(N) // 12)
    together = replace(together, right=(together.group % 3 > 0))
    alone = replace(alone, right=together.right)
    widths = []
    for made in (alone, together):
        ends = summarise(made, HOW).all.ci
        assert ends is not None
        widths.append(ends[1] - ends[0])
    assert widths[1] > 2 * widths[0]


def test_several_seeds_count_as_crossed_with_groups() -> None:
    found = summarise(cell(seeds=3), HOW)
    assert (found.n, found.groups) == (N, N // 3) and found.all.ci is not None


def test_the_same_seed_gives_the_same_numbers() -> None:
    assert summarise(cell(), HOW) == summarise(cell(), HOW) != summarise(cell(), Resampling(400, seed=2))

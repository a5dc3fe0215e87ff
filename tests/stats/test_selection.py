"""What selecting is worth: shares, gains and areas of a cell, from known counts."""

from dataclasses import replace

import numpy as np
import pytest

from tracekd.stats.estimate import Measure
from tracekd.stats.selection import LENGTH, LOG_PROBABILITY, ORACLE, Selectable, curves, summarise
from tracekd.stats.selective import Ranked

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
    found = summarise(made)
    passes, right = made.passes["all"], made.right
    assert (found.n, found.groups, found.all.right, found.all.n) == (N, N, int(right.sum()), N)
    one = found.selected["all"]
    assert (one.coverage.right, one.coverage.n) == (int(passes.sum()), N)
    assert (one.accuracy.right, one.accuracy.n) == (int((passes & right).sum()), int(passes.sum()))
    assert one.gain.value == pytest.approx(right[passes].mean() - right.mean())
    assert one.gain.ci is not None and 0 < one.gain.ci[0] < one.gain.value < one.gain.ci[1]


def test_a_few_that_are_all_right_prove_little() -> None:
    """None of them is wrong, and yet one more may be."""
    made = cell()
    few = made.right & (np.arange(N) < 7)
    gain = summarise(replace(made, passes={"few": few})).selected["few"].gain
    assert gain.value == pytest.approx(1 / 3) and gain.ci is not None
    assert gain.ci[0] < 0 < gain.value < gain.ci[1]


def test_answering_everything_gains_nothing_and_answering_nothing_is_undefined() -> None:
    found = summarise(cell()).selected
    assert found["every"].gain.value == 0 and found["every"].accuracy == summarise(cell()).all
    ends = found["every"].gain.ci  # in another sample some may fail
    assert ends is not None and -0.05 < ends[0] < 0 < ends[1] < 0.05
    assert found["none"].accuracy.rate is None and found["none"].coverage.rate == 0
    assert found["none"].gain.value is None and found["none"].gain.reason == "no output passes"


def test_areas_stand_between_the_oracle_and_the_error_rate() -> None:
    made = cell()
    ranked = summarise(made).ranked
    assert set(ranked) == {"all", LENGTH, ORACLE}
    assert ranked[ORACLE].excess == 0 and ranked[LENGTH].saved is None
    assert 0 < ranked["all"].excess < 1 - made.right.mean()
    saved = ranked["all"].saved
    assert saved is not None and saved.value is not None and saved.ci is not None
    assert saved.value == pytest.approx(ranked[LENGTH].aurc.value - ranked["all"].aurc.value)
    assert 0 < saved.ci[0] < saved.value < saved.ci[1]


def test_log_probabilities_are_a_baseline_where_there_are_any() -> None:
    sure = replace(cell(), log_probability=-np.arange(N, dtype=float))
    assert LOG_PROBABILITY in summarise(sure).ranked
    assert [name for name, _ in curves(sure)] == ["all", LENGTH, LOG_PROBABILITY, ORACLE]


def test_groups_that_go_together_widen_the_intervals() -> None:
    alone, together = cell(), replace(cell(), group=np.arange(N) // 12)
    together = replace(together, right=(together.group % 3 > 0))
    alone = replace(alone, right=together.right)
    widths = []
    for made in (alone, together):
        ends = summarise(made).all.ci
        assert ends is not None
        widths.append(ends[1] - ends[0])
    assert widths[1] > 2 * widths[0]


def test_several_seeds_count_as_crossed_with_groups() -> None:
    made = replace(cell(), group=np.arange(N) % 80, seed=np.arange(N) // 80)
    found = summarise(made)
    assert (found.n, found.groups, found.seeds, found.scope) == (N, 80, 3, "regime")
    assert found.all.ci is not None and len(found.all.per_seed) == 3
    one, gain = found.ranked["all"].aurc, found.selected["all"].gain
    for at in range(3):
        mine = made.seed == at
        alone = Ranked.of(made.scores["all"][mine], made.right[mine])
        assert one.per_seed[at] == pytest.approx(alone.aurc)
        passes = made.right[mine & made.passes["all"]]
        assert gain.per_seed[at] == pytest.approx(passes.mean() - made.right[mine].mean())


def test_students_that_differ_widen_the_intervals() -> None:
    made = cell(seeds=3)
    right = (np.arange(N) // 3 % 10) < np.array([5, 6, 7])[made.seed]
    alike = (np.arange(N) // 3 % 10) < 6
    widths = []
    for answers in (alike, right):
        ends = summarise(replace(made, right=answers)).ranked[LENGTH].aurc.ci
        assert ends is not None
        widths.append(ends[1] - ends[0])
    assert widths[1] > 1.5 * widths[0]


def test_one_seed_is_this_student_only() -> None:
    assert (summarise(cell()).seeds, summarise(cell()).scope) == (1, "student")


def test_as_many_seeds_as_outputs_take_no_more_room() -> None:
    """A table of groups by seeds would hold a million numbers."""
    n = 1000
    found = summarise(replace(cell(n), seed=np.arange(n)))
    assert (found.seeds, len(found.all.per_seed)) == (n, n) and found.ranked["all"].aurc.ci is not None


@pytest.mark.parametrize("answer", [True, False])
def test_where_all_answers_are_alike_the_area_may_still_be_another(answer: bool) -> None:
    """No output moves the area; one more of the other kind would."""
    made = replace(cell(), right=np.full(N, answer))
    area = summarise(made).ranked["all"].aurc
    assert area.value == pytest.approx(1 - answer) and area.ci is not None
    assert area.ci[1] - area.ci[0] == pytest.approx(3 / N, abs=1.5 / N)
    assert 0 <= area.ci[0] <= area.ci[1] <= 1


def test_a_score_that_ranks_as_length_does_saves_nothing() -> None:
    made = cell()
    saved = summarise(replace(made, scores={"same": -2.0 * made.length})).ranked["same"].saved
    assert saved is not None and (saved.value, saved.ci) == (0, None) and saved.reason is not None


def test_intervals_of_areas_and_gains_hold_the_truth() -> None:
    """Groups of four outputs that go together; of 100 runs, about 95 are expected to hold it, give or take 2."""
    truth, runs = numbers(drawn(np.random.default_rng(1), 40_000)), 100
    held = np.zeros(3)
    for run in range(runs):
        found = numbers(drawn(np.random.default_rng([run, 2]), 50))
        held += [
            one.ci is not None and one.ci[0] <= (true.value or 0.0) <= one.ci[1]
            for one, true in zip(found, truth, strict=True)
        ]
    assert (held / runs >= 0.9).all(), held


def drawn(rng: np.random.Generator, groups: int) -> Selectable:
    group = np.repeat(np.arange(groups), 4)
    n = len(group)
    right = rng.random(n) < 1 / (1 + np.exp(-0.4 - rng.normal(size=groups)[group]))
    score = right + rng.normal(size=n)
    return Selectable(
        model="m", regime="r", group=group, seed=np.zeros(n, dtype=int), right=right, passes={"sure": score > 1},
        scores={"sure": score}, length=np.round(20 - 2 * right + 5 * rng.normal(size=n)).astype(int), unit="tokens",
        log_probability=None,
    )  # fmt: skip


def numbers(cell: Selectable) -> tuple[Measure, Measure, Measure]:
    """The area of a score, how much less it is than that of length, and the gain of what passes."""
    found = summarise(cell)
    saved = found.ranked["sure"].saved
    assert saved is not None
    return found.ranked["sure"].aurc, saved, found.selected["sure"].gain

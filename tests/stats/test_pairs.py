import numpy as np
import pytest
from scipy.stats import binomtest

from tracekd.stats import cell
from tracekd.stats.clusters import Resampling
from tracekd.stats.pairs import compare_all

HOW = Resampling(2000, 0)


def regime(make, name: str, answers: list[bool], *, first: int = 0, seed: int = 0, per_group: int = 1) -> list:
    return [
        make(f"p{i}", regime=name, seed=seed, answer=a, group=f"g{i // per_group}")
        for i, a in enumerate(answers, start=first)
    ]


def compared(columns_of, verdicts: list, how: Resampling = HOW) -> dict:
    found, notes = compare_all(columns_of(verdicts).cells(), how)
    return {(p.outcome, p.first, p.second): p for p in found} | {"notes": notes}


def test_known_pair(make, columns_of) -> None:
    # 3 right in both, 1 in the first only, 6 in the second only, 2 in neither.
    a, b = [1] * 3 + [1] + [0] * 6 + [0] * 2, [1] * 3 + [0] + [1] * 6 + [0] * 2
    verdicts = regime(make, "a", list(map(bool, a))) + regime(make, "b", list(map(bool, b)))
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert pair.counts == (3, 1, 6, 2)
    assert pair.difference.value == pytest.approx(-5 / 12)
    assert (pair.pairs, pair.problems, pair.groups, pair.seeds) == (12, 12, 12, (0,))
    (test,) = pair.mcnemar
    assert test.p == pytest.approx(binomtest(1, 7).pvalue)
    assert pair.difference.ci[0] < -5 / 12 < pair.difference.ci[1]


def test_only_common_outputs_count(make, columns_of) -> None:
    verdicts = (
        regime(make, "a", [True] * 10) + regime(make, "b", [False] * 8, first=4) + regime(make, "b", [True], seed=1)
    )
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert (pair.pairs, pair.counts) == (6, (0, 6, 0, 0))
    assert (pair.left_out.first, pair.left_out.second) == (4, 3)
    assert pair.difference.value == 1
    assert pair.seeds == (0,)


def test_seeds_have_a_test_each(make, columns_of) -> None:
    rng = np.random.default_rng(0)
    verdicts = [
        v
        for name, p in (("a", 0.6), ("b", 0.4))
        for seed in (3, 5)
        for v in regime(make, name, (rng.random(80) < p).tolist(), seed=seed, per_group=2)
    ]
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert [t.seed for t in pair.mcnemar] == [3, 5]
    assert sum(t.both_right + t.first_only + t.second_only + t.both_wrong for t in pair.mcnemar) == pair.pairs == 160
    assert sum(t.first_only for t in pair.mcnemar) == pair.counts[1]


def test_samples_of_a_problem_have_no_mcnemar(make, columns_of) -> None:
    verdicts = [make(f"p{i}", regime=r, sample=s, answer=i % 2 == s) for r in "ab" for i in range(20) for s in (0, 1)]
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert (pair.pairs, pair.mcnemar) == (40, ())


def test_the_other_way_round_is_the_mirror_image(make, columns_of) -> None:
    rng = np.random.default_rng(1)
    x, y = (rng.random((2, 150)) < [[0.6], [0.5]]).tolist()
    one = compared(columns_of, regime(make, "a", x, per_group=3) + regime(make, "b", y, per_group=3))[
        "answer", "a", "b"
    ]
    two = compared(columns_of, regime(make, "a", y, per_group=3) + regime(make, "b", x, per_group=3))[
        "answer", "a", "b"
    ]
    assert one.difference.value == pytest.approx(-two.difference.value)
    assert one.difference.ci == pytest.approx((-two.difference.ci[1], -two.difference.ci[0]), abs=0.015)
    assert one.p_clustered == pytest.approx(two.p_clustered)
    assert one.mcnemar[0].p == two.mcnemar[0].p
    assert one.detectable.difference == pytest.approx(two.detectable.difference)


def test_interval_is_that_of_a_plain_bootstrap(make, columns_of) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.random((2, 240)) < [[0.7], [0.5]]
    verdicts = regime(make, "a", x.tolist(), per_group=4) + regime(make, "b", y.tolist(), per_group=4)
    pair = compared(columns_of, verdicts, Resampling(10_000, 0))["answer", "a", "b"]
    means = (x.astype(float) - y).reshape(60, 4).mean(axis=1)
    plain = np.percentile(means[rng.integers(60, size=(10_000, 60))].mean(axis=1), [2.5, 97.5])
    assert pair.difference.ci == pytest.approx(tuple(plain), abs=0.01)


def test_no_difference_anywhere_falls_back_on_newcombe(make, columns_of) -> None:
    verdicts = regime(make, "a", [True] * 30) + regime(make, "b", [True] * 30)
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert pair.difference.value == 0
    assert pair.difference.ci[0] < 0 < pair.difference.ci[1]
    assert (pair.p_clustered, pair.detectable.difference, pair.mcnemar[0].p) == (None, None, 1.0)


def test_few_pairs_that_differ_have_an_exact_test_only(make, columns_of) -> None:
    verdicts = regime(make, "a", [True] * 50) + regime(make, "b", [True] * 44 + [False] * 6)
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert pair.mcnemar[0].p == pytest.approx(2 / 64)
    assert pair.p_clustered is None


def test_every_pair_of_a_model_and_no_other(make, columns_of) -> None:
    verdicts = [v for name in "abc" for v in regime(make, name, [True, False] * 6)]
    verdicts += [make("p0", student="large", regime="a", group="g0")]
    found = compared(columns_of, verdicts)
    assert [key[1:] for key in found if key[0] == "trace"] == [("a", "b"), ("a", "c"), ("b", "c")]
    exact = [p.mcnemar[0] for key, p in found.items() if key[0] == "answer"]
    assert all(t.p_holm == min(1, 3 * t.p) for t in exact)


def test_nothing_in_common_is_noted(make, columns_of) -> None:
    found = compared(columns_of, regime(make, "a", [True] * 3) + regime(make, "b", [True] * 3, first=9))
    assert found["notes"] == ("a and b (tiny) have no problem and seed in common.",)
    assert len(found) == 1


def test_traces_are_not_tested_against_none(make, columns_of) -> None:
    rng = np.random.default_rng(3)
    verdicts = [v for name in "ab" for v in regime(make, name, (rng.random(60) < 0.5).tolist())]
    alone = compared(columns_of, verdicts)
    verdicts += [
        make(f"p{i}", regime="c", right=False, status="no_trace", answer=i % 3 == 0, group=f"g{i}") for i in range(60)
    ]
    found = compared(columns_of, verdicts)
    for outcome in ("class", "retrieval", "trace"):
        assert found[outcome, "a", "b"] == alone[outcome, "a", "b"]  # Holm's family is as if it were not there
        for first in "ab":
            pair = found[outcome, first, "c"]
            assert (pair.tested, pair.mcnemar, pair.p_clustered, pair.p_clustered_holm) == (False, (), None, None)
            assert (pair.difference.value, pair.detectable.difference) == (1, None)
    answers = [found["answer", *pair] for pair in (("a", "b"), ("a", "c"), ("b", "c"))]
    assert all(pair.tested and pair.mcnemar and pair.p_clustered is not None for pair in answers)


def test_samples_are_seen_across_parts(make, columns_of, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = [make(f"p{i}", regime=r, answer=i % 2 == 0) for r in "ab" for i in range(4)]
    twice = [*verdicts, *(make("p1", regime=r, sample=1) for r in "ab")]
    for at_a_time in range(1, 6):
        monkeypatch.setattr(cell, "_AT_A_TIME", at_a_time)
        assert len(compared(columns_of, verdicts)["answer", "a", "b"].mcnemar) == 1
        assert compared(columns_of, twice)["answer", "a", "b"].mcnemar == ()

import numpy as np
import pytest

from tracekd.stats import pairs as pairs_module
from tracekd.stats.families import Analysis, holm
from tracekd.stats.pairs import compare_all


def regime(
    make, name: str, answers: np.ndarray | list[bool], *, first: int = 0, seed: int = 0, per_group: int = 1
) -> list:
    return [
        make(f"p{i}", regime=name, seed=seed, answer=bool(a), group=f"g{i // per_group}")
        for i, a in enumerate(answers, start=first)
    ]


def two(
    make, rates: tuple[float, ...], seeds: int = 3, problems: int = 80, *, per_group: int = 2, seed: int = 0
) -> list:
    """Regimes a, b, ... with these rates."""
    rng = np.random.default_rng(seed)
    return [
        v
        for name, rate in zip("abcd", rates, strict=False)
        for s in range(seeds)
        for v in regime(make, name, rng.random(problems) < rate, seed=s, per_group=per_group)
    ]


def compared(columns_of, verdicts: list, analysis: Analysis | None = None) -> dict:
    found, notes = compare_all(columns_of(verdicts).cells(), analysis or Analysis())
    return {(p.outcome, p.first, p.second): p for p in found} | {"notes": notes}


def test_known_pair(make, columns_of) -> None:
    # 3 right in both, 1 in the first only, 6 in the second only, 2 in neither.
    a, b = [1] * 3 + [1] + [0] * 6 + [0] * 2, [1] * 3 + [0] + [1] * 6 + [0] * 2
    pair = compared(columns_of, regime(make, "a", a) + regime(make, "b", b))["answer", "a", "b"]
    assert pair.counts == (3, 1, 6, 2)
    assert pair.seeds_counts == ((3, 1, 6, 2),)
    assert pair.difference.value == pytest.approx(-5 / 12)
    assert (pair.pairs, pair.problems, pair.groups, pair.seeds) == (12, 12, 12, (0,))
    assert pair.difference.ci[0] < -5 / 12 < pair.difference.ci[1]


def test_one_seed_makes_no_claim_about_regimes(make, columns_of) -> None:
    pair = compared(columns_of, two(make, (0.9, 0.2), seeds=1))["answer", "a", "b"]
    assert pair.difference.ci[0] > 0  # these students differ
    assert (pair.test.scope, pair.test.p, pair.equivalence.p) == ("student", None, None)
    assert "says nothing about their regimes" in pair.test.reason
    assert pair.detectable.difference is None
    assert "one seed" in pair.detectable.reason


def test_seeds_make_a_claim(make, columns_of) -> None:
    pair = compared(columns_of, two(make, (0.9, 0.2)))["answer", "a", "b"]
    assert (pair.test.scope, pair.seeds, pair.pairs) == ("regime", (0, 1, 2), 240)
    assert pair.test.p < 0.05
    assert np.array(pair.seeds_counts).sum(axis=0).tolist() == list(pair.counts)
    assert pair.difference.per_seed == pytest.approx([(row[1] - row[2]) / 80 for row in pair.seeds_counts])


def test_the_interval_and_the_test_agree(make, columns_of) -> None:
    for seed in range(25):
        pair = compared(columns_of, two(make, (0.6, 0.45), problems=30, seed=seed))["answer", "a", "b"]
        low, high = pair.difference.ci
        assert (pair.test.p < 0.05) == (low > 0 or high < 0)


def test_students_that_disagree_do_not_make_regimes_differ(make, columns_of) -> None:
    # In each seed one of the two regimes is far better; which one changes.
    verdicts = [
        v
        for seed in range(4)
        for name in "ab"
        for v in regime(make, name, [(name == "a") == (seed % 2 == 0)] * 60, seed=seed)
    ]
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert (pair.difference.value, pair.test.p) == (0, pytest.approx(1))
    assert pair.difference.ci == (-1, 1)


def test_only_common_outputs_count(make, columns_of) -> None:
    verdicts = (
        regime(make, "a", [True] * 10) + regime(make, "b", [False] * 8, first=4) + regime(make, "b", [True], seed=1)
    )
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert (pair.pairs, pair.counts) == (6, (0, 6, 0, 0))
    assert (pair.left_out.first, pair.left_out.second) == (4, 3)
    assert pair.difference.value == 1
    assert pair.seeds == (0,)


def test_samples_pair_by_their_numbers(make, columns_of) -> None:
    verdicts = [make(f"p{i}", regime=r, sample=s, answer=i % 2 == s) for r in "ab" for i in range(20) for s in (0, 1)]
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert (pair.pairs, pair.counts, pair.groups) == (40, (20, 0, 0, 20), 20)


def test_the_other_way_round_is_the_mirror_image(make, columns_of) -> None:
    x, y = np.random.default_rng(1).random((2, 3, 60)) < [[[0.6]], [[0.5]]]
    ways = []
    for first, second in ((x, y), (y, x)):
        verdicts = [
            v
            for name, some in (("a", first), ("b", second))
            for seed in range(3)
            for v in regime(make, name, some[seed], seed=seed, per_group=3)
        ]
        ways.append(compared(columns_of, verdicts)["answer", "a", "b"])
    one, other = ways
    assert one.difference.value == pytest.approx(-other.difference.value)
    assert one.difference.ci == pytest.approx((-other.difference.ci[1], -other.difference.ci[0]))
    assert one.test.p == pytest.approx(other.test.p)
    assert one.equivalence.p == pytest.approx(other.equivalence.p)
    assert one.detectable.difference == pytest.approx(other.detectable.difference)


def test_hard_problems_that_both_share_cancel_out(make, columns_of) -> None:
    easy = np.random.default_rng(0).random(200) < 0.5
    other = easy.copy()
    other[:4] = ~other[:4]
    verdicts = [
        v for name, some in (("a", easy), ("b", other)) for s in range(3) for v in regime(make, name, some, seed=s)
    ]
    low, high = compared(columns_of, verdicts)["answer", "a", "b"].difference.ci
    assert high - low < 0.06


def test_no_difference_anywhere_is_not_certainty(make, columns_of) -> None:
    verdicts = [v for name in "ab" for s in range(3) for v in regime(make, name, [True] * 30, seed=s)]
    pair = compared(columns_of, verdicts)["answer", "a", "b"]
    assert pair.difference.value == 0
    assert pair.difference.ci[0] < -0.03 < 0.03 < pair.difference.ci[1]
    assert pair.equivalence.p > 0.05  # 30 problems do not show it within 3 points


def test_equivalence_is_by_the_margin_that_is_declared(make, columns_of) -> None:
    verdicts = [v for name in "ab" for s in range(3) for v in regime(make, name, [True, False] * 100, seed=s)]
    for margin, shown in ((0.005, False), (0.3, True)):
        pair = compared(columns_of, verdicts, Analysis(margin=margin))["answer", "a", "b"]
        assert pair.equivalence.margin == margin
        assert (pair.equivalence.p < 0.05) == shown


def test_holm_is_over_all_pairs_of_an_outcome(make, columns_of) -> None:
    found = compared(columns_of, two(make, (0.8, 0.5, 0.4)))
    answers = [pair for key, pair in found.items() if key[0] == "answer"]
    assert [(p.first, p.second) for p in answers] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [p.test.p_holm for p in answers] == pytest.approx(holm([p.test.p for p in answers]))
    assert [p.equivalence.p_holm for p in answers] == pytest.approx(holm([p.equivalence.p for p in answers]))


def test_every_pair_of_a_model_and_no_other(make, columns_of) -> None:
    verdicts = [v for name in "abc" for v in regime(make, name, [True, False] * 6)]
    verdicts += [make("p0", student="large", regime="a", group="g0")]
    found = compared(columns_of, verdicts)
    assert [key[1:] for key in found if key[0] == "trace"] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_nothing_in_common_is_noted(make, columns_of) -> None:
    found = compared(columns_of, regime(make, "a", [True] * 3) + regime(make, "b", [True] * 3, first=9))
    assert found["notes"] == ("a and b (tiny) have no problem and seed in common.",)
    assert len(found) == 1


def test_traces_are_not_tested_against_none(make, columns_of) -> None:
    verdicts = two(make, (0.5, 0.5))
    alone = compared(columns_of, verdicts)
    verdicts += [
        make(f"p{i}", regime="c", seed=s, right=False, status="no_trace", answer=i % 3 == 0, group=f"g{i // 2}")
        for i in range(80)
        for s in range(3)
    ]
    found = compared(columns_of, verdicts)
    for outcome in ("class", "retrieval", "trace"):
        assert found[outcome, "a", "b"] == alone[outcome, "a", "b"]  # Holm's family is as if it were not there
        for first in "ab":
            pair = found[outcome, first, "c"]
            assert (pair.tested, pair.test.p, pair.test.p_holm, pair.equivalence.p) == (False, None, None, None)
            assert (pair.difference.value, pair.detectable.difference) == (1, None)
    answers = [found["answer", *pair] for pair in (("a", "b"), ("a", "c"), ("b", "c"))]
    assert all(pair.tested and pair.test.p is not None for pair in answers)


def test_of_many_pairs_the_smallest_difference_is_not_computed(
    make, columns_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs_module, "MOST_DETECTABLE", 2)
    found = compared(columns_of, two(make, (0.5, 0.5, 0.5), problems=10))
    assert found["answer", "a", "b"].detectable.reason == "too many pairs of regimes"
    assert "More than 2 pairs" in found["notes"][0]


@pytest.mark.parametrize("reference", ["answer_only", "b"])
def test_too_many_regimes_are_compared_with_one(
    make, columns_of, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    names = {"a": reference, "b": "c", "c": "zzz"} if reference == "b" else {"b": reference}
    verdicts = [
        v.model_copy(update={"regime": names.get(v.regime, v.regime)}) for v in two(make, (0.5,) * 4, problems=10)
    ]
    every = compared(columns_of, verdicts)
    monkeypatch.setattr(pairs_module, "MOST_PAIRS", 5)
    few = compared(columns_of, verdicts)
    assert few["notes"][-1].startswith(
        "Too many pairs of regimes: 4 regimes are 6 pairs, of which at most 5 are compared"
    )
    pairs = [key for key in every if key != "notes" and reference in key[1:]]
    assert len(pairs) == 12
    assert {*few} == {*pairs, "notes"}
    for key in pairs:  # only the family of the corrected p values is another
        update = {"test": few[key].test, "equivalence": few[key].equivalence}
        assert every[key].model_copy(update=update) == few[key]
        assert every[key].test.p == few[key].test.p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import confint_proportions_2indep
from tracekd.stats.bootstrap import draw
from tracekd.stats.paired import Side, compare, corrected, difference, exact_mcnemar, holm


def side(regime: str, right: np.ndarray, seeds: tuple[int, ...], ids: tuple[str, ...] | None = None) -> Side:
    names = ids or tuple(f"p{i:03}" for i in range(right.shape[1]))
    return Side(regime=regime, student="s", seeds=seeds, ids=names, right=right)


def test_mcnemar_known() -> None:
    # 1 against 6 disagreements: 2 * (1 + 7) / 2^7.
    first = np.array([1] * 3 + [1] * 1 + [0] * 6 + [0] * 2, dtype=bool)
    second = np.array([1] * 3 + [0] * 1 + [1] * 6 + [0] * 2, dtype=bool)
    found = exact_mcnemar(4, first, second)
    assert (found.seed, found.both_right, found.first_only, found.second_only, found.both_wrong) == (4, 3, 1, 6, 2)
    assert found.p == pytest.approx(0.125)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_mcnemar_is_the_sign_test_and_symmetric(pairs: list[tuple[bool, bool]]) -> None:
    first, second = (np.array(x, dtype=bool) for x in zip(*pairs, strict=True))
    found, swapped = exact_mcnemar(0, first, second), exact_mcnemar(0, second, first)
    disagreements = found.first_only + found.second_only
    assert found.both_right + disagreements + found.both_wrong == len(pairs)
    assert found.p == pytest.approx(swapped.p)
    assert found.p == pytest.approx(binomtest(found.first_only, disagreements).pvalue if disagreements else 1.0)


def test_difference_is_paired() -> None:
    # Hard and easy problems that both regimes share cancel out; unpaired intervals would be far wider.
    easy = np.random.default_rng(0).random(400) < 0.5
    first, second = np.tile(easy, (2, 1)), np.tile(easy, (2, 1))
    second[:, :8] = ~first[:, :8]
    found = difference(first, second, np.arange(400), draw(400, 2))
    assert found.interval.method == "crossed_bootstrap"
    assert found.interval.high - found.interval.low < 0.04
    assert found.per_seed[0] == pytest.approx(first[0].mean() - second[0].mean())


def test_no_disagreement_is_not_certainty() -> None:
    same = np.tile(np.arange(20) < 15, (3, 1))
    found = difference(same, same, np.arange(20), draw(20, 3))
    low, high = confint_proportions_2indep(15, 20, 15, 20, compare="diff", method="newcomb")
    assert (found.value, found.interval.method) == (0, "newcombe_groups")
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high))


def test_only_common_seeds_are_compared() -> None:
    right = np.array([[1, 1, 0], [0, 0, 0]], dtype=bool)
    found = compare(side("a", right, (1, 2)), side("b", ~right, (2, 3)), "answer", np.arange(3), draw(3, 1))
    assert found.seeds == (2,)
    # Seed 2 is the second row of a and the first of b.
    assert found.difference.per_seed == pytest.approx((-1 / 3,))
    assert found.difference.interval.method == "group_bootstrap_one_seed"


def test_other_problems_are_refused() -> None:
    right = np.ones((1, 2), dtype=bool)
    with pytest.raises(ValueError, match="same problems: 2 in one only, such as x, y"):
        compare(
            side("a", right, (0,), ("p", "x")), side("b", right, (0,), ("p", "y")), "answer", np.arange(2), draw(2, 1)
        )
    with pytest.raises(ValueError, match="another order"):
        compare(
            side("a", right, (0,), ("p", "x")), side("b", right, (0,), ("x", "p")), "answer", np.arange(2), draw(2, 1)
        )


def test_no_common_seed_is_refused() -> None:
    right = np.ones((1, 2), dtype=bool)
    with pytest.raises(ValueError, match="no seed in common"):
        compare(side("a", right, (0,)), side("b", right, (1,)), "answer", np.arange(2), draw(2, 1))


def test_holm_known() -> None:
    assert holm([0.01, None, 0.04, 0.03]) == pytest.approx((0.03, None, 0.06, 0.06))
    assert holm([None]) == (None,)
    assert holm([]) == ()


@settings(max_examples=25, deadline=None)  # statsmodels collects garbage at each call, which takes 0.05 s
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_monotone_and_never_below_raw(raw: list[float]) -> None:
    found = [p for p in holm(raw) if p is not None]
    assert all(r <= c <= 1 for r, c in zip(raw, found, strict=True))
    by_raw = [c for _, c in sorted(zip(raw, found, strict=True))]
    assert by_raw == sorted(by_raw)


def test_a_family_is_all_pairs_and_seeds() -> None:
    rng = np.random.default_rng(1)
    sides = [side(name, rng.random((2, 60)) < rate, (0, 1)) for name, rate in [("a", 0.2), ("b", 0.5), ("c", 0.9)]]
    draws = draw(60, 2, resamples=50)
    pairs = [compare(a, b, "answer", np.arange(60), draws) for a, b in [sides[:2], sides[1:], sides[::2]]]
    done = corrected(pairs)
    raw = [test.p for item in pairs for test in item.tests]
    assert tuple(test.p_holm for item in done for test in item.tests) == holm(raw)
    assert min(test.p_holm for item in done for test in item.tests) == pytest.approx(6 * min(raw))

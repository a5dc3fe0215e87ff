"""Risk-coverage curves: expected over all orders of equal scores, held against enumeration of those orders."""

from itertools import groupby, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.stats.selective import Ranked, aurc_gradient, block_aurc, oracle

SCORED = st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6)


def by_enumeration(outputs: list[tuple[int, bool]]) -> list[float]:
    """The mean risk at each coverage over every order that the scores leave open."""
    ordered = sorted(outputs, key=lambda output: -output[0])
    blocks = [[right for _, right in block] for _, block in groupby(ordered, key=lambda output: output[0])]
    orders = [[right for block in chosen for right in block] for chosen in product(*map(permutations, blocks))]
    risks = [[sum(not right for right in order[:k]) / k for k in range(1, len(order) + 1)] for order in orders]
    return [sum(column) / len(risks) for column in zip(*risks, strict=True)]


@given(SCORED)
def test_risk_is_the_mean_over_all_orders_of_equal_scores(outputs: list[tuple[int, bool]]) -> None:
    score, right = zip(*outputs, strict=True)
    ranked, expected = Ranked.of(score, right), by_enumeration(outputs)
    assert ranked.risks() == pytest.approx(expected)
    assert ranked.aurc == pytest.approx(sum(expected) / len(expected))
    assert ranked.curve().risk == pytest.approx(tuple(expected))


@given(SCORED, st.randoms(use_true_random=False))
def test_the_order_in_the_file_makes_no_difference(outputs: list[tuple[int, bool]], rng: object) -> None:
    shuffled = list(outputs)
    rng.shuffle(shuffled)
    one, other = (Ranked.of(*zip(*some, strict=True)).aurc for some in (outputs, shuffled))
    assert one == pytest.approx(other)


@given(SCORED)
def test_no_score_beats_the_oracle(outputs: list[tuple[int, bool]]) -> None:
    score, right = zip(*outputs, strict=True)
    assert oracle(right).aurc <= Ranked.of(score, right).aurc + 1e-12
    assert (oracle(right).risks() <= Ranked.of(score, right).risks() + 1e-12).all()


def test_a_score_that_says_nothing_has_the_error_rate_everywhere() -> None:
    ranked = Ranked.of([7.0] * 10, [True] * 6 + [False] * 4)
    assert ranked.risks() == pytest.approx([0.4] * 10) and ranked.aurc == pytest.approx(0.4)


def test_known_curve() -> None:
    ranked = Ranked.of([3, 2, 1, 0], [True, False, True, False])
    assert ranked.risks() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert ranked.aurc == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_blocks_that_no_resample_drew_change_nothing() -> None:
    sizes, wrong = np.array([0.0, 2, 0, 3, 0]), np.array([0.0, 1, 0, 3, 0])
    assert block_aurc(sizes, wrong) == pytest.approx(block_aurc(sizes[[1, 3]], wrong[[1, 3]]))


@given(SCORED, st.data())
def test_a_resample_is_the_curve_of_the_outputs_drawn(outputs: list[tuple[int, bool]], data: st.DataObject) -> None:
    """An output that is drawn twice stands there twice."""
    often = data.draw(st.lists(st.integers(0, 3), min_size=len(outputs), max_size=len(outputs)).filter(any))
    score, right = zip(*outputs, strict=True)
    ranked = Ranked.of(score, right)
    table = np.zeros((2, len(outputs), len(ranked.sizes)))
    for at, (block, is_right) in enumerate(zip(ranked.block, right, strict=True)):
        table[:, at, block] = 1, not is_right
    drawn = Ranked.of(np.repeat(score, often), np.repeat(right, often))
    assert block_aurc(*(np.asarray(often, float) @ part for part in table)) == pytest.approx(drawn.aurc)


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 1)), min_size=1, max_size=6))
def test_derivatives_are_finite_differences(blocks: list[tuple[int, float]]) -> None:
    sizes = np.array([size for size, _ in blocks], dtype=float)
    wrong = sizes * [share for _, share in blocks]
    step = 1e-5
    for at, (by_size, by_wrong) in enumerate(zip(*aurc_gradient(sizes, wrong), strict=True)):
        change = np.where(np.arange(len(sizes)) == at, step, 0.0)
        apart = block_aurc(sizes + change, wrong) - block_aurc(sizes - change, wrong)
        assert by_size == pytest.approx(apart / (2 * step), abs=1e-6)
        apart = block_aurc(sizes, wrong + change) - block_aurc(sizes, wrong - change)
        assert by_wrong == pytest.approx(apart / (2 * step), abs=1e-6)


def test_moves_are_what_one_more_output_of_many_does() -> None:
    rng = np.random.default_rng(1)
    right, score = rng.random(4000) < 0.6, rng.integers(0, 20, 4000)
    ranked = Ranked.of(score, right)
    for at in range(0, 4000, 500):
        for answer, moves in zip((True, False), ranked.moves(), strict=True):
            more = Ranked.of([*score, score[at]], [*right, answer])
            assert moves[at] == pytest.approx(more.aurc - ranked.aurc, abs=1e-6)


def test_many_outputs_keep_a_thousand_points_with_both_ends() -> None:
    curve = Ranked.of(np.arange(5000), np.arange(5000) % 3 > 0).curve()
    assert len(curve.coverage) == 1000
    assert curve.coverage[0] == pytest.approx(1 / 5000) and curve.coverage[-1] == 1


@pytest.mark.parametrize(("score", "right"), [([], []), ([1.0, float("nan")], [True, False]), ([1.0], [True, False])])
def test_what_cannot_be_ranked_is_refused(score: list[float], right: list[bool]) -> None:
    with pytest.raises(ValueError, match="do not rank"):
        Ranked.of(score, right)

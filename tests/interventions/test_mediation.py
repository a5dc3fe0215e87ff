"""Direct and indirect effects: worked out by hand, and as plain loops count them."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from tracekd.interventions.effect import Effect
from tracekd.interventions.measures import measure
from tracekd.interventions.mediation import Mediation
from tracekd.stats.estimate import Measure

PARTS = ("direct", "indirect", "direct_after_second", "indirect_in_first")
# Whether the answers of (student, trace) are right, by problem.
Answers = Mapping[tuple[str, str], str]


def effects(answers: Answers, seed: int = 0) -> Iterator[Effect]:
    """`1` is right, `0` wrong, `-` not supported."""
    for (student, trace), marks in answers.items():
        condition = "own" if student == trace else f"cross({trace})"
        for at, mark in enumerate(marks):
            yield Effect(
                id=f"{at:03}", group=f"g{at}", label="a", regime=student, student="s", seed=seed, condition=condition,
                right=mark == "1", unsupported="no trace" if mark == "-" else None,
            )  # fmt: skip


def mediation(*found: Effect) -> Mediation:
    (one,) = measure(found).mediations
    return one


def value(measured: Measure) -> float:
    assert measured.value is not None
    return measured.value


def test_effects_worked_out_by_hand() -> None:
    """Of eight problems, two are left out: one student wrote no trace there."""
    answers = {("a", "a"): "1111000-", ("a", "b"): "110000-1", ("b", "a"): "11111011", ("b", "b"): "1000001-"}
    found = mediation(*effects(answers))
    assert (found.first, found.second, found.n, found.seeds) == ("a", "b", 6, (0,))
    assert value(found.total) == pytest.approx((1 - 4) / 6)
    assert value(found.direct.difference) == pytest.approx((5 - 4) / 6)
    assert value(found.indirect.difference) == pytest.approx((1 - 5) / 6)
    assert value(found.direct_after_second.difference) == pytest.approx((1 - 2) / 6)
    assert value(found.indirect_in_first.difference) == pytest.approx((2 - 4) / 6)
    assert found.indirect.test.scope == "student"  # one seed: no test about regimes
    assert found.indirect.test.p is None


def test_the_parts_add_up_and_are_what_loops_count() -> None:
    rng = np.random.default_rng(5)
    names = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]
    rows, marks = list[Effect](), {}
    for seed in range(4):
        answers = {name: "".join(rng.choice(list("1110-"), size=40)) for name in names}
        marks[seed] = answers
        rows += effects(answers, seed)
    found = mediation(*rows)
    kept = [
        [marks[seed][name][at] for name in names] for seed in marks for at in range(40)
        if all(marks[seed][name][at] != "-" for name in names)
    ]  # fmt: skip
    aa, ab, ba, bb = (np.mean([one[i] == "1" for one in kept]) for i in range(4))
    assert found.n == len(kept)
    assert value(found.total) == pytest.approx(bb - aa)
    assert value(found.direct.difference) == pytest.approx(ba - aa)
    assert value(found.indirect.difference) == pytest.approx(bb - ba)
    assert value(found.direct_after_second.difference) == pytest.approx(bb - ab)
    assert value(found.indirect_in_first.difference) == pytest.approx(ab - aa)
    for direct, indirect in (("direct", "indirect"), ("direct_after_second", "indirect_in_first")):
        both = value(getattr(found, direct).difference) + value(getattr(found, indirect).difference)
        assert both == pytest.approx(value(found.total))


def test_an_effect_through_the_trace_alone_is_indirect_and_nothing_else() -> None:
    """Both students answer rightly after the traces of `a`, and mostly wrongly after those of `b`."""
    rows = list[Effect]()
    for seed in range(5):
        after_b = "".join("1" if (at + seed) % 9 == 0 else "0" for at in range(60))
        rows += effects({("a", "a"): "1" * 60, ("b", "a"): "1" * 60, ("a", "b"): after_b, ("b", "b"): after_b}, seed)
    found = mediation(*rows)
    assert value(found.direct.difference) == 0 and found.direct.explained_away is None
    indirect = found.indirect
    assert value(indirect.difference) == pytest.approx(value(found.total))
    assert indirect.test.p_holm is not None and indirect.test.p_holm < 0.01
    assert indirect.difference.ci is not None
    # The end nearest to 0 is how far forcing alone would have to move answers.
    assert indirect.explained_away == pytest.approx(-indirect.difference.ci[1])
    assert 0.7 < indirect.explained_away < 0.9


def test_holm_is_over_the_parts_of_all_pairs() -> None:
    rng = np.random.default_rng(0)
    regimes = ("a", "b", "c")
    rows = list[Effect]()
    for seed in range(3):
        answers = {(one, other): "".join(rng.choice(list("10"), size=30)) for one in regimes for other in regimes}
        rows += effects(answers, seed)
    found = measure(rows).mediations
    assert [(one.first, one.second) for one in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    tests = [getattr(one, name).test for one in found for name in PARTS]
    least = min(tests, key=lambda test: test.p or 1)
    assert least.p is not None and least.p_holm == pytest.approx(min(1, least.p * len(tests)))


def test_without_both_crossings_there_is_none() -> None:
    answers = {("a", "a"): "10", ("a", "b"): "10", ("b", "b"): "11"}
    assert measure(effects(answers)).mediations == ()

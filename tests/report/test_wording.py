"""Sentences claim what the corrected tests show, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.report import wording
from tracekd.report.content import CellTimes, ReportContent
from tracekd.stats.association import StepAnswer
from tracekd.stats.clusters import MeanSquares
from tracekd.stats.estimate import Measure, Share
from tracekd.stats.inference import Test, scope_of
from tracekd.stats.pairs import Equivalence, LeftOut, Pair
from tracekd.stats.power import Detectable
from tracekd.stats.strata import CarriedBy

SHARES = st.floats(-1, 1, allow_nan=False)
PROBABILITIES = st.none() | st.floats(0, 1)


def pair(
    value: float, p: float | None, first: str = "a", second: str = "b", outcome: str = "answer", seeds: int = 3,
    p_equivalence: float | None = None,
) -> Pair:  # fmt: skip
    return Pair(
        model="s", outcome=outcome, first=first, second=second, seeds=tuple(range(seeds)), problems=9, groups=9, pairs=9,
        left_out=LeftOut(first=0, second=0), counts=(1, 2, 3, 3), seeds_counts=((1, 2, 3, 3),),
        difference=Measure(value=value, ci=(value - 0.1, value + 0.1), n=9, per_seed=(value,)),
        test=Test(scope=scope_of(seeds), p=p, p_holm=p),
        equivalence=Equivalence(margin=0.03, p=p_equivalence, p_holm=p_equivalence),
        spread=MeanSquares(groups=9, seeds=seeds, between_groups=1, between_seeds=1, rest=1),
        detectable=Detectable(difference=0.1),
    )  # fmt: skip


def association(phi: Measure, p: float | None, carried_by: CarriedBy | None = None, seeds: int = 3) -> StepAnswer:
    half = Share(right=1, n=2, rate=0.5, ci=(0.1, 0.9), per_seed=(0.5,))
    conditional = dict.fromkeys(
        ("answer_right_given_step_right", "answer_right_given_step_wrong", "step_right_given_answer_right"), half
    )
    return StepAnswer(
        counts=(1, 1, 1, 1), seeds=((1, 1, 1, 1),), joint={}, conditional=conditional, phi=phi, odds_ratio=phi,
        mutual_information=phi, test=Test(scope=scope_of(seeds), p=p, p_holm=p), classes=None, carried_by=carried_by,
    )  # fmt: skip


@given(SHARES, PROBABILITIES, st.sampled_from(["answer", "trace"]))
def test_a_difference_is_claimed_if_and_only_if_its_corrected_test_shows_it(
    value: float, p: float | None, outcome: str
) -> None:
    said = wording.difference_sentence(outcome, pair(value, p, "one", "two"))  # type: ignore[arg-type]
    shown = p is not None and p < 0.05 and value != 0
    assert ("No difference" in said) != shown
    assert ("more right" in said) == shown
    if shown:
        higher = "one" if value > 0 else "two"
        assert said.startswith(f"\u2018{higher}\u2019 had more right {outcome}s")


def test_the_numbers_of_a_difference_are_turned_with_it() -> None:
    said = wording.difference_sentence("answer", pair(-0.2, 0.01))
    numbers = "+20.0 points, 95\u00a0% interval 10.0 to 30.0; p 0.010"
    assert said == f"\u2018b\u2019 had more right answers than \u2018a\u2019 ({numbers})."


@given(SHARES, PROBABILITIES, PROBABILITIES)
def test_as_good_is_said_if_and_only_if_equivalence_was_shown(
    value: float, p: float | None, p_equivalence: float | None
) -> None:
    said = wording.difference_sentence("answer", pair(value, p, p_equivalence=p_equivalence))
    shown = p_equivalence is not None and p_equivalence < 0.05
    assert ("declared margin of 3 points" in said) == shown
    if "as good as each other" in said:
        assert shown
        assert "No difference" not in said


@given(SHARES, PROBABILITIES)
def test_one_seed_claims_nothing_of_regimes(value: float, p: float | None) -> None:
    said = wording.difference_sentence("answer", pair(value, None, seeds=1))
    assert "this says nothing about their regimes" in said
    assert "had more right" not in said
    found = wording.association_sentence("correct", association(Measure(value=0.3, ci=(0.2, 0.4), n=9), p, seeds=1))
    assert "the only student" in found


@given(SHARES, PROBABILITIES)
def test_an_association_is_claimed_if_and_only_if_its_corrected_test_shows_it(value: float, p: float | None) -> None:
    said = wording.association_sentence("correct", association(Measure(value=value, ci=(value, value), n=9), p))
    shown = p is not None and p < 0.05 and value != 0
    assert ("no association" in said) != shown
    assert ("right traces went with right answers" in said) == (shown and value > 0)
    assert ("right traces went with wrong answers" in said) == (shown and value < 0)


def test_a_class_that_carries_an_association_is_named() -> None:
    rest = CarriedBy(
        label="path-finding", phi=Measure(value=0.01, ci=(-0.1, 0.12), n=9), test=Test(scope="regime", p=0.8)
    )
    said = wording.association_sentence("correct", association(Measure(value=0.8, ci=(0.7, 0.9), n=9), 0.001, rest))
    assert "It comes from the questions of \u2018path-finding\u2019" in said
    assert "phi 0.01" in said
    not_shown = association(Measure(value=0.1, ci=(-0.1, 0.3), n=9), 0.4, rest)
    assert "path-finding" not in wording.association_sentence("correct", not_shown)


@pytest.mark.parametrize("value", [None, 0.5])
def test_without_an_interval_nothing_is_claimed(value: float | None) -> None:
    phi = Measure(value=value, n=9, reason="a margin is empty")
    said = wording.association_sentence("correct", association(phi, None))
    assert "a margin is empty" in said
    assert "went with" not in said


def test_many_pairs_without_a_difference_are_counted_and_those_with_one_named() -> None:
    none = [pair(0.0, 0.9, "a", f"b{i}") for i in range(6)]
    said = wording.differences_sentence("answer", [*none, pair(0.2, 0.001, "c", "d")])
    assert "\u2018c\u2019 had more right answers than \u2018d\u2019" in said
    assert "No difference was shown for the other 6 pairs" in said
    assert "for all 6 pairs" in wording.differences_sentence("answer", none)


def test_traces_are_not_compared_where_none_is_asked_for() -> None:
    assert wording.differences_sentence("trace", [pair(-0.85, 0.001, "answer_only", "correct", "trace")]) == ""


def test_in_short_names_every_regime_and_says_what_association_is_not(make_content: object) -> None:
    content = make_content()  # type: ignore[operator]
    assert isinstance(content, ReportContent)
    said = dict(wording.in_short(content))
    for regime in content.regimes:
        assert all(f"\u2018{regime}\u2019" in said[heading] for heading in ("Answers", "Traces"))
    assert "\u2018answer_only\u2019 is not asked for a trace." in said["Traces"]
    assert "\u2018answer_only\u2019" not in said["Traces compared"]
    assert said["Trace and answer"].endswith(wording.NOT_RELIANCE)
    assert wording.ESTIMAND in said["Bear in mind"]
    assert content.declared in said["Bear in mind"]


def test_one_seed_is_said_to_be_one(make_content: object) -> None:
    content = make_content(seeds=(0,), stories=2)  # type: ignore[operator]
    said = " ".join(wording.caveats(content))
    assert "one seed" in said
    assert "only 6 groups" in said


def test_trainings_that_went_as_planned_are_not_warned_of() -> None:
    assert wording.training_warnings([CellTimes("c", 9, 9, 0, 1.0, 1.0, 1.0, False, 1)]) == []


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(items: list[str], said: str) -> None:
    assert wording.listed(items) == said

"""Sentences claim what the numbers show, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracekd.stats.bootstrap import draw
from tracekd.stats.intervals import Estimate, Interval
from tracekd.stats.paired import Comparison, Difference

from tracekd.report import wording
from tracekd.report.content import CellTimes, ReportContent
from tracekd.stats.association import Association, associate

SHARES = st.floats(-1, 1, allow_nan=False)


@st.composite
def intervals(see: st.DrawFn) -> Interval:
    low, high = sorted((see(SHARES), see(SHARES)))
    return Interval(low=low, high=high, method="crossed_bootstrap")


def comparison(low: float, high: float, first: str = "a", second: str = "b") -> Comparison:
    interval = Interval(low=low, high=high, method="crossed_bootstrap")
    return Comparison(
        student="s", outcome="answer", first=first, second=second, seeds=(0,), problems=9, groups=9, tests=(),
        difference=Difference(value=(low + high) / 2, interval=interval, per_seed=((low + high) / 2,)),
    )  # fmt: skip


def association(phi: Estimate) -> Association:
    found = associate("trace", [[1, 1, 0, 0]], [[1, 0, 1, 0]], [0], [0, 1, 2, 3], draw(4, 1, resamples=50))
    return found.model_copy(update={"phi": phi})


@given(intervals(), SHARES, st.sampled_from(["answer", "trace"]))
def test_no_difference_if_and_only_if_the_interval_includes_zero(
    interval: Interval, value: float, outcome: str
) -> None:
    difference = Difference(value=value, interval=interval, per_seed=(value,))
    said = wording.difference_sentence(outcome, "one", "two", difference)
    assert ("No difference" in said) == (interval.low <= 1e-9 and interval.high >= -1e-9)
    assert ("more right" in said) != ("No difference" in said)
    if "more right" in said:
        higher = "one" if interval.low > 0 else "two"
        assert said.startswith(f"\u2018{higher}\u2019 had more right {outcome}s")


def test_the_numbers_of_a_difference_are_turned_with_it() -> None:
    below = wording.difference_sentence("answer", "a", "b", comparison(-0.3, -0.1).difference)
    assert (
        below
        == "\u2018b\u2019 had more right answers than \u2018a\u2019 (+20.0 points, 95\u00a0% interval 10.0 to 30.0)."
    )


def test_an_end_that_is_zero_but_for_rounding_is_zero() -> None:
    assert wording.direction(Interval(low=5e-18, high=0.2, method="crossed_bootstrap")) == "none"


@given(intervals(), SHARES)
def test_no_association_if_and_only_if_the_interval_includes_zero(interval: Interval, value: float) -> None:
    phi = Estimate(value=value, interval=interval, per_seed=(value,))
    said = wording.association_sentence("correct", association(phi))
    assert ("no association" in said) == (interval.low <= 1e-9 and interval.high >= -1e-9)
    assert ("right traces went with right answers" in said) == (interval.low > 1e-9)
    assert ("right traces went with wrong answers" in said) == (interval.high < -1e-9)


@pytest.mark.parametrize("value", [None, 0.5])
def test_without_an_interval_nothing_is_claimed(value: float | None) -> None:
    phi = Estimate(value=value, interval=None, per_seed=(value,), reason="a margin is empty")
    said = wording.association_sentence("correct", association(phi))
    assert "a margin is empty" in said
    assert "went with" not in said


def test_many_pairs_without_a_difference_are_counted_and_those_with_one_named() -> None:
    none = [comparison(-0.1, 0.1, "a", f"b{i}") for i in range(6)]
    said = wording.differences_sentence("answer", [*none, comparison(0.1, 0.3, "c", "d")])
    assert "\u2018c\u2019 had more right answers than \u2018d\u2019" in said
    assert "No difference was shown for the other 6 pairs" in said
    assert "for all 6 pairs" in wording.differences_sentence("answer", none)


def test_traces_are_not_compared_where_none_is_asked_for() -> None:
    said = wording.differences_sentence("trace", [comparison(-0.9, -0.8, "answer_only", "correct")])
    assert said == ""


def test_in_short_names_every_regime_and_says_what_association_is_not(make_content: object) -> None:
    content = make_content()  # type: ignore[operator]
    assert isinstance(content, ReportContent)
    said = dict(wording.in_short(content))
    for regime in content.regimes:
        assert all(f"\u2018{regime}\u2019" in said[heading] for heading in ("Answers", "Traces"))
    assert "\u2018answer_only\u2019 is not asked for a trace." in said["Traces"]
    assert "\u2018answer_only\u2019" not in said["Traces compared"]
    assert said["Trace and answer"].endswith(wording.NOT_RELIANCE)


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

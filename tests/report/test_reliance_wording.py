"""Sentences on interventions: each holds if and only if the numbers do."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.interventions.measures import Measured, RelianceDifference
from tracekd.report import reliance_wording
from tracekd.report.content import ReportContent
from tracekd.report.layout import by_student
from tracekd.stats.intervals import Interval

Make = Callable[..., ReportContent]
shares = st.floats(0, 1)


def interval(low: float, high: float) -> Interval:
    return Interval(low=low, high=high, method="crossed_bootstrap")


@given(st.tuples(shares, shares).map(sorted))
def test_most_is_said_only_where_the_whole_interval_is_on_one_side(ends: list[float]) -> None:
    said = reliance_wording._most(interval(*ends))
    assert ("cannot be told" in said) == (ends[0] <= 0.5 <= ends[1])
    assert ("not read off" in said) == (ends[1] < 0.5)


@given(st.tuples(shares, shares).map(sorted), st.tuples(shares, shares).map(sorted))
def test_of_intervals_that_meet_nothing_is_said(first: list[float], second: list[float]) -> None:
    said = reliance_wording._gap(interval(*first), interval(*second))
    assert bool(said) == (first[0] > second[1] or second[0] > first[1])
    assert ("rests on it" in said) == (first[0] > second[1])


@pytest.mark.parametrize(
    ("value", "ends", "said"),
    [
        (0.2, (0.1, 0.3), "\u2018one\u2019 did so more often than \u2018two\u2019 (+20.0 points"),
        (-0.2, (-0.3, -0.1), "\u2018two\u2019 did so more often than \u2018one\u2019 (+20.0 points"),
        (0.1, (-0.1, 0.3), "No difference in this was shown"),
    ],
)
def test_the_regime_that_relies_more_is_named_if_one_does(value: float, ends: tuple[float, float], said: str) -> None:
    follows = Measured(value=value, interval=interval(*ends), per_seed=(value,), n=9)
    found = RelianceDifference(student="s", first="one", second="two", seeds=(0,), follows=follows)
    assert reliance_wording._difference(found).startswith(said)


def test_right_traces_without_more_right_answers_are_told_from_those_with(make_content: Make) -> None:
    (part,) = by_student(make_content())
    trace, answer = (
        next(c for c in part.of(o) if (c.first, c.second) == ("correct", "incorrect")) for o in ("trace", "answer")
    )

    def said(*ends: float) -> str:
        difference = answer.difference.model_copy(update={"interval": interval(*ends)})
        other = replace(part, comparisons=(trace, answer.model_copy(update={"difference": difference})))
        return reliance_wording._pair(other, "correct", "incorrect")

    assert "‘correct’ had more right traces than ‘incorrect’" in said(-0.1, 0.1)
    assert "no difference in right answers was shown" in said(-0.1, 0.1)
    assert "and more right answers, too" in said(0.1, 0.2)
    assert "and fewer right answers" in said(-0.2, -0.1)


def test_without_the_decisive_condition_no_reliance_is_claimed(make_content: Make) -> None:
    content = make_content()
    found = content.interventions
    assert found.reliance is not None
    cells = tuple(
        cell.model_copy(
            update={"conditions": tuple(c for c in cell.conditions if c.condition != "implied"), "by_label": ()}
        )
        for cell in found.reliance.cells
    )
    less = replace(found, reliance=found.reliance.model_copy(update={"cells": cells, "differences": ()}))
    (part,) = by_student(content)
    assert "could not be tried" in reliance_wording.in_short(part, less)
    assert all("nothing can be said" in said for said in reliance_wording.relied_on(part, less))

"""Sentences on interventions: each holds if and only if the numbers do."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.interventions.disbelief import Disbelief, Kept
from tracekd.interventions.measures import LabelReliance, Reliance, RelianceDifference, UnderCondition
from tracekd.report import reliance, reliance_wording
from tracekd.report.content import ReportContent
from tracekd.report.disbelief_wording import disbelief_sentences
from tracekd.report.layout import by_student
from tracekd.stats.estimate import Ends, Measure
from tracekd.stats.inference import Test

Make = Callable[..., ReportContent]
shares = st.floats(0, 1)


def relying(follows: Ends, by_class: Sequence[float]) -> Reliance:
    """Whoever follows the implied answer that often in the classes of the question."""

    def measured(value: float) -> Measure:
        return Measure(value=value, ci=follows, per_seed=(value,), n=9)

    nothing = Measure(value=None, per_seed=(None,), n=0, reason="nothing to measure")
    labels = (
        LabelReliance(label=f"c{at}", problems=9, follows=measured(value), follows_from_right=nothing)
        for at, value in enumerate(by_class)
    )
    return Reliance(
        student="s", regime="r", seeds=(0,), problems=9, groups=3, conditions=(), early_area=nothing, published={}, steps=None,
        by_label=tuple(labels),
    )  # fmt: skip


@given(st.tuples(shares, shares).map(sorted), st.lists(shares, min_size=1, max_size=3))
def test_most_is_said_only_where_interval_and_classes_are_on_one_side(ends: list[float], by_class: list[float]) -> None:
    said = reliance_wording._most(relying((ends[0], ends[1]), by_class), (ends[0], ends[1]))
    differs = min(by_class) < 0.5 < max(by_class)
    assert ("differs by class" in said) == differs
    assert ("cannot tell" in said) == (not differs and ends[0] <= 0.5 <= ends[1])
    assert ("did not come from" in said) == (not differs and ends[1] < 0.5)


@given(st.tuples(shares, shares).map(sorted), st.tuples(shares, shares).map(sorted))
def test_of_intervals_that_meet_nothing_is_said(first: list[float], second: list[float]) -> None:
    said = reliance_wording._gap((first[0], first[1]), (second[0], second[1]))
    assert bool(said) == (first[0] > second[1] or second[0] > first[1])
    assert ("than it follows a forced trace" in said) == (first[0] > second[1])


@pytest.mark.parametrize(
    ("value", "p", "said"),
    [
        (
            0.2,
            0.01,
            "The implied answer is given more often with \u2018one\u2019 than with \u2018two\u2019 (+20.0 points",
        ),
        (
            -0.2,
            0.01,
            "The implied answer is given more often with \u2018two\u2019 than with \u2018one\u2019 (+20.0 points",
        ),
        (0.1, 0.2, "No difference in the share of implied answers was shown"),
    ],
)
def test_the_regime_that_relies_more_is_named_if_one_does(value: float, p: float, said: str) -> None:
    follows = Measure(value=value, ci=(value - 0.1, value + 0.1), per_seed=(value, value), n=9)
    test = Test(scope="regime", p=p, p_holm=p)
    found = RelianceDifference(student="s", first="one", second="two", seeds=(0, 1), follows=follows, test=test)
    assert reliance_wording._difference(found).startswith(said)


def test_right_traces_without_more_right_answers_are_told_from_those_with(make_content: Make) -> None:
    (part,) = by_student(make_content())
    trace, answer = (
        next(c for c in part.of(o) if (c.first, c.second) == ("correct", "incorrect")) for o in ("trace", "answer")
    )
    surely = {"test": trace.test.model_copy(update={"p_holm": 0.001})}

    def said(value: float, p: float, p_equivalence: float = 0.9) -> str:
        changed = {
            "difference": answer.difference.model_copy(update={"value": value}),
            "test": answer.test.model_copy(update={"p_holm": p}),
            "equivalence": answer.equivalence.model_copy(update={"p_holm": p_equivalence}),
        }
        other = replace(part, comparisons=(trace.model_copy(update=surely), answer.model_copy(update=changed)))
        return reliance_wording._pair(other, "correct", "incorrect")

    assert "‘correct’ had more right traces than ‘incorrect’" in said(0.01, 0.6)
    assert "no difference in right answers was shown" in said(0.01, 0.6)
    assert "their shares of right answers were equivalent within the declared margin" in said(0.01, 0.6, 0.01)
    assert "and also more right answers" in said(0.1, 0.001)
    assert "and fewer right answers" in said(-0.1, 0.001)


def on_reliance(texts: Sequence[str]) -> list[str]:
    """Without those on other topics, which have a colon after the regime."""
    return [text for text in texts if re.match("With \u2018[^\u2019]+\u2019,", text)]


def test_without_the_decisive_condition_no_reliance_is_claimed(make_content: Make) -> None:
    content = make_content()
    (part,) = by_student(content)

    def said(conditions: Callable[[Reliance], Sequence[UnderCondition]]) -> list[str]:
        found = content.interventions
        assert found.reliance is not None
        changed = ({"conditions": tuple(conditions(cell)), "by_label": ()} for cell in found.reliance.cells)
        cells = tuple(cell.model_copy(update=one) for cell, one in zip(found.reliance.cells, changed, strict=True))
        less = replace(found, reliance=found.reliance.model_copy(update={"cells": cells, "differences": ()}))
        return [reliance_wording.in_short(part, less), *on_reliance(reliance_wording.relied_on(part, less))]

    def unsupported(cell: Reliance) -> list[UnderCondition]:
        implied = cell.under("implied")
        assert implied is not None
        nothing = Measure(value=None, per_seed=(None, None), n=0, reason="nothing to measure")
        return [implied.model_copy(update={"unsupported": {"no rule": implied.n}, "follows": nothing})]

    not_asked = said(lambda cell: [c for c in cell.conditions if c.condition != "implied"])
    assert all("`implied` is not among the conditions" in text for text in not_asked)
    assert all("there is no trace to test it with (no rule)" in text for text in said(unsupported))


def test_of_answers_that_follow_from_nothing_cited_no_gap_is_said(make_content: Make) -> None:
    content = make_content()
    (part,) = by_student(content)
    cells = tuple(
        cell.model_copy(update={"unparsed": cell.unparsed.model_copy(update={"retrieval": 9 * cell.n // 10})})
        for cell in part.cells
    )
    for text in on_reliance(reliance_wording.relied_on(replace(part, cells=cells), content.interventions)):
        assert "most outputs cite no readable facts" in text and "more often than it follows" not in text


def test_why_there_is_nothing(make_content: Make) -> None:
    content = make_content()
    nothing = replace(content.interventions, reliance=None)
    assert "is finished and has interventions: a table gives the reasons" in reliance_wording.why_none(
        replace(content, interventions=nothing)
    )
    untraced = replace(content, interventions=nothing, regimes={"answer_only": "no trace"})
    assert "teaches its students to write a trace" in reliance_wording.why_none(untraced)


@pytest.mark.parametrize(
    ("flips", "ends", "said"),
    [
        (
            0.1,
            (0.05, 0.2),
            "90.0\u00a0% (80.0 to 95.0) of the problems: in most problems, the trace was sufficient",
        ),
        (0.9, (0.8, 0.95), "in most problems, the trace was not sufficient"),
        (0.45, (0.3, 0.6), "cannot tell whether it is sufficient"),
    ],
)
def test_whether_a_trace_is_sufficient_is_said_if_it_was_tried(
    make_content: Make, flips: float, ends: tuple[float, float], said: str
) -> None:
    found = make_content().interventions.reliance
    assert found is not None
    (reliance, *_) = found.cells
    alone = reliance.under("trace_only")
    assert alone is not None
    changed = alone.model_copy(update={"flips": Measure(value=flips, ci=ends, n=9)})
    cut = changed.model_copy(update={"condition": "blocked(trace)"})

    def sentences(*conditions: UnderCondition) -> str:
        return " ".join(reliance_wording._hidden(reliance.model_copy(update={"conditions": conditions})))

    assert said in sentences(changed)
    assert sentences(cut).startswith("When the answer could not attend to the trace, it changed in ")
    assert sentences() == ""


def kinds(story: Ends, less: float, p: float, scope: str = "regime") -> Disbelief:
    """Facts of the story that move so many answers, and altered facts that move so many fewer."""
    level = (story[0] + story[1]) / 2
    moved = Measure(value=max(0.0, level - less), ci=(0.0, 1.0), n=9)
    kept = Kept(
        condition="implied_by(altered)", moved=moved, kept=Measure(value=0.5, ci=(0.25, 0.75), n=9),
        less=Measure(value=less, ci=(less - 0.1, less + 0.1), n=9),
        test=Test.model_validate({"scope": scope, "p": p, "p_holm": p}),
    )  # fmt: skip
    return Disbelief(story=Measure(value=level, ci=story, n=9), others=(kept,))


def test_disbelief_is_claimed_only_if_a_test_shows_it() -> None:
    shown = " ".join(disbelief_sentences(kinds((0.7, 0.9), 0.4, 0.001)))
    assert "altered facts kept 50.0\u00a0% (25.0 to 75.0) of the effect" in shown
    assert "is disbelief, not non-reliance" in shown and "most answers relied on these" in shown
    open_ = " ".join(disbelief_sentences(kinds((0.4, 0.6), 0.1, 0.3)))
    assert "No difference between facts of the story and altered facts was shown (+10.0 points" in open_
    assert "disbelief" not in open_ and "Most" not in open_
    turned = " ".join(disbelief_sentences(kinds((0.4, 0.6), -0.2, 0.001)))
    assert (
        "Altered facts moved it more often than facts of the story (+20.0 points" in turned
        and "disbelief" not in turned
    )


def test_non_reliance_is_not_called_disbelief() -> None:
    said = " ".join(disbelief_sentences(kinds((0.0, 0.1), 0.0, 0.9)))
    assert "Most answers were not moved by facts of the story either" in said and "is disbelief" not in said
    assert list(disbelief_sentences(None)) == []


def test_with_one_seed_disbelief_is_of_this_student_only() -> None:
    alone, several = (
        " ".join(disbelief_sentences(kinds((0.7, 0.9), 0.4, 0.001, scope))) for scope in ("student", "regime")
    )
    assert "about this student only" in alone and "about this student only" not in several


def test_what_each_kind_of_facts_moves_has_rows_if_it_was_tried(make_content: Make) -> None:
    content = make_content()
    (part,) = by_student(content)
    found = content.interventions
    assert found.reliance is not None

    def rows(tried: Disbelief | None) -> dict[str, str]:
        first, *rest = found.reliance.cells if found.reliance else ()
        cells = (first.model_copy(update={"disbelief": tried}), *rest)
        more = replace(found, reliance=found.reliance and found.reliance.model_copy(update={"cells": cells}))
        table = reliance.side_by_side(part, more)
        return {
            row.header: row.numbers[0].text for row in table.rows if row.header.startswith(("Moved", "Effect kept"))
        }

    assert rows(None) == {}
    shown = rows(kinds((0.7, 0.9), 0.4, 0.001))
    assert list(shown) == ["Moved by facts of the story", "Moved by altered facts", "Effect kept by altered facts"]
    assert sorted(shown.values()) == ["0.50", "40.0\u00a0%", "80.0\u00a0%"]

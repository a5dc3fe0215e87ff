"""The page as a whole: safe, offline, complete, the same each time."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tracekd.report.build import render_report
from tracekd.report.content import ReportContent
from tracekd.report.numbers import points
from tracekd.verify.verdict import Verdict

from .page import Page, check_ids, check_safe

Make = Callable[..., ReportContent]

SECTIONS = (
    "In short",
    "What was run",
    "Answers and traces",
    "Trace and answer",
    "Regimes compared",
    "Examples",
    "again",
)


@pytest.fixture(scope="module")
def html(make_content: Make) -> str:
    """An ordinary report. To render it takes a second."""
    return render_report(make_content())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_an_ordinary_report(make_content: Make, html: str, page: Page) -> None:
    content = make_content()
    check_safe(html, page)
    check_ids(page)
    assert html.startswith("<!DOCTYPE html>")
    for name in (*SECTIONS, *content.regimes, *content.regimes.values(), content.command, *content.summary.notes):
        assert name in page.text
    assert [tag for tag, _ in page.elements if tag == "h1"] == ["h1"]
    assert all(a.get("scope") for tag, a in page.elements if tag == "th")
    assert sum(tag == "caption" for tag, _ in page.elements) == sum(tag == "table" for tag, _ in page.elements)
    assert all(a.get("role") == "img" and a.get("aria-labelledby") for tag, a in page.elements if tag == "svg")
    assert "association, not reliance" in page.text
    assert "left out" in page.text
    assert "Warning" not in page.text
    assert page.text.count("What the student wrote") == len(content.examples) == 12


def test_other_answers_than_the_right_ones_are_said(make_content: Make, page: Page) -> None:
    assert "on the same problems with the same right answers; only the traces differ. Then" in page.text
    content = make_content()
    other = replace(
        content, regimes={**content.regimes, "counterfactual(0.5)": "other facts", "counterfactual(1)": "all"}
    )
    text = " ".join(Page(render_report(other)).text.split())
    assert (
        "on the same problems. The answers are right, except under counterfactual(0.5), counterfactual(1): there"
        in text
    )
    assert "only the traces differ" not in text


def test_the_same_content_gives_the_same_bytes(make_content: Make, html: str) -> None:
    assert render_report(make_content()) == html


@pytest.fixture(scope="module")
def hostile_html(hostile_content: ReportContent) -> str:
    return render_report(hostile_content)


def test_hostile_text_is_shown_and_nothing_else(hostile_html: str) -> None:
    html, page = hostile_html, Page(hostile_html)
    check_safe(html, page)
    check_ids(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "{{ 1 }}" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]", html)
    assert "\u27e8U+202E\u27e9" in page.text
    # What is left of a megabyte.
    assert len(html) < 400_000
    assert "1,258,007 more characters" in page.text


def test_warnings_are_to_be_seen(hostile_html: str) -> None:
    page = Page(hostile_html)
    assert "Warning" in page.text
    assert "The time budget ended the training of 1 cell" in page.text
    assert "4 of 2,004 in \u2018answer_only-tiny-s0\u2019" in page.text
    assert "Cells that failed: 1" in page.text
    assert "1 cell failed and is missing from all numbers" in page.text


@pytest.mark.parametrize("step", ["Trace", "Class step", "Retrieval step"])
def test_the_four_counts_sum_to_all_outputs(make_content: Make, page: Page, step: str) -> None:
    content = make_content()
    table = page.tables[f"{step} and answer, with 95\u00a0% intervals"]
    counts = [row[1:] for row in table if row[0].startswith("Outputs:")]
    assert len(counts) == 4
    assert [sum(int(n) for n in column) for column in zip(*counts, strict=True)] == [c.n for c in content.summary.cells]


def test_a_trace_that_is_not_asked_for_is_no_failure(page: Page) -> None:
    assert "Students of answer_only are not asked for a trace" in page.text
    (title,) = [said for said in page.said if said.startswith("Right answers and right traces by regime, with")]
    assert "answer_only: answer" in title
    assert "trace not asked for" in title


def test_regimes_stand_in_the_order_of_the_study(make_content: Make) -> None:
    content = make_content()
    turned = replace(content, regimes=dict(reversed(content.regimes.items())))
    table = Page(render_report(turned)).tables[
        "Rates by regime, over all outputs of all seeds, each with its 95\u00a0% interval"
    ]
    assert [name.split()[0] for name in table[0][1:]] == ["incorrect", "correct", "answer_only"]


def never_judged(verdict: Verdict) -> Verdict:
    return verdict.model_copy(update={"consistent": None})


def all_wrong(verdict: Verdict) -> Verdict:
    changes = {"trace": False, "answer": False, "class_step": "unparsed", "retrieval_step": "wrong", "consistent": None}
    return verdict.model_copy(update=changes)


@pytest.mark.parametrize(
    "options",
    [
        {"regimes": ("correct",), "seeds": (3,)},
        {"regimes": ("answer_only",), "seeds": (0,)},
        {"regimes": ("correct", "incorrect"), "seeds": (0,), "stories": 1},
        {"regimes": ("correct", "incorrect"), "students": ("tiny", "small"), "stories": 2},
        {"change": never_judged, "stories": 2},
        {"change": all_wrong, "stories": 2},
    ],
)
def test_small_and_degenerate_studies(make_content: Make, options: dict[str, object]) -> None:
    content = make_content(**options)
    html = render_report(content)
    page = Page(html)
    check_safe(html, page)
    check_ids(page)
    assert all(f"{cell.regime}" in page.text and cell.model in page.text for cell in content.summary.cells)
    assert "None" not in page.text
    assert not re.search(r"\bnan\b", page.text)


def test_nothing_to_show_but_numbers(make_content: Make) -> None:
    content = replace(
        make_content(), examples=(), times=(), versions={}, hashes={}, left_out={}, sides={}, groups={}, failures={}
    )
    page = Page(render_report(content))
    assert "There are no examples." in page.text
    assert "No problem was left out." in page.text


def test_a_report_of_nothing_is_refused(make_content: Make) -> None:
    content = make_content()
    with pytest.raises(ValueError, match="at least one"):
        render_report(replace(content, summary=content.summary.model_copy(update={"cells": ()})))


def test_what_was_intervened_on_stands_side_by_side(make_content: Make, page: Page) -> None:
    content = make_content()
    table = page.tables["Right, consistent, relied on, with 95\u00a0% intervals"]
    assert table[0] == ["Measure", "correct (seeds 0, 1)", "incorrect (seeds 0, 1)"]
    by_name = {row[0]: row[1:] for row in table}
    assert content.interventions.reliance is not None
    for at, reliance in enumerate(content.interventions.reliance.cells):
        implied = reliance.under("implied")
        assert implied is not None and implied.follows.value is not None
        assert by_name["Relied on"][at].startswith(f"{100 * implied.follows.value:.1f}\u00a0%")
        alone = reliance.under("trace_only")
        assert alone is not None and alone.flips.value is not None
        assert by_name["Answer changed without the story"][at].startswith(f"{100 * alone.flips.value:.1f}\u00a0%")
    assert "Answer changed, story hidden from it" not in by_name  # nobody tried it
    every = page.tables["correct (seeds 0, 1): answers after each trace, with 95\u00a0% intervals"]
    assert [row[0] for row in every[1:]] == list(content.interventions.conditions)
    published = page.tables["Measures of the literature, with 95\u00a0% intervals"]
    assert published[0] == ["Measure", "correct (seeds 0, 1)", "incorrect (seeds 0, 1)"]
    # The others need conditions that nobody tried.
    assert [row[0] for row in published[1:]] == ["SR", "NLDD", "Brier score", "calibration error"]
    for name, *values in published[1:]:
        for reliance, value in zip(content.interventions.reliance.cells, values, strict=True):
            measured = reliance.published[name].value
            assert measured is not None
            assert value.replace("\u2212", "-").startswith(f"{measured:.2f}")
    assert "not tried: no facts like the gold ones" in page.text
    assert "every student repeated its own answer" in page.text


def test_what_goes_through_the_trace_is_said(make_content: Make, page: Page) -> None:
    reliance = make_content().interventions.reliance
    assert reliance is not None
    (found,) = reliance.mediations
    table = page.tables["Direct and indirect effects on right answers, in points, with 95\u00a0% intervals"]
    assert table[1][0].startswith("correct to incorrect")
    shown = [found.total, found.direct.difference, found.direct_after_second.difference]
    shown += [found.indirect_in_first.difference, found.indirect.difference]
    for text, measured in zip(table[1][1:], shown, strict=True):
        assert measured.value is not None
        assert text.startswith(points(measured.value))
    assert "right answers change by" in page.text
    assert "Does the difference between regimes go through the trace?" not in render_report(
        make_content(regimes=("correct",))
    )


def test_what_could_not_be_intervened_on_is_said(make_content: Make, hostile_html: str) -> None:
    content = make_content()
    failures = {"correct-tiny-s0": "its cache cannot be shared"}
    nothing = replace(content.interventions, reliance=None, own_again=0, own_traces=0, failures=failures)
    page = Page(render_report(replace(content, interventions=nothing)))
    assert "No student that writes traces is finished and has interventions" in page.text
    assert page.tables["Cells that failed"][1] == ["correct-tiny-s0", "its cache cannot be shared"]
    assert "and is missing from all numbers" not in page.text  # it is not: only its interventions are

    not_asked = replace(nothing, conditions={}, failures={})
    assert "names no conditions" in Page(render_report(replace(content, interventions=not_asked))).text
    assert "3 times in" in Page(hostile_html).text

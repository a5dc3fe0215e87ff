"""The report of a study whose traces are judged as free ones."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tracekd.report.build import render_report
from tracekd.report.content import ReportContent, Shown
from tracekd.stats.summary import summarise
from tracekd.students.output import Output
from tracekd.tasks.babi import TASK
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge

from .page import Page, check_ids, check_safe

Make = Callable[..., ReportContent]
SAID = "{} Let me see. Therefore, the answer is {}. <script>alert(1)</script>"


@pytest.fixture(scope="module")
def content(make_content: Make) -> ReportContent:
    """Some problems of a made study, answered in free words under one regime and by the template under another."""
    ordinary, judge = make_content(), Judge.of(TASK, trace="auto")
    shown = []
    for problem in {one.problem.id: one.problem for one in ordinary.examples}.values():
        answer = render_answer(problem.answer)
        for regime, text in {
            "correct": SAID.format(problem.context[0].text, answer),
            "incorrect": f"<think>{TASK.template.render_trace(problem, problem.trace)}</think> <answer>{answer}</answer>",
        }.items():
            output = Output(
                id=problem.id, regime=regime, student="tiny", seed=0, text=text, token_ids=(), finish="stop"
            )
            shown.append(Shown(problem, output, judge.judge(problem, output)))
    return replace(ordinary, summary=summarise([one.verdict for one in shown]), examples=tuple(shown))


@pytest.fixture(scope="module")
def html(content: ReportContent) -> str:
    return render_report(content)


def test_free_traces_are_shown_statement_by_statement_and_all_others_as_before(
    content: ReportContent, html: str
) -> None:
    page = Page(html)
    check_safe(html, page)
    check_ids(page)
    free = [one.verdict.free for one in content.examples if one.verdict.free is not None]
    assert 0 < len(free) < len(content.examples)
    assert page.text.count("What the model wrote") == len(free)
    assert page.text.count("What the student wrote") == len(content.examples) - len(free)
    assert page.text.count("How to read the colours") == 1
    statements = [a for tag, a in page.elements if tag == "span" and a.get("role") == "group"]
    assert len(statements) == sum(one.total for one in free)
    assert "&lt;script" in html and "alert(1)" in page.text


def test_the_numbers_of_free_traces_are_those_of_the_summary(content: ReportContent, html: str) -> None:
    page = Page(html)
    found = [cell for cell in content.summary.cells if cell.free is not None]
    table = page.tables["Free traces, with 95\u00a0% intervals"]
    assert len(table[0]) == 1 + len(found)
    assert table[1][1:] == [f"{cell.free.outputs:,}" for cell in found if cell.free is not None]
    assert "of a free trace: it has a step, and every step holds" in page.text
    assert len(found) == 1 and "right traces (both steps right; of a free trace, all steps hold)" in page.text
    assert "A free trace is called right if" in page.text


def test_a_report_without_free_traces_says_nothing_of_them(make_content: Make) -> None:
    html = render_report(make_content())
    assert "free trace" not in html.lower() and "--quoted" not in html

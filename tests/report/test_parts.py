"""Numbers, characters that cannot be seen, figures, and outputs taken apart."""

import re

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem
from tracekd.report import numbers
from tracekd.report.content import Shown
from tracekd.report.examples import parts, view
from tracekd.report.figures import Bar, Group, Mosaic, intervals, mosaic
from tracekd.report.visible import bounded, visible
from tracekd.students.output import Output
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import TEMPLATE
from tracekd.trace import Classify, Retrieve, Trace
from tracekd.verify.judge import Judge

PROBLEM = Problem(
    id="p",
    task="babi",
    group="g",
    question="Where is Mary?",
    context=(Fact(id="1", text="Mary went to the office."), Fact(id="2", text="John went to the garden.")),
    answer=Answer(kind="one_of", values=("office",)),
    trace=Trace(steps=(Classify(label="single-supporting-fact"), Retrieve(facts=("1",)))),
    source="s:1",
)
CLASSIFIED = f"{TEMPLATE.classify} single-supporting-fact."
RETRIEVED = f"{TEMPLATE.retrieve} ['John went to the garden.']"


def shown(text: str) -> Shown:
    output = Output(id="p", regime="correct", student="s", seed=0, text=text, token_ids=(), finish="stop")
    return Shown(PROBLEM, output, Judge.of(TASK).judge(PROBLEM, output))


def named(text: str) -> list[tuple[str, str, str]]:
    found = parts(text, "stop", TEMPLATE, shown(text).verdict)
    return [(part.name, part.verdict, part.text) for part in found if part.name]


def test_a_whole_output_is_taken_apart() -> None:
    text = f"<think>{CLASSIFIED}\n{RETRIEVED}</think> <answer> office</answer>"
    assert named(text) == [
        ("class step", "right", CLASSIFIED),
        ("retrieval step", "wrong", RETRIEVED),
        ("answer", "right", "office"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("office", [("answer", "right", "office")]),
        ("", []),
        # Steps that do not stand in a trace are not credited, and not marked.
        (f"{CLASSIFIED} <answer>garden", [("answer", "wrong", "garden")]),
        ("<think></think><answer>answer</answer>", [("answer", "wrong", "answer")]),
        ("</think><think> office ", [("answer", "right", "office")]),
        (f"<think>{TEMPLATE.classify}</think>", [("class step", "unparsed", TEMPLATE.classify)]),
    ],
)
def test_odd_outputs(text: str, found: list[tuple[str, str, str]]) -> None:
    assert named(text) == found


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<answer>", "</answer>", "office", " ", "\n", TEMPLATE.classify]))
)
def test_the_parts_of_an_output_are_the_output(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(part.text for part in parts(text, "stop", TEMPLATE, shown(text).verdict)) == text


def test_gold_and_cited_facts_are_marked() -> None:
    found = view(1, shown(f"<think>{CLASSIFIED}\n{RETRIEVED}</think> <answer>attic</answer>"))
    assert [(fact.gold, fact.cited) for fact in found.facts] == [(True, False), (False, True)]
    assert found.judged == (("class step", "right"), ("retrieval step", "wrong"), ("answer", "wrong"))


def test_a_long_output_is_bounded() -> None:
    found = view(1, shown("x" * 5000))
    assert "".join(part.text for part in found.parts) == "x" * 2000
    assert found.cut == 3000


@given(st.text())
def test_everything_can_be_seen(text: str) -> None:
    found = visible(text)
    assert all(char in "\n\t" or char.isprintable() or char.isspace() or not char.isascii() for char in found)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e]", found)
    if text.isalnum():
        assert found == text


def test_bounds() -> None:
    assert (bounded("abc", 2).text, bounded("abc", 2).cut, bounded("abc", 3).cut) == ("ab", 1, 0)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (numbers.percent(0.12345), "12.3\u00a0%"),
        (numbers.percent(-0.0), "0.0\u00a0%"),
        (numbers.points(-0.051), "\u22125.1"),
        (numbers.points(0.051), "+5.1"),
        (numbers.points(-0.0001), "0.0"),
        (numbers.p_value(0.00099), "<0.001"),
        (numbers.p_value(0.05), "0.050"),
        (numbers.p_value(None), "\u2013"),
        (numbers.duration(59.97), "1\u00a0min 0\u00a0s"),
        (numbers.duration(3.21), "3.2\u00a0s"),
        (numbers.duration(7300), "2\u00a0h 1\u00a0min"),
        (numbers.memory(2**30), "1.0\u00a0GiB"),
        (numbers.memory(2**21), "2\u00a0MiB"),
    ],
)
def test_numbers(said: str, expected: str) -> None:
    assert said == expected


def test_figures_are_the_same_each_time_whatever_the_settings_of_the_user() -> None:
    groups = [Group("a $x^2$ <b>", (Bar("answer", 0.5, 0.4, 0.6, (0.4, 0.6), "50.0\u00a0%"),))]
    first = intervals("n", "a <title>", groups, limits=(0, 1), label="x")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        assert intervals("n", "a <title>", groups, limits=(0, 1), label="x") == first
        assert matplotlib.rcParams["font.size"] == 20
    assert "&lt;title&gt;" in first
    assert "a $x^2$ &lt;b&gt;" in first
    assert "http" not in first
    assert "#0a0b" not in first


@pytest.mark.parametrize("counts", [(1, 0, 0, 0), (0, 0, 0, 5), (3, 4, 5, 6), (0, 1, 0, 1)])
def test_mosaics_hold_their_counts(counts: tuple[int, int, int, int]) -> None:
    drawn = mosaic("m", "t", Mosaic(*counts))
    for n in counts:
        assert not n or f">{n}<" in drawn
    assert f"trace right: {counts[0] + counts[1]}" in drawn

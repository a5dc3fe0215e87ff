"""Verdicts on free traces in the terms of all verdicts; which outputs `auto` judges as free ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracekd
from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.transcript.transcript import Transcript
from tracekd.verify.judge import Judge
from tracekd.verify.reading import OutputRecord
from tracekd.verify.trace_kind import TRACE_KINDS, TraceKind
from tracekd.verify.verdict import Verdict

TASK = get_task("cotempqa")
FACTS = (
    "Ada plays for Rovers from 1990 to 1994.",
    "Bob plays for Rovers from 1992 to 1996.",
    "Eve plays for Rovers from 1997 to 1999.",
    "Gus plays for Rovers from 1988 to 1991.",
)
QUESTION = "While Ada was playing for Rovers, who was also playing for Rovers at the same time?"
PROBLEM = make_problem("overlap", QUESTION, FACTS, ("Bob", "Gus"), source="a test:1")
TEMPLATE = f"<think>{TASK.template.render_trace(PROBLEM, PROBLEM.trace)}</think> <answer>['Bob', 'Gus']</answer>"
FREE = (
    "Ada played for Rovers from 1990 to 1994. Bob: 1992-1996, which overlaps. Gus: 1988-1991. They overlap.\n"
    "The answer is Bob and Gus."
)
ALL = (PROBLEM, get_task("babi").example())
STORY = [fact.text for fact in ALL[1].context]
WORDS = st.sampled_from(
    [
        *FACTS, *STORY, FREE, *TEMPLATE.split("\n"), "<think>", "</think>", "<answer>", "</answer>", "Bob: 1995-1996.",
        "Wait, no.", "So ", "They overlap.", "The answer is Eve.", "\\boxed{Eve}", "\x00\x1b[31m", "<b>", "玛丽。", "\ud800",
        "\n\n- ", "?",
    ]
)  # fmt: skip


def judge(text: str, trace: str = "free", **more: str) -> Verdict:
    return tracekd.judge(PROBLEM, text, trace=trace, **more)  # type: ignore[arg-type]


def test_a_right_trace_in_other_words() -> None:
    verdict = judge(FREE)
    assert (verdict.status, verdict.trace, verdict.class_step) == ("ok", True, "right")
    assert verdict.cited == (FACTS[0], FACTS[1], FACTS[3])
    assert (verdict.recall, verdict.invented, verdict.consistent) == (1.0, 0, True)
    assert (verdict.answer, verdict.lenient_answer, verdict.answer_parsed) == (False, True, True)
    assert (
        verdict.reason
        == """answer is right only if read leniently: "The answer is Bob and Gus.", gold is ['Bob', 'Gus']"""
    )


def test_facts_used_that_are_a_gold_set_are_a_right_retrieval_step() -> None:
    verdict = judge(f"<think>{FACTS[1]} {FACTS[3]}</think><answer>['Bob', 'Gus']</answer>")
    assert (verdict.retrieval_step, verdict.retrieval["support"], verdict.f1) == ("right", "right", 1.0)
    assert judge("<think>Let me think.</think>").retrieval_step == "unparsed"
    assert judge(f"<think>{FACTS[2]}</think>").retrieval_step == "wrong"


def test_a_false_statement_is_named_with_its_reason() -> None:
    verdict = judge("<think>Bob: 1995-1996. Bob joined in 1992.</think><answer>['Bob', 'Gus']</answer>")
    assert verdict.answer and not verdict.trace
    assert verdict.reason.startswith("statement 1 is false: Bob: 1995-1996. (")


def test_a_wrong_answer_does_not_make_its_trace_wrong() -> None:
    verdict = judge(f"{FACTS[1]} The answer is Eve.")
    assert verdict.free is not None and verdict.free.counts["contradicted"] == 1
    assert verdict.trace and not verdict.lenient_answer
    assert verdict.reason == """answer is wrong: "The answer is Eve.", gold is ['Bob', 'Gus']"""


def test_only_an_answer_is_no_trace() -> None:
    verdict = judge("The answer is Bob and Gus.")
    assert (verdict.status, verdict.trace, verdict.lenient_answer) == ("no_trace", False, True)


BARE = {
    "['Bob', 'Gus']": True,
    "\n['Eve', 'Bob']\n": False,
    "Bob and Gus": False,
    "<answer>['Gus', 'Bob']</answer>": True,
}


@pytest.mark.parametrize(("text", "is_right"), BARE.items())
def test_a_bare_answer_makes_no_step(text: str, is_right: bool) -> None:
    verdict = judge(text)
    assert verdict.free is not None and verdict.free.steps == 0
    assert (verdict.status, verdict.trace, verdict.lenient_answer) == ("no_trace", False, is_right)


def test_the_trace_ends_where_the_answer_is_marked() -> None:
    verdict = judge(f"{FACTS[1]} {FACTS[3]} <answer>['Eve']</answer>")
    assert verdict.free is not None and verdict.free.total == verdict.free.holding_steps == 2
    assert (verdict.retrieval_step, verdict.trace, verdict.lenient_answer) == ("right", True, False)


def test_hidden_reasoning_is_never_a_right_trace() -> None:
    ready = Judge.of(TASK, trace="free")
    output = OutputRecord(FREE, "f:1", PROBLEM.id)
    prepared = ready.prepare(PROBLEM)
    hidden = ready.verdict(prepared, output, Transcript.of(FREE, is_hidden=True))
    assert hidden.free is not None and hidden.free.all_hold
    assert (hidden.status, hidden.trace, hidden.lenient_answer) == ("hidden", False, True)
    assert ready.verdict(prepared, output).trace


def test_auto_judges_by_the_template_only_where_it_is_used() -> None:
    assert judge(TEMPLATE, "auto") == judge(TEMPLATE, "template")
    assert judge(FREE, "auto") == judge(FREE, "free")
    cut_off = TEMPLATE[: TEMPLATE.index("</think>")]
    assert judge(cut_off, "auto", finish="length") == judge(cut_off, "template", finish="length")


def test_an_unknown_kind_of_trace_is_refused(no_grammar: str) -> None:
    with pytest.raises(UserError, match="'fre'"):
        judge(FREE, "fre")
    with pytest.raises(UserError, match=r"no grammar .*\n.*babi, cotempqa.*\n.*--trace template"):
        Judge.of(get_task(no_grammar), trace="auto")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(WORDS | st.text(max_size=12), max_size=12).map("".join), st.sampled_from(TRACE_KINDS), st.sampled_from(ALL)
)
def test_any_text_has_a_verdict(text: str, trace: TraceKind, problem: Problem) -> None:
    verdict = tracekd.judge(problem, text, trace=trace)
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict
    if trace == "template":
        assert verdict.free is None
    if (free := verdict.free) is None:
        return
    assert free.total == sum(free.counts.values()) == len(free.statements)
    assert free.holding_steps + free.false_steps + free.invented_steps <= free.steps <= free.claims
    assert verdict.trace == (free.all_hold and verdict.status != "hidden")
    said = Transcript.of(text)
    places = said.answer if said.reasoning is None else said.reasoning
    ends = 0
    for one in free.statements:
        assert ends <= one.start < one.end
        assert one.text == places[one.start : one.end][:300]
        ends = one.end


HOSTILE = {
    "sentences": "Bob: 1995-1996. " * 9000,
    "tags": "<b>" * 350_000,
    "controls": "\x1b[31m" * 200_000,
    "word": "x" * 10**6,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_bounded(name: str) -> None:
    assert len(judge(HOSTILE[name], "auto").model_dump_json()) < 150_000

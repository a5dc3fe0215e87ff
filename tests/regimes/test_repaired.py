"""`teacher(repaired)` and `teacher(false_claims)`, on traces whose errors are planted and on hand-made ones."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tracekd.problem import Problem
from tracekd.regimes import Setting, draw_trace, get_regime
from tracekd.regimes.repair import judged, repaired
from tracekd.sft.example import build_example
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.worlds.free_traces import ERRORS, MadeTrace, make_trace
from tracekd.worlds.free_traces.developed import DEVELOPED, DEVELOPED_STORIES

WORDINGS = {"babi": DEVELOPED_STORIES, "cotempqa": DEVELOPED}
NO_CLAIM_LEFT = "no claim of the teacher's trace holds before its first false statement"
NONE_FALSE = "no claim of the teacher's trace is false"


@pytest.fixture(params=["babi", "cotempqa"])
def taught(
    request: pytest.FixtureRequest, sample: Callable[..., Any]
) -> tuple[list[Problem], list[MadeTrace], Setting]:
    """Problems, a trace for each, half of them with an error, and a setting with these traces."""
    task, problems = request.param, sample(request.param, of=4).problems
    kinds = ERRORS[task]
    traces = [
        make_trace(problem, WORDINGS[task], 1, kinds[at // 2 % len(kinds)] if at % 2 else None)
        for at, problem in enumerate(problems)
    ]
    texts = {problem.id: trace.text for problem, trace in zip(problems, traces, strict=True)}
    return list(problems), traces, replace(Setting.of(get_task(task)), collected={"trace": texts})


def test_a_repaired_trace_ends_before_the_planted_error(taught: Any, drawn: Callable[..., Any]) -> None:
    cut = whole = 0
    problems, traces, setting = taught
    for problem, trace in zip(problems, traces, strict=True):
        made = drawn(problem, "teacher(repaired)", setting)
        false = next((claim for claim in trace.planted if claim.worth == "false"), None)
        if isinstance(made, str):
            assert made == NO_CLAIM_LEFT and false is not None
            continue
        text = setting.template.render_trace(problem, made)
        if text == trace.text:
            whole += 1
            assert false is None or false.error not in ("wrong place", "wrong time", "wrong holder"), trace
        else:
            cut += 1
            assert trace.text.startswith(text) and false is not None and len(text) <= false.start
            assert any(one.end == len(text.rstrip('"”')) for one in judged(problem, trace.text)), text
        assert all(one.grounding != "contradicted" for one in judged(problem, text))
    assert cut >= 10 and whole >= 0.45 * len(problems)


def test_false_claims_are_taught_whole_and_only_where_one_is_false(taught: Any, drawn: Callable[..., Any]) -> None:
    false = 0
    problems, traces, setting = taught
    for problem, trace in zip(problems, traces, strict=True):
        made = drawn(problem, "teacher(false_claims)", setting)
        if isinstance(made, str):
            assert made == NONE_FALSE
            continue
        false += 1
        assert trace.first_error is not None and setting.template.render_trace(problem, made) == trace.text
        example = build_example(problem, made, setting.template)
        assert example.completion[slice(*example.answer)] == render_answer(problem.answer)
        repaired = drawn(problem, "teacher(repaired)", setting)
        assert isinstance(repaired, str) or repaired != made
    assert false >= 15


PROBLEM = get_task("babi").example()  # Mary is in the garden; Daniel took the apple to the office; Sandra: hallway


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Daniel took the apple. Mary is in the office. So it is there.", "Daniel took the apple."),
        ("Daniel took the apple, so Mary is in the office.", "Daniel took the apple."),
        ("Daniel took the apple because Mary is in the office. Sandra is in the hallway.", "Daniel took the apple."),
        ("- Daniel took the apple\n- Mary is in the office\n", "- Daniel took the apple"),
        ("1. Daniel took the apple.\n2. Mary is in the office.", "1. Daniel took the apple."),
        ("**Daniel took the apple.**\n\n**Mary is in the office.**", "**Daniel took the apple.**"),
        ("**Daniel took the apple, so Mary is in the office.**", "**Daniel took the apple.**"),
        ("Daniel took the apple.\n\nNow for Mary:\nMary is in the office.", "Daniel took the apple."),
        ("Hm. Daniel took the apple. Let me see. Mary is in the office.", "Hm. Daniel took the apple. Let me see."),
        ("Daniel took the apple.\r\nMary is in the office.\r\n", "Daniel took the apple."),
        ("Daniel took the apple. Sandra is in the hallway.", "Daniel took the apple. Sandra is in the hallway."),
    ],
)
def test_what_remains_is_whole_sentences(text: str, left: str) -> None:
    assert repaired(PROBLEM, text) == left
    assert all(one.grounding != "contradicted" for one in judged(PROBLEM, left))


@pytest.mark.parametrize(
    "text", ["Mary is in the office. Daniel took the apple.", "Let me see. Mary is in the office."]
)
def test_a_trace_that_begins_with_the_error_is_left_out(text: str, drawn: Callable[..., Any]) -> None:
    setting = replace(Setting.of(get_task("babi")), collected={"trace": {PROBLEM.id: text}})
    assert drawn(PROBLEM, "teacher(repaired)", setting) == NO_CLAIM_LEFT
    assert draw_trace(PROBLEM, "teacher(false_claims)", setting, 0) == draw_trace(PROBLEM, "teacher", setting, 0)


def test_a_task_without_a_grammar_is_left_out_with_this_reason(drawn: Callable[..., Any]) -> None:
    problem = PROBLEM.model_copy(update={"task": "another"})
    setting = replace(Setting.of(get_task("babi")), collected={"trace": {PROBLEM.id: "Mary is in the office."}})
    for regime in ("teacher(repaired)", "teacher(false_claims)"):
        assert drawn(problem, regime, setting) == "free traces of another cannot be judged by rule"
    assert not isinstance(drawn(problem, "teacher", setting), str)


def test_their_intents_say_what_their_claims_are_meant_to_be() -> None:
    meant = {kind: get_regime(f"teacher({kind})").intent.claims for kind in ("trace", "repaired", "false_claims")}
    assert meant == {"trace": "any", "repaired": "right", "false_claims": "wrong"}
    assert get_regime("teacher").intent == get_regime("teacher(summary)").intent

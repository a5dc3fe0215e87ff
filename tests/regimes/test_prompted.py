"""No teaching: what a base is asked as it is, and what worked examples show it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.regimes import Setting, draw_trace, get_regime, read_regimes, regime_names
from tracekd.tasks import get_task, task_names


@pytest.mark.parametrize(
    ("written", "shots", "traced", "file_name"),
    [
        ("zero_shot", 0, False, "zero_shot"), ("zero_shot(answer)", 0, False, "zero_shot-answer"),
        ("zero_shot(trace)", 0, True, "zero_shot-trace"), ("few_shot", 5, False, "few_shot"),
        ("few_shot(1)", 1, False, "few_shot-1"), ("few_shot:99", 99, False, "few_shot-99"),
        ("few_shot(3,trace)", 3, True, "few_shot-3-trace"), ("few_shot( 3 , trace )", 3, True, "few_shot-3-trace"),
    ],
)  # fmt: skip
def test_how_many_examples_and_with_a_trace_or_not(written: str, shots: int, traced: bool, file_name: str) -> None:
    regime = get_regime(written)
    assert regime.prompted is not None
    assert (regime.prompted.shots, regime.traced, regime.file_name) == (shots, traced, file_name)
    assert regime.borrows is False and regime.summary.startswith("no training")


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("written", ["zero_shot", "zero_shot(trace)", "few_shot(2)", "few_shot(2,trace)"])
def test_what_is_shown_is_gold_or_the_answer_alone(name: str, written: str) -> None:
    task = get_task(name)
    problem: Problem = task.example()
    trace = draw_trace(problem, written, Setting.of(task), seed=3)
    assert trace == (problem.trace if "trace" in written else None)


@pytest.mark.parametrize(
    "written",
    [
        "zero_shot(5)", "zero_shot(traces)", "zero_shot(Trace)", "few_shot(0)", "few_shot(-1)", "few_shot(100)",
        "few_shot(05)", "few_shot(trace)", "few_shot(5,answer)", "few_shot(5,)", "few_shot(five)", "few_shot(1.5)",
        "few_shot(٣)", "few_shot(²)",
    ],
)  # fmt: skip
def test_what_is_no_number_of_examples_is_refused(written: str) -> None:
    with pytest.raises(UserError, match="is no") as caught:
        get_regime(written)
    assert "for example" in (caught.value.expected or "")


@given(st.text(max_size=20))
def test_any_parameter_is_taken_or_refused(value: str) -> None:
    for name in ("zero_shot", "few_shot"):
        try:
            regime = get_regime(name).bound(value)
        except UserError:
            continue
        assert regime.prompted is not None and 0 <= regime.prompted.shots <= 99


def test_a_comma_inside_belongs_to_the_regime() -> None:
    regimes = list(read_regimes("zero_shot(trace),few_shot(3,trace),correct"))
    assert [regime.name for regime in regimes] == ["zero_shot(trace)", "few_shot(3,trace)", "correct"]
    with pytest.raises(UserError, match="named twice"):
        list(read_regimes("few_shot(3,trace),few_shot(3, trace)"))


def test_all_other_regimes_teach() -> None:
    prompted = {name for name in regime_names() if get_regime(name).prompted}
    assert prompted == {"zero_shot", "few_shot"}


def test_every_problem_has_what_is_shown(sample: Callable[..., Any]) -> None:
    """A study of these regimes leaves nothing out."""
    setting, problems = sample("babi").setting, sample("babi", of=10).problems
    for written in ("zero_shot(trace)", "few_shot(3,trace)", "few_shot(3)"):
        assert all(draw_trace(p, written, setting, seed) == (p.trace if "trace" in written else None)
                   for p in problems for seed in (0, 1))  # fmt: skip

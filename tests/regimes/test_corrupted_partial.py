"""Traces of which some are wrong, and traces that are wrong in part."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import gold_trace
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.tasks import get_task, task_names
from tracekd.tasks.normalize import normalize_fact
from tracekd.trace import Trace
from tracekd.verify.verdict import Verdict

RATES = (0, 0.05, 0.3, 0.5, 0.9, 1)


@pytest.mark.parametrize("name", task_names())
def test_rates_are_nested_from_correct_to_incorrect(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=3).problems:
        at = [drawn(problem, f"corrupted({rate})", setting) for rate in RATES]
        incorrect = drawn(problem, "incorrect", setting)
        if isinstance(incorrect, str):
            # Where it can be no wrong one, it must not be a right one either.
            assert at == [incorrect] * len(RATES)
            continue
        assert (at[0], at[-1]) == (problem.trace, incorrect) and incorrect != problem.trace
        assert all(trace in (problem.trace, incorrect) for trace in at)
        assert all(later == incorrect for earlier, later in pairwise(at) if earlier == incorrect)


@pytest.mark.parametrize("rate", RATES)
def test_the_share_of_wrong_traces_is_near_the_rate(
    rate: float, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample("cotempqa").setting, sample("cotempqa").problems
    traces = [(p.trace, drawn(p, f"corrupted({rate})", setting, seed)) for p in problems for seed in range(2)]
    found = [trace == gold for gold, trace in traces if not isinstance(trace, str)]
    assert abs(1 - sum(found) / len(found) - rate) < 0.06
    by_default = [drawn(p, "corrupted", setting) == drawn(p, "corrupted(0.5)", setting) for p in problems[:40]]
    assert all(by_default)


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("right", [1, 2, 3])
def test_so_many_of_the_facts_are_right_and_no_more(
    name: str, right: int, sample: Callable[..., Any], drawn: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=2).problems:
        trace = drawn(problem, f"partial({right})", setting)
        if not isinstance(trace, Trace):
            assert (
                right >= len(problem.trace.facts)
                or trace in ("too few facts that are not gold", "no other facts look similar enough")
                or "right answer" in trace
            )
            continue
        assert trace.label == problem.label and len(trace.facts) == len(problem.trace.facts) > right
        assert len({*trace.facts} & {*problem.trace.facts}) == right
        gold = {i for found in (problem.trace.facts, *problem.support.values(), *problem.alternatives) for i in found}
        wrong = {*trace.facts} - {*problem.trace.facts}
        assert {*map(normalize_fact, problem.texts(wrong))}.isdisjoint(map(normalize_fact, problem.texts(gold)))
        verdict = judged(problem, trace, setting)
        assert (verdict.class_step, verdict.retrieval_step, verdict.consistent) == ("right", "wrong", False)


@given(data=st.data(), right=st.integers(1, 4))
@settings(max_examples=120, deadline=None)
def test_partial_traces_of_nasty_problems(
    data: st.DataObject, right: int, nasty: Any, drawn: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    problem, setting = data.draw(nasty)
    trace = drawn(problem, f"partial({right})", setting, data.draw(st.integers(0, 9)))
    if isinstance(trace, Trace):
        assert len({*trace.facts} & {*problem.trace.facts}) == right
        verdict = judged(problem, trace, setting)
        assert (verdict.retrieval_step, verdict.consistent) == ("wrong", False)


def test_each_of_the_right_facts_is_kept_at_times(sample: Callable[..., Any], drawn: Callable[..., Any]) -> None:
    setting = sample("babi").setting
    problem = next(p for p in sample("babi").problems if p.label == "basic-induction")
    kept = Counter(
        fact
        for seed in range(200)
        if isinstance(trace := drawn(problem, "partial", setting, seed), Trace)
        for fact in trace.facts
        if fact in problem.trace.facts
    )
    assert set(kept) == set(problem.trace.facts)


def test_of_a_great_many_facts_some_are_kept_in_time() -> None:
    task = get_task("babi")
    fact = task.example().context[0]
    context = tuple(fact.model_copy(update={"id": str(at), "text": f"Number {at}."}) for at in range(60))
    gold = tuple(str(at) for at in range(30))
    problem = task.example().model_copy(
        update={"context": context, "support": {}, "trace": gold_trace(task.labels[0], gold)}
    )
    for right in (1, 5, 15, 29):
        trace = draw_trace(problem, f"partial({right})", Setting.of(task), 0)
        assert trace is not None and len({*trace.facts} & {*gold}) == right
    with pytest.raises(Unsupported, match="the gold trace has too few facts: some facts must be wrong"):
        draw_trace(problem, "partial(30)", Setting.of(task), 0)

"""A wrong trace has the shape of the right one: as many facts, quoted to the byte, in the same order and sentences."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.regimes import Setting
from tracekd.regimes.likeness import form, unlikeness
from tracekd.tasks import task_names
from tracekd.tasks.list_literal import write_list
from tracekd.trace import Trace

OF_THE_CONTEXT = ["incorrect", "incorrect_class", "incorrect_facts", "partial", "partial(2)", "corrupted(0.5)"]
BORROWED = ["swapped", "swapped(same_class)", "swapped(other_class)"]
TEXTS = st.text(st.sampled_from("ab .A9Ää٣"), max_size=12)


def assert_shaped_as_gold(problem: Problem, trace: Trace, setting: Setting) -> None:
    gold = problem.trace
    assert [step.kind for step in trace.steps] == [step.kind for step in gold.steps]
    assert trace.label in setting.labels or trace.label == gold.label
    assert len(trace.facts) == len(set(trace.facts)) == len(gold.facts)
    assert order_pattern(problem, trace) == order_pattern(problem, gold)
    # The facts stand there as they stand in the context, between the same sentences as the right ones.
    template = setting.template
    quoted = write_list(problem.texts(trace.facts))
    assert template.render_trace(problem, trace) == f"{template.classify} {trace.label}.\n{template.retrieve} {quoted}"


def order_pattern(problem: Problem, trace: Trace) -> list[bool]:
    """Of all pairs of cited facts: whether they stand in story order."""
    place = {fact.id: at for at, fact in enumerate(problem.context)}
    return [place[one] < place[other] for one, other in combinations(trace.facts, 2)]


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("regime", OF_THE_CONTEXT)
def test_a_wrong_trace_differs_in_nothing_but_its_content(
    name: str, regime: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=3).problems:
        trace = drawn(problem, regime, setting)
        if isinstance(trace, Trace):
            assert_shaped_as_gold(problem, trace, setting)


@pytest.mark.parametrize("regime", OF_THE_CONTEXT)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_nor_does_it_on_nasty_problems(regime: str, data: st.DataObject, nasty: Any, drawn: Callable[..., Any]) -> None:
    problem, setting = data.draw(nasty)
    trace = drawn(problem, regime, setting, data.draw(st.integers(0, 99)))
    if isinstance(trace, Trace):
        assert_shaped_as_gold(problem, trace, setting)


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("regime", BORROWED)
def test_a_borrowed_trace_is_another_problems_to_the_byte(
    name: str, regime: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name).problems
    template = setting.template
    gold = {template.render_trace(p, p.trace): p for p in problems}
    for problem in problems[::3]:
        trace = drawn(problem, regime, setting)
        if isinstance(trace, Trace):
            donor = gold[template.render_trace(problem, trace)]
            assert len(donor.trace.facts) == len(problem.trace.facts)
            assert {"swapped": True, "swapped(same_class)": donor.label == problem.label}.get(
                regime, donor.label != problem.label
            )


@given(TEXTS, TEXTS, TEXTS)
def test_unlikeness_is_nought_for_what_looks_the_same_and_only_for_that(one: str, other: str, third: str) -> None:
    assert (unlikeness(form(one), form(other)) == 0) == (form(one) == form(other))
    # Of two that are equal otherwise, that with the digit too few is the more unlike.
    fewer, more = ((*form(one)[:2], form(one)[2] + step, *form(one)[3:]) for step in (-1, 1))
    assert unlikeness(fewer, form(one)) > unlikeness(more, form(one)) > 0
    assert unlikeness(form(one), form(third)) >= abs(len(one) - len(third))


@given(TEXTS)
def test_what_is_counted_of_a_sentence(text: str) -> None:
    digits, capitals = (sum(char in chars for char in text) for chars in ("0123456789", "ABC"))
    assert form(text) == (len(text), len(text.split()), digits, capitals, repr([text]).count('"'))


def test_of_the_other_facts_the_most_alike_is_cited(drawn: Callable[..., Any], sample: Callable[..., Any]) -> None:
    setting, problem = sample("babi").setting, sample("babi").problems[0]
    texts = ["In May 1990 Bo left.", "In June 1985 Ada came.", "He left.", "From 1990 to 1995 he was away, they say."]
    context = tuple(fact.model_copy(update={"text": text}) for fact, text in zip(problem.context, texts, strict=False))
    made = problem.model_copy(update={"context": context, "support": {}, "alternatives": ()})
    made = made.model_copy(update={"trace": problem.trace.model_copy(update={"steps": problem.trace.steps})})
    gold = context[0].id
    steps = (made.trace.steps[0], made.trace.steps[1].model_copy(update={"facts": (gold,)}))
    made = made.model_copy(update={"trace": made.trace.model_copy(update={"steps": steps})})
    assert {drawn(made, "incorrect_facts", setting, seed).facts for seed in range(20)} == {(context[1].id,)}

"""Any text gets a verdict, none without the gold sentences is a right trace, and repetition costs no more than length.

`benchmarks/fuzz/parser.py` does the same for longer, guided by coverage.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.normalize import fold_space, normalize_fact
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge, Prepared
from tracekd.verify.verdict import Verdict

TASKS = ("babi", "cotempqa")
JUDGES: dict[str, tuple[Judge, Prepared]] = {}
for name in TASKS:
    judge = Judge.of(get_task(name))
    JUDGES[name] = judge, judge.prepare(get_task(name).example())

MARKS = ("<think>", "</think>", "<answer>", "</answer>", "assistant\n", "['", "', '", "']", "[]", "\n", ". ", "- ",
         " and ", "\\", "\\ud800", "\u0301", "\ufdfa", "\xa0", "İ", "\u2028", "<|im_end|>")  # fmt: skip


def pieces(name: str) -> tuple[str, ...]:
    """What outputs are made of, right ones among them."""
    problem, template = get_task(name).example(), get_task(name).template
    facts = [fact.text for fact in problem.context]
    steps = template.render_trace(problem, problem.trace).splitlines(keepends=True)
    answer = render_answer(problem.answer)
    return (*MARKS, *facts, facts[0].lower(), f"{template.classify} ", f"{template.retrieve} ", problem.label, answer,
            *steps)  # fmt: skip


def texts(name: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces(name)) | st.text(max_size=4), max_size=14).map("".join)


def verdict_on(name: str, text: str, finish: str = "stop") -> Verdict:
    judge, prepared = JUDGES[name]
    fields = {"regime": "r", "student": "s", "seed": 0, "token_ids": (), "finish": finish, "text": text}
    return judge.verdict(prepared, Output.model_validate({"id": prepared.problem.id, **fields}))


outputs = st.sampled_from(TASKS).flatmap(lambda name: st.tuples(st.just(name), texts(name)))


@given(outputs, st.sampled_from(["stop", "length"]))
@settings(max_examples=300)
def test_any_text_gets_a_verdict_and_right_steps_are_written_in_it(output: tuple[str, str], finish: str) -> None:
    name, text = output
    verdict = verdict_on(name, text, finish)
    problem = JUDGES[name][1].problem
    if verdict.class_step == "right":
        assert problem.label in fold_space(text).casefold()
    if verdict.retrieval_step == "right":
        assert all(gold in normalize_fact(text) for gold in gold_facts(problem))
    assert verdict.trace == (verdict.class_step == "right" and verdict.retrieval_step == "right")
    assert not verdict.trace or "</think>" in text
    assert verdict.lenient_answer >= verdict.answer
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict


@given(outputs)
@settings(max_examples=200)
def test_without_a_gold_sentence_no_trace_is_right(output: tuple[str, str]) -> None:
    name, text = output
    problem = JUDGES[name][1].problem
    missing = gold_facts(problem)[0]
    while missing in text:  # taking it out may bring another together
        text = text.replace(missing, "")
    assert not verdict_on(name, text).trace


@given(st.sampled_from(TASKS), st.text())
def test_random_text_is_never_a_right_trace(name: str, text: str) -> None:
    template, problem = get_task(name).template, JUDGES[name][1].problem
    for shown in (text, f"<think>{template.classify} {problem.label}.\n{template.retrieve} {text}</think> x"):
        verdict = verdict_on(name, shown)
        assert (verdict.trace, verdict.retrieval_step == "right") == (False, False)


@pytest.mark.parametrize("name", TASKS)
def test_repetition_takes_linear_time(name: str) -> None:
    # Quadratic time would take minutes for each of these.
    template = get_task(name).template
    for piece in (*pieces(name), "['a', ", "1. ", "x ", "a and "):
        many = piece * (20_000 // len(piece))
        verdict_on(name, f"<think>{template.retrieve} {many}</think> {many}")
        verdict_on(name, f"<think>{template.retrieve} ['{many}']</think> ['{many}']")


@pytest.mark.parametrize("name", TASKS)
def test_the_facts_of_a_huge_text_run_together_are_found(name: str) -> None:
    judge, prepared = JUDGES[name]
    every = " ".join(prepared.context.texts)
    verdict = verdict_on(name, f"<think>{judge.task.template.retrieve} {every * 1000}</think>")
    assert (verdict.recall, verdict.invented) == (1.0, 0)


def gold_facts(problem: Problem) -> list[str]:
    return [normalize_fact(text) for text in problem.texts(problem.trace.facts)]

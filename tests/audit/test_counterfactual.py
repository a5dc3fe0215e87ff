"""Data that teach answers of other facts: the audit compares them with what their regime intends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracekd.problem import Problem
from tracekd.regimes import Setting, Target, Unsupported, draw_target
from tracekd.sft.example import build_example
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer

from .conftest import audited, problems

tasks = pytest.mark.parametrize("task", ["babi", "cotempqa"])
Change = Callable[[int, Problem, Target], Target]


def write(path: Path, task: str, regime: str, change: Change = lambda at, problem, target: target) -> list[bool]:
    """Write rows of this regime, as `tracekd sft` does. Returns for each one whether its answer is gold."""
    setting, template = Setting.of(get_task(task)), get_task(task).template
    rows: list[dict[str, Any]] = []
    gold: list[bool] = []
    for problem in problems(task):
        try:
            drawn = draw_target(problem, regime, setting, 0)
        except Unsupported:
            continue
        target = change(len(rows), problem, drawn)
        example = build_example(problem, target, template)
        rows.append({
            "id": problem.id, "task": task, "regime": regime, "label": problem.label, "question": problem.question,
            "support": list(problem.texts(problem.trace.facts)), "answer": render_answer(problem.answer),
            "prompt": example.prompt, "completion": example.completion,
        })  # fmt: skip
        gold.append(target.answer == problem.answer)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return gold


@tasks
@pytest.mark.parametrize("share", ["0", "0.5", "1"])
def test_answers_that_are_not_gold_are_counted_and_no_fault(folder: Path, task: str, share: str) -> None:
    gold = write(folder / "rows.jsonl", task, f"counterfactual({share})")
    report = audited(folder / "rows.jsonl")
    assert report.rows("answer_not_gold") == gold.count(False)
    assert report.faults["answer_not_gold"].checked == len(gold)
    assert report.faults["answer_not_gold"].verdict == ("reported" if False in gold else "ok")
    assert not report.above() & {
        "answer_differs",
        "correct_is_wrong",
        "fact_not_in_context",
        "message_of_another_question",
    }
    # The places of altered facts are not known, so from some of them nothing follows.
    assert report.faults["answer_differs"].checked > 0.8 * len(gold)


@tasks
def test_an_answer_that_does_not_follow_from_its_facts_is_a_fault(folder: Path, task: str) -> None:
    """The gold answer after facts that imply another one is what this regime must not teach."""
    write(folder / "rows.jsonl", task, "counterfactual")
    checked = audited(folder / "rows.jsonl").faults["answer_differs"].checked

    def with_gold(at: int, problem: Problem, target: Target) -> Target:
        return Target(target.trace, problem.answer)

    write(folder / "rows.jsonl", task, "counterfactual", with_gold)
    report = audited(folder / "rows.jsonl")
    assert report.rows("answer_differs") == report.faults["answer_differs"].checked == checked
    assert "follows from what it cites" in report.said("answer_differs")
    assert "answer_differs" in report.above() and report.rows("answer_not_gold") == 0


@tasks
def test_the_same_rows_are_faulty_under_another_regime(folder: Path, task: str) -> None:
    gold = write(folder / "rows.jsonl", task, "counterfactual(0.5)")
    text = (folder / "rows.jsonl").read_text(encoding="utf-8").replace("counterfactual(0.5)", "correct")
    (folder / "rows.jsonl").write_text(text, encoding="utf-8")
    report = audited(folder / "rows.jsonl")
    # A row that cites only altered facts, and answers by them, looks like another row's.
    assert report.rows("answer_differs") + report.rows("message_of_another_question") == gold.count(False)
    assert report.rows("answer_differs") > gold.count(False) / 2
    assert report.faults["answer_not_gold"].verdict == "not checked"


def test_without_a_rule_it_is_not_known_what_follows(folder: Path) -> None:
    (problem, *_) = problems("msmarco", 3)
    example = build_example(problem, problem.trace, get_task("msmarco").template)
    row = {
        "regime": "counterfactual", "prompt": example.prompt, "completion": example.completion, "task": "msmarco",
        "answer": "Something else.", "question": problem.question, "label": problem.label,
    }  # fmt: skip
    (folder / "rows.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    report = audited(folder / "rows.jsonl")
    assert report.faults["answer_differs"].verdict == "not checked"
    assert report.rows("answer_not_gold") == 1

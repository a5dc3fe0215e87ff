"""The outputs that the paper's authors released (Llama-3.2-1B on CoTempQA), against what is known of them.

They are not part of this repository: without them, these tests are skipped.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.students.output import Output
from tracekd.tasks.cotempqa import TASK
from tracekd.tasks.cotempqa.intervals import LABELS
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.list_literal import write_list
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict

FOLDER = Path(__file__).parents[2].parent / "shared/data/released_outputs/cotempqa"
REGIMES = {"vanilla": "", "correct": "-reasoning-facts", "incorrect": "-reasoning-facts-perturbed"}
# One in a hundred of 950.
TOLERANCE = 9.5

pytestmark = [
    pytest.mark.skipif(not FOLDER.exists(), reason="the released outputs are not here"),
    pytest.mark.xdist_group("released"),  # what is judged once is used by all
]


def read(regime: str) -> Iterator[tuple[Problem, str]]:
    for label in LABELS:
        path = FOLDER / label / f"Llama-3.2-1B-Instruct-sft-adapter{REGIMES[regime]}_default.json"
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield make_problem(label, row["question"], row["facts"], row["gold"], source=str(path)), row["prediction"]


def judged(problem: Problem, text: str) -> Verdict:
    judge = Judge.of(TASK, "answer_facts")
    output = Output(id=problem.id, regime="r", student="s", seed=0, text=text, token_ids=(), finish="stop")
    return judge.verdict(judge.prepare(problem), output)


@cache
def verdicts(regime: str) -> list[Verdict]:
    return [judged(problem, text) for problem, text in read(regime)]


def table(regime: str, step: str) -> tuple[int, int, int, int]:
    """Right step and right answer, right and wrong, wrong and right, wrong and wrong."""
    pairs = [(getattr(verdict, step) in ("right", True), verdict.answer) for verdict in verdicts(regime)]
    return tuple(map(pairs.count, ((True, True), (True, False), (False, True), (False, False))))  # type: ignore[return-value]


@pytest.mark.parametrize(("regime", "right"), [("vanilla", 397), ("correct", 377), ("incorrect", 364)])
def test_right_answers(regime: str, right: int) -> None:
    assert len(verdicts(regime)) == 950
    assert sum(verdict.answer for verdict in verdicts(regime)) == right


@pytest.mark.parametrize(
    ("regime", "step", "expected"),
    [
        ("correct", "class_step", (250, 276, 127, 297)),
        ("correct", "retrieval_step", (353, 3, 24, 570)),
        ("correct", "trace", (232, 2, 145, 571)),
        ("incorrect", "trace", (0, 6, 364, 580)),
        ("vanilla", "trace", (0, 0, 397, 553)),
    ],
)
def test_steps_by_answer(regime: str, step: str, expected: tuple[int, ...]) -> None:
    assert table(regime, step) == expected


@pytest.mark.parametrize(("regime", "expected"), [("correct", 921), ("incorrect", 9), ("vanilla", 0)])
def test_answers_that_go_with_the_cited_facts(regime: str, expected: int) -> None:
    assert abs(sum(bool(verdict.consistent) for verdict in verdicts(regime)) - expected) <= TOLERANCE


def test_the_reference_completions_of_the_correct_regime_are_all_right() -> None:
    for problem, _ in read("vanilla"):
        gold = problem.with_support("answer_facts")
        trace = TASK.template.render_trace(gold, gold.trace)
        verdict = judged(problem, f"<think>{trace}</think> <answer>{render_answer(problem.answer)}</answer>")
        assert verdict.trace
        assert verdict.answer
        assert verdict.reason == "right"


def test_the_reference_completions_of_the_incorrect_regime_have_right_answers_and_no_right_step() -> None:
    for problem, _ in read("vanilla"):
        verdict = judged(problem, incorrect(problem))
        assert verdict.answer
        assert (verdict.class_step, verdict.retrieval_step) == ("wrong", "wrong")
        assert verdict.retrieval["answer_facts"] == "wrong"


def incorrect(problem: Problem) -> str:
    """Another class, and one fact without an answer, bare (arXiv 2505.13792, released code)."""
    rng = stream(0, problem.id, "incorrect")
    label = rng.choice([label for label in LABELS if label != problem.label])
    gold = set(problem.support["answer_facts"])
    others = [fact.text for fact in problem.context if fact.id not in gold]
    fact = rng.choice(others) if others else "[]"
    steps = f"{TASK.template.classify} {label}.\n{TASK.template.retrieve} {fact}"
    return f"<think>{steps}</think> <answer>{write_list(problem.answer.values)}</answer>"

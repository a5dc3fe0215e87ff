"""Checked outputs by model and regime, with the baselines that their files allow."""

import numpy as np
import pytest

from tracekd.stats.checked_outputs import Selections
from tracekd.stats.selection import Selectable
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.verify.join import Problems
from tracekd.verify.reading import OutputRecord, Unread
from tracekd.verify.run import check_outputs

TASK = get_task("babi")
PROBLEM = TASK.example()
OTHER = PROBLEM.model_copy(update={"id": "other", "group": "another"})
TEXT = f"<think>{TASK.template.render_trace(PROBLEM, PROBLEM.trace)}</think> <answer>{render_answer(PROBLEM.answer)}</answer>"
RIGHT = OutputRecord(text=TEXT, where="a:1", id=PROBLEM.id, model="m", regime="r", score=-0.5, tokens=9)
WRONG = OutputRecord(text="garden", where="a:2", id="other", model="m", regime="r", score=-2.0, tokens=1)


def cells(*outputs: OutputRecord | Unread) -> list[Selectable]:
    selections = Selections()
    report = check_outputs(outputs, Problems.of([PROBLEM, OTHER], TASK.template), TASK, selections.add)
    made = list(selections.cells())
    assert report.judged == sum(len(cell.right) for cell in made)
    return made


def test_one_cell_has_what_was_checked() -> None:
    (cell,) = cells(RIGHT, WRONG)
    assert cell.right.tolist() == [True, False] and cell.group.tolist() == [0, 1]
    assert cell.passes["all"].tolist() == cell.passes["trace"].tolist() == [True, False]
    assert cell.scores["all"].tolist() == [4, -4] and cell.scores["trace"].tolist() == [3, -3]
    assert (cell.length.tolist(), cell.unit) == ([9, 1], "tokens")
    assert cell.log_probability is not None and cell.log_probability.tolist() == [-0.5, -2.0]


@pytest.mark.parametrize("score", [None, float("nan"), float("-inf")])
def test_baselines_need_their_numbers_of_every_output(score: float | None) -> None:
    (cell,) = cells(RIGHT, WRONG._replace(score=score, tokens=None))
    assert cell.log_probability is None
    assert (cell.length.tolist(), cell.unit) == ([len(TEXT), len("garden")], "characters")


def test_models_and_regimes_stand_apart_and_seeds_together() -> None:
    found = cells(RIGHT, RIGHT._replace(seed=7), RIGHT._replace(regime="q"), RIGHT._replace(model="l"))
    assert [(cell.model, cell.regime, len(cell.right)) for cell in found] == [
        ("l", "r", 1),
        ("m", "q", 1),
        ("m", "r", 2),
    ]
    assert np.array_equal(found[-1].seed, [0, 1]) and np.array_equal(found[-1].group, [0, 0])


def test_what_is_no_output_of_a_problem_counts_for_nobody() -> None:
    (cell,) = cells(RIGHT, RIGHT._replace(text="again"), RIGHT._replace(id="nobody"), Unread("a:3", "no JSON"))
    assert len(cell.right) == 1

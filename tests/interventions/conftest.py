"""Problems of generated worlds, and what a student would have written that writes the gold trace."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import pytest

from tracekd.interventions import Own
from tracekd.problem import Problem
from tracekd.regimes import Donors, Setting
from tracekd.sft.example import build_example
from tracekd.tasks import Task, get_task
from tracekd.worlds import get_world
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

from ..students.conftest import any_model, chat_tokenizer, examples, model, problems, tokenizer

# Small students, for traces to be forced on.
__all__ = ["any_model", "chat_tokenizer", "examples", "model", "problems", "tokenizer"]


@dataclass(frozen=True)
class World:
    """Problems of all families of a world, and the setting that conditions get."""

    task: Task
    problems: tuple[Problem, ...]
    setting: Setting

    def own(self, problem: Problem) -> Own:
        text = build_example(problem, problem.trace, self.task.template).completion
        own = Own.of(text, self.task.template, "stop")
        assert own is not None
        return own


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], World]:
    """`world(name)`: nine problems of each of bAbI's families, or of CoTempQA's classes; the same ones always."""

    @cache
    def made(name: str) -> World:
        folder = tmp_path_factory.mktemp(name) / "source"
        dials = {family: kind.dials() for family, kind in get_world(name).families.items()}
        write_world(name, dials, folder, n=9, seed=8)
        problems, task = tuple(load_world(folder)), get_task(name)
        return World(task, problems, replace(Setting.of(task), donors=Donors.of(problems)))

    return made

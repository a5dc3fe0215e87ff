"""Loads the problems that a command works on."""

import shlex
from collections.abc import Sequence

from tracekd.errors import UserError, unknown_name
from tracekd.problem import Problem
from tracekd.tasks import Task
from tracekd.tasks.loading import load


def load_problems(
    task: Task, sources: Sequence[str], *, subset: str | None, limit: int | None
) -> tuple[list[Problem], int]:
    """The first `limit` problems of a subset, and how many records were skipped because they are not valid problems.

    Raises UserError if there is no problem, or no such subset.
    """
    if subset is not None and subset not in task.subsets:
        raise unknown_name(f"subset of {task.name}", subset, task.subsets)
    problems: list[Problem] = []
    skipped = 0
    for found in load(task, sources):
        if not isinstance(found, Problem):
            skipped += 1
        elif subset is None or task.subsets[subset](found):
            problems.append(found)
            if len(problems) == limit:
                break
    if not problems:
        raise UserError(
            "no problem could be loaded", where=sources[0],
            next_step=shlex.join(["tracekd", "problems", task.name, *sources]),
        )  # fmt: skip
    return problems, skipped

"""The declaration of a study, made before any student is trained: margin, primary outcome and families of tests, with
their hash.

A margin that is chosen after the results are known proves nothing. So the `[analysis]` table of the study file is
written into the run folder when the study begins, with the number of cells that were finished at that time. A changed
table is a new declaration, and the report says if it came after results.
"""

import logging
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tracekd.content_hash import State, keep_hash, say_again, sha256_of, state_of
from tracekd.files import read_json, recipe_key, restore, write_text
from tracekd.stats.families import Analysis
from tracekd.study.plan import Plan
from tracekd.verify.trace_kind import DEFAULT_KIND, TraceKind


class Declaration(BaseModel):
    """A declared analysis, and how many cells of the study were finished at that time. `trace` says how traces are judged:
    it decides which ones are right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    analysis: Analysis
    trace: Annotated[TraceKind, Field(exclude_if=lambda kind: kind == DEFAULT_KIND)] = DEFAULT_KIND
    finished: int
    cells: int


def declare(plan: Plan) -> None:
    """Write the study's analysis into its run folder, unless it is already there."""
    path = _path(plan)
    for finished in range(len(plan.cells) + 1):  # if it is damaged, its hash tells which of these it was
        restore(path, _declared(plan, finished))
    if (state := state_of(path)) is State.DAMAGED:
        say_again(path, state)
    elif path.is_file():
        if state is State.UNKNOWN:
            logging.getLogger("tracekd").warning("%s has no content hash; it is kept as it is", path)
            keep_hash(path, sha256_of(path))
        return
    # A record is written last. Verdicts may be missing because they are made again.
    write_text(path, _declared(plan, sum(cell.record.is_file() for cell in plan.cells)))


def _declared(plan: Plan, finished: int) -> str:
    study = plan.study
    declaration = Declaration(analysis=study.analysis, trace=study.trace, finished=finished, cells=len(plan.cells))
    return declaration.model_dump_json(indent=1) + "\n"


def in_words(plan: Plan) -> str:
    """What was declared, when, and under which hash."""
    analysis, found = plan.study.analysis, read_json(_path(plan), Declaration)
    judged = "" if found.trace == DEFAULT_KIND else f", and how traces are judged ({found.trace}),"
    when = (
        "before any student was trained"
        if found.finished == 0
        else f"after {found.finished:,} of {found.cells:,} cells were finished, so results that depend on it are exploratory"
    )
    return (
        f"Primary outcome ({analysis.primary}), margin ({100 * analysis.margin:g} points) and families of tests{judged} "
        f"were declared {when} (hash {_key(plan)})."
    )


def _path(plan: Plan) -> Path:
    return plan.run / "analysis" / f"{_key(plan)}.json"


def _key(plan: Plan) -> str:
    study = plan.study
    judged = {} if study.trace == DEFAULT_KIND else {"trace": study.trace}
    return recipe_key(analysis=study.analysis.model_dump(mode="json"), **judged)

"""The declaration of a study, made before any student is trained: margin, primary outcome and families of tests, with
their hash.

A margin that is chosen after the results are known proves nothing. So the `[analysis]` table of the study file is
written into the run folder when the study begins, with the number of cells that were finished at that time. A changed
table is a new declaration, and the report says if it came after results.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.files import recipe_key, write_text
from tracekd.stats.families import Analysis
from tracekd.study.plan import Plan


class Declaration(BaseModel):
    """A declared analysis, and how many cells of the study were finished at that time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    analysis: Analysis
    finished: int
    cells: int


def declare(plan: Plan) -> None:
    """Write the study's analysis into its run folder, unless it is already there."""
    path = _path(plan)
    if path.is_file():
        return
    finished = sum(cell.is_finished for cell in plan.cells)
    declaration = Declaration(analysis=plan.study.analysis, finished=finished, cells=len(plan.cells))
    write_text(path, declaration.model_dump_json(indent=1) + "\n")


def in_words(plan: Plan) -> str:
    """What was declared, when, and under which hash."""
    analysis, found = plan.study.analysis, Declaration.model_validate_json(_path(plan).read_bytes())
    when = (
        "before any student was trained"
        if found.finished == 0
        else f"after {found.finished:,} of {found.cells:,} cells were finished, so results that depend on it are exploratory"
    )
    return (
        f"Primary outcome ({analysis.primary}), margin ({100 * analysis.margin:g} points) and families of tests were declared "
        f"{when} (hash {_key(plan)})."
    )


def _path(plan: Plan) -> Path:
    return plan.run / "analysis" / f"{_key(plan)}.json"


def _key(plan: Plan) -> str:
    return recipe_key(analysis=plan.study.analysis.model_dump(mode="json"))

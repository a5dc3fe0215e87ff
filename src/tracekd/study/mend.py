"""Finds the damaged files of a run folder. They are named and removed, so that the study makes them again."""

from collections.abc import Iterator
from pathlib import Path

from tracekd.content_hash import State, faults_of, mend_list, remove, say_again
from tracekd.files import discard, sweep
from tracekd.interventions import get_condition
from tracekd.students.output_file import RECIPE, recipe_file
from tracekd.students.training_record import RECORD
from tracekd.study.effects import effect_parts
from tracekd.study.plan import Plan
from tracekd.worlds.writing import MANIFEST

# The declaration in `analysis/` is not here: it says what was known when it was written, and is never made again so.
_FOLDERS = ("problems", "sft", "outputs", "verdicts", "cells", "effects", "stats", "figures")


def mend(plan: Plan) -> None:
    """Remove what is damaged, and what the study needs but has no content hash: it was not finished. Everything that
    killed processes left is removed too, and verdicts by which traces were judged in another way: no output may be counted
    twice.
    """
    planned = set(_planned(plan))
    for folder in (plan.run, *(plan.run / name for name in (*_FOLDERS, "students", "worlds", "analysis"))):
        if folder.is_dir():
            sweep(folder)
            mend_list(folder)
    for folder in (plan.run, *(plan.run / name for name in _FOLDERS)):
        if not folder.is_dir():
            continue
        for path, state in faults_of(folder).items():
            if state is State.DAMAGED or (state is State.UNKNOWN and path in planned):
                say_again(path, state)
                _remove(path)
    _mend_folder(plan.world)
    for cell in plan.cells:
        for path in cell.other_verdicts:
            remove(path)
        if (cell.model / RECORD).exists() and _mend_folder(cell.model):
            remove(cell.record)  # the cell is not finished any more


def _planned(plan: Plan) -> Iterator[Path]:
    yield from (*plan.problems.values(), plan.split)
    for cell in plan.cells:
        yield from (cell.sft, cell.outputs, recipe_file(cell.outputs), cell.verdicts, cell.record)
        if cell.outputs.is_file():
            for part in effect_parts(cell, plan.cells, map(get_condition, plan.study.conditions)):
                yield from (part.path, recipe_file(part.path))
    for name in ("summary", "reliance"):
        yield from (plan.run / "stats").glob(f"{name}-{'[0-9a-f]' * 12}.json")


def _remove(path: Path) -> None:
    """Remove a file. Without its recipe, a file of outputs or effects cannot be continued, so it is removed too."""
    remove(path)
    if path.name.endswith(RECIPE):
        remove(path.with_name(path.name.removesuffix(RECIPE)))


def _mend_folder(folder: Path) -> bool:
    """Remove a folder that was written as a whole, if one of its files is damaged or missing, or if it has no list. Files
    that somebody else has put there do not matter.
    """
    inside = [folder, *(path for path in folder.rglob("*") if path.is_dir())] if folder.is_dir() else []
    for each in inside:
        mend_list(each)
    found = {path: state for each in inside for path, state in faults_of(each).items()}
    faults = {
        path: state for path, state in found.items() if state is not State.UNKNOWN or path.name in (RECORD, MANIFEST)
    }
    for path, state in faults.items():
        say_again(path, state)
    if faults:
        discard(folder)
    return bool(faults)

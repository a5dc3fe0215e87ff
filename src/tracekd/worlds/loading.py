"""The problems in the folder of a world, with all minimal supports; the official format has no place for those."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load_strict
from tracekd.worlds import get_world
from tracekd.worlds.writing import read_manifest, read_supports


def load_world(folder: Path) -> Iterator[Problem]:
    """Yield the problems of a folder that `write_world` made, each with its alternative supports.

    Raises UserError if the folder is not one of a world, or if its files cannot be read as problems.
    """
    manifest = read_manifest(folder)
    task = get_task(get_world(manifest.recipe.world).task)
    rows = chain.from_iterable(read_supports(folder, written) for written in manifest.families.values())
    # Families may share a file.
    files = dict.fromkeys(str(folder / written.file) for written in manifest.families.values())
    problems = load_strict(task, files)
    for problem, row in zip(problems, rows, strict=True):
        sets = [tuple(support) for support in row.supports]
        yield problem.model_copy(update={"alternatives": tuple(s for s in sets if s != problem.trace.facts)})

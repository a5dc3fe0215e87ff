"""A world on disk: official files, all minimal supports beside them, and a manifest of what they were made from.

Families are written one after the other, each whole or not at all; the same request goes on where it was ended.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd import __version__
from tracekd.errors import UserError
from tracekd.files import read_jsonl, replacing, write_text
from tracekd.processes import end_with_parent
from tracekd.worlds import get_world
from tracekd.worlds.contract import Dials, Supports, World, draw

MANIFEST = "manifest.json"
_CHUNK = 200
_AHEAD = 4
_TOLD_EVERY = 100


class Recipe(BaseModel):
    """What a world is made from: the same recipe gives the same bytes. `n` counts questions in each family."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    world: str
    seed: int
    n: int
    dials: dict[str, dict[str, object]]
    version: str = __version__


class Written(BaseModel):
    """One family's questions: `file` is the official file that holds them, which families may share.

    `sha256` is that of this file, in hex; `supports` the file of their supports.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str
    items: int
    questions: int
    sha256: str
    supports: str


class Manifest(BaseModel):
    """What lies in the folder. `finished`: every family is there, in the official format."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    recipe: Recipe
    families: dict[str, Written]
    finished: bool


class SupportsRow(BaseModel):
    """All minimal supports of one question: `question` of `item` (both from 0, in the order of the family's file)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    item: int
    question: int
    supports: Supports


# The text of an item, and the supports of its questions.
_Drawn = tuple[str, tuple[Supports, ...]]


def write_world(
    name: str,
    dials: Mapping[str, Dials],
    folder: Path,
    *,
    n: int,
    seed: int,
    workers: int = 1,
    tell: Callable[[str, int], None] = lambda family, questions: None,
) -> Manifest:
    """Write `n` questions of each family that `dials` names. `tell(family, questions)` is called now and then.

    Item i of a family depends on the seed, its dials and i alone, so that more of them go on where fewer end. Raises
    UserError if the folder holds anything else.
    """
    world = get_world(name)
    recipe = Recipe(world=name, seed=seed, n=n, dials={f: d.model_dump(mode="json") for f, d in dials.items()})
    manifest = _manifest_of(folder, recipe)
    if manifest.finished:
        return manifest
    with ExitStack() as stack:
        pool = stack.enter_context(_pool(workers)) if workers > 1 else None
        for family, set_dials in dials.items():
            if family not in manifest.families:
                drawn = _items(name, family, set_dials, n, seed, pool, workers)
                written = _write_family(folder, world.families[family].file_name, drawn, partial(tell, family))
                manifest = manifest.model_copy(update={"families": {**manifest.families, family: written}})
                _write_manifest(folder, manifest)
    manifest = manifest.model_copy(update={"families": _finish(world, folder, manifest.families), "finished": True})
    _write_manifest(folder, manifest)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """What a folder says of itself. Raises UserError if it is no folder of a world."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        raise UserError("this is no manifest of a world", where=path, next_step="name another folder") from None


def _manifest_of(folder: Path, recipe: Recipe) -> Manifest:
    """The manifest that goes with the recipe: a new one, or that of an earlier, ended run."""
    if (folder / MANIFEST).is_file():
        found = read_manifest(folder)
        if found.recipe != recipe:
            raise UserError(
                "this folder holds a world that was made in another way", where=folder,
                next_step="name another --out, or delete the folder",
            )  # fmt: skip
        return found
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("this is no empty folder", where=folder, next_step="name another --out")
    manifest = Manifest(recipe=recipe, families={}, finished=False)
    _write_manifest(folder, manifest)
    return manifest


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")


def _write_family(folder: Path, file_name: str, drawn: Iterator[_Drawn], tell: Callable[[int], None]) -> Written:
    supports_name = f"supports/{Path(file_name).stem}.jsonl"
    digest = hashlib.sha256()
    items = questions = 0
    with (
        replacing(folder / supports_name) as aside,
        replacing(folder / file_name) as main,
        main.open("wb") as out,
        aside.open("w", encoding="utf-8", newline="\n") as beside,
    ):
        for text, supports in drawn:
            data = text.encode("utf-8")
            digest.update(data)
            out.write(data)
            for question, sets in enumerate(supports):
                beside.write(json.dumps({"item": items, "question": question, "supports": sets}) + "\n")
            items += 1
            questions += len(supports)
            if items % _TOLD_EVERY == 0:
                tell(questions)
    tell(questions)
    return Written(
        file=file_name, items=items, questions=questions, sha256=digest.hexdigest(), supports=supports_name
    )  # fmt: skip


def _finish(world: World, folder: Path, families: dict[str, Written]) -> dict[str, Written]:
    """The families in their official files: their own ones, or the one that the world makes of these."""
    if world.finish is None:
        return families
    name = world.finish(folder, [written.file for written in families.values()])
    with (folder / name).open("rb") as file:
        official = {"file": name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    return {family: written.model_copy(update=official) for family, written in families.items()}


def read_supports(folder: Path, written: Written) -> Iterator[SupportsRow]:
    """The supports of a family's questions, in the order of its file."""
    return read_jsonl(folder / written.supports, SupportsRow)


def _items(
    world: str, family: str, dials: Dials, n: int, seed: int, pool: ProcessPoolExecutor | None, workers: int
) -> Iterator[_Drawn]:
    """Items with `n` questions in all; the last one is cut to fit."""
    left = n
    for at, (text, supports) in enumerate(_drawn(world, family, dials, seed, pool, workers)):
        if len(supports) < left:
            yield text, supports
            left -= len(supports)
            continue
        last = draw(get_world(world), family, dials, seed, at).cut(left)
        yield last.text(), last.supports
        return


def _drawn(
    world: str, family: str, dials: Dials, seed: int, pool: ProcessPoolExecutor | None, workers: int
) -> Iterator[_Drawn]:
    """All items, without end, in order; only a few chunks are ahead of what is taken."""
    if pool is None:
        for first in count(0, _CHUNK):
            yield from _draw_chunk(world, family, dials, seed, first)
        return
    waiting: deque[Future[list[_Drawn]]] = deque()
    for first in count(0, _CHUNK):
        waiting.append(pool.submit(_draw_chunk, world, family, dials, seed, first))
        if len(waiting) > _AHEAD * workers:
            yield from waiting.popleft().result()


def _draw_chunk(world: str, family: str, dials: Dials, seed: int, first: int) -> list[_Drawn]:
    found = get_world(world)
    items = (draw(found, family, dials, seed, first + at) for at in range(_CHUNK))
    return [(item.text(), item.supports) for item in items]


def _pool(workers: int) -> ProcessPoolExecutor:
    # Fresh processes: a fork would copy whatever the parent happens to have loaded.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent)

"""A world on disk: official files, files with all minimal supports, and a manifest that says how they were made.

Families are written one after the other, each completely or not at all. The same command continues an interrupted run.
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
from tracekd.content_hash import State, check, mend_list, remove, say_again, state_of
from tracekd.errors import UserError
from tracekd.files import contents, read_jsonl, refuse_broken_link, refuse_foreign, replacing, write_text
from tracekd.processes import end_with_parent
from tracekd.worlds import get_world
from tracekd.worlds.contract import Dials, Supports, World, draw

MANIFEST = "manifest.json"
_AGAIN = "delete this folder, and run the same command again"
_CHUNK = 200
_AHEAD = 4
_TOLD_EVERY = 100


class Recipe(BaseModel):
    """What a world is made from. The same recipe gives the same bytes. `n` is the number of questions of each family."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    world: str
    seed: int
    n: int
    dials: dict[str, dict[str, object]]
    version: str = __version__


class WrittenFamily(BaseModel):
    """The files of one family: `file` is the official file with its questions; families may share one.

    `sha256`: the hash of this file, in hex. `supports`: the file with the supports of the questions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str
    items: int
    questions: int
    sha256: str
    supports: str


class Manifest(BaseModel):
    """The content of the folder. `finished`: every family is there, in the official format."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    recipe: Recipe
    families: dict[str, WrittenFamily]
    finished: bool


class QuestionSupports(BaseModel):
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
    """Write `n` questions of each family in `dials`. `tell(family, questions)` is called from time to time.

    Item i of a family depends only on the seed, its dials and i: a larger world begins with the smaller one. Raises
    UserError if the folder contains anything else.
    """
    world = get_world(name)
    recipe = Recipe(world=name, seed=seed, n=n, dials={f: d.model_dump(mode="json") for f, d in dials.items()})
    manifest = _without_damaged(folder, _manifest_of(folder, recipe))
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
    """The manifest of a folder. Raises UserError if the folder is not one of a world."""
    path = folder / MANIFEST
    check(path, _AGAIN)
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        raise UserError("this is not the manifest of a world", where=path, next_step="name another folder") from None


def _manifest_of(folder: Path, recipe: Recipe) -> Manifest:
    """The manifest of the recipe: a new one, or the one of an earlier, interrupted run."""
    refuse_broken_link(folder)
    if (folder / MANIFEST).is_file():
        for part in (folder, folder / "supports"):
            mend_list(part)
        found = read_manifest(folder)
        if found.recipe != recipe:
            raise UserError(
                "this folder contains a world that was made with other settings", where=folder,
                next_step="name another --out, or delete the folder",
            )  # fmt: skip
        return found
    if folder.exists() and (not folder.is_dir() or contents(folder)):
        raise UserError("this folder is not empty", where=folder, next_step="name another --out")
    manifest = Manifest(recipe=recipe, families={}, finished=False)
    _write_manifest(folder, manifest)
    return manifest


def _without_damaged(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest without the families whose files are not whole: they are made again."""
    is_joining = get_world(manifest.recipe.world).finish is not None and not manifest.finished
    bad: set[str] = set()
    for family, written in manifest.families.items():
        for name in (written.file, written.supports):
            if is_joining and not (folder / name).exists():
                continue  # the files of the families are being replaced by one
            if (state := state_of(folder / name)) is not State.WHOLE:
                say_again(folder / name, state)
                remove(folder / name)
                bad.add(family)
    if not bad:
        return manifest
    if get_world(manifest.recipe.world).finish is not None:  # all families are in one file
        bad = set(manifest.families)
    kept = {family: written for family, written in manifest.families.items() if family not in bad}
    return manifest.model_copy(update={"families": kept, "finished": False})


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")


def _write_family(folder: Path, file_name: str, drawn: Iterator[_Drawn], tell: Callable[[int], None]) -> WrittenFamily:
    supports_name = f"supports/{Path(file_name).stem}.jsonl"
    for name in (supports_name, file_name):
        refuse_foreign(folder / name, "world")
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
    return WrittenFamily(
        file=file_name, items=items, questions=questions, sha256=digest.hexdigest(), supports=supports_name
    )  # fmt: skip


def _finish(world: World, folder: Path, families: dict[str, WrittenFamily]) -> dict[str, WrittenFamily]:
    """The families with their official files: their own files, or the one file that the world makes of them."""
    if world.finish is None:
        return families
    name = world.finish(folder, [written.file for written in families.values()])
    with (folder / name).open("rb") as file:
        official = {"file": name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    return {family: written.model_copy(update=official) for family, written in families.items()}


def read_supports(folder: Path, written: WrittenFamily) -> Iterator[QuestionSupports]:
    """The supports of the questions of a family, in the order of its file."""
    return read_jsonl(folder / written.supports, QuestionSupports)


def _items(
    world: str, family: str, dials: Dials, n: int, seed: int, pool: ProcessPoolExecutor | None, workers: int
) -> Iterator[_Drawn]:
    """Items with `n` questions in total; the last item is cut to fit."""
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
    """All items in order, without end. With a pool, a few chunks are drawn in advance."""
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
    # Fresh processes: a fork would copy everything that the parent has loaded.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent)

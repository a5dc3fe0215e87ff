"""Writes outputs to a file: each is saved as soon as it is generated, and the file itself is complete or absent. During
generation they are in `FILE.part`, one JSON object per line, in any order. `FILE.recipe.json` describes how they are
made, so that outputs of two students or two decodings are never mixed in one file. The finished outputs are in `FILE`,
in order.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.content_hash import check, mend_list
from tracekd.errors import UserError
from tracekd.files import read_jsonl, read_log, refuse_foreign, refuse_link, restore, write_jsonl, write_log, write_text
from tracekd.students.generate import Asked
from tracekd.students.output import Output

RECIPE = ".recipe.json"  # how the name of the recipe of a file ends
# Prompts between two fsync calls. A killed process loses no written output; a power cut may lose those of the last prompts.
_SYNCED_EVERY = 64
Make = Callable[[Sequence[Asked]], Iterator[tuple[Output, ...]]]


class OutputRecipe(BaseModel):
    """How the outputs of a file are made. `weights` is a hash of the student's files; None if they are not on this machine.
    `precision` is None if the engine decides it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    regime: str
    student: str
    weights: str | None
    engine: str
    precision: str | None
    chat: bool
    max_new_tokens: int
    temperature: float
    samples: int
    seed: int
    stop: str | None


def complete(path: Path, recipe: OutputRecipe, asked: Sequence[Asked], make: Make, tell: Callable[[int], None]) -> int:
    """Let `make` generate the missing outputs of the file. Returns the number of prompts with new outputs. `tell` is
    called with the number of finished prompts. The file is in the order of `asked`; other outputs that it already
    contained follow. Raises UserError if another process is writing it, or if it contains outputs of another recipe or
    prompt.
    """
    for file in files_of_outputs(path):
        refuse_link(file)
    mend_list(path.parent)
    if not path.exists() and not _part_of(path).exists() and recipe_file(path).exists():
        refuse_foreign(recipe_file(path), "generate")
    with _alone(_part_of(path)) as log:
        known = _known(path, log, recipe)
        _check_prompts(known, asked, path)
        missing = [one for one in asked if any((one.id, sample) not in known for sample in range(recipe.samples))]
        if missing or not path.is_file():
            write_text(recipe_file(path), _text_of(recipe))
            done = len(asked) - len(missing)
            for outputs in _logged(make(missing) if missing else iter(()), log):
                known |= {(output.id, output.sample): output for output in outputs}
                done += 1
                tell(done)
            write_jsonl(path, _ordered(known, asked))
        log.truncate(0)
    return len(missing)


def recipe_file(path: Path) -> Path:
    """The path of the recipe of a file of outputs."""
    return path.with_name(f"{path.name}{RECIPE}")


def engine_of(path: Path) -> str | None:
    """The engine that made the outputs of a file; None if there are none, or if that is unknown."""
    try:
        return OutputRecipe.model_validate_json(recipe_file(path).read_bytes()).engine
    except (OSError, ValidationError):
        return None


def files_of_outputs(path: Path) -> tuple[Path, ...]:
    """A file of outputs and the files that belong to it: its recipe, and its unfinished part."""
    return path, _part_of(path), recipe_file(path)


def _part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


@contextmanager
def _alone(part: Path) -> Iterator[BinaryIO]:
    """The log, locked for this process."""
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("ab+", buffering=0) as log:
        try:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                "another tracekd is writing this file", where=part.with_suffix(""), next_step="wait for it to end"
            ) from None
        if os.fstat(log.fileno()).st_nlink == 0:
            raise UserError("another tracekd has just finished this file", where=part, next_step="run it again")
        try:
            yield log
        finally:
            if os.fstat(log.fileno()).st_size == 0:  # these bytes are not needed
                part.unlink()


def _known(path: Path, log: BinaryIO, recipe: OutputRecipe) -> dict[tuple[str, int], Output]:
    """The existing outputs, by problem and sample. Raises UserError if another recipe made them."""
    is_begun = os.fstat(log.fileno()).st_size > 0
    if path.is_file() or is_begun:
        _check_recipe(path, recipe)
    if is_begun:
        log.seek(0)
        log.truncate(log.read().rfind(b"\n") + 1)  # a killed process may have left an incomplete line
    finished = read_jsonl(path, Output) if path.is_file() else ()
    return {(output.id, output.sample): output for output in chain(finished, read_log(Path(log.name), Output))}


def _text_of(recipe: OutputRecipe) -> str:
    return recipe.model_dump_json(indent=1) + "\n"


def _check_recipe(path: Path, recipe: OutputRecipe) -> None:
    file = recipe_file(path)
    restore(file, _text_of(recipe))
    check(file, f"delete it and {path.name}, and run the same command again")
    try:
        found = OutputRecipe.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise UserError(
            "it is unknown how the outputs in this file were made", where=path, expected=f"its recipe, {file.name}",
            next_step="name another --out",
        ) from None  # fmt: skip
    said, wanted = found.model_dump(), recipe.model_dump()
    other = next((key for key in wanted if said[key] != wanted[key]), None)
    if other is not None:
        raise UserError(
            f"the outputs in this file were made with {other} = {said[other]!r}, not {wanted[other]!r}", where=path,
            next_step="name another --out",
        )  # fmt: skip


def _check_prompts(known: dict[tuple[str, int], Output], asked: Sequence[Asked], path: Path) -> None:
    for one in asked:
        output = known.get((one.id, 0))
        if output is not None and output.prompt not in (None, one.key):
            raise UserError(
                f"the output for {one.id!r} was made from another prompt", where=path,
                expected="outputs for the same problems", next_step="name another --out",
            )  # fmt: skip


def _logged(made: Iterator[tuple[Output, ...]], log: BinaryIO) -> Iterator[tuple[Output, ...]]:
    """Write outputs as they are generated, all outputs of a prompt at once."""
    for count, outputs in enumerate(made, start=1):
        write_log(log, outputs)
        if count % _SYNCED_EVERY == 0:
            os.fsync(log.fileno())
        yield outputs


def _ordered(known: dict[tuple[str, int], Output], asked: Sequence[Asked]) -> Iterable[Output]:
    idents = dict.fromkeys([*(one.id for one in asked), *(ident for ident, _ in known)])
    place = {ident: number for number, ident in enumerate(idents)}
    return sorted(known.values(), key=lambda output: (place[output.id], output.sample))

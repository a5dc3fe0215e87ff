"""A teacher's folder: one process at a time, settings that do not change, prompts and manifest beside the texts."""

from collections.abc import Mapping
from pathlib import Path

from tracekd.errors import UserError
from tracekd.files import LOCK, write_text
from tracekd.teacher.kept import MANIFEST, PROMPTS, raw_file
from tracekd.teacher.log import RawLog
from tracekd.teacher.prompts import Prompt, file_name, read_prompts
from tracekd.teacher.recipe import Kind, Manifest, check_same, read_manifest


def join(folder: Path, wanted: Manifest) -> Manifest:
    """What the folder holds, together with what is wanted of it now.

    Raises UserError if it holds something else, another task's traces, or texts that were asked for in another way.
    """
    path = folder / MANIFEST
    if not path.is_file():
        if any(entry.name != LOCK for entry in folder.iterdir()):
            raise UserError("the folder holds something else", where=folder, next_step="name another --out")
        return wanted
    known = read_manifest(path.read_bytes(), str(path))
    if known.task != wanted.task:
        raise UserError(
            f"this folder holds traces of {known.task}, not of {wanted.task}", where=path,
            next_step="name another --out",
        )  # fmt: skip
    for kind, each in wanted.kinds.items():
        # As long as nothing was answered, settings may be mended.
        if kind in known.kinds and known.kinds[kind].recipe != each.recipe and _is_answered(folder, kind):
            check_same(kind, known.kinds[kind].recipe, each.recipe, str(path))
    return wanted.model_copy(update={"kinds": {**known.kinds, **wanted.kinds}})


def _is_answered(folder: Path, kind: str) -> bool:
    return RawLog.read(raw_file(folder, kind)).has_answers


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it atomically."""
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")


def keep_prompts(folder: Path, prompts: Mapping[str, Prompt]) -> None:
    """Write the prompts that are used beside the texts, to the byte."""
    for kind, prompt in prompts.items():
        write_text(folder / PROMPTS / file_name(kind), prompt.text)


def prompts_of(folder: Path, kinds: Mapping[str, Kind], wanted: Mapping[str, Prompt]) -> dict[str, Prompt]:
    """The prompts of all kinds of the folder: those that are wanted now, the others as they lie there.

    Raises UserError for one that was changed since it was used.
    """
    earlier = read_prompts((kind for kind in kinds if kind not in wanted), folder / PROMPTS)
    for kind, prompt in earlier.items():
        if prompt.sha256 != kinds[kind].recipe.prompt_sha256:
            raise UserError(
                "this prompt was changed after it was used", where=folder / PROMPTS / file_name(kind),
                next_step="put it back, or name another --out",
            )  # fmt: skip
    return {**earlier, **wanted}

"""Writes effects to a file: each problem's effects are on disk at once, and the final file is complete or absent.

Unfinished effects are in `FILE.part`, in any order. `FILE.recipe.json` describes how they are made, so that effects of two
students or two seeds never get into one file. The last digits of log-probabilities depend on the other texts in a batch,
so an interrupted run and an uninterrupted one can differ there. Only one process may write into a folder.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.content_hash import check, mend_list
from tracekd.errors import UserError
from tracekd.files import read_jsonl, read_log, recipe_key, refuse_link, restore, write_jsonl, write_log, write_text
from tracekd.interventions.effect import Effect
from tracekd.regimes.contract import Setting
from tracekd.students.output_file import recipe_file

Key = tuple[str, str]  # problem and condition
Make = Callable[[Sequence[str]], Iterator[tuple[Effect, ...]]]


class EffectRecipe(BaseModel):
    """The settings behind a file's effects, besides problems and conditions. `outputs` names the source of the outputs.

    `labels` and `donors` (a hash) are what conditions may know about other problems; `seed` is the seed of their draws.
    `free_traces`: how the student's own traces were read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    outputs: str
    labels: tuple[str, ...]
    donors: str
    max_new_tokens: int
    seed: int
    free_traces: bool = False

    @classmethod
    def of(cls, task: str, outputs: str, setting: Setting, max_new_tokens: int, seed: int) -> "EffectRecipe":
        """The recipe in this setting."""
        donors = recipe_key(donors=sorted(donor.id for donor in setting.donors))
        return cls(
            task=task,
            outputs=outputs,
            labels=setting.labels,
            donors=donors,
            max_new_tokens=max_new_tokens,
            seed=seed,
            free_traces=setting.free_traces,
        )


def complete(
    path: Path,
    recipe: EffectRecipe,
    problems: Sequence[str],
    conditions: Sequence[str],
    make: Make,
    tell: Callable[[int], None],
) -> int:
    """Call `make` for the problems (ids) for which the file lacks a condition. Returns the number of these problems.

    `tell` is called with the number of finished problems. The file has the order of problems and conditions; its other
    effects follow. Raises UserError if it contains effects of another recipe.
    """
    part = path.with_name(f"{path.name}.part")
    for file in (path, part, recipe_file(path)):
        refuse_link(file)
    mend_list(path.parent)
    known = _known(path, part, recipe)
    missing = [ident for ident in problems if any((ident, condition) not in known for condition in conditions)]
    if missing or not path.is_file() or part.is_file():
        write_text(recipe_file(path), _text_of(recipe))
        done = len(problems) - len(missing)
        tell(done)
        with part.open("ab", buffering=0) as log:
            for effects in make(missing) if missing else ():
                write_log(log, effects)
                known |= {_key(effect): effect for effect in effects}
                done += 1
                tell(done)
        write_jsonl(path, _ordered(known, problems, conditions))
        part.unlink()
    return len(missing)


def read_effects(path: Path, problems: Iterable[str], conditions: Iterable[str]) -> Iterator[Effect]:
    """Yield the effects of a file on these problems (ids) under these conditions (names); a file may contain more."""
    ids, names = set(problems), set(conditions)
    return (effect for effect in read_jsonl(path, Effect) if effect.id in ids and effect.condition in names)


def _key(effect: Effect) -> Key:
    return effect.id, effect.condition


def _known(path: Path, part: Path, recipe: EffectRecipe) -> dict[Key, Effect]:
    """The effects in the file. Raises UserError if another recipe made them."""
    files = [file for file in (path, part) if file.is_file()]
    if files:
        _check_recipe(path, recipe)
    if part in files:
        _cut(part)
    found = [effect for file in files for effect in (read_log if file == part else read_jsonl)(file, Effect)]
    return {_key(effect): effect for effect in found}


def _text_of(recipe: EffectRecipe) -> str:
    """Without defaults: recipes from before a field was added have the same text."""
    return recipe.model_dump_json(indent=1, exclude_defaults=True) + "\n"


def _cut(part: Path) -> None:
    """Remove an incomplete last line, left by a kill."""
    with part.open("rb+") as log:
        log.truncate(log.read().rfind(b"\n") + 1)


def _check_recipe(path: Path, recipe: EffectRecipe) -> None:
    file = recipe_file(path)
    restore(file, _text_of(recipe))
    check(file, f"delete it and {path.name}, and run the same command again")
    try:
        found = EffectRecipe.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise UserError(
            "the settings of this file are unknown", where=path, expected=f"its recipe, {file.name}",
            next_step="delete it, or name another --out",
        ) from None  # fmt: skip
    said, wanted = found.model_dump(), recipe.model_dump()
    other = next((key for key in wanted if said[key] != wanted[key]), None)
    if other is not None:
        raise UserError(
            f"the effects in this file were made with {other} = {_short(said[other])}, not {_short(wanted[other])}",
            where=path, next_step="delete it, or name another --out",
        )  # fmt: skip


def _short(value: object) -> str:
    return repr(value)[:80]


def _ordered(known: dict[Key, Effect], problems: Sequence[str], conditions: Sequence[str]) -> Iterator[Effect]:
    """The effects that were asked for, in order, and then all others."""
    asked = dict.fromkeys((ident, condition) for ident in problems for condition in conditions)
    return (known[key] for key in [*asked, *(key for key in known if key not in asked)])

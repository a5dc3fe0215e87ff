"""The manifest of a teacher's folder: how each kind of text was requested, and the results."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd import __version__
from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.files import contents, write_text
from tracekd.verify.claims import Keep

MANIFEST = "manifest.json"

# The limit of tokens of an answer, as in arXiv 2505.13792 if the paper states it.
MOST_TOKENS = {"trace": 4096, "summary": 200, "explanation": 4096}


class Recipe(BaseModel):
    """The settings that decide the answers of one kind. `max_tokens` limits one answer; `prompt_sha256` is the prompt
    file's."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())
    model: str
    temperature: float
    max_tokens: int
    seed: int
    prompt_sha256: str


class Counts(BaseModel):
    """The results of one kind: of `wanted` texts, some were kept, rejected or failed; `left` are not requested yet.

    `requests` counts all attempts, `served_by` the answers by the name that the endpoint gave its model. If the
    endpoint did not count tokens, they are estimated (four characters each); `estimated` counts these answers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    wanted: int = 0
    kept: int = 0
    rejected: dict[str, int] = {}
    failed: dict[str, int] = {}
    left: int = 0
    requests: int = 0
    tokens: int = 0
    estimated: int = 0
    served_by: dict[str, int] = {}


class KindOfText(BaseModel):
    """One kind of text in the folder. `endpoint` is the base URL of the last run; it never contains credentials."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    endpoint: str
    recipe: Recipe
    counts: Counts = Counts()


class Manifest(BaseModel):
    """The contents of a teacher's folder, and how they were made. `skipped` counts records that are not valid problems.

    `keep` says which traces are kept: those with a right answer, with claims that all hold, or with both. Another run may
    choose again, without new requests for traces.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    sources: tuple[str, ...]
    subset: str | None = None
    problems: int
    skipped: int = 0
    keep: Keep = "answer"
    kinds: dict[str, KindOfText] = {}
    version: str = __version__

    def with_counts(self, counts: Mapping[str, Counts]) -> "Manifest":
        """The same manifest with the counts of each kind."""
        kinds = {kind: each.model_copy(update={"counts": counts[kind]}) for kind, each in self.kinds.items()}
        return self.model_copy(update={"kinds": kinds})


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a folder atomically."""
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")


def known_manifest(folder: Path, task: str) -> Manifest | None:
    """The manifest of a folder, or None if the folder is empty.

    Raises UserError if the folder contains something else, or texts of another task.
    """
    path = folder / MANIFEST
    if not path.is_file():
        if contents(folder):
            raise UserError("the folder contains something else", where=folder, next_step="name another --out")
        return None
    known = _read_manifest(path)
    if known.task != task:
        raise UserError(
            f"this folder contains traces of {known.task}, not of {task}", where=path, next_step="name another --out"
        )
    return known


def _read_manifest(path: Path) -> Manifest:
    check(path)
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError:
        raise UserError(
            "this is not the manifest of a teacher's folder", where=path, next_step="name another folder"
        ) from None


def check_same(kind: str, known: Recipe, now: Recipe, where: Path) -> None:
    """Raises UserError if the folder has texts of a kind that were requested with other settings."""
    for name, value in known:
        if value != getattr(now, name):
            raise UserError(
                f"this folder's texts of the kind {kind!r} were requested with other settings: "
                f"{name} is {value!r} there, {getattr(now, name)!r} here",
                where=where, expected="the same settings, or an empty folder", next_step="name another --out",
            )  # fmt: skip

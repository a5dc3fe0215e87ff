"""How the texts of one kind are asked for, and what lies in the folder of a teacher."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd import __version__
from tracekd.errors import UserError

# The most tokens of an answer, and the temperature of every kind: those of arXiv 2505.13792 where it is known.
MOST_TOKENS = {"trace": 4096, "summary": 200, "explanation": 4096}


class Recipe(BaseModel):
    """What decides the answers of one kind. `max_tokens` bounds one answer; `prompt_sha256` is of the prompt's file."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())
    model: str
    temperature: float
    max_tokens: int
    seed: int
    prompt_sha256: str


class Counts(BaseModel):
    """What became of the texts of one kind: of `wanted`, some were kept, rejected, failed, or are `left` to be asked.

    `requests` counts all attempts; `served_by` the names that the endpoint gave its model, by answer. Where the
    endpoint did not count tokens they are estimated, four characters each: in `estimated` answers.
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


class Kind(BaseModel):
    """One kind of texts in the folder. `endpoint` is the base URL of the last run, which never holds credentials."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    endpoint: str
    recipe: Recipe
    counts: Counts = Counts()


class Manifest(BaseModel):
    """What a teacher's folder holds, and how it was made. `skipped` counts the records that are no problems."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    sources: tuple[str, ...]
    subset: str | None = None
    problems: int
    skipped: int = 0
    kinds: dict[str, Kind] = {}
    version: str = __version__

    def with_counts(self, counts: Mapping[str, Counts]) -> "Manifest":
        """The same, with what became of each kind."""
        kinds = {kind: each.model_copy(update={"counts": counts[kind]}) for kind, each in self.kinds.items()}
        return self.model_copy(update={"kinds": kinds})


def read_manifest(data: bytes, where: str) -> Manifest:
    """The manifest of a folder. Raises UserError if it is none."""
    try:
        return Manifest.model_validate_json(data)
    except ValidationError:
        raise UserError(
            "this is no manifest of a teacher's folder", where=where, next_step="name another folder"
        ) from None


def check_same(kind: str, known: Recipe, wanted: Recipe, where: str) -> None:
    """Raises UserError where texts of a kind would be asked for in another way than those that are there."""
    for name, value in known:
        if value != getattr(wanted, name):
            raise UserError(
                f"this folder's texts of the kind {kind!r} were asked for in another way: "
                f"{name} is {value!r} there, {getattr(wanted, name)!r} here",
                where=where, expected="the same settings, or an empty folder", next_step="name another --out",
            )  # fmt: skip

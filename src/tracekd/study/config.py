"""The study file: one task, regimes x students x seeds, as TOML."""

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from tracekd.content_hash import check
from tracekd.errors import UserError, unknown_name
from tracekd.interventions import CONDITIONS, Condition, get_condition
from tracekd.interventions.effect import OWN
from tracekd.regimes import get_regime
from tracekd.setting import read_setting
from tracekd.stats.families import Analysis
from tracekd.students.student import Count, Lora, Name, Student
from tracekd.study.toml_lines import line_of
from tracekd.tasks import get_task
from tracekd.tasks.reading.source import HUB
from tracekd.verify.free_question import check_has_grammar
from tracekd.verify.trace_kind import DEFAULT_KIND, TraceKind, read_trace_kind
from tracekd.worlds import get_world, world_names
from tracekd.worlds.dials import choose_families, set_dials

WORLD = "world"
Seed = Annotated[int, Field(ge=0, lt=2**32)]  # the limit of numpy


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TaskSource(_Table):
    """The task of a study, by its `name`, and where its problems come from.

    `source` is `world` (they are generated), a file or folder, or `hub:ID[:CONFIG[:SPLIT]]`. `classes` names the classes to
    use (if empty, all classes of the source), `subset` a part that the task defines, `support` the kind of gold support
    that traces cite (default: the task's first kind). `teacher` is a folder that `tracekd teacher` wrote, for
    the regime of that name. Problems with more than `most_facts` facts are left out. `strict` refuses a source with an
    invalid record; otherwise such records are left out and counted. Two keys are only for the world: the number of
    `questions` of each class, and its `dials` (`tracekd world NAME`).
    """

    name: str = "babi"
    source: str = WORLD
    classes: tuple[str, ...] = ()
    subset: str | None = None
    support: str | None = None
    teacher: str | None = None
    strict: bool = False
    most_facts: Count = 250
    questions: Count = 4000
    dials: dict[str, int | float | str | list[int] | list[float] | list[str]] = {}

    @field_validator("name")
    @classmethod
    def _task_exists(cls, name: str) -> str:
        return get_task(name).name

    @field_validator("source")
    @classmethod
    def _world_makes_task(cls, source: str, info: ValidationInfo) -> str:
        task = info.data.get("name", "babi")
        if source == WORLD and task not in world_names():
            raise UserError(
                f"there is no world that makes {task}", expected=f"a file, a folder or {HUB}ID",
                next_step=f"tracekd tasks {task}",
            )  # fmt: skip
        return source

    @field_validator("classes")
    @classmethod
    def _classes_exist(cls, classes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "name" not in info.data:
            return classes
        task = get_task(info.data["name"])
        for label in classes:
            if label not in task.labels:
                raise unknown_name(f"class of {task.name}", label, task.labels)
        return classes

    @field_validator("dials")
    @classmethod
    def _dials_can_be_set(cls, dials: dict[str, object], info: ValidationInfo) -> dict[str, object]:
        if not {"name", "source", "classes"} <= info.data.keys():
            return dials
        if info.data["source"] == WORLD:
            world = get_world(info.data["name"])
            set_dials(world, choose_families(world, info.data["classes"]), dials)
        elif dials:
            raise UserError("dials are for the world only", expected=f'source = "{WORLD}"')
        return dials

    @field_validator("subset", "support")
    @classmethod
    def _names_exist(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is None or "name" not in info.data:
            return name
        task = get_task(info.data["name"])
        known = {"subset": tuple(task.subsets), "support": task.support_kinds}[str(info.field_name)]
        if name not in known:
            raise unknown_name(f"{info.field_name} of {task.name}", name, known)
        return name


class Sizes(_Table):
    """The number of problems on each side, over all classes."""

    train: Count = 2000
    validation: Count = 40
    test: Count = 400


class Study(_Table):
    """One study. Its cells are regimes x students x seeds; the problems are the same for all.

    `conditions` are the interventions on every student that writes traces; if empty, there are none. `analysis` is declared
    before any student is trained. `trace` says how traces are judged: by our `template`, as `free` ones, or `auto`. It is
    written into files only if it is not the default.
    """

    name: Name
    data_seed: int = 0
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)] = (0,)
    regimes: Annotated[tuple[str, ...], Field(min_length=1)]
    conditions: tuple[str, ...] = CONDITIONS
    sizes: Sizes = Sizes()
    analysis: Analysis = Analysis()
    task: TaskSource
    trace: Annotated[TraceKind, Field(exclude_if=lambda kind: kind == DEFAULT_KIND)] = DEFAULT_KIND
    students: Annotated[tuple[Student, ...], Field(min_length=1)]

    @field_validator("trace", mode="before")
    @classmethod
    def _kind_exists(cls, kind: object) -> object:
        return read_trace_kind(kind) if isinstance(kind, str) else kind

    @field_validator("trace")
    @classmethod
    def _has_grammar(cls, kind: TraceKind, info: ValidationInfo) -> TraceKind:
        if kind != DEFAULT_KIND and "task" in info.data:
            try:
                check_has_grammar(get_task(info.data["task"].name))
            except UserError as error:
                raise UserError(error.problem, expected=error.expected, next_step=f'trace = "{DEFAULT_KIND}"') from None
        return kind

    @field_validator("regimes")
    @classmethod
    def _regimes_exist(cls, regimes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(get_regime(regime).name for regime in regimes)

    @field_validator("conditions")
    @classmethod
    def _conditions_exist(cls, conditions: tuple[str, ...]) -> tuple[str, ...]:
        """The conditions in the given order, after `own`. `own` always comes first, because the others are compared
        with it.
        """
        names = tuple(get_condition(condition).name for condition in conditions)
        _check_named_once(names, names)
        return (OWN, *(name for name in names if name != OWN)) if names else ()

    @field_validator("conditions")
    @classmethod
    def _crossed_regimes_exist(cls, conditions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        check_crossed(map(get_condition, conditions), info.data.get("regimes", ()))
        return conditions

    @field_validator("regimes", "seeds", "students")
    @classmethod
    def _named_once(cls, values: tuple[object, ...]) -> tuple[object, ...]:
        _check_named_once(values, [_file_name(value) for value in values])
        return values


def check_crossed(conditions: Iterable[Condition], regimes: Sequence[str]) -> None:
    """Raises UserError for a condition that forces traces of a regime that is not in the study."""
    for condition in conditions:
        if condition.crosses is not None and condition.crosses not in regimes:
            traced = [regime for regime in regimes if get_regime(regime).traced]
            raise unknown_name("regime of this study", condition.crosses, traced)


def _check_named_once(values: Sequence[object], names: Sequence[object]) -> None:
    twice = next((value for value, name in zip(values, names, strict=True) if names.count(name) > 1), None)
    if twice is not None:
        named = twice.name if isinstance(twice, Student) else twice
        raise UserError(f"{named!r} is named twice", expected="every regime, seed, student and condition once")


def _file_name(value: object) -> object:
    """A normal form of a value, as in the names of files: `few_shot(5,trace)` may also be written with a space."""
    if isinstance(value, Student):
        return value.name
    return get_regime(value).file_name if isinstance(value, str) else value


def embedded_studies() -> tuple[str, ...]:
    """The names of the studies that come with the package."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in _embedded().iterdir() if f.name.endswith(".toml")))


def load_study(name: str, overrides: Iterable[str] = ()) -> Study:
    """The study of a TOML file or of an embedded name, with `key=value` overrides (`students.0.steps=50`).

    Relative paths of sources and bases start at the current folder. Raises UserError with file and line.
    """
    text, where = _read(name)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise UserError(f"this is not valid TOML: {error}", where=f"{where}:{line[1]}" if line else where) from None
    except RecursionError:
        raise UserError("this is nested too deep", where=where) from None
    if "tasks" in raw:
        raise _older_form(f"{where}:{line_of(text, ['tasks'])}")
    given = [_override(raw, item) for item in overrides]
    try:
        return Study.model_validate(raw)
    except ValidationError as error:
        raise _explain(error, text, where, given) from None


def _embedded() -> Path:
    return Path(str(files("tracekd.study"))) / "embedded"


def _read(name: str) -> tuple[str, str]:
    path = Path(name) if name.endswith(".toml") or "/" in name else _embedded() / f"{name}.toml"
    if not path.is_file():
        if path.parent == _embedded():
            raise unknown_name("study", name, embedded_studies())
        raise UserError(
            "there is no such study file", where=path, expected="a TOML file", next_step="tracekd study --help"
        )
    check(path, "run the study with the same file and settings as before, and --out with this folder")
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except UnicodeDecodeError:
        raise UserError("this is not UTF-8 text", where=path) from None


def _older_form(where: str, next_step: str | None = None) -> UserError:
    return UserError(
        "a study has one task, in its own table", where=where,
        expected='a table [task] instead of [[tasks]], with name = "babi" instead of task = "babi"',
        next_step=next_step,
    )  # fmt: skip


def _override(raw: dict[str, Any], item: str) -> str:
    key, value = read_setting(item, "students.0.steps=50")
    *parents, last = key.split(".")
    if [*parents, last][0] == "tasks":
        older = re.sub(r"^tasks\.0\.task=", "tasks.0.name=", item.strip())
        now = f"--set {shlex.quote(older.replace('tasks.0', 'task', 1))}" if older.startswith("tasks.0.") else None
        raise _older_form(f"--set {key}", now)
    at: Any = raw
    for part in parents:
        at = _descend(at, part, item)
    if isinstance(at, list) and last in _places(at):
        at[int(last)] = value
    elif isinstance(at, dict):
        at[last] = value
    else:
        raise UserError(
            f"--set {item!r} does not lead to a key", expected="a key of the study file, for example task.source"
        )
    return key


def _descend(at: Any, part: str, item: str) -> Any:
    if isinstance(at, list) and part in _places(at):
        return at[int(part)]
    if isinstance(at, dict):
        return at.setdefault(part, {})
    raise UserError(
        f"--set {item!r} does not lead to a key at {part!r}",
        expected="a key of the study file, for example task.source",
    )


def _places(items: list[Any]) -> list[str]:
    return [str(place) for place in range(len(items))]


def _explain(error: ValidationError, text: str, where: str, given: list[str]) -> UserError:
    first = error.errors()[0]
    keys = [part for part in first["loc"] if isinstance(part, str | int)]
    dotted = ".".join(map(str, keys))
    unknown = first["type"] == "extra_forbidden"
    if any(f"{dotted}.".startswith(f"{key}.") or (unknown and key.startswith(f"{dotted}.")) for key in given):
        place = f"--set {dotted}"
    else:
        place = f"{where}:{line_of(text, keys)}"
    cause = first.get("ctx", {}).get("error")
    if unknown:
        valid = sorted(_fields_at(keys[:-1]))
        near = get_close_matches(str(keys[-1]), valid, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else None
        return UserError(
            f"unknown key {keys[-1]!r}", where=place, expected=f"one of {', '.join(valid)}", next_step=hint
        )
    if isinstance(cause, UserError):
        return UserError(cause.problem, where=place, expected=cause.expected, next_step=cause.next_step)
    return UserError(f"{dotted or 'the study'}: {first['msg']}", where=place)


def _fields_at(keys: list[str | int]) -> Iterator[str]:
    tables: dict[str, type[BaseModel]] = {
        "task": TaskSource,
        "students": Student,
        "sizes": Sizes,
        "analysis": Analysis,
        "lora": Lora,
    }
    names = [key for key in keys if isinstance(key, str)]
    yield from tables[names[-1]].model_fields if names and names[-1] in tables else Study.model_fields

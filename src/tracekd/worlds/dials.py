"""Values of dials: set by name, or drawn at random."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from tracekd.errors import UserError, unknown_name
from tracekd.worlds.contract import Dials, World


def choose_families(world: World, families: Iterable[str]) -> list[str]:
    """The named families, each once; all families if none is named. Raises UserError for an unknown family."""
    named = list(dict.fromkeys(families))
    for family in named:
        if family not in world.families:
            raise unknown_name(f"family of the world {world.name}", family, world.families)
    return named or list(world.families)


def set_dials(world: World, families: Iterable[str], given: Mapping[str, object]) -> dict[str, Dials]:
    """The dials of each family. A value is set in every family that has this dial.

    Raises UserError for a dial that no family has, and for values that are out of bounds or contradict each other.
    """
    models = {family: world.families[family].dials for family in families}
    known = {dial for model in models.values() for dial in model.model_fields}
    for dial in given:
        if dial not in known:
            raise unknown_name("dial", dial, known)
    return {
        family: _read(family, model, {dial: value for dial, value in given.items() if dial in model.model_fields})
        for family, model in models.items()
    }


def _read(family: str, model: type[Dials], given: Mapping[str, object]) -> Dials:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, UserError):
            raise UserError(f"{family}: {cause.problem}", expected=cause.expected, next_step=cause.next_step) from None
        dial = ".".join(map(str, first["loc"]))
        raise UserError(f"{family}: {dial}: {first['msg']}", next_step=f"tracekd world NAME --task {family}") from None


_SET = 0.6  # share of the dials that are set; the others keep their defaults
_NONE = 0.3  # share of None among the values of a dial that may be None
_ABOVE = 1e-3  # distance of a share from a bound that is itself excluded
_TRIES = 1000


def random_dials(model: type[Dials], rng: Random) -> Dials:
    """Dials with random values for some of them. With these, a world can be tested for all its possible settings.

    Raises ValueError if the values of nearly all settings contradict each other, TypeError for an unknown type of dial.
    """
    for _ in range(_TRIES):
        dials = try_random_dials(model, rng)
        if dials is not None:
            return dials
    raise ValueError(f"the values of nearly all settings of {model.__name__} contradict each other")


def try_random_dials(model: type[Dials], rng: Random) -> Dials | None:
    """Dials with random values for some of them; None if two of the values contradict each other."""
    names = [name for name in model.model_fields if rng.random() < _SET]
    try:
        return model(**{name: random_value(model.model_fields[name], rng) for name in names})
    except ValidationError as error:
        # An error that is not a UserError means that a drawn value is out of the bounds of its dial.
        if not all(isinstance(one.get("ctx", {}).get("error"), UserError) for one in error.errors()):
            raise
        return None


def random_value(dial: FieldInfo, rng: Random) -> Any:
    """A value within type and bounds; the bounds and small numbers are more likely than other values.

    Raises TypeError for a dial that is not a bool, not a number with bounds and not a tuple of literals.
    """
    kind = dial.annotation
    choices = get_args(get_args(kind)[0]) if get_origin(kind) is tuple else ()
    if choices:
        return tuple(rng.sample(choices, rng.randint(1, len(choices))))
    if kind is bool:
        return rng.random() < 0.5
    low, high = _bounds(dial)
    if dial.default is None and rng.random() < _NONE:
        return None
    if kind is float:
        return rng.choice((low, high, rng.uniform(low, high)))
    return rng.choice((int(low), int(high), int(low + (high - low) * rng.random() ** 3)))


def _bounds(dial: FieldInfo) -> tuple[float, float]:
    """The smallest and the largest value."""
    found = {name: getattr(one, name) for one in dial.metadata for name in ("ge", "gt", "le") if hasattr(one, name)}
    if dial.annotation not in (int, int | None, float) or len(found) != 2 or "le" not in found:
        raise TypeError(f"cannot draw a value for a dial of this type and with these bounds: {dial!r}")
    above = _ABOVE if dial.annotation is float else 1
    return found["ge"] if "ge" in found else found["gt"] + above, found["le"]

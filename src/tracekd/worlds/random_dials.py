"""Random settings of dials: with them, a world is held against the rules of its task wherever its dials may stand."""

from random import Random
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from tracekd.errors import UserError
from tracekd.worlds.contract import Dials

_SET = 0.6  # share of the dials that are set; the others keep their defaults
_NONE = 0.3  # share of the values of a dial that may be none
_ABOVE = 1e-3  # how far a share stays above a bound that is itself excluded
_TRIES = 1000


def random_dials(model: type[Dials], rng: Random) -> Dials:
    """Dials with some of their values drawn.

    Raises ValueError if nearly all settings contradict themselves, TypeError for a dial that no value can be drawn for.
    """
    for _ in range(_TRIES):
        dials = try_random_dials(model, rng)
        if dials is not None:
            return dials
    raise ValueError(f"nearly all settings of {model.__name__} contradict themselves")


def try_random_dials(model: type[Dials], rng: Random) -> Dials | None:
    """Dials with some of their values drawn; None where two of the values contradict each other."""
    names = [name for name in model.model_fields if rng.random() < _SET]
    try:
        return model(**{name: random_value(model.model_fields[name], rng) for name in names})
    except ValidationError as error:
        # Anything but a UserError means that a value was drawn which its dial does not allow.
        if not all(isinstance(one.get("ctx", {}).get("error"), UserError) for one in error.errors()):
            raise
        return None


def random_value(dial: FieldInfo, rng: Random) -> Any:
    """A value that type and bounds allow; bounds and small numbers are more likely than others.

    Raises TypeError for a dial that is no bool, no number with bounds and no tuple of literals.
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
    """The least and the most value."""
    found = {name: getattr(one, name) for one in dial.metadata for name in ("ge", "gt", "le") if hasattr(one, name)}
    if dial.annotation not in (int, int | None, float) or len(found) != 2 or "le" not in found:
        raise TypeError(f"no value can be drawn for a dial of this type and with these bounds: {dial!r}")
    above = _ABOVE if dial.annotation is float else 1
    return found["ge"] if "ge" in found else found["gt"] + above, found["le"]

"""Names that may have a parameter, `name(value)`, by themselves and in lists: those of regimes and of conditions."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from tracekd.errors import UserError
from tracekd.registry import Named

_WRITTEN = re.compile(r"([^\s(:]++)\s*+(?:\(([^()]*+)\)|:([^()]*+))?")
_COMMA_OUTSIDE = re.compile(r",(?![^()]*\))")

Item = TypeVar("Item", bound=Named)


def read_name(written: str, noun: str) -> tuple[str, str | None]:
    """The name and the value of `name(value)` or `name:value`; None for a name by itself. `noun` is for messages.

    Raises UserError for what is none of these.
    """
    parts = _WRITTEN.fullmatch(written.strip())
    if parts is None:
        raise UserError(f"{written[:60]!r} is no {noun}", expected="a name, or name(value)")
    value = parts[2] if parts[2] is not None else parts[3]
    return parts[1], None if value is None else value.strip()


def read_list(written: str, noun: str, get: Callable[[str], Item], key: Callable[[Item], str]) -> Iterator[Item]:
    """Yield what `get` has for each name of a list with commas between them. Raises UserError where two have one key."""
    seen: set[str] = set()
    for part in _COMMA_OUTSIDE.split(written):
        item = get(part)
        if key(item) in seen:
            raise UserError(f"the {noun} {item.name!r} is named twice", expected=f"every {noun} once")
        seen.add(key(item))
        yield item

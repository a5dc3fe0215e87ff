"""Functions that are offered by name and may have one parameter, written `name(value)`: regimes and conditions."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

from tracekd.errors import UserError
from tracekd.registry import Registry

# The value may have a parameter of its own: `cross(corrupted(0.3))`.
_VALUE = r"((?:[^()]|(?<=\w)\([^()]*+\))*+)"
_WRITTEN = re.compile(rf"([^\s(:]++)\s*+(?:\({_VALUE}\)|:{_VALUE})?")
_COMMA_OUTSIDE = re.compile(r",(?![^()]*\))")

Function = TypeVar("Function")


@dataclass(frozen=True)
class Parameter(Generic[Function]):
    """The parameter of a named function. `bind` makes the function for a value, given as text, and raises ValueError
    for an invalid value. `also` gives other fields of the named function that depend on the value.
    """

    name: str
    about: str
    default: str
    bind: Callable[[str], Function]
    also: Callable[[str], Mapping[str, Any]] = lambda value: {}


@dataclass(frozen=True)
class NamedFunction(Generic[Function]):
    """A function with a name, and perhaps a parameter. `field_name` names the field of a subclass that holds the function."""

    noun: ClassVar[str]
    field_name: ClassVar[str]
    name: str
    summary: str
    parameter: Parameter[Function] | None = field(default=None, kw_only=True)

    @classmethod
    def with_parameter(cls, name: str, summary: str, parameter: Parameter[Function], **fields: Any) -> Self:
        """A function that has a parameter. It has the default until another value is bound."""
        values = {**fields, **cls._set_by(parameter, parameter.default)}
        return cls(name, summary, parameter=parameter, **values)

    def bound(self, value: str) -> Self:
        """This function with its parameter set. Raises UserError if it has no parameter, or for an invalid value."""
        if self.parameter is None:
            raise UserError(f"the {self.noun} {self.name!r} has no parameter", expected=self.name)
        try:
            values = self._set_by(self.parameter, value)
        except UserError:
            raise  # it says more, such as the nearest valid name
        except ValueError:
            raise UserError(
                f"{value[:40]!r} is not a valid {self.parameter.name} of the {self.noun} {self.name!r}",
                expected=f"{self.parameter.about}, for example {self.name}({self.parameter.default})",
            ) from None
        return replace(self, name=f"{self.name}({value})", **values)

    def chosen(self, value: str | None) -> Self:
        """This function, with its parameter set if a value is given."""
        return self if value is None else self.bound(value)

    @classmethod
    def _set_by(cls, parameter: Parameter[Function], value: str) -> dict[str, Any]:
        return {cls.field_name: parameter.bind(value), **parameter.also(value)}

    @property
    def file_name(self) -> str:
        """The name as a part of a file's name: `corrupted(0.3)` is `corrupted-0.3`."""
        return re.sub(r"[^A-Za-z0-9_.]+", "-", self.name).strip("-")


Item = TypeVar("Item", bound=NamedFunction[Any])


@dataclass(frozen=True)
class FunctionRegistry(Registry[Item]):
    """Named functions that installed packages offer, read as people write them."""

    def read(self, written: str) -> Item:
        """The function that is written `name`, `name(value)` or `name:value`.

        Raises UserError with the nearest valid name, or with what the parameter may be.
        """
        name, value = read_name(written, self.noun)
        return self.get(name).chosen(value)

    def read_list(self, written: str) -> Iterator[Item]:
        """Yield the functions of a list with commas between them. Raises UserError if one is invalid or named twice."""
        seen: set[str] = set()
        for part in split_list(written):
            item = self.read(part)
            if item.file_name in seen:  # two spellings of the same function would be written to the same file
                raise UserError(f"the {self.noun} {item.name!r} is named twice", expected=f"every {self.noun} once")
            seen.add(item.file_name)
            yield item


def read_name(written: str, noun: str) -> tuple[str, str | None]:
    """The name and the value of `name(value)` or `name:value`; without a value, it is None.

    Raises UserError for anything else; `noun` is for its message.
    """
    parts = _WRITTEN.fullmatch(written.strip())
    if parts is None:
        raise UserError(f"{written[:60]!r} is not a {noun}", expected="a name, or name(value)")
    value = parts[2] if parts[2] is not None else parts[3]
    return parts[1], None if value is None else value.strip()


def split_list(written: str) -> list[str]:
    """The parts of a list with commas between them. Commas inside brackets belong to a value."""
    return _COMMA_OUTSIDE.split(written)

"""Objects with a name: tasks, worlds, regimes, conditions. Built-in ones and those of other packages are entry points
of a group.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, Protocol, TypeVar

from tracekd.errors import UserError, unknown_name


class Named(Protocol):
    """What a registry can hold."""

    @property
    def name(self) -> str: ...


Item = TypeVar("Item", bound=Named)


@dataclass(frozen=True)
class Registry(Generic[Item]):
    """The objects of class `kind` that installed packages offer as entry points of `group`; `noun` is for messages."""

    group: str
    noun: str
    kind: type[Item]

    @cached_property
    def _loaded(self) -> dict[str, Item]:
        return {}

    @cached_property
    def _points(self) -> dict[str, tuple[EntryPoint, ...]]:
        points: dict[str, tuple[EntryPoint, ...]] = {}
        # An editable install may be found twice: once for each of its folders.
        for point in dict.fromkeys(entry_points(group=self.group)):
            points[point.name] = (*points.get(point.name, ()), point)
        return points

    def names(self) -> tuple[str, ...]:
        """All names, sorted. Nothing is imported."""
        return tuple(sorted(self._points))

    def get(self, name: str) -> Item:
        """The object of this name. Raises UserError, which names the nearest valid name, or the package that is broken."""
        if name not in self._loaded:
            self._loaded[name] = self._load(self._only_point(name))
        return self._loaded[name]

    def all(self) -> Iterator[Item | UserError]:
        """Every object, or the error of a broken one: a broken plug-in does not stop the others."""
        for name in self.names():
            try:
                yield self.get(name)
            except UserError as error:
                yield error

    def _only_point(self, name: str) -> EntryPoint:
        points = self._points.get(name, ())
        if not points:
            raise unknown_name(self.noun, name, self.names())
        if len(points) > 1:
            packages = ", ".join(sorted(_package(point) for point in points))
            raise UserError(f"two packages offer a {self.noun} {name!r}: {packages}", next_step="uninstall one of them")
        return points[0]

    def _load(self, point: EntryPoint) -> Item:
        package = _package(point)
        try:
            item = point.load()
            if isinstance(item, self.kind) and item.name == point.name:
                return item
        except KeyboardInterrupt:  # the user pressed Ctrl-C, and wants the program to end
            raise
        except BaseException as error:  # a plug-in may fail in any way, such as `sys.exit()` on import
            raise UserError(
                f"the {self.noun} {point.name!r} of {package} cannot be loaded "
                f"({type(error).__name__}: {str(error)[:200]})",
                next_step=f"repair or uninstall {package}",
            ) from error
        raise UserError(
            f"the entry point {point.name!r} of {package} is not a {self.noun} of this name",
            expected=f"a {self.kind.__module__}.{self.kind.__qualname__} whose name is that of the entry point",
        )


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "an unknown package"

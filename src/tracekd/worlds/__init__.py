"""Worlds make problems with known truth. They are found by name, through entry points of the group `tracekd.worlds`."""

from tracekd.registry import Registry
from tracekd.worlds.contract import World

__all__ = ["GROUP", "World", "get_world", "world_names"]

GROUP = "tracekd.worlds"
_WORLDS = Registry(GROUP, "world", World)

world_names = _WORLDS.names


def get_world(name: str) -> World:
    """The world of this name, built-in or from another package: a maker of problems whose truth is known.

    Raises UserError with the nearest valid name for an unknown one, and with the package for one that cannot be loaded.

    >>> import tracekd
    >>> len(tracekd.get_world("babi").families)
    20
    """
    return _WORLDS.get(name)

"""Worlds make problems with known truth. They are found by name, through entry points of the group `tracekd.worlds`."""

from tracekd.registry import Registry
from tracekd.worlds.contract import World

__all__ = ["GROUP", "World", "get_world", "world_names"]

GROUP = "tracekd.worlds"
_WORLDS = Registry(GROUP, "world", World)

world_names = _WORLDS.names
get_world = _WORLDS.get

"""Keeps what was read from texts that come again and again."""

from collections.abc import Callable
from typing import TypeVar

# How many readings of one kind are kept at most, so that memory stays bounded.
KEPT = 2**14
Read = TypeVar("Read")


class Kept(dict[str, Read]):
    """What was read from each text; `kept[text]` reads a text that is new. When it is full, it begins anew.

    A look-up takes half the time of one in an `lru_cache`, which notes the order of all look-ups.
    """

    def __init__(self, read: Callable[[str], Read]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Read:
        found = self._read(text)
        if len(self) >= KEPT:
            self.clear()
        self[text] = found
        return found

    def cache_clear(self) -> None:
        """Forget everything, as that of an `lru_cache` does."""
        self.clear()

"""What a format of outputs is, and what is known of a file before it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracekd.verify.reading.written import Unread, Written

Outputs = Iterator[Written | Unread]


@dataclass(frozen=True, slots=True)
class Head:
    """How a file begins: its first bytes, and the names of the fields of its first record (none if it has none)."""

    path: Path
    start: bytes
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Format:
    """One way in which outputs are written down.

    `noun` names a file of it, for messages. `recognises` tells by the head of a file whether it is one; `read` yields
    its outputs, and an Unread for whatever is none. It raises UserError only where a file cannot be read at all.
    """

    name: str
    noun: str
    recognises: Callable[[Head], bool]
    read: Callable[[Path], Outputs]

"""The group and the class of each problem, as verdicts state them. Names are stored as 64-bit hashes."""

from array import array
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.flags import Codes

Hashes = NDArray[np.uint64]

# The problems of this many verdicts are collected before they are looked up.
_PENDING = 1 << 18


def name_hash(name: str) -> int:
    """A 64-bit hash of a name, the same in every process. Among ten million names, a collision has a chance of 3 in 10^6."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())


class ProblemTable:
    """Numbers problems in the order of arrival; 24 bytes each, for any length of names.

    Raises ValueError, on adding or on reading, if a problem gets two groups or two classes.
    """

    def __init__(self) -> None:
        # Added but not yet looked up.
        self._new = array("Q"), array("Q"), array("I")
        self._numbers = array("I")
        # The known ids, ascending, with their numbers; and by number, their groups and classes.
        self._ids, self._number_of = np.empty(0, np.uint64), np.empty(0, np.uint32)
        self._groups, self._labels = np.empty(0, np.uint64), np.empty(0, np.uint32)

    def add(self, ident: int, group: int, label: int) -> None:
        """Add a problem, perhaps again, by the hashes of its id and group and the number of its class."""
        for column, value in zip(self._new, (ident, group, label), strict=True):
            column.append(value)
        if len(self._new[0]) >= _PENDING:
            self._look_up()

    def numbers(self) -> Codes:
        """(added,) uint32: the number of each problem that was added. Nothing may be added while this is in use."""
        self._look_up()
        return np.frombuffer(self._numbers, np.uint32)

    def groups(self) -> Codes:
        """(problems,) uint32: the number of each problem's group, from 0, in the order of the hashes of the groups."""
        self._look_up()
        return np.unique(self._groups, return_inverse=True)[1].astype(np.uint32)

    def ranks(self) -> Codes:
        """(problems,) uint32: the rank of each problem in the order of the hashes of the ids."""
        self._look_up()
        return np.argsort(self._number_of).astype(np.uint32)

    def labels(self) -> Codes:
        """(problems,) uint32: the number of each problem's class."""
        self._look_up()
        return self._labels

    def _look_up(self) -> None:
        if not self._new[0]:
            return
        ids, groups, labels = (np.array(column) for column in self._new)
        for column in self._new:
            del column[:]
        self._learn(ids, groups, labels)
        numbers = self._number_of[np.searchsorted(self._ids, ids)]
        differ = int(((self._groups[numbers] != groups) | (self._labels[numbers] != labels)).sum())
        if differ:
            raise ValueError(f"{differ} verdicts name another group or class of a problem than others of it do")
        self._numbers.frombytes(numbers.tobytes())

    def _learn(self, ids: Hashes, groups: Hashes, labels: Codes) -> None:
        """Number the new problems."""
        found, first = np.unique(ids, return_index=True)
        places = np.searchsorted(self._ids, found)
        unknown = ~np.isin(found, self._ids, assume_unique=True)
        found, first, places = found[unknown], first[unknown], places[unknown]
        numbers = np.arange(len(self._groups), len(self._groups) + len(found), dtype=np.uint32)
        self._ids = np.insert(self._ids, places, found)
        self._number_of = np.insert(self._number_of, places, numbers)
        self._groups = np.concatenate([self._groups, groups[first]])
        self._labels = np.concatenate([self._labels, labels[first]])

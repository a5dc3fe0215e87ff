"""Problems by number, in bounded memory: the first are objects, all further ones lines of a temporary file."""

import tempfile
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import IO, overload

from tracekd.errors import UserError
from tracekd.problem import Problem

# An object takes about 5 kB, and reading one from the file about 20 µs, half as long as judging an output.
_IN_MEMORY = 2**15
# Finding the problem of an output and judging it ask for the same one.
_KEPT = 64


class ProblemStore(Sequence[Problem]):
    """Problems in the order in which they were added. Each one in the file takes 8 bytes of memory.

    The file has no name, so it is gone when the process ends, however it ends.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._first: list[Problem] = []
        self._offsets = array("Q", [0])
        self._file: IO[bytes] | None = None
        self._reading = lru_cache(_KEPT)(self._read)
        for problem in problems:
            self.add(problem)

    def add(self, problem: Problem) -> None:
        """Add one more. Raises UserError if the temporary file cannot be written."""
        if len(self._first) < _IN_MEMORY:
            self._first.append(problem)
            return
        line = problem.model_dump_json().encode()
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115
            self._file.seek(self._offsets[-1])
            self._file.write(line)
        except OSError as error:
            raise UserError(
                f"problems after the first {_IN_MEMORY:,} are put into a temporary file, which cannot be written "
                f"({error.strerror})",
                where=tempfile.gettempdir(), next_step="make room, or name another folder: TMPDIR=DIR tracekd ...",
            ) from None  # fmt: skip
        self._offsets.append(self._offsets[-1] + len(line))

    def __len__(self) -> int:
        return len(self._first) + len(self._offsets) - 1

    @overload
    def __getitem__(self, place: int) -> Problem: ...
    @overload
    def __getitem__(self, place: slice) -> list[Problem]: ...
    def __getitem__(self, place: int | slice) -> Problem | list[Problem]:
        if isinstance(place, int) and 0 <= place < len(self._first):  # by far the most frequent way
            return self._first[place]
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._first[place] if place < len(self._first) else self._reading(place - len(self._first))

    def _read(self, number: int) -> Problem:
        """The problem with this number among those in the file."""
        assert self._file is not None
        self._file.seek(self._offsets[number])
        return Problem.model_validate_json(self._file.read(self._offsets[number + 1] - self._offsets[number]))

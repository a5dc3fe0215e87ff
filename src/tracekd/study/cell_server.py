"""The process that makes the cells of a study: `python -m tracekd.study.cell_server RUN`.

It imports torch and everything else once, and then forks itself for each cell. So every cell begins in the same state;
it has its own memory, which is freed at its end; and a cell that crashes does not affect other cells.

It reads names of cells from standard input, one per line, and writes one JSON object per line to standard output: the
`Progress` of cells, and an `Ended` for each. `cell_processes.py` starts this process, and sets the number of threads
before torch is imported: two processes with two threads each on two cores are about five times slower than with one each.
"""

import gc
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from pydantic import BaseModel

from tracekd.errors import UserError
from tracekd.processes import end_when_closed, ending_when_closed
from tracekd.study.progress import Ended, Note, Tell

MakeCell = Callable[[Path, str, Tell], None]

_PAUSE = 50  # milliseconds between two checks for cells that have ended
_LONGEST_NOTE = 500  # characters
_STDIN, _STDOUT, _STDERR = 0, 1, 2


def main(run: Path) -> int:
    """Make the cells that are named on standard input, until it is closed. Returns the exit code."""
    with ending_when_closed(_STDIN):  # the imports take seconds, and the study may be killed in this time
        from tracekd.study.make_cell import make_cell
    gc.freeze()  # the garbage collector never touches the imported modules again, so their memory stays shared
    cells: dict[int, str] = {}
    watched, held = os.pipe()  # tells the cells that this process has ended
    for name in _names():
        if name is not None:
            if (child := os.fork()) == 0:
                os.close(held)
                end_when_closed(watched)
                _end(_make(make_cell, run, name))
            cells[child] = name
        for child, code in _ended():
            _say(_STDOUT, Ended(ended=cells.pop(child), code=code))
    return 0


def _names() -> Iterator[str | None]:
    """Yield the names from standard input until it is closed, and None from time to time."""
    waiting, rest = select.poll(), b""
    waiting.register(_STDIN, select.POLLIN)
    while True:
        if waiting.poll(_PAUSE):
            if not (read := os.read(_STDIN, 4096)):
                return
            *lines, rest = (rest + read).split(b"\n")
            yield from (line.decode() for line in lines)
        yield None


def _ended() -> Iterator[tuple[int, int]]:
    """The processes that have ended since the last check, each with its exit code."""
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:  # no process is left
            return
        if child == 0:  # none has ended
            return
        yield child, os.waitstatus_to_exitcode(status)


def _make(make_cell: MakeCell, run: Path, name: str) -> int:
    """In a process of its own: make what one cell lacks. Returns the exit code."""
    told = os.dup(_STDOUT)
    with (run / "cells" / f"{name}.log").open("wb") as log:  # also for output of libraries
        os.dup2(log.fileno(), _STDOUT)
        os.dup2(log.fileno(), _STDERR)
    logging.getLogger("tracekd").addHandler(_Notes(told))
    try:
        make_cell(run, name, lambda progress: _say(told, progress))
    except UserError as error:
        print(str(error).replace("\n  ", "; "), file=sys.stderr)  # the study shows the last line
        return 1
    return 0


class _Notes(logging.Handler):
    """Sends what is said to the study: the output of this process is only read if the cell fails."""

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self.pipe = pipe

    def emit(self, record: logging.LogRecord) -> None:
        _say(self.pipe, Note(note=record.getMessage()[:_LONGEST_NOTE]))


def _end(code: int) -> NoReturn:
    """End a process that was forked. Nothing that was imported is taken apart first: that takes half a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _say(pipe: int, said: BaseModel) -> None:
    """Write one line in a single call: several processes share the pipe, and short writes are never mixed."""
    os.write(pipe, said.model_dump_json().encode() + b"\n")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the study, which closes standard input
    sys.exit(main(Path(sys.argv[1])))

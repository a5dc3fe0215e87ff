"""Makes cells in separate processes, several at a time, with one thread each."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from tracekd.study.plan import Cell
from tracekd.study.progress import DONE, Ended, Note, Progress, Tell

_GPUS = Path("/proc/driver/nvidia/gpus")  # exists if there is an NVIDIA driver
_SAID = TypeAdapter[Progress | Ended | Note](Progress | Ended | Note)
_LONGEST_MESSAGE = 500
# glibc returns freed memory to the system and fetches it again in every step of a training, which clears each page. With
# these limits (in bytes; the first is the largest that glibc takes), it keeps the memory.
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**31)}


@dataclass(frozen=True)
class Failure:
    """A cell that failed, and the last line of its process's output. If the cell `is_finished`, its outputs and
    verdicts exist, and the interventions on its student failed.
    """

    cell: str
    message: str
    is_finished: bool = False


def default_workers(cells: int) -> int:
    """One worker for each core, at most one for each cell; only one if there is a GPU, because workers would share it."""
    if _GPUS.is_dir():
        return 1
    return max(1, min(cells, len(os.sched_getaffinity(0))))


class CellProcesses:
    """The processes that make the cells of a run folder: a server imports everything once, and forks itself for each
    cell. This is a context manager: no process is left when the block ends, even with an error.
    """

    def __init__(self, run: Path) -> None:
        self.run, self.log = run, run / "cells" / "server.log"
        self.server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def start(self) -> None:
        """Start the server, which begins to import. `make` starts it if it is not running."""
        if self.server is not None:
            return
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        # No GPU may be used before the fork; even a check for one counts as use.
        others = {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "PYTORCH_NVML_BASED_CUDA_CHECK": "1"}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "tracekd.study.cell_server", str(self.run)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **threads, **others, **_MEMORY},
            )

    def make(self, cells: Sequence[Cell], workers: int, tell: Tell) -> list[Failure]:
        """Make the missing parts of cells, at most `workers` cells at a time. A failed cell does not stop the others."""
        waiting, failures = list(cells), list[Failure]()
        while waiting:  # more than once only if the server itself was killed
            self.start()
            failures += self._make(waiting, workers, tell)
            if waiting:
                self._end()
        return failures

    def _end(self) -> None:
        """Close the server's input, which ends the server and its cells."""
        server, self.server = self.server, None
        if server is None:
            return
        assert server.stdin is not None
        assert server.stdout is not None
        with suppress(BrokenPipeError):  # it may have been killed
            server.stdin.close()
        server.stdout.read()  # the pipe ends when all processes that can write to it have ended
        server.stdout.close()
        if server.wait() == 0:
            self.log.unlink(missing_ok=True)

    def _make(self, waiting: list[Cell], workers: int, tell: Tell) -> list[Failure]:
        """Make the waiting cells and remove them from the list, as long as the server lives."""
        running: dict[str, Cell] = {}
        done: set[str] = set()  # a cell also comes to its end without the server, and is no failure then
        failures: list[Failure] = []
        while (waiting or running) and self._begin(waiting, running, workers):
            said = self._read()
            if said is None:
                break
            if isinstance(said, Progress):
                tell(said)
                if said.phase == DONE:
                    done.add(said.cell)
            elif isinstance(said, Note):
                logging.getLogger("tracekd").warning("%s", said.note)
            else:
                failures += self._ended(running.pop(said.ended), said.code)
        # The cells that were being made have ended with it.
        killed = _last_line(self.log) or "the process that makes the cells was killed"
        lost = [cell for name, cell in running.items() if name not in done]
        return [*failures, *(Failure(cell.name, killed, cell.is_finished) for cell in lost)]

    def _begin(self, waiting: list[Cell], running: dict[str, Cell], workers: int) -> bool:
        """Start cells until `workers` are running. False if the server is gone."""
        assert self.server is not None
        assert self.server.stdin is not None
        while waiting and len(running) < workers:
            cell = waiting.pop(0)
            running[cell.name] = cell
            try:
                self.server.stdin.write(f"{cell.name}\n".encode())
                self.server.stdin.flush()
            except BrokenPipeError:
                return False
        return True

    def _read(self) -> Progress | Ended | Note | None:
        """The next message; None if no process is left to send one."""
        assert self.server is not None
        assert self.server.stdout is not None
        for line in self.server.stdout:
            try:
                return _SAID.validate_json(line)
            except ValidationError:
                continue  # a library printed this
        return None

    def _ended(self, cell: Cell, code: int) -> Iterable[Failure]:
        log = self.run / "cells" / f"{cell.name}.log"
        if code == 0:
            log.unlink(missing_ok=True)
            return
        yield Failure(cell.name, _last_line(log) if code > 0 else _killed(-code), cell.is_finished)


def _killed(signal: int) -> str:
    return f"its process was ended by signal {signal}" + ("; memory may have run out" if signal == 9 else "")


def _last_line(log: Path) -> str:
    """The last line that a process wrote, or how it ended."""
    try:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        said = []
    return said[-1][:_LONGEST_MESSAGE] if said else ""

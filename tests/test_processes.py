"""Processes that we start end with the process that started them, at whatever moment that one is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PIPE = """
import os, subprocess, sys
child = "import time; from tracekd.processes import end_when_closed; {before}; end_when_closed(0); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE)
{then}
"""
POOL = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tracekd.processes import end_with_parent
if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=end_with_parent)
    running = [pool.submit(time.sleep, 60) for _ in range(2)]
    {then}
"""
FORKS = """
import os, time
from multiprocessing import get_context
from tracekd.processes import end_with_parent
pool = get_context("fork").Pool(3, initializer=end_with_parent)
running = pool.map_async(time.sleep, [60] * 3)
{then}
"""
KILLED = "os.kill(os.getpid(), 9)"


def processes_of(session: int) -> list[int]:
    """The processes of a session that live."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(stat[3]) == session and stat[0] != "Z":
            found.append(int(folder.name))
    return found


def none_is_left(session: int, seconds: float = 300) -> bool:
    """Whether all processes of a session end by themselves within so many seconds. Those that do not are killed."""
    end = time.monotonic() + seconds
    while processes_of(session) and time.monotonic() < end:
        time.sleep(0.05)
    left = processes_of(session)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return not left


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="looks for processes in /proc")


@needs_proc
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(PIPE.format(before="pass", then=KILLED), id="pipe, at once"),
        pytest.param(PIPE.format(before="time.sleep(1)", then=KILLED), id="pipe, before the child looks"),
        pytest.param(PIPE.format(before="pass", then="import time; time.sleep(1); " + KILLED), id="pipe, later"),
        pytest.param(POOL.format(then=KILLED), id="pool, at once"),
        pytest.param(POOL.format(then="time.sleep(2); " + KILLED), id="pool, later"),
        pytest.param(FORKS.format(then=KILLED), id="forks, at once"),
        pytest.param(FORKS.format(then="time.sleep(1); " + KILLED), id="forks, later"),
    ],
)
def test_a_child_ends_with_its_parent(program: str, tmp_path: Path) -> None:
    file = tmp_path / "parent.py"
    file.write_text(program)
    parent = subprocess.Popen([sys.executable, str(file)], start_new_session=True)
    assert parent.wait(timeout=600) == -signal.SIGKILL
    assert none_is_left(parent.pid)


@needs_proc
def test_a_world_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tracekd", "world", "babi", "--n", "1000000", "--workers", "2", "--out", "world"]
    parent = subprocess.Popen(command, cwd=tmp_path, start_new_session=True, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 600
    while len(processes_of(parent.pid)) < 4 and time.monotonic() < end:  # with the library's own helper
        time.sleep(0.05)
    assert parent.poll() is None
    parent.kill()
    parent.wait()
    assert none_is_left(parent.pid)

"""What takes the place of Python in the tests of commands does what Python does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from . import command_server
from .cli.conftest import LONGEST, environment


@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "import os, sys; print(os.getcwd(), sys.argv[1:], os.environ['OF_THE_TEST'], sys.path[0] in ('', os.getcwd()))",
        "import sys; print('out'); print('error', file=sys.stderr); sys.exit(3)",
        "import sys; sys.exit('a message')",
        "import os; os.kill(os.getpid(), 9)",
        "import threading, time; threading.Thread(target=lambda: (time.sleep(0.2), print('late'))).start()",
        "import atexit; atexit.register(print, 'at the end')",
    ],
)
def test_a_command_ends_as_with_a_new_python(ready_python: str, tmp_path: Path, code: str) -> None:
    arguments, variables = ["-c", code, "an argument"], {**environment(), "OF_THE_TEST": "é"}
    new, ready = (
        subprocess.run([python, *arguments], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        for python in (sys.executable, ready_python)
    )
    assert (ready.returncode, ready.stdout, ready.stderr) == (new.returncode, new.stdout, new.stderr)
    asked = command_server.run(command_server.address(ready_python), arguments, tmp_path, variables, LONGEST)
    assert asked == (new.returncode, new.stdout, new.stderr)


def test_an_error_is_shown_and_ends_in_1(ready_python: str) -> None:
    ended = subprocess.run(
        [ready_python, "-c", "1 / 0"], env=environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1 and "ZeroDivisionError" in ended.stderr


def test_everything_is_imported(ready_python: str) -> None:
    code = "import sys; sys.exit('torch' not in sys.modules)"
    assert subprocess.run([ready_python, "-c", code], env=environment(), check=False).returncode == 0


def test_a_command_that_is_killed_does_nothing_more(ready_python: str, tmp_path: Path) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    process = subprocess.Popen([ready_python, "-c", code], env=environment(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    command = int(process.stdout.readline())
    os.kill(command, 0)  # it lives
    process.send_signal(signal.SIGKILL)
    assert process.stdout.read() == ""  # ends when the command does, which has the same standard output
    process.wait()


def test_a_command_that_takes_too_long_is_killed(ready_python: str, tmp_path: Path) -> None:
    code = "import os, time; open('begun', 'w').write(str(os.getpid())); time.sleep(600)"
    longest, begun = 0.1, tmp_path / "begun"
    while not begun.exists() or not begun.read_text():
        with pytest.raises(TimeoutError):
            command_server.run(command_server.address(ready_python), ["-c", code], tmp_path, environment(), longest)
        longest *= 2
    while Path(f"/proc/{begun.read_text()}").exists():
        time.sleep(0.01)

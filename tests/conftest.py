"""What is common to all tests: commands in processes that have everything imported, and which tests run in one worker."""

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tracekd import statements

from . import command_server


@pytest.fixture(scope="session")
def ready_python() -> Iterator[str]:
    """A file that takes the place of Python in a command, and has everything imported already."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        launcher = Path(folder) / "python"
        listening.bind(command_server.address(launcher))
        listening.listen()
        command_server.write_launcher(launcher)
        server = subprocess.Popen(
            [sys.executable, command_server.__file__, str(listening.fileno()), str(launcher)],
            env={**os.environ, "OMP_NUM_THREADS": "1"}, stdin=subprocess.PIPE, pass_fds=[listening.fileno()],
        )  # fmt: skip
        yield str(launcher)
        server.communicate()  # it ends when its standard input is closed


@pytest.fixture(scope="module", autouse=True)
def _what_stays() -> None:
    """Tests, their modules and what these import stay to the end: looking for garbage in them would take a sixth of the time.

    At the beginning of every file of tests, because torch is imported late. A training collects garbage, too.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is costly is made once: tests that give commands run in one worker, and the tests of a file in one, too."""
    for item in items:
        if "ready_python" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("commands"))
        elif item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


_LONGEST_ID = 100  # characters that a value may take in a test's name


def pytest_make_parametrize_id(val: object) -> str | None:
    """A name for people. Some values have millions of characters, and every worker tells the names of all its tests."""
    if isinstance(val, str | bytes) and len(val) > _LONGEST_ID:
        return f"{val[: _LONGEST_ID // 2]!a}...{len(val)} long"
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """Some versions of pytest do not take the groups into the ids of tests. All tests would pass, and take much longer."""
    if node.config.option.dist == "loadgroup" and ids and "@" not in ids[0]:
        raise pytest.UsageError(
            f"pytest {pytest.__version__} loses the groups of pytest-xdist; next: pip install -c constraints.txt pytest"
        )


@pytest.fixture
def no_grammar(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a task without a grammar for free traces. All tasks of tracekd have one, so it is taken from this one."""
    kept = {name: points for name, points in statements._GRAMMARS._points.items() if name != "musique"}
    monkeypatch.setitem(statements._GRAMMARS.__dict__, "_points", kept)
    monkeypatch.setitem(statements._GRAMMARS.__dict__, "_loaded", {})
    return "musique"

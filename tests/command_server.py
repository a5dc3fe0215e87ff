"""Commands in processes that begin with everything imported.

torch and the libraries around it take ten seconds to import, and tests give many commands. So one process imports them once,
and forks itself for each command, which has a working folder, an environment, standard streams and an exit code of its own.
As a script, `python command_server.py SOCKET LAUNCHER`, this is that process; `SOCKET` is the file descriptor of a socket that
listens. It ends when its standard input is closed.

What depends on how Python starts (what a command imports, what libraries read from the environment when they are imported)
is tested with a new Python.
"""

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from weakref import finalize

# What processes are given in place of Python: it asks for a process that has everything imported, and ends as that one does.
_LAUNCHER = """#!{python} -ISE
import sys
sys.path.insert(0, {folder!r})
from command_server import be_another
be_another({address!r}, sys.argv[1:])
"""
_PAUSE = 10  # milliseconds between two looks at whether a command has ended


def address(launcher: str | Path) -> str:
    """Where the server is asked: a socket beside the file that takes the place of Python."""
    return str(Path(launcher).with_name("commands"))


def write_launcher(file: Path) -> None:
    """An executable file that takes the place of Python: for what tracekd starts itself."""
    here = str(Path(__file__).parent)
    file.write_text(_LAUNCHER.format(python=sys.executable, folder=here, address=address(file)))
    file.chmod(0o755)


def be_another(address: str, arguments: list[str]) -> None:
    """Run Python with these arguments in a process that has everything imported, and end as that one does."""
    with _ask(address, arguments, os.getcwd(), dict(os.environ), (0, 1, 2)) as server:  # noqa: PTH109
        code = int(server.recv(100) or 1)
    if code < 0:
        with suppress(OSError):  # of some signals nobody may change what they do
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def run(
    address: str, arguments: list[str], folder: Path, environment: dict[str, str], longest: float
) -> tuple[int, str, str]:
    """Run Python with these arguments in a process that has everything imported. No process is started to ask for it.

    Returns the exit code, what was printed, and the errors, when no process can print any more.
    Raises TimeoutError after `longest` seconds; the command is killed then.
    """
    pipes = [os.pipe(), os.pipe()]
    try:
        with _ask(address, arguments, str(folder), environment, (0, *(end for _, end in pipes))) as server:
            for _, end in pipes:
                os.close(end)
            server.settimeout(longest)
            out, errors = _read_to_the_end([end for end, _ in pipes], longest)
            return int(server.recv(100) or 1), out, errors
    finally:
        for end, _ in pipes:
            os.close(end)


def _ask(
    address: str, arguments: list[str], folder: str, environment: dict[str, str], streams: tuple[int, ...]
) -> socket.socket:
    """A connection to the server, which sends the exit code. Who closes it before that kills the command."""
    said = {"arguments": arguments, "folder": folder, "environment": environment}
    server = socket.socket(socket.AF_UNIX)
    server.connect(address)
    socket.send_fds(server, [json.dumps(said).encode() + b"\n"], streams)
    return server


def _read_to_the_end(pipes: list[int], longest: float) -> list[str]:
    until = time.monotonic() + longest
    read = dict.fromkeys(pipes, b"")
    waiting = select.poll()
    for pipe in pipes:
        waiting.register(pipe, select.POLLIN)
    open_pipes = set(pipes)
    while open_pipes:
        ready = waiting.poll(max(0.0, until - time.monotonic()) * 1000)
        if not ready:
            raise TimeoutError(f"no end after {longest} s: {read}")
        for pipe, _ in ready:
            part = os.read(pipe, 1 << 16)
            read[pipe] += part
            if not part:
                waiting.unregister(pipe)
                open_pipes.remove(pipe)
    return [text.decode().replace("\r\n", "\n").replace("\r", "\n") for text in read.values()]


class Ending:
    """The last thing of a process that runs a command, when its threads have ended and all that libraries do then is done.

    What is imported is not taken apart: that would take half a second, which is longer than most commands.
    """

    code: int | None = None

    def __call__(self) -> None:
        if self.code is not None:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.code)


def main(listening: socket.socket, launcher: str) -> None:
    from tracekd.registry import Registry

    atexit.register(ending := Ending())  # the first one is called last
    for module in (
        "tracekd.study.make_cell", "tracekd.study.finish", "tracekd.pretraining.train", "tracekd.cli.main", "typer.rich_utils",
        *(f"tracekd.cli.{file.stem}" for file in Path(import_module("tracekd.cli").__path__[0]).glob("*.py")),
    ):  # fmt: skip
        import_module(module)
    for registry in [found for found in gc.get_objects() if issubclass(type(found), Registry)]:
        list(registry.all())  # a search through all that is installed
    for finalizer in finalize._registry:  # type: ignore[attr-defined]
        finalizer.atexit = False  # those of torch's operators take longer than most commands
    gc.collect()
    gc.freeze()
    waiting = select.poll()
    waiting.register(0, 0)  # its end is always told
    waiting.register(listening, select.POLLIN)
    running: dict[int, tuple[int, socket.socket]] = {}  # commands, and those that ask for them, by file descriptor
    while True:
        events = dict(waiting.poll(_PAUSE if running else None))
        if 0 in events:
            return
        if listening.fileno() in events:
            asking, _ = listening.accept()
            if (command := os.fork()) == 0:
                ending.code = _serve(asking, launcher)
                return
            running[asking.fileno()] = command, asking
            waiting.register(asking, 0)
        for place, (command, asking) in list(running.items()):
            if place in events:  # nobody waits for it any more
                os.kill(command, signal.SIGKILL)
            if (ended := os.waitpid(command, os.WNOHANG))[0]:
                with suppress(BrokenPipeError):
                    asking.send(str(os.waitstatus_to_exitcode(ended[1])).encode())
                waiting.unregister(asking)
                running.pop(place)[1].close()


def _serve(asking: socket.socket, launcher: str) -> int:
    """In a process of its own: be the Python that is asked for. Returns the exit code."""
    text, streams, _, _ = socket.recv_fds(asking, 1 << 16, 3)
    while not text.endswith(b"\n"):
        text += asking.recv(1 << 16)
    asking.close()
    for source, target in zip(streams, range(3), strict=True):
        os.dup2(source, target)
        os.close(source)
    said: dict[str, Any] = json.loads(text)
    return _run(said["arguments"], said["folder"], said["environment"], launcher)


def _run(arguments: list[str], folder: str, environment: dict[str, str], launcher: str) -> int:
    """Run `-m MODULE ...`, `-c CODE ...` or a file. Returns the exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.executable, sys.path[0] = launcher, folder
    kind, *rest = [argument for argument in arguments if argument != "-u"]
    sys.argv = rest if kind == "-m" else [kind, *(rest[1:] if kind == "-c" else rest)]
    try:
        if kind == "-m":
            runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        elif kind == "-c":
            exec(rest[0], {"__name__": "__main__"})
        else:
            runpy.run_path(kind, run_name="__main__")
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])

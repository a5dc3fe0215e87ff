"""A task from another package: the one in the README, installed as its users would install it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples/hours"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # Without the network, and without its one dependency, which is being tested.
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(folder), str(PLUGIN)], check=True, capture_output=True)
    return folder


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "COLUMNS": "200"}
    command = [sys.executable, "-m", "tracekd", *arguments]
    return subprocess.run(command, env=environment, cwd=installed, capture_output=True, text=True, timeout=600)


def test_an_installed_task_is_listed_described_and_loaded(installed: Path) -> None:
    assert "opening hours on shops' pages" in run(installed, "tasks").stdout
    assert "The page says: ['From 9.']" in run(installed, "tasks", "hours").stdout
    loaded = run(installed, "problems", "hours", str(PLUGIN / "shops.jsonl"), "--json")
    assert '"problems": 2' in loaded.stdout
    assert '"unknown class": 1' in loaded.stdout


# What a module of a plug-in does when it is imported, and what is then said of it.
BROKEN = {
    "raises": ("raise OSError('no disk')", "(OSError: no disk)"),
    "exits": ("import sys; sys.exit(3)", "(SystemExit: 3)"),
    "exits_well": ("raise SystemExit", "(SystemExit: )"),
    "panics": ("class Panic(BaseException): ...\nraise Panic('a native fault')", "(Panic: a native fault)"),
    "ends_generators": ("raise GeneratorExit", "(GeneratorExit: )"),
    "lies": (
        "class Lie:\n    __class__ = property(lambda self: 1 / 0)\nTASK = Lie()",
        "(ZeroDivisionError: division by zero)",
    ),
    "is_no_task": ("TASK = 5", "is not a task of this name"),
    "colours": ("raise ValueError('\\x1b[31m')", "(ValueError: \N{REPLACEMENT CHARACTER}[31m)"),
    "does_not_parse": ("def", "(SyntaxError: "),
}


def offer_broken_tasks(folder: Path) -> None:
    """Install a package whose every task is broken in another way; of one, the module is missing."""
    for name, (code, _) in BROKEN.items():
        (folder / f"tracekd_{name}.py").write_text(f"{code}\n")
    package = folder / "broken-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    points = "".join(f"{name} = tracekd_{name}:TASK\n" for name in (*BROKEN, "is_absent"))
    (package / "entry_points.txt").write_text(f"[tracekd.tasks]\n{points}")


def test_a_broken_one_is_named_and_stops_no_other(installed: Path, tmp_path: Path) -> None:
    offer_broken_tasks(tmp_path)
    path = os.pathsep.join(map(str, (tmp_path, installed)))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-m", "tracekd", "tasks"]
    result = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0
    assert "hours" in result.stdout and "babi" in result.stdout and "regimes:" in result.stdout
    for name, (_, said) in {**BROKEN, "is_absent": ("", "(ModuleNotFoundError: ")}.items():
        (line,) = [line for line in result.stderr.splitlines() if f"'{name}' of broken" in line]
        assert said in line
    assert "Traceback" not in result.stderr
    one = subprocess.run(
        [*command, "exits_well"], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600
    )
    assert one.returncode == 2 and "next: repair or uninstall broken" in one.stderr


def test_ctrl_c_while_one_is_imported_ends_the_command(installed: Path, tmp_path: Path) -> None:
    offer_broken_tasks(tmp_path)
    (tmp_path / "tracekd_raises.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (tmp_path, installed)))}
    result = subprocess.run(
        [sys.executable, "-m", "tracekd", "tasks"], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert result.returncode == 1 and "tracekd: interrupted" in result.stderr and "Traceback" not in result.stderr


def test_the_readme_shows_it_whole_and_it_is_short() -> None:
    code = (PLUGIN / "tracekd_hours.py").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert code in shown
    assert sum(1 for line in code.splitlines() if line.strip()) <= 40

"""The small commands, and what the command line does not do."""

import signal
import subprocess
import sys
import time
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from tracekd import __version__
from tracekd.cli.main import app
from tracekd.regimes import regime_names

from .conftest import Run, environment


def test_version(started_tracekd: Run) -> None:
    assert started_tracekd("--version").stdout == f"tracekd {__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, tracekd.cli.main; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    ).stdout
    for heavy in (
        "torch",
        "transformers",
        "trl",
        "datasets",
        "scipy",
        "statsmodels",
        "numpy",
        "pydantic",
        "matplotlib",
    ):
        assert f"'{heavy}'" not in loaded


COMMANDS = (
    "study", "tasks", "problems", "sft", "train", "generate", "world", "teacher", "pretrain", "audit", "filter", "verify",
    "analyze", "select", "export", "intervene", "power", "check-run",
)  # fmt: skip


def test_the_help_lists_every_command(started_tracekd: Run) -> None:
    said = started_tracekd("--help").stdout
    assert all(f" {name} " in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module_that_takes_its_request(name: str) -> None:
    (request,) = (one for one in app.registered_commands if one.name == name)
    assert request.help
    hints = get_type_hints(import_module(f"tracekd.cli.{name.replace('-', '_')}").run)
    (taken,) = (hint for place, hint in hints.items() if place != "return")
    assert (
        is_dataclass(taken)
        and taken.__name__.lower() == f"{name.replace('-', '')}request"
        and taken.__doc__ == request.help
    )


def test_tasks_lists_tasks_and_regimes(tracekd: Run) -> None:
    said = tracekd("tasks").stdout
    assert all(name in said for name in ("babi", "answer_only", "correct", "incorrect"))


def test_a_task_is_shown_with_a_worked_example(tracekd: Run) -> None:
    said = tracekd("tasks", "babi").stdout
    assert "path-finding" in said and "arXiv 1502.05698" in said and "CC BY 3.0" in said
    assert "<think>The category of the question represents" in said
    assert said.count("\ncompletion under ") == len(regime_names())
    assert "(none here: no other problem" in said  # what is swapped in takes more than one


def test_an_unknown_task_or_study_ends_in_2_with_the_nearest_name(tracekd: Run) -> None:
    for command, near in ((("tasks", "babbi"), "did you mean 'babi'?"), (("study", "frist"), "did you mean 'first'?")):
        result = tracekd(*command)
        assert result.returncode == 2
        assert near in result.stderr


def test_an_unknown_option_ends_in_2(tracekd: Run) -> None:
    assert tracekd("study", "--sett", "x").returncode == 2


def test_ctrl_c_in_code_that_is_made_at_run_time_ends_with_the_code_of_the_command(tmp_path: Path) -> None:
    """As a module, Python would end by the signal, although it was handled."""
    (tmp_path / "command.py").write_text(
        "import sys\n"
        "from tracekd.cli.main import handle_interrupts\n"
        "handle_interrupts()\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    exec('import time; [time.sleep(0.01) for _ in range(60_000)]')\n"
        "except KeyboardInterrupt:\n"
        "    print('handled')\n"
        "sys.exit(1)\n"
    )
    command = subprocess.Popen(
        [sys.executable, "-m", "command"], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert command.stdout is not None and command.stdout.readline() == "ready\n"
    time.sleep(0.2)
    command.send_signal(signal.SIGINT)
    said, _ = command.communicate(timeout=600)
    assert (said, command.returncode) == ("handled\n", 1)

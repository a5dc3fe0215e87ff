"""Cells in processes of their own: what one of them does, or dies of, is nothing to the others."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tracekd.files import write_text

from ..cli.conftest import Run, environment, small_study, tiny_base, tracekd
from ..test_processes import needs_proc, none_is_left, processes_of

__all__ = ["small_study", "tiny_base", "tracekd"]

Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def begin(tmp_path: Path, small_study: Path) -> Begin:
    """Begin the small study in a session of its own, in the folder `run`, with one cell at a time."""

    def run(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tracekd", "study", str(small_study), "--out", "run", "--workers", "1"]
        return subprocess.Popen(
            [*command, *arguments], cwd=tmp_path, env=environment(), start_new_session=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # Where the tests run in the background of a shell, they and their children ignore the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    return run


def wait_for(condition: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + 600
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def outputs_in(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(run.glob("outputs/*.jsonl"))}


@needs_proc
@pytest.mark.parametrize("moment", ["the server begins", "a student is there"])
def test_a_study_that_is_killed_leaves_no_process(begin: Begin, tmp_path: Path, moment: str) -> None:
    study = begin()
    signs = {
        "the server begins": "cells/server.log",
        "a student is there": "students/*",
    }
    wait_for(lambda: list((tmp_path / "run").glob(signs[moment])), study)
    study.kill()
    study.wait()
    assert none_is_left(study.pid)


@needs_proc
@pytest.mark.parametrize("moment", ["study.toml", "cells/server.log", "cells/*.json"])
def test_ctrl_c_says_what_is_kept_and_leaves_no_process(begin: Begin, tmp_path: Path, moment: str) -> None:
    study = begin()
    wait_for(lambda: list((tmp_path / "run").glob(moment)), study)
    os.killpg(study.pid, signal.SIGINT)  # as a terminal does
    _, said = study.communicate(timeout=600)
    assert study.returncode == 1
    finished = len(list((tmp_path / "run").glob("cells/*.json")))
    assert f"tracekd: interrupted; {finished} of 2 cells are finished and kept in run\n" in said
    assert "next: run the same command to continue" in said
    assert "Traceback" not in said
    assert none_is_left(study.pid, seconds=0)


def kill_while_a_student_learns(study: "subprocess.Popen[str]", run: Path, victim: str) -> tuple[str, str]:
    """What the study prints to both streams when one of its processes is killed in the first cell."""
    wait_for(lambda: list(run.glob("cells/correct-tiny-s7.log")), study)
    os.killpg(study.pid, signal.SIGSTOP)  # so that nothing is finished before the victim is found
    family = {}
    for process in processes_of(study.pid):
        family[int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])] = process  # by the parent
    server = family[study.pid]
    os.kill(family[server] if victim == "the cell" else server, signal.SIGKILL)
    os.killpg(study.pid, signal.SIGCONT)
    return study.communicate(timeout=600)


@needs_proc
def test_a_killed_process_costs_its_cell_only(begin: Begin, tracekd: Run, tmp_path: Path) -> None:
    study = begin("--set", "students.0.steps=60", "--set", "conditions=[]")
    printed, said = kill_while_a_student_learns(study, tmp_path / "run", "the cell")
    assert study.returncode == 1
    message = "its process was ended by signal 9; memory may have run out"
    assert f"tracekd: the cell correct-tiny-s7 failed: {message}\n" in said
    assert [name.partition("-s7-")[0] for name in outputs_in(tmp_path / "run")] == ["incorrect-tiny"]
    assert "report: run/report.html" in printed
    assert tracekd("study", "run/study.toml", "--out", "run").returncode == 0
    assert len(outputs_in(tmp_path / "run")) == 2


@needs_proc
def test_a_killed_server_costs_at_most_the_cells_that_it_was_making(begin: Begin, tracekd: Run, tmp_path: Path) -> None:
    """A cell ends soon after its server, or is finished by then: it is lost and reported, or whole. Nothing else is lost."""
    study = begin("--set", "students.0.steps=60", "--set", "conditions=[]")
    printed, said = kill_while_a_student_learns(study, tmp_path / "run", "the server")
    is_lost = study.returncode == 1
    message = "tracekd: the cell correct-tiny-s7 failed: the process that makes the cells was killed\n"
    assert (study.returncode, said) == ((1, message) if is_lost else (0, ""))
    assert "report: run/report.html" in printed
    made = ["incorrect-tiny"] if is_lost else ["correct-tiny", "incorrect-tiny"]
    assert sorted(name.partition("-s7-")[0] for name in outputs_in(tmp_path / "run")) == made
    assert tracekd("study", "run/study.toml", "--out", "run").returncode == 0
    assert len(outputs_in(tmp_path / "run")) == 2


def test_a_cell_is_the_same_whichever_cells_were_made_before_it(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    """Among others one in half precision, and one with adapters: libraries keep such things in global state."""
    base = small_study.read_text().split('base = "')[1].split('"')[0]
    more = (
        f'\n[[students]]\nname = "half"\nbase = "{base}"\nsteps = 3\nprecision = "bfloat16"\nmax_new_tokens = 8\n'
        f'\n[[students]]\nname = "lora"\nbase = "{base}"\nsteps = 3\nmethod = "lora"\nlearning_rate = 0.01\nmax_new_tokens = 8\n'
    )
    small_study.write_text(small_study.read_text().replace("seeds = [7]", "seeds = [7, 8]") + more)
    command = ("study", str(small_study), "--set", 'regimes=["correct"]', "--set", "conditions=[]", "--out", "run")
    assert tracekd(*command, "--workers", "1").returncode == 0
    run, last = tmp_path / "run", "correct-tiny-s8"
    made = outputs_in(run)
    students = {path.parent.name: path.read_bytes() for path in run.glob("students/*/*.safetensors")}
    assert len(made) == len(students) == 6
    for kind in ("students", "outputs", "verdicts", "cells"):
        for path in (run / kind).glob(f"{last}-*"):
            path.rename(tmp_path / f"{kind}-{path.name}")
    assert len(outputs_in(run)) == 5
    assert tracekd(*command).returncode == 0
    assert outputs_in(run) == made
    assert {path.parent.name: path.read_bytes() for path in run.glob("students/*/*.safetensors")} == students


def test_a_student_that_is_trained_again_leaves_nothing_of_the_earlier_one(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    """Under a budget of seconds no student is the same again, though its name is."""
    command = (
        "study",
        str(small_study),
        "--set",
        'regimes=["correct"]',
        "--set",
        'conditions=["none"]',
        "--out",
        "run",
    )
    assert tracekd(*command).returncode == 0
    run = tmp_path / "run"
    (outputs,) = (run / "outputs").glob("*.jsonl")
    (effects,) = (run / "effects").glob("*.jsonl")
    rows = [json.loads(line) for line in outputs.open()]
    # What another student of this name would have written.
    gold = {row["id"]: row for row in map(json.loads, effects.open())}
    others = [{**row, "text": "<think>Mary.</think> <answer>park</answer>"} for row in rows]
    write_text(outputs, "".join(json.dumps(row) + "\n" for row in others))
    for path in (run / "verdicts").glob("*.jsonl"):
        path.unlink()
    assert tracekd(*command).returncode == 0
    (verdicts,) = (run / "verdicts").glob("*.jsonl")
    assert {row["status"] for row in map(json.loads, verdicts.open())} == {"ok"}
    (new,) = set((run / "effects").glob("*.jsonl")) - {effects}
    own = [row for row in map(json.loads, new.open()) if row["condition"] == "own"]
    assert {row["forced"] for row in own} == {"Mary."} and len(own) == len(gold)

    # The student itself is gone: all that it wrote is made again.
    for path in (run / "students").iterdir():
        path.rename(tmp_path / "earlier")
    for path in (run / "cells").glob("*.json"):
        path.unlink()
    assert tracekd(*command).returncode == 0
    assert [json.loads(line)["text"] for line in outputs.open()] == [row["text"] for row in rows]

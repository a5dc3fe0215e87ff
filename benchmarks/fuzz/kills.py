"""Kills each command that writes at random moments, runs it again, and compares with a run that was not killed; writes the table.

    python benchmarks/fuzz/kills.py --draws 10 --seed 0

The moment is drawn evenly from the duration of an undisturbed run. Commands are forked from a process that has everything
imported (as in the tests), so that few kills fall into imports. After each kill: is a process left after half a minute? Then
the same command is run to its end: are all files the same, is a temporary file or folder left, is every hash right? Files that
differ between two undisturbed runs (they record times) are not compared.
"""

import argparse
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from miniature import hashes, teacher, write_inputs

from tracekd.folder_check import check_folder

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
import command_server

PRETRAIN = """
import sys
from dataclasses import replace
from pathlib import Path
from tracekd.pretraining.config import PretrainConfig, Stage
from tracekd.pretraining.exercises import Mix
from tracekd.pretraining.train import pretrain
stages = (Stage(20, Mix(turns=2)), Stage(20, Mix(turns=1)))
config = replace(PretrainConfig(), stages=stages, batch=2, hidden_size=16, layers=1, heads=2, vocabulary=400)
pretrain(config, Path(sys.argv[-1]), evaluate_every=20, evaluate_on=5, save_every=2)
"""
TRAIN = """
import functools, sys
from tracekd.students import teach
teach.train = functools.partial(teach.train, save_every=0.0)
from tracekd.cli.main import main
main()
"""
TEMPORARY = (".tracekd", ".part", ".training", ".old")
PATIENCE = 30.0  # seconds in which other processes must end; the machine may be busy
LONGEST = 900.0  # seconds for a command


@dataclass(frozen=True)
class Case:
    """A command; `{}` is the folder that it writes into."""

    name: str
    command: Sequence[str]

    def given(self, folder: Path) -> list[str]:
        return [word.replace("{}", str(folder)) for word in self.command]


@dataclass
class Row:
    """What came of the kills of one command."""

    name: str
    seconds: float
    kills: int = 0
    before_the_end: int = 0
    different: int = 0
    failed: int = 0
    orphans: int = 0
    left: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10, help="for each command")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="only this command; nothing is written")
    given = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, ready_python(Path(folder)) as (python, server), teacher() as url:
        work = Path(folder) / "work"
        work.mkdir()
        write_inputs(work)
        for case in make_cases(python, work, url):
            if given.only not in (None, case.name):
                continue
            rows.append(kill(case, work, server, given.draws, random.Random(f"{given.seed} {case.name}")))
            print(rows[-1], flush=True)
    text = table(rows, given.draws, given.seed)
    if given.only is None:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


def make_cases(python: str, work: Path, url: str) -> Iterator[Case]:
    """The commands, and what they read."""
    tracekd, stories = [python, "-m", "tracekd"], str(work / "qa1_stories.txt")
    study = Case("study", [*tracekd, "study", str(work / "small.toml"), "--workers", "2", "--out", "{}"])
    run(study.given(work / "run"), work)
    student = str(next((work / "run" / "students").glob("correct-*")))
    sft = Case("sft", [*tracekd, "sft", "babi", stories, "--regime", "correct,incorrect", "--out", "{}"])
    run(sft.given(work / "data"), work)
    outputs = [*tracekd, "generate", student, "babi", stories, "--max-new-tokens", "8", "--batch", "1", "--out"]
    run([*outputs, str(work / "o.jsonl")], work)
    asked = ["--task", "babi", "--problems", stories]
    run([*tracekd, "verify", str(work / "o.jsonl"), *asked, "--out", str(work / "verdicts")], work)
    yield Case("train", [
        python, "-c", TRAIN, "train", str(work / "data"), "--regime", "correct", "--set", f"base={work / 'base'}",
        "--set", "steps=12", "--set", "batch=4", "--out", "{}/student",
    ])  # fmt: skip
    yield Case("generate", [*outputs, "{}/o.jsonl"])
    yield Case("verify", [*tracekd, "verify", str(work / "o.jsonl"), *asked, "--out", "{}"])
    yield Case("analyze", [*tracekd, "analyze", str(work / "verdicts"), "--out", "{}"])
    yield Case("select", [*tracekd, "select", str(work / "o.jsonl"), *asked, "--out", "{}"])
    yield Case("intervene", [
        *tracekd, "intervene", student, *asked, "--conditions", "implied", "--regime", "correct", "--max-new-tokens", "8",
        "--batch", "2", "--out", "{}",
    ])  # fmt: skip
    yield sft
    yield Case("filter", [*tracekd, "filter", str(work / "data" / "correct.parquet"), "--task", "babi", "--out", "{}"])
    yield Case("world", [*tracekd, "world", "babi", "--n", "300", "--out", "{}"])
    yield Case("world, two processes", [*tracekd, "world", "msmarco", "--n", "300", "--workers", "2", "--out", "{}"])
    yield Case("teacher", [
        *tracekd, "teacher", "babi", stories, "--endpoint", url, "--model", "m", "--kind", "trace,summary", "--out", "{}",
    ])  # fmt: skip
    yield Case("pretrain", [python, "-c", PRETRAIN, "{}"])
    yield study


def kill(case: Case, work: Path, server: int, draws: int, rng: random.Random) -> Row:
    """Kill one command at random moments, each time in a new folder."""
    folders = [work / f"{case.name.replace(' ', '_')}_{number}" for number in range(draws + 2)]
    for folder in folders:
        folder.mkdir()
    row = Row(case.name, min(must(case, folder, work) for folder in folders[:2]))
    whole, second = hashes(folders[0]), hashes(folders[1])
    same = {name for name, found in whole.items() if second.get(name) == found}
    for folder in folders[2:]:
        _kill_once(case, folder, work, server, rng.uniform(0, row.seconds), row)
        found = hashes(folder)
        row.different += {name: found.get(name) for name in same} != {name: whole[name] for name in same}
        row.left += any(path.name.endswith(TEMPORARY) for path in folder.rglob("*"))
        row.failed += not check_folder(folder).is_whole
    return row


def _kill_once(case: Case, folder: Path, work: Path, server: int, moment: float, row: Row) -> None:
    process = subprocess.Popen(case.given(folder), cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(moment)
    row.kills += 1
    row.before_the_end += process.poll() is None
    process.kill()
    process.wait()
    end = time.monotonic() + PATIENCE
    while descendants(server) and time.monotonic() < end:
        time.sleep(0.05)
    row.orphans += bool(descendants(server))
    done = run(case.given(folder), work)
    # A training that was killed after its end says that the student is there.
    is_done = done.returncode == 0 or "already contains a trained student" in done.stderr
    if not is_done:
        row.failed += 1
        print(case.name, moment, done.stdout, done.stderr, flush=True)


def must(case: Case, folder: Path, work: Path) -> float:
    """Run a command to its end. Returns its seconds."""
    begun = time.monotonic()
    if (done := run(case.given(folder), work)).returncode:
        raise RuntimeError(f"{case.name}: {done.stderr}")
    return time.monotonic() - begun


def run(command: Sequence[str], work: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=LONGEST, check=False)


def descendants(parent: int) -> list[int]:
    """The processes that a process has started, directly or not."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if fields[0] != "Z":
            parents[int(status.parent.name)] = int(fields[1])
    known = {parent}
    while more := {child for child, of in parents.items() if of in known} - known:
        known |= more
    return sorted(known - {parent})


@contextmanager
def ready_python(folder: Path) -> Iterator[tuple[str, int]]:
    """A file that takes the place of Python, and the process that forks itself for it."""
    with socket.socket(socket.AF_UNIX) as listening:
        address, launcher = f"{folder}/commands", folder / "python"
        listening.bind(address)
        listening.listen()
        command_server.write_launcher(launcher, address)
        server = subprocess.Popen(
            [sys.executable, command_server.__file__, str(listening.fileno()), str(launcher)],
            stdin=subprocess.PIPE, pass_fds=[listening.fileno()],
        )  # fmt: skip
        yield str(launcher), server.pid
        server.communicate()


def table(rows: Sequence[Row], draws: int, seed: int) -> str:
    """The table in Markdown."""
    total: Callable[[str], int] = lambda name: sum(getattr(row, name) for row in rows)  # noqa: E731
    lines = [
        "# Kills at random moments",
        "",
        f"`python benchmarks/fuzz/kills.py --draws {draws} --seed {seed}` made this table. {total('kills')} kills, "
        f"{total('before_the_end')} of them before the command had ended: {total('different')} ended with other files, "
        f"{total('failed')} failed or left a file that is not whole, {total('orphans')} left a process, {total('left')} left "
        "a temporary file or folder. The bar is 0 of each.",
        "",
        "| command | seconds undisturbed | kills | before the end | other files | failed | processes left | temporaries left |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {row.name} | {row.seconds:.1f} | {row.kills} | {row.before_the_end} | {row.different} | {row.failed} | "
            f"{row.orphans} | {row.left} |"
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

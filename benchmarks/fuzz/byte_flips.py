"""Changes one byte in each kind of file that tracekd writes, and looks at what the next command does; writes the table.

    python benchmarks/fuzz/byte_flips.py

A tiny study and one folder of each command are made once. Then, for each kind of file and each place (first byte, a letter or
digit in the middle, last byte, the second half cut off), the file is changed in a copy, `tracekd check-run` is asked, and the
command that reads the file is run, in this process. Outcomes:

- `made again`: the message names the file, and the folder ends as it was (an incomplete last line of an unfinished file is what
  every kill leaves, and has no message);
- `refused`: the message names the file, and the exit code is 2 (or 1, if a part of the work could be done);
- `check-run`: no command reads the file (a table, a card), or the command replaces it unread; check-run names it;
- `silent` and `traceback`, of which there must be none.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from miniature import hashes, teacher, write_inputs

from tracekd.cli import pretrain as cli_pretrain
from tracekd.cli.main import main as tracekd
from tracekd.content_hash import HASHES, remove
from tracekd.files import LOCK
from tracekd.interventions import effect_file
from tracekd.pretraining import train as pretraining
from tracekd.pretraining.config import PretrainConfig, Stage
from tracekd.pretraining.exercises import Mix
from tracekd.students import output_file, teach
from tracekd.students.clock import Clock
from tracekd.study import run as study_run
from tracekd.study.cell_processes import Failure
from tracekd.study.make_cell import make_cell

PLACES = ("first", "middle", "last", "cut")
TABLE = Path(__file__).with_suffix(".md")
Command = Sequence[str]
Row = tuple[str, str, list[str]]  # the folder of a command, the file, and what came of each change


class CellsHere:
    """Makes the cells of a study in this process: importing torch anew would take most of the time."""

    def __init__(self, run: Path) -> None:
        self.run = run

    def __enter__(self) -> "CellsHere":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def start(self) -> None:
        pass

    def make(self, cells: Sequence[Any], workers: int, tell: Callable[[Any], None]) -> list[Failure]:
        (self.run / "cells").mkdir(exist_ok=True)
        for cell in cells:
            make_cell(self.run, cell.name, tell)
        return []


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (None: a traceback), all that it said, and the files that it opened."""

    code: int | None
    said: str
    opened: frozenset[str]


def give(command: Command) -> Ended:
    """Give a command in this process."""
    said, opened, code = io.StringIO(), set[str](), 0
    RECORDERS.append(opened)
    with redirect_stdout(said), redirect_stderr(said):
        try:
            sys.argv = ["tracekd", *command]
            tracekd()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        except BaseException:
            traceback.print_exc()
            code = -1
    RECORDERS.clear()
    text = said.getvalue()
    return Ended(None if code == -1 or "Traceback" in text else code, text, frozenset(opened))


RECORDERS: list[set[str]] = []


def _record(event: str, arguments: tuple[object, ...]) -> None:
    if RECORDERS and event == "open" and isinstance(arguments[0], str | Path):
        RECORDERS[0].add(str(arguments[0]))


def change(path: Path, place: str) -> None:
    """Change one byte of a file, or cut it."""
    text = bytearray(path.read_bytes())
    if place == "cut":
        del text[len(text) // 2 :]
    else:
        middle = len(text) // 2
        letters = (at for at in range(middle, len(text)) if 48 <= text[at] < 58 or 97 <= text[at] < 122)
        text[{"first": 0, "middle": next(letters, middle), "last": len(text) - 1}[place]] ^= 1
    path.write_bytes(text)


@dataclass(frozen=True)
class Case:
    """A folder as a command leaves it, and the command that reads it. `{}` in the command is the folder."""

    name: str
    folder: Path
    reader: Command
    only: str = ""

    def kinds(self) -> Iterator[tuple[str, Path]]:
        """One file of each kind: names that differ only in regime, seed or hash are one kind, and so are tables. Of several
        checkpoints, the last one.
        """
        seen: set[str] = set()
        for path in sorted(self.folder.rglob("*"), reverse=True):
            inside = path.relative_to(self.folder)
            kind = "/".join(_kind(part, inside) for part in inside.parts)
            is_file = path.is_file() and path.stat().st_size > 0 and path.name != LOCK
            if is_file and kind not in seen and self.only in str(inside):
                seen.add(kind)
                yield kind, inside


def _kind(part: str, inside: Path) -> str:
    if part.startswith(".") or (inside.parts[0] != "tables" and "-" not in part):
        return part
    if inside.parts[0] == "tables":
        return part if part == "tables" else f"*{Path(part).suffix}"
    begins = part.partition("-")[0] if inside.parts[0] in ("stats", "problems") else ""
    return f"{begins}*{''.join(Path(part).suffixes)}"


def outcome(case: Case, inside: Path, place: str, work: Path, whole: dict[str, str]) -> tuple[str, str]:
    """What becomes of one change, and what the command said."""
    folder = work / case.folder.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(case.folder, folder)
    change(folder / inside, place)
    asked = give(["check-run", str(folder)])
    names = [str(inside), inside.name, *(str(part) for part in inside.parents[:-1] if part.name.count("-") > 1)]
    is_list = inside.name == HASHES
    told = asked.code == 1 and inside.name in asked.said
    ended = give([part.replace("{}", str(folder)) for part in case.reader])
    said = f"check-run: {asked.said}\n{' '.join(case.reader)}: {ended.said}"
    if ended.code is None or asked.code is None:
        return "traceback", said
    is_same = hashes(folder) == whole and give(["check-run", str(folder)]).code == 0
    is_named = any(name in ended.said for name in names)
    if is_named and ended.code == 0 and is_same:
        return "made again", said
    if is_named and ended.code:
        return "refused", said
    if is_list and ended.code:
        return "refused", said
    if is_list and ended.code == 0 and (is_same or asked.code == 1):  # every other file is whole
        return "made again" if is_same else "check-run", said
    if inside.suffix == ".part" and is_same:  # an incomplete last line is what every kill leaves
        return "made again", said
    return ("check-run" if told and str(folder / inside) not in ended.opened else "silent"), said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="only these folders; the other rows of the table stay")
    given = parser.parse_args()
    sys.addaudithook(_record)
    study_run.CellProcesses = CellsHere  # type: ignore[misc,assignment]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as work, teacher() as url:
        os.chdir(work)
        for case in make_cases(Path(made), url):
            if given.only is not None and case.name not in given.only:
                continue
            whole = undisturbed(case, Path(work))
            for kind, inside in case.kinds():
                found = [outcome(case, inside, place, Path(work), whole) for place in PLACES]
                rows.append((case.name, kind, [name for name, _ in found]))
                print(*rows[-1][:2], *rows[-1][2], flush=True)
                for (name, said), place in zip(found, PLACES, strict=True):
                    if name in ("silent", "traceback"):
                        print(f"--- {place}: {said}", flush=True)
    if given.only is not None:
        rows = list(with_others(rows, given.only))
    TABLE.write_text(table(rows), encoding="utf-8")


def with_others(rows: Sequence[Row], only: Sequence[str]) -> Iterator[Row]:
    """The rows of the last table, in which those of some folders are replaced."""
    waiting = list(only)
    for line in TABLE.read_text(encoding="utf-8").splitlines()[6:]:
        name, kind, *found = line.strip("| ").split(" | ")
        if name not in only:
            yield name, kind.strip("`"), found
        elif name in waiting:
            waiting.remove(name)
            yield from (row for row in rows if row[0] == name)


def undisturbed(case: Case, work: Path) -> dict[str, str]:
    """The hashes of a folder after the command that reads it, if nothing is damaged."""
    folder = work / case.folder.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(case.folder, folder)
    ended = give([part.replace("{}", str(folder)) for part in case.reader])
    if ended.code != 0:
        raise RuntimeError(f"{case.name}: {ended.said}")
    return hashes(folder)


def make_cases(folder: Path, url: str) -> Iterator[Case]:
    """One folder of each command. Later commands read what earlier ones wrote."""
    write_inputs(folder)
    made = Made(folder, str(folder / "qa1_stories.txt"), url)
    yield from of_study(made)
    yield from of_sft_and_train(made)
    yield from of_generate(made)
    yield from of_verify_and_analyze(made)
    yield from of_intervene(made)
    yield from of_world(made)
    yield from of_problems(made)
    yield from of_teacher(made)
    yield from of_pretrain(made)


@dataclass(frozen=True)
class Made:
    """Where the folders of all commands are made, the file of stories, and the URL of a teacher."""

    folder: Path
    stories: str
    url: str

    @property
    def student(self) -> str:
        """A student of the study."""
        return str(next((self.folder / "run/students").glob("correct-*")))

    @property
    def asked(self) -> list[str]:
        """The options that name the problems."""
        return ["--task", "babi", "--problems", self.stories]


def of_study(made: Made) -> Iterator[Case]:
    run, study = made.folder / "run", ["study", str(made.folder / "small.toml"), "--out"]
    must(*study, str(run))
    yield Case("study", run, [*study, "{}"])
    yield Case("study, read by `analyze`", run, ["analyze", "{}"], only="verdicts/")
    test = str(next((run / "problems").glob("test-*.jsonl")))
    verify = ["verify", "{}/outputs", "--task", "babi", "--problems", test]
    yield Case("study, read by `verify`", run, verify, only="outputs/")
    yield Case("study, read by `intervene`", run, ["intervene", "{}"], only="effects/")
    with stopped_at(write_log_of(effect_file), 3):
        part = made.folder / "stopped"
        shutil.copytree(run, part)
        for file in (part / "effects").glob("*.jsonl"):
            remove(file)
        give([*study, str(part)])
    yield Case("study, stopped", part, [*study, "{}"], only="effects/")
    reader = ["generate", "{}", "babi", made.stories, "--out", "o.jsonl"]
    yield Case("student, read by `generate`", Path(made.student), reader)


def of_sft_and_train(made: Made) -> Iterator[Case]:
    data, sft = made.folder / "data", ["sft", "babi", made.stories, "--regime", "correct,incorrect", "--out"]
    must(*sft, str(data))
    yield Case("sft", data, [*sft, "{}"])
    yield Case("sft, read by `audit`", data, ["audit", "{}"], only="correct.")
    train = ["train", str(data), "--regime", "correct", "--set", f"base={made.folder / 'base'}", "--set", "steps=6", "--set",
             "batch=4", "--out"]  # fmt: skip
    training = made.folder / "training"
    training.mkdir()
    teach.train = partial(teach.train, save_every=0)  # type: ignore[assignment]
    with stopped_at((Clock, "on_step_end"), 5):
        give([*train, str(training / "student")])
    yield Case("train, stopped", training, [*train, "{}/student"])


def of_generate(made: Made) -> Iterator[Case]:
    generate = ["generate", made.student, "babi", made.stories, "--max-new-tokens", "8", "--batch", "4", "--out"]
    must(*generate, str(made.folder / "outputs/o.jsonl"))
    yield Case("generate", made.folder / "outputs", [*generate, "{}/o.jsonl"])
    part = made.folder / "part"
    with stopped_at(write_log_of(output_file), 9):
        give([*generate, str(part / "o.jsonl")])
    yield Case("generate, stopped", part, [*generate, "{}/o.jsonl"])


def of_verify_and_analyze(made: Made) -> Iterator[Case]:
    for name in ("verify", "select"):
        command = [name, str(made.folder / "outputs/o.jsonl"), *made.asked, "--out"]
        must(*command, str(made.folder / name))
        yield Case(name, made.folder / name, [*command, "{}"])
    verified = made.folder / "verify"
    yield Case("verify, read by `analyze`", verified, ["analyze", "{}"], only="verdicts.jsonl")
    analyze = ["analyze", str(verified), "--out"]
    must(*analyze, str(made.folder / "analyze"))
    yield Case("analyze", made.folder / "analyze", [*analyze, "{}"])


def of_intervene(made: Made) -> Iterator[Case]:
    intervene = ["intervene", made.student, *made.asked, "--conditions", "implied", "--n", "6", "--max-new-tokens", "8",
                 "--regime", "correct", "--out"]  # fmt: skip
    must(*intervene, str(made.folder / "effects"))
    yield Case("intervene", made.folder / "effects", [*intervene, "{}"])


def of_world(made: Made) -> Iterator[Case]:
    for world, families in (("babi", ["--task", "single-supporting-fact"]), ("msmarco", [])):
        folder = made.folder / f"world_{world}"
        command = ["world", world, "--n", "20", *families, "--out"]
        must(*command, str(folder))
        yield Case(f"world {world}", folder, [*command, "{}"])
        yield Case(f"world {world}, read by `problems`", folder, ["problems", world, "{}"], only="t")


def of_problems(made: Made) -> Iterator[Case]:
    problems = made.folder / "problems"
    must("problems", "babi", made.stories, "--out", str(problems / "p.jsonl"))
    yield Case("problems, read by `sft`", problems, ["sft", "babi", "{}/p.jsonl", "--out", "sft"])


def of_teacher(made: Made) -> Iterator[Case]:
    texts = made.folder / "teacher"
    collect = ["teacher", "babi", made.stories, "--endpoint", made.url, "--model", "m", "--out"]
    must(*collect, str(texts))
    yield Case("teacher", texts, [*collect, "{}"])
    read = ["sft", "babi", made.stories, "--regime", "teacher", "--traces", "{}", "--out", "sft_of_teacher"]
    yield Case("teacher, read by `sft`", texts, read, only="kept")


def of_pretrain(made: Made) -> Iterator[Case]:
    base = made.folder / "pretrained"
    shorten_pretraining()
    with stopped_at((pretraining, "_step"), 12):
        give(["pretrain", "--out", str(base)])
    yield Case("pretrain, stopped", base, ["pretrain", "--out", "{}"])


def must(*command: str) -> None:
    """Give a command that makes a folder."""
    if (ended := give(command)).code != 0:
        raise RuntimeError(f"{command}: {ended.said}")


def write_log_of(module: ModuleType) -> tuple[Any, str]:
    return module, "write_log"


@contextmanager
def stopped_at(place: tuple[Any, str], call: int) -> Iterator[None]:
    """Within the block, what a kill leaves: this call of a function does not come back."""
    owner, name = place
    plain, calls = getattr(owner, name), count(1)

    def stopping(*given: Any, **named: Any) -> Any:
        if next(calls) == call:
            raise KeyboardInterrupt
        return plain(*given, **named)

    setattr(owner, name, stopping)
    try:
        yield
    finally:
        setattr(owner, name, plain)


def shorten_pretraining() -> None:
    """A pretraining of two stages and a second or two."""
    stages = (Stage(8, Mix(turns=2)), Stage(8, Mix(turns=1)))
    config = replace(PretrainConfig(), stages=stages, batch=2, hidden_size=16, layers=1, heads=2, vocabulary=400)
    cli_pretrain.PretrainConfig = lambda seed: config  # type: ignore[misc,assignment]
    cli_pretrain.pretrain = partial(  # type: ignore[assignment]
        pretraining.pretrain, evaluate_every=8, evaluate_on=5, save_every=5
    )


def table(rows: Sequence[Row]) -> str:
    """The table in Markdown, after the counts."""
    counts = Counter(name for _, _, found in rows for name in found)
    lines = [
        "# One changed byte in each kind of file",
        "",
        "`python benchmarks/fuzz/byte_flips.py` made this table. "
        f"{sum(counts.values()):,} changes in {len(rows):,} kinds of files: "
        + ", ".join(
            f"{name} {counts[name]:,}" for name in ("made again", "refused", "check-run", "silent", "traceback")
        )
        + ". The bar: 0 silent, 0 tracebacks. The names of the columns say what was changed: the first byte, one in the "
        "middle, the last one, or the second half was cut off. What the outcomes mean stands in the script.",
        "",
        "| folder of | file | first | middle | last | cut |",
        "|---|---|---|---|---|---|",
        *(f"| {name} | `{kind}` | {' | '.join(found)} |" for name, kind, found in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

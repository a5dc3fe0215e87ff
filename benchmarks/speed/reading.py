"""The time and the memory to read problems from files in the layouts of MS MARCO QA.

    python benchmarks/speed/reading.py [--megabytes 1000] [--seed 0] [--folder DIR] [--out benchmarks/speed/reading.md]

Files of the three JSON layouts are generated, one after the other. Fresh processes read each of them: through
`tracekd.tasks.loading.load`, and by the `json` module alone. Their ratio does not depend on the machine.
"""

import argparse
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

MEGABYTE = 10**6
TYPES = ("DESCRIPTION", "NUMERIC", "ENTITY", "LOCATION", "PERSON")
Row = dict[str, Any]


def main() -> None:
    options = _options()
    if options.read:
        print(json.dumps(READERS[options.read[0]](Path(options.read[1]))))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        results = [_measure(layout, Path(folder), options.megabytes, options.seed) for layout in LAYOUTS]
    table = _table(results, options)
    print(table)
    if options.out:
        Path(options.out).write_text(table, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000, help="about the size of each file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where the files are made (and removed)")
    parser.add_argument("--out", type=Path, help="the Markdown file to write")
    parser.add_argument("--read", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    return parser.parse_args()


# Files like the real ones: of ten passages of about fifty words each, one is selected, or there is no answer (39 %).


def rows(seed: int) -> Iterator[Row]:
    """Rows in the layout of the Hub, without end; they depend only on the seed."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(2, 9))) for _ in range(5000)]
    words += ["\u2013", "caf\u00e9", "it's", "1,000", "e.g."]
    passages = [" ".join(rng.choices(words, k=rng.randint(20, 85))) + "." for _ in range(5000)]
    number = 0
    while True:
        texts = rng.choices(passages, k=10)
        gold = rng.randrange(10) if rng.random() > 0.39 else None
        yield {
            "answers": ["No Answer Present."] if gold is None else [" ".join(texts[gold].split()[3:14])],
            "passages": {
                "is_selected": [int(at == gold) for at in range(10)],
                "passage_text": texts,
                "url": [f"http://www.{rng.choice(words)}.com/{rng.choice(words)}/{number}" for _ in texts],
            },
            "query": " ".join(rng.choices(words, k=6)),
            "query_id": number,
            "query_type": rng.choices(TYPES, (65, 22, 7, 4, 2))[0],
            "wellFormedAnswers": [],
        }
        number += 1


def official(row: Row) -> Row:
    """The row in the layout of the official files: a list of passages, and a text if there is no well-formed answer."""
    columns = row["passages"]
    passages = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return row | {"passages": passages, "wellFormedAnswers": "[]"}


def as_v1(row: Row) -> Row:
    """The row in the layout of v1.1."""
    answers = [] if row["answers"] == ["No Answer Present."] else row["answers"]
    return official(row) | {"answers": answers, "query_type": row["query_type"].lower(), "wellFormedAnswers": []}


def write_hub_rows(file: TextIO, seed: int, count: int) -> None:
    for row in islice(rows(seed), count):
        file.write(json.dumps(row) + "\n")


def write_v1(file: TextIO, seed: int, count: int) -> None:
    for row in islice(rows(seed), count):
        file.write(json.dumps(as_v1(row)) + "\n")


def write_v2(file: TextIO, seed: int, count: int) -> None:
    columns = list(next(rows(seed)))
    for place, column in enumerate(columns):
        file.write("{" if place == 0 else ", ")
        file.write(f"{json.dumps(column)}: ")
        for number, row in enumerate(islice(rows(seed), count)):
            file.write(f'{", " if number else "{"}"{number}": {json.dumps(official(row)[column])}')
        file.write("}")
    file.write("}")


@dataclass(frozen=True)
class Layout:
    """A layout: its name, what writes it, and what reads it with the `json` module alone."""

    name: str
    write: Callable[[TextIO, int, int], None]
    plain: str


LAYOUTS = (
    Layout("Hub rows, JSON Lines", write_hub_rows, "lines"),
    Layout("v1.1, JSON Lines", write_v1, "lines"),
    Layout("v2.1, column-oriented JSON", write_v2, "whole"),
)


# The functions that the fresh processes run.


def read_problems(path: Path) -> Row:
    """Read the problems of the file without keeping them."""
    from tracekd.problem import Problem
    from tracekd.tasks import get_task
    from tracekd.tasks.loading import load

    task = get_task("msmarco")
    begin = time.process_time()
    problems = skipped = 0
    for found in load(task, [str(path)]):
        problems += isinstance(found, Problem)
        skipped += not isinstance(found, Problem)
    return _used(begin) | {"problems": problems, "skipped": skipped}


def read_lines(path: Path) -> Row:
    """Read each line by the `json` module."""
    begin = time.process_time()
    with path.open("rb") as file:
        for line in file:
            json.loads(line)
    return _used(begin)


def read_whole(path: Path) -> Row:
    """Read the file at once by the `json` module."""
    begin = time.process_time()
    with path.open("rb") as file:
        json.load(file)
    return _used(begin)


def _used(begin: float) -> Row:
    # Processor time does not depend on the disk or on other work. Linux counts memory in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"seconds": time.process_time() - begin, "peak": peak / MEGABYTE}


READERS = {"problems": read_problems, "lines": read_lines, "whole": read_whole}


@dataclass(frozen=True)
class Result:
    layout: Layout
    megabytes: float
    problems: Row
    plain: Row


def _measure(layout: Layout, folder: Path, megabytes: int, seed: int) -> Result:
    path = folder / "made.json"
    with path.open("w", encoding="utf-8") as file:
        layout.write(file, seed, 1000)
    count = 1000 * megabytes * MEGABYTE // path.stat().st_size
    with path.open("w", encoding="utf-8") as file:
        layout.write(file, seed, count)
    problems = _fresh("problems", path)
    if problems["problems"] != count:
        raise SystemExit(f"{layout.name}: {count} rows were written, but this was read: {problems}")
    return Result(layout, path.stat().st_size / MEGABYTE, problems, _fresh(layout.plain, path))


def _fresh(reader: str, path: Path) -> Row:
    command = [sys.executable, __file__, "--read", reader, str(path)]
    found: Row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _table(results: list[Result], options: argparse.Namespace) -> str:
    command = f"python benchmarks/speed/reading.py --megabytes {options.megabytes} --seed {options.seed}"
    lines = [
        "# Reading MS MARCO QA",
        "",
        f"`{command}`, Python {platform.python_version()}, one core ({platform.machine()}).",
        "Generated files, each read to problems by a fresh process. Seconds are processor time; peak is resident memory.",
        "Plain is the `json` module alone: `loads` for each line, `load` of the whole for column-oriented JSON.",
        "The ratio is the time to read problems over its time.",
        "",
        "| layout | file, MB | problems | MB/s | problems/s | peak, MB | plain MB/s | plain peak, MB | ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_line, results), ""])


def _line(result: Result) -> str:
    ours, plain = result.problems, result.plain
    cells = (
        result.layout.name,
        f"{result.megabytes:,.0f}",
        f"{ours['problems']:,}",
        f"{result.megabytes / ours['seconds']:.1f}",
        f"{ours['problems'] / ours['seconds']:,.0f}",
        f"{ours['peak']:,.0f}",
        f"{result.megabytes / plain['seconds']:.0f}",
        f"{plain['peak']:,.0f}",
        f"{ours['seconds'] / plain['seconds']:.1f}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()

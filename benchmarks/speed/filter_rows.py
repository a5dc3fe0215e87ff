"""How many rows a second `tracekd filter` reads, and its memory, by the number of rows; writes the table beside this file.

    python benchmarks/speed/filter_rows.py [--rows 20000 1000000] [--problems 1000] [--folder DIR]
                                            [--tasks cotempqa babi] [--files jsonl parquet]

Rows are made: the problems of the bAbI and CoTempQA worlds, in turn, each with made free traces (`worlds/free_traces`) in the
wordings on which the grammars were developed; every second trace has a planted error. They are written as JSON Lines with
`messages` and as Parquet with `prompt` and `completion`, and filtered by their claims. Each run is a fresh process; time is
that of the processor, peak the resident memory of the whole process. `errors kept`: kept rows with a planted error. `right
rows lost`: rows without one that are left out, because a claim cannot be read or is not one.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.worlds.free_traces import ERRORS, make_trace

sys.path.insert(0, str(Path(__file__).parents[1] / "validation"))
from free_traces import WORDINGS, problems

TABLE = Path(__file__).with_suffix(".md")
MEGABYTE = 10**6
_BATCH = 1000

Row = tuple[str, str, bool]


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 1_000_000])
    parser.add_argument("--problems", type=int, default=1000)
    parser.add_argument("--tasks", nargs="+", choices=("cotempqa", "babi"), default=["cotempqa", "babi"])
    parser.add_argument("--files", nargs="+", choices=("jsonl", "parquet"), default=["jsonl", "parquet"])
    parser.add_argument("--folder", type=Path, help="where the files are made (and removed)")
    given = parser.parse_args()
    command = (
        f"python benchmarks/speed/filter_rows.py --rows {' '.join(map(str, given.rows))} --problems {given.problems} "
        f"--tasks {' '.join(given.tasks)} --files {' '.join(given.files)}"
    )
    lines = ["# Filtering rows by their claims: speed and memory", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [f"`{command}`, Python {platform.python_version()}, one core ({platform.machine()}).", ""]
    lines += [
        "| task | file | rows | MB | problems | rows/s | peak, MB | kept | errors kept | right rows lost |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for task in given.tasks:
        asked = list(islice(problems(task, 1), given.problems))
        for ending in given.files:
            for rows in given.rows:
                with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                    lines.append(measure(task, asked, Path(folder) / f"rows.{ending}", rows))
                print(lines[-1], flush=True)
    write_text(TABLE, "\n".join(lines) + "\n")


def measure(task: str, asked: Sequence[Problem], path: Path, number: int) -> str:
    """The line of the table of one file."""
    faulty = bytearray()
    write = write_jsonl if path.suffix == ".jsonl" else write_parquet
    write(path, islice(rows(task, asked, faulty), number))
    out = path.parent / "kept"
    made = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), task, str(out)], check=True, capture_output=True, text=True
    )
    peak, seconds = json.loads(made.stdout.splitlines()[-1])
    left_out = set(left_out_of(out))
    errors = sum(one and at not in left_out for at, one in enumerate(faulty, start=1))
    lost = sum(not faulty[at - 1] for at in left_out)
    return (
        f"| {task} | {path.suffix[1:]} | {number:,} | {path.stat().st_size / MEGABYTE:,.0f} | {len(asked):,} | "
        f"{number / seconds:,.0f} | {peak / MEGABYTE:,.0f} | {number - len(left_out):,} | {errors:,} | {lost:,} |"
    )


def rows(task: str, asked: Sequence[Problem], faulty: bytearray) -> Iterator[Row]:
    """Endless rows: prompt and completion of each problem, then again with other traces. `faulty` gets a 1 for each row with
    a planted error, and a 0 for each other one.
    """
    template, wording, kinds = get_task(task).template, WORDINGS["developed"][task], ERRORS[task]
    for number, problem in zip(count(), cycle(asked), strict=False):
        trace = make_trace(problem, wording, number, kinds[number // 2 % len(kinds)] if number % 2 else None)
        faulty.append(trace.first_error is not None)
        completion = f"<think>{trace.text}</think>\n\n<answer>{render_answer(problem.answer)}</answer>"
        yield template.render_prompt(problem), completion, trace.first_error is not None


def write_jsonl(path: Path, made: Iterator[Row]) -> None:
    """As messages, one row a line."""
    with path.open("w", encoding="utf-8") as file:
        for prompt, completion, _ in made:
            said = [{"role": "user", "content": prompt}, {"role": "assistant", "content": completion}]
            file.write(json.dumps({"messages": said}) + "\n")


def write_parquet(path: Path, made: Iterator[Row]) -> None:
    """With the columns prompt and completion."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("prompt", pa.string()), ("completion", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        while batch := [{"prompt": prompt, "completion": said} for prompt, said, _ in islice(made, _BATCH)]:
            file.write_table(pa.Table.from_pylist(batch, schema))


def left_out_of(out: Path) -> Iterator[int]:
    """The numbers of the rows that were left out."""
    with (out / "left_out" / "rows.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row: dict[str, Any] = json.loads(line)
            yield int(str(row["where"]).rpartition(":")[2])


CHILD = """
import json, resource, sys
from pathlib import Path
from tracekd.cli.filter import run
from tracekd.cli.requests.data import FilterRequest
path, task, out = sys.argv[1:]
assert run(FilterRequest(paths=[path], task=task, out=Path(out), json=True)) == 0
used = resource.getrusage(resource.RUSAGE_SELF)
print()
print(json.dumps([used.ru_maxrss * 1024, used.ru_utime + used.ru_stime]))
"""


if __name__ == "__main__":
    main()

"""How long the statistics of a run take, and how much memory.

    OMP_NUM_THREADS=1 python benchmarks/speed/run_statistics.py            # writes run_statistics.md beside this file

Each row is a process of its own, which adds verdicts to `Columns` and then calls `summarise`: rates, associations, tests, models
and comparisons of all regimes. Time is the processor's, on one core, as other work may share the machine. Memory is the peak of
the process; the column before it says what there was before the first verdict. `--ten-million` adds the rows of ten million
verdicts, which take minutes.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from tracekd.files import write_text
from tracekd.stats.columns import Columns
from tracekd.stats.summary import summarise
from tracekd.verify.verdict import Verdict

PATTERNS = 4096


@dataclass(frozen=True)
class Shape:
    """How many verdicts there are, of how many regimes, problems, problems in a group, and seeds of each regime.

    Problems are asked again in turn: of every regime, then in every seed, then for further samples. Each problem begins with
    another seed, so that a single run over as many problems as seeds has a seed for each output.
    """

    verdicts: int
    regimes: int
    problems: int
    group: int
    seeds: int


SHAPES = (
    Shape(100_000, 1, 1_000, 4, 3),
    Shape(100_000, 1, 100_000, 1, 1),
    Shape(100_000, 4, 5_000, 4, 5),
    Shape(1_000_000, 1, 1_000_000, 1, 1),
    Shape(1_000_000, 1, 1_000_000, 10, 1),
    Shape(1_000_000, 3, 1_000, 4, 3),
    Shape(1_000_000, 3, 60_000, 4, 5),
    Shape(1_000_000, 1, 1_000, 1, 1_000),
    # Where something counts each group in each seed, or each pair of regimes, it shows here.
    Shape(3_000, 1, 3_000, 3, 3_000),
    Shape(48_000, 160, 100, 4, 3),
)
TEN_MILLION = tuple(Shape(10_000_000, regimes, 1_000, 4, 3) for regimes in (1, 2, 3))


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ten-million", action="store_true")
    parser.add_argument("--one", nargs=5, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(*measured(Shape(*given.one)))
        return
    shapes = (*SHAPES, *(TEN_MILLION if given.ten_million else ()))
    lines = ["# The statistics of a run: time and memory", "", *(__doc__ or "").splitlines()[4:], "", *rows(shapes)]
    text = "\n".join(lines)
    write_text(Path(__file__).with_suffix(".md"), text + "\n")
    print(text)


def rows(shapes: tuple[Shape, ...]) -> Iterator[str]:
    """The table, each shape in a process of its own."""
    yield "| verdicts | regimes | problems | a group | seeds | adding one, µs | summary, s | memory before, MiB | peak, MiB |"
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for shape in shapes:
        command = [sys.executable, __file__, "--one", *map(str, astuple(shape))]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        yield f"| {' | '.join(f'{number:,}' for number in astuple(shape))} | {' | '.join(found)} |"
        print(shape, found, file=sys.stderr, flush=True)


def measured(shape: Shape) -> tuple[str, ...]:
    """Time to add a verdict (µs), to summarise (s), memory before and at its peak (MiB)."""
    before = peak()
    start = time.process_time()
    columns = filled(shape)
    added = time.process_time()
    summarise(columns)
    taken = time.process_time() - added
    return f"{(added - start) / shape.verdicts * 1e6:.1f}", f"{taken:.1f}", str(before), str(peak())


def filled(shape: Shape) -> Columns:
    """Verdicts of this shape, steps and answers by chance."""
    rng = random.Random(0)
    patterns = [pattern(rng) for _ in range(PATTERNS)]
    columns, verdict = Columns(), Verdict.model_construct()
    for at in range(shape.verdicts):
        run, problem = divmod(at, shape.problems)
        again, regime = divmod(run, shape.regimes)
        # Fields are put in place as they are: making a verdict anew takes longer than adding it.
        verdict.__dict__.update(
            patterns[int(rng.random() * PATTERNS)], id=f"p{problem}", group=f"g{problem // shape.group}",
            label=f"l{problem % 5}", regime=f"r{regime}", student="m", seed=(again + problem) % shape.seeds,
            sample=again // shape.seeds,
        )  # fmt: skip
        columns.add(verdict)
    return columns


def pattern(rng: random.Random) -> dict[str, object]:
    answer, first, second = rng.random() < 0.5, rng.random() < 0.6, rng.random() < 0.5
    step = {True: "right", False: "wrong"}
    return {
        "status": "ok", "class_step": step[first], "retrieval_step": step[second], "trace": first and second, "answer": answer,
        "retrieval": {"answer_facts": step[second], "support": step[rng.random() < 0.5], "full_support": "wrong"},
        "support": "support", "lenient_answer": answer, "answer_parsed": True, "precision": 0.5, "recall": 0.5, "f1": 0.5,
        "invented": 0, "consistent": answer, "finish": "stop",
    }  # fmt: skip


def peak() -> int:
    """Peak resident memory of this process, MiB. (What `getrusage` tells of a child begins with its parent's peak.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


if __name__ == "__main__":
    main()

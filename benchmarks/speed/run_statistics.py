"""How long the statistics of a run take, how much memory verdicts take, and how often the intervals hold the truth.

    OMP_NUM_THREADS=1 python benchmarks/speed/run_statistics.py            # writes run_statistics.md beside this file

Time is the processor's, on one core, as other work may share the machine. "Resampling" draws 10,000 crossed bootstrap
samples of five tables (class, three kinds of retrieval, trace, each against the answer) of a million outputs of one
model and regime, in groups of problems and over seeds; different sums are how many groups differ, which is what the quick way
rests on. "Summary" is all of `summarise_run`: rates, associations, tests, models and comparisons. Memory is the peak of a
process that adds ten million verdicts to `Columns` and then summarises them.

Coverage is the share of 300 simulated runs in which a 95 % interval held the truth, with 60 groups of 4 problems. Log odds
of answer and step differ between groups with standard deviation 1.0, and between students (seeds) with 0.3.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tracekd.stats.run_summary import summarise_run
from tracekd.stats.shares import Measure, measure, share

from tracekd.files import write_text
from tracekd.stats import clusters
from tracekd.stats.association import phi
from tracekd.stats.clusters import Resampling, resampled_totals
from tracekd.stats.columns import Columns
from tracekd.stats.contingency import odds_ratio
from tracekd.verify.verdict import Verdict

MILLION = 1_000_000
TABLES = 5
RUNS = 300
PATTERNS = 4096


def main() -> None:
    """Measure, and write the tables."""
    if len(sys.argv) > 1:
        print(*in_columns(*map(int, sys.argv[1:])))
        return
    lines = [*resampling(), "", *summaries(), "", *coverage()]
    text = "\n".join(
        ["# The statistics of a run: time, memory, coverage", "", *(__doc__ or "").splitlines()[4:], "", *lines]
    )
    write_text(Path(__file__).with_suffix(".md"), text + "\n")
    print(text)


def resampling() -> Iterator[str]:
    """The table of resampling."""
    yield "| problems a group | seeds | groups | different sums of a table | 10,000 resamples, s |"
    yield "|---:|---:|---:|---:|---:|"
    for size, seeds in [(1, 1), (4, 1), (10, 1), (30, 1), (100, 1), (1000, 1), (1, 3), (3, 3), (5, 5), (1, 10)]:
        groups = MILLION // (size * seeds)
        tables = [drawn(np.random.default_rng(at), groups, size, seeds) for at in range(TABLES)]
        found = clusters._different(tables[0].reshape(groups, -1))
        start = time.process_time()
        resampled_totals(tables, Resampling(10_000))
        taken = time.process_time() - start
        yield f"| {size:,} | {seeds} | {groups:,} | {len(found[0]) if found else groups:,} | {taken:.1f} |"
        print(f"{size} {seeds}: {taken:.1f}", file=sys.stderr)


def drawn(
    rng: np.random.Generator, groups: int, size: int, seeds: int, *, spread: float = 1.0, students: float = 0.3
) -> np.ndarray:
    """Tables of step and answer, (groups, seeds, 4), of groups and students that differ."""
    hard = rng.normal(scale=spread, size=(groups, 1, 1)) + rng.normal(scale=students, size=(1, seeds, 1))
    step = rng.random((groups, seeds, size)) < 1 / (1 + np.exp(-hard))
    answer = rng.random((groups, seeds, size)) < 1 / (1 + np.exp(-(hard + step - 0.5)))
    cells = np.stack([step & answer, step & ~answer, ~step & answer, ~step & ~answer], axis=-1)
    counts: np.ndarray = cells.sum(axis=2)
    return counts


def summaries() -> Iterator[str]:
    """The table of whole summaries, each in a process of its own."""
    yield "| verdicts | regimes | problems | a group | adding one, µs | summary, s | memory before, MiB | peak, MiB |"
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|"
    runs = [(MILLION, 1, MILLION, 1), (MILLION, 1, MILLION, 10), (MILLION, 3, 100_000, 4)]
    for verdicts, regimes, problems, size in [*runs, *((10 * MILLION, regimes, 1000, 4) for regimes in (1, 2, 3))]:
        command = [sys.executable, __file__, *map(str, (verdicts, regimes, problems, size))]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        yield f"| {verdicts:,} | {regimes} | {problems:,} | {size} | {' | '.join(found)} |"
        print(verdicts, regimes, problems, size, found, file=sys.stderr)


def in_columns(verdicts: int, regimes: int, problems: int, size: int) -> tuple[str, ...]:
    """Time to add a verdict (µs), to summarise (s), memory before and at its peak (MiB)."""
    before, rng = peak(), random.Random(0)
    patterns = [pattern(rng) for _ in range(PATTERNS)]
    columns = Columns()
    start = time.process_time()
    verdict = Verdict.model_construct()
    for at in range(verdicts):
        run, problem = divmod(at, problems)
        # Fields are put in place as they are: making a verdict anew takes longer than adding it.
        verdict.__dict__.update(
            patterns[int(rng.random() * PATTERNS)], id=f"p{problem}", group=f"g{problem // size}", label=f"l{problem % 5}",
            regime=f"r{run % regimes}", student="m", seed=run // regimes % 3, sample=run // regimes // 3,
        )  # fmt: skip
        columns.add(verdict)
    added = time.process_time()
    summarise_run(columns)
    taken = time.process_time() - added
    return f"{(added - start) / verdicts * 1e6:.1f}", f"{taken:.1f}", str(before), str(peak())


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


def coverage() -> Iterator[str]:
    """The table of coverage."""
    yield "| seeds | groups differ by | students differ by | rate of right answers | phi | odds ratio |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for seeds, spread, students in [
        (1, 0.0, 0.0),
        (1, 1.0, 0.0),
        (1, 1.0, 0.3),
        (3, 1.0, 0.0),
        (3, 1.0, 0.3),
        (5, 1.0, 0.3),
    ]:
        truth = drawn(np.random.default_rng(0), 400, 4, 1000, spread=spread, students=students).sum(axis=(0, 1))
        held = np.zeros(3)
        for run in range(RUNS):
            table = drawn(np.random.default_rng([run, seeds]), 60, 4, seeds, spread=spread, students=students)
            held += holds(table, truth)
        yield f"| {seeds} | {spread} | {students} | " + " | ".join(f"{100 * part / RUNS:.0f} %" for part in held) + " |"


def holds(table: np.ndarray, truth: np.ndarray) -> list[bool]:
    """Whether the intervals of a run hold the rate of right answers, phi and the odds ratio."""
    total, (resampled,) = table.sum(axis=(0, 1)), resampled_totals([table], Resampling(2000))
    answer = share(table[..., 0] + table[..., 2], table.sum(axis=-1))
    held = [answer.ci is not None and answer.ci[0] <= (truth[0] + truth[2]) / truth.sum() <= answer.ci[1]]
    for statistic in (phi, odds_ratio):
        found: Measure = measure(float(statistic(total)), statistic(resampled), groups=60, undefined="")
        held.append(found.ci is not None and found.ci[0] <= float(statistic(truth)) <= found.ci[1])
    return held


if __name__ == "__main__":
    main()

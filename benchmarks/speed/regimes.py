"""Examples per second for each regime, on one core, and the time and memory for a million examples.

    OMP_NUM_THREADS=1 python benchmarks/speed/regimes.py            # writes regimes.md beside this file

The problems are those of the bAbI world with its default dials. "In memory" is regime and rendering: from a loaded problem to the
strings of prompt and completion. "Command" is all of `tracekd sft`: it reads the official text files, draws, and writes JSON
Lines and Parquet. Times are processor times, because other work may share the machine; in memory, the best of five runs counts
for each fifty problems (which are then in the cache, as problems are that were just read). Each rate is also given as a ratio to
copying the same prompts and completions as JSON.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.regimes import Donors, Regime, Setting, Unsupported, all_regimes, draw_target
from tracekd.sft.example import build_example
from tracekd.tasks import get_task
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

TASK = get_task("babi")
PER_FAMILY = 1000
MILLION = 1_000_000
TIMES = 5
AT_ONCE = 50


def main() -> None:
    """Measure, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        world(Path(folder) / "small", PER_FAMILY)
        problems = list(load_world(Path(folder) / "small"))
        lines = [*in_memory(problems), *commands(Path(folder))]
    text = "\n".join(["# Making supervised data: examples a second", "", *(__doc__ or "").splitlines()[4:], "", *lines])
    write_text(Path(__file__).with_suffix(".md"), text + "\n")
    print(text)


def world(folder: Path, per_family: int) -> None:
    """The bAbI world, all families."""
    made = get_world("babi")
    write_world("babi", set_dials(made, choose_families(made, []), {}), folder, n=per_family, seed=1)


def in_memory(problems: Sequence[Problem]) -> Iterator[str]:
    """The rows of the first table."""
    setting = replace(
        Setting.of(TASK),
        donors=Donors.of(problems),
        collected={"trace": {problem.id: "It was last seen there, and nobody moved it." for problem in problems}},
    )
    copied = measured(copy, problems)
    facts = sum(len(problem.context) for problem in problems) / len(problems)
    yield from (
        f"{len(problems):,} problems of {facts:.1f} facts on average. Copying as JSON: {copied:,.0f} a second.",
        "",
    )
    yield from ("| regime | in memory, examples a second | to copying |", "|---|---:|---:|")
    for regime in (found for found in all_regimes() if isinstance(found, Regime)):
        rate = measured(partial(make, regime=regime, setting=setting), supported(problems, regime, setting))
        yield f"| `{regime.name}` | {rate:,.0f} | {rate / copied:.2f} |"
    yield ""


def measured(work: Callable[[Sequence[Problem]], None], problems: Sequence[Problem]) -> float:
    """Problems a second of processor time, each fifty at the best of a few runs."""
    seconds = 0.0
    for at in range(0, len(problems), AT_ONCE):
        seconds += min(timed(work, problems[at : at + AT_ONCE]) for _ in range(TIMES))
    return len(problems) / seconds


def timed(work: Callable[[Sequence[Problem]], None], problems: Sequence[Problem]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work(problems)
    return time.process_time() - start


def copy(problems: Sequence[Problem]) -> None:
    """The strings of the examples, through JSON and back."""
    for problem in problems:
        example = build_example(problem, problem.trace, TASK.template)
        json.loads(json.dumps({"prompt": example.prompt, "completion": example.completion}))


def supported(problems: Sequence[Problem], regime: Regime, setting: Setting) -> list[Problem]:
    """The problems that the regime has a trace for."""
    kept: list[Problem] = []
    for problem in problems:
        try:
            draw_target(problem, regime, setting, 0)
        except Unsupported:
            continue
        kept.append(problem)
    return kept


def make(problems: Sequence[Problem], regime: Regime, setting: Setting) -> None:
    """Make the examples of these problems."""
    for problem in problems:
        build_example(problem, draw_target(problem, regime, setting, 0), TASK.template)


def commands(folder: Path) -> Iterator[str]:
    """The rows of the second table."""
    world(folder / "large", MILLION // 2 // len(TASK.labels))
    yield from ("| command | examples | a second | peak memory, MB |", "|---|---:|---:|---:|")
    for source, regimes in (("small", "correct"), ("small", "correct,incorrect"), ("large", "correct,incorrect")):
        seconds, peak, examples = command(folder / source, regimes, folder / "out")
        yield (
            f"| `tracekd sft babi SOURCE --regime {regimes}` | {examples:,} | {examples / seconds:,.0f} | "
            f"{peak / 2**20:,.0f} |"
        )


def command(source: Path, regimes: str, out: Path) -> tuple[float, int, int]:
    """Seconds of processor time, peak memory in bytes, and examples written."""
    words = [
        sys.executable,
        "-m",
        "tracekd",
        "sft",
        "babi",
        str(source),
        "--regime",
        regimes,
        "--out",
        str(out),
        "--json",
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss * 1024, json.loads(printed)["examples"]


if __name__ == "__main__":
    main()

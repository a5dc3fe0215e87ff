"""The time of one `tracekd.check`, as a service calls it; writes the table beside this file.

    python benchmarks/speed/check.py --babi PATH/TO/en --cotempqa PATH/TO/cotempqa --outputs PATH/TO/released_outputs/cotempqa

Each call is complete: it reads context and question anew. Nothing is kept from the call before, except what the process keeps
by itself (the sentences of bAbI that it has read). Times are processor times, the best of three calls, because other work may
share the machine. The checked outputs are the gold trace and a wrong trace (regime `incorrect`) of each problem, and, if
given, the released outputs of Llama-3.2-1B (arXiv 2505.13792).
"""

import argparse
import platform
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

import tracekd
from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load
from tracekd.tasks.template import render_answer
from tracekd.verify.reading import Written, read_outputs
from tracekd.worlds import get_world
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

TABLE = Path(__file__).with_suffix(".md")
PER_FAMILY = 100

# Context, question and output of one call.
Call = tuple[Sequence[str], str, str]


def main() -> None:
    """Measure all that is there, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("babi", "cotempqa", "outputs"):
        parser.add_argument(f"--{name}", help="a file or folder; left out without it")
    given = parser.parse_args()
    lines = ["# Checking without gold: time of a call", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [f"Python {platform.python_version()}, one core ({platform.machine()}).", ""]
    lines += [
        "| task | outputs of | calls | median, ms | 99th percentile, ms | longest, ms |",
        "|---|---|---:|---:|---:|---:|",
    ]
    lines += [row(task, name, calls) for task, name, calls in measured(given)]
    text = "\n".join(lines) + "\n"
    write_text(TABLE, text)
    print(text)


def measured(given: argparse.Namespace) -> Iterator[tuple[Task, str, Iterable[Call]]]:
    """What is measured: a task, a name, and the calls."""
    for name in ("babi", "cotempqa"):
        task = get_task(name)
        with tempfile.TemporaryDirectory() as folder:
            families = get_world(name).families
            write_world(name, {f: families[f].dials() for f in families}, Path(folder) / "w", n=PER_FAMILY, seed=1)
            yield task, "the world's problems", calls(task, load_world(Path(folder) / "w"))
        if source := getattr(given, name):
            published = (problem for problem in load(task, [source]) if isinstance(problem, Problem))
            # Every tenth of bAbI's 20,000.
            yield task, "published problems", calls(task, islice(published, 0, None, 10 if name == "babi" else 1))
        yield task, "a megabyte of facts", list(megabytes(task))
    if given.outputs:
        yield get_task("cotempqa"), "Llama-3.2-1B, released", released(given.outputs)


def calls(task: Task, problems: Iterable[Problem]) -> Iterator[Call]:
    """Two outputs for each problem, with the gold trace and with a wrong one."""
    setting = Setting.of(task)
    for problem in problems:
        context = [fact.text for fact in problem.context]
        for regime in ("correct", "incorrect"):
            try:
                trace = draw_trace(problem, regime, setting, 0)
            except Unsupported:
                continue
            assert trace is not None
            text = f"<think>{task.template.render_trace(problem, trace)}</think> "
            yield context, problem.question, f"{text}<answer>{render_answer(problem.answer)}</answer>"


def megabytes(task: Task) -> Iterator[Call]:
    """Citations that run to a megabyte: of one fact again and again, and of ever other invented ones."""
    problem = task.example()
    context = [fact.text for fact in problem.context]
    for cited in ([context[0]] * (2**20 // len(context[0])), [f"{at} is in the kitchen." for at in range(2**20 // 25)]):
        trace = f"{task.template.classify} {problem.label}.\n{task.template.retrieve} {cited}"
        yield context, problem.question, f"<think>{trace}</think> <answer>{render_answer(problem.answer)}</answer>"


def released(source: str) -> Iterator[Call]:
    """The released outputs, all regimes."""
    for output in read_outputs([source]):
        if isinstance(output, Written) and output.context and output.question:
            yield output.context, output.question, output.text


def row(task: Task, name: str, made: Iterable[Call]) -> str:
    """One line of the table."""
    taken = 1e3 * np.array([seconds(task, call) for call in made])
    return (
        f"| {task.name} | {name} | {len(taken):,} | {np.median(taken):.3f} | {np.percentile(taken, 99):.3f} | "
        f"{taken.max():.3f} |"
    )


def seconds(task: Task, call: Call) -> float:
    """The best of three calls."""
    return min(one_call(task, call) for _ in range(3))


def one_call(task: Task, call: Call) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    tracekd.check(task, *call)
    return time.process_time() - begun


if __name__ == "__main__":
    main()

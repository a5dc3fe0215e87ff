"""How fast free traces are judged; writes the table beside this file.

    python benchmarks/speed/free_traces.py --traces 500

The traces are made ones (`worlds/free_traces`), joined and cut to 1,500 characters each. Times are processor times on one
core, because other work may share the machine. `problem prepared`: each problem is prepared anew for each trace, as for a file
with one output per problem. `first reading`: without the readings that the process keeps, every sentence is read anew.
`in one pass`: every text is new, and the process begins without readings and keeps those of the texts before, as in a filter run.
The sentence forms of the made traces recur, with other names; so do those of one model's outputs.
Length: the time of one trace of 15,000 and of 150,000 characters, divided by that of one of 1,500, per character.
"""

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.statements import get_grammar
from tracekd.statements.judging import judge_trace
from tracekd.tasks import get_task
from tracekd.verify.free_judge import FreeJudge
from tracekd.worlds.free_traces import make_trace

sys.path.insert(0, str(Path(__file__).parents[1] / "validation"))
from free_traces import WORDINGS, problems

TABLE = Path(__file__).with_suffix(".md")
LENGTH = 1500
Trace = tuple[Problem, str]


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=2000)
    given = parser.parse_args()
    lines = ["# Free traces: speed", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [f"Python {platform.python_version()}, one core ({platform.machine()}).", ""]
    lines += [
        "| task | traces | judged, traces/s | problem prepared, traces/s | with the verdict, "
        "traces/s | first reading, traces/s | in one pass, traces/s "
        "| median, ms | 99th percentile, ms | 10 x as long | 100 x as long |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for task in ("cotempqa", "babi"):
        lines.append(row(task, traces_of(task, given.traces)))
        print(lines[-1], flush=True)
    write_text(TABLE, "\n".join(lines) + "\n")


def traces_of(task: str, number: int) -> list[Trace]:
    """Traces of 1,500 characters: made traces of one problem, one after the other, in all wordings."""
    found: list[Trace] = []
    for problem in islice(problems(task, 1), number):
        text, seed = "", 0
        while len(text) < LENGTH:
            wording = list(WORDINGS.values())[seed % 2][task]
            text += make_trace(problem, wording, seed).text + "\n\n"
            seed += 1
        found.append((problem, text[:LENGTH]))
    return found


def row(task: str, traces: Sequence[Trace]) -> str:
    """The line of the table of one task."""
    grammar, judge = get_grammar(task), FreeJudge.of(get_task(task))
    grounders = [grammar.prepare(problem.question, problem.context) for problem, _ in traces]
    prepared = [judge.prepare(problem) for problem, _ in traces]
    texts = [text for _, text in traces]
    first = per_second(lambda at: judge_trace(texts[at], grounders[at]), min(200, len(traces)), forget)
    forget()
    begun = time.process_time()
    for text, grounder in zip(texts, grounders, strict=True):
        judge_trace(text, grounder)
    pass_ = len(traces) / (time.process_time() - begun)
    judged = per_second(lambda at: judge_trace(texts[at], grounders[at]), len(traces))
    anew = per_second(
        lambda at: judge_trace(texts[at], grammar.prepare(traces[at][0].question, traces[at][0].context)), len(traces)
    )
    whole = per_second(lambda at: judge.judge(prepared[at], texts[at]), len(traces))
    each = sorted(clock(partial(judge_trace, text, grounder)) for text, grounder in zip(texts, grounders, strict=True))
    once = clock(partial(judge_trace, texts[0], grounders[0]))
    longer = [clock(partial(judge_trace, texts[0] * times, grounders[0])) / times / once for times in (10, 100)]
    return (
        f"| {task} | {len(traces)} | {judged:,.0f} | {anew:,.0f} | {whole:,.0f} | {first:,.0f} | {pass_:,.0f} | "
        f"{statistics.median(each) * 1000:.2f} "
        f"| {each[int(len(each) * 0.99)] * 1000:.2f} | {longer[0]:.2f} | {longer[1]:.2f} |"
    )


def per_second(judge: Callable[[int], object], number: int, before: Callable[[], None] | None = None) -> float:
    """Calls a second, the best of three runs; `before` is called before each call and not timed."""
    best = 0.0
    for _ in range(3):
        taken = 0.0
        for at in range(number):
            if before:
                before()
            begun = time.process_time()
            judge(at)
            taken += time.process_time() - begun
        best = max(best, number / taken)
    return best


def clock(call: Callable[[], object]) -> float:
    """Seconds of processor time of one call, the best of three."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        call()
        best = min(best, time.process_time() - begun)
    return best


def forget() -> None:
    """Drop all readings that the modules of the grammars keep."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tracekd.statements"):
            for value in vars(module).values():
                clear: Any = getattr(value, "cache_clear", None)
                if clear and not isinstance(value, type):
                    clear()


if __name__ == "__main__":
    main()

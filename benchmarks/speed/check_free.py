"""The time of one `tracekd.check` of a free trace; writes the table beside this file.

    python benchmarks/speed/check_free.py OUTPUTS

`OUTPUTS` is a file or folder of outputs on CoTempQA whose records hold question and context, such as the prompted ones of
Qwen3-1.7B (released with arXiv 2505.13792). `anew`: each call reads context and question anew, as a service does.
`question prepared`: one `tracekd.Checker` for all outputs to a question. Times are processor times, the best of three
calls, because other work may share the machine.
"""

import argparse
import platform
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

import tracekd
from tracekd.files import write_text
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.reading import OutputRecord
from tracekd.verify.without_gold import Checker

TABLE = Path(__file__).with_suffix(".md")
TASK = "cotempqa"


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", metavar="OUTPUTS")
    outputs = [one for one in FilesToJudge([parser.parse_args().outputs]).read() if isinstance(one, OutputRecord)]
    lines = ["# Checking free traces without gold: time of a call", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [f"Python {platform.python_version()}, one core ({platform.machine()}).", ""]
    lines += ["| question | calls | median, ms | 99th percentile, ms | longest, ms |", "|---|---:|---:|---:|---:|"]
    lines += [row("prepared", list(map(prepared, outputs))), row("anew", [partial(anew, one) for one in outputs])]
    text = "\n".join(lines) + "\n"
    write_text(TABLE, text)
    print(text)


def prepared(output: OutputRecord) -> Callable[[], object]:
    """A call with a question that is prepared already."""
    checker = Checker.of(TASK, output.context or (), output.question or "", "free")
    checker.check("")  # the question is prepared for free traces when the first one is met
    return partial(checker.check, output.text)


def anew(output: OutputRecord) -> object:
    """A complete call."""
    return tracekd.check(TASK, output.context or (), output.question or "", output.text, trace="free")


def row(name: str, calls: Sequence[Callable[[], object]]) -> str:
    """One line of the table."""
    taken = 1e3 * np.array([min(seconds(call) for _ in range(3)) for call in calls])
    return f"| {name} | {len(taken):,} | {np.median(taken):.2f} | {np.percentile(taken, 99):.2f} | {taken.max():.2f} |"


def seconds(call: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


if __name__ == "__main__":
    main()

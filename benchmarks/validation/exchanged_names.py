"""For how many problems of the passage tasks an answer can be exchanged in the gold facts, and why not for the rest.

    python benchmarks/validation/exchanged_names.py DATA [--seed 0]

DATA has the subfolders hotpotqa, 2wikimultihopqa, musique and msmarco, with files in the official formats. `made`: facts that
imply another answer. `of answers that stand`: the share among the problems with a reference that stands in a gold fact word
for word, and is not yes or no. A problem for which nothing is made has one reason. Writes the table beside this file.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.exchanged_names import exchanged
from tracekd.tasks import get_task
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.reading.fault import Skipped

TABLE = Path(__file__).with_suffix(".md")
TASKS = ("hotpotqa", "2wikimultihopqa", "musique", "msmarco")
# One layout of each file of MS MARCO is enough.
ENDINGS = (".json", ".jsonl")


def problems(task: str, folder: Path) -> Iterator[Problem]:
    """The problems of all files of a folder, each once."""
    seen = set()
    for file in sorted(folder.iterdir()):
        if file.suffix not in ENDINGS:
            continue
        for problem in get_task(task).load(str(file)):
            if not isinstance(problem, Skipped) and problem.id not in seen:
                seen.add(problem.id)
                yield problem


def stands(problem: Problem) -> bool:
    """Whether a reference stands in a gold fact word for word, and is not yes or no."""
    texts = [f" {normalize_answer(text)} " for text in problem.texts(problem.trace.facts)]
    values = [normalize_answer(value) for value in problem.answer.values]
    is_closed = values[0].split()[:1] in (["yes"], ["no"])
    return problem.stratum == "answerable" and not is_closed and any(f" {v} " in text for v in values for text in texts)


def count(task: str, folder: Path, seed: int) -> tuple[Counter[str], Counter[str]]:
    """The counts of a task, and the reasons for which nothing was made."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    setting = Setting.of(get_task(task))
    for problem in problems(task, folder):
        standing = stands(problem)
        counts["all"] += 1
        counts["standing"] += standing
        try:
            exchanged(problem, setting, stream(seed, problem.id, "implied"))
        except Unsupported as reason:
            reasons[str(reason)] += 1
        else:
            counts["made"] += 1
            counts["made, standing"] += standing
    return counts, reasons


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rows, lists = [], []
    for task in TASKS:
        begin = time.process_time()
        counts, reasons = count(task, asked.data / task, asked.seed)
        each = (time.process_time() - begin) / counts["all"]
        rows.append(
            f"| {task} | {counts['all']} | {counts['made']} | {counts['made'] / counts['all']:.1%} "
            f"| {counts['standing']} | {counts['made, standing'] / counts['standing']:.1%} | {1000 * each:.0f} |"
        )
        lists.append(f"\n{task}:\n\n| problems | why nothing is made |\n|---|---|")
        lists += [f"| {number} | {reason} |" for reason, number in reasons.most_common()]
    head = (
        "| task | problems | made | share | answers that stand | share of these | CPU ms each, with reading |\n|"
        + "---|" * 7
    )
    intro = f"Answers exchanged in gold facts (`benchmarks/validation/exchanged_names.py`, seed {asked.seed}).\n"
    write_text(TABLE, "\n".join([intro, head, *rows, *lists]) + "\n")


if __name__ == "__main__":
    main()

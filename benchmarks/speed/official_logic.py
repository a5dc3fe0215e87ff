"""The time of our verification against the official logic, on the same released files, in one process.

    python benchmarks/speed/official_logic.py RELEASED [--rounds 5] [--out benchmarks/speed/official_logic.md]

RELEASED holds outputs released with arXiv 2505.13792. Each round reads and judges all outputs of a model and a regime in every
way, in turn. The smallest processor time of all rounds counts; ratios hardly depend on the machine. The official logic is the
one in `studies/interpretable_traces`: once with plain lists, and once with a join through a data frame, row by row, as in the
released scripts. Our verification makes each problem from its record (for CoTempQA it finds the gold facts by rule), judges by
every kind of gold support, and derives what follows from the cited facts. If the problems exist already, as for the second
regime on the same test items, it needs only the time in the last column.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from tracekd.files import write_text

sys.path.insert(0, str(Path(__file__).parents[2] / "studies/interpretable_traces"))

from correct import Judging, read_and_judge
from lines import Line, Row, read_lines, rows_of
from official_answer import official_answer
from official_trace import OfficialJudge
from released import Cell, DataSet, Released, find


class FrameJudge(OfficialJudge):
    """The official judge with its join as released: a data frame, row by row."""

    def __init__(self, data_set: DataSet, rows: Sequence[Row]) -> None:
        super().__init__(data_set, rows)
        self._gold = rows
        self._frame = pd.DataFrame({"answer": [row.answer for row in rows], "question": [row.question for row in rows]})

    def first_row_with(self, key: str) -> Row | None:
        """The same row as without the frame."""
        return next((row for at, row in enumerate(self._gold) if key in self._frame.iloc[at]["answer"]), None)


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("released", type=Path, metavar="RELEASED", help="a folder of released outputs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="the Markdown file to write")
    options = parser.parse_args()
    said = "\n".join((__doc__ or "").splitlines()[4:])
    table = "\n".join(rows(find(options.released), options.rounds))
    text = f"# Our verification against the official logic\n\n{said}\n\n{table}\n"
    print(text)
    if options.out:
        write_text(options.out, text)


def rows(released: Released, rounds: int) -> Iterator[str]:
    """The rows of the table."""
    yield (
        "| outputs of | outputs | official, data frame, s | official, lists, s | ours, s | data frame / ours | lists / ours "
        "| ours, judging alone, s |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for cell in released.outputs:
        judging = Judging.of(cell, released)
        frame, lists, ours, again = times(
            rounds,
            partial(official, FrameJudge, cell, released),
            partial(official, OfficialJudge, cell, released),
            partial(correct, cell, released),
            partial(again_by, judging),
        )
        yield (
            f"| {cell} | {correct(cell, released):,} | {frame:.3f} | {lists:.3f} | {ours:.3f} | {frame / ours:.1f} "
            f"| {lists / ours:.2f} | {again:.3f} |"
        )


def times(rounds: int, *ways: Callable[[], int]) -> list[float]:
    """The least processor time of each way, in seconds; they take turns."""
    least = [float("inf")] * len(ways)
    for _ in range(rounds):
        for at, way in enumerate(ways):
            begin = time.process_time()
            way()
            least[at] = min(least[at], time.process_time() - begin)
    return least


def official(judge: type[OfficialJudge], cell: Cell, released: Released) -> int:
    """Read and judge all outputs of a cell by the official logic; how many there are."""
    count = 0
    for label, path in released.outputs[cell].items():
        lines = [line for line in read_lines(path, cell.data_set, label) if isinstance(line, Line)]
        judging = judge(cell.data_set, rows_of(lines))
        for line in lines:
            judging.judge(line)
            official_answer(line, cell.data_set, "fixed")
        count += len(lines)
    return count


def correct(cell: Cell, released: Released) -> int:
    """Read and judge all outputs of a cell by `tracekd.verify`; how many have a verdict."""
    return sum(1 for _ in read_and_judge(cell, released))


def again_by(judging: Judging) -> int:
    """Judge outputs whose problems are there; how many have a verdict."""
    return sum(1 for _ in judging.judge())


if __name__ == "__main__":
    main()

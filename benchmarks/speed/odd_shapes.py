"""Processor time and memory of commands on files of odd shapes: many seeds, regimes, facts, classes, long or nested lines.

    python benchmarks/speed/odd_shapes.py [SHAPE ...] [--folder DIR] [--out benchmarks/speed/odd_shapes.md]

`odd_files.py` makes the files of each shape. Each command runs in a fresh process. Without names, all shapes are
measured, and the table is written beside this script.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 10**6
SECONDS, MEGABYTES = 10, 1000
FILES = Path(__file__).with_name("odd_files.py")
VERIFY = "verify outputs.jsonl --task babi --problems problems.jsonl --out verified --json"


@dataclass(frozen=True)
class Shape:
    """What the files have, how many of them, the command, and what it took before (seconds, megabytes), if known.

    `bar`: the most seconds and megabytes.
    """

    maker: str
    size: int
    about: str
    command: str = VERIFY
    before: str = ""
    bar: tuple[int | None, int] = (SECONDS, MEGABYTES)


SHAPES = (
    Shape("seed_per_output", 3000, "3,000 outputs, each with its own seed", before="over 250 s, 8,200 MB (issue)"),
    Shape("regimes", 160, "160 regimes, 2 seeds, 10 problems", before="71.6 s, 709 MB"),
    Shape("regimes_and_samples", 300, "300 models with a regime each"),
    Shape("run_together", 10_000, "10,000 facts quoted run together", before="45.6 s, 114 MB"),
    Shape("nested_facts", 1000, "1,000 facts, each the beginning of the next"),
    Shape(
        "cotempqa_anchors", 800, "800 facts that state the event of the question",
        "verify outputs.jsonl --task cotempqa --problems during.jsonl --out verified --json",
    ),
    Shape("cotempqa_anchors", 800, "the same, checked by rule", "problems cotempqa during.jsonl --json"),
    Shape(
        "parquet_bomb", 256, "Parquet, 256 rows with one text of 5 MB",
        "verify outputs.parquet --task babi --problems problems.jsonl --out verified --json",
        before="13.0 s, 1,629 MB",
    ),
    Shape(
        "parquet_list_bomb", 2000, "Parquet, 2,000 times a text of 900 kB in one list",
        "verify outputs.parquet --task babi --problems problems.jsonl --out verified --json",
        before="86.9 s, 8,298 MB",
    ),
    Shape(
        "parquet_zeros", 1500, "Parquet, a text of 1.5 GB that compresses to 50 kB",
        "verify outputs.parquet --task babi --problems problems.jsonl --out verified --json",
    ),
    Shape("many_answers", 100_000, "one question with 100,000 answers"),
    Shape("many_classes", 100_000, "100,000 verdicts of a class each", "analyze verdicts.jsonl --out analyzed --json"),
    Shape("many_stated_classes", 20_000, "20,000 outputs that state a class each"),
    Shape("different_scores", 100_000, "100,000 verdicts with different scores", "analyze verdicts.jsonl --out analyzed --json"),
    Shape("long_line", 100, "a line of 100 MB"),
    Shape("long_output", 50, "an output of 50 MB that cites the same fact again and again"),
    Shape("deep_json", 1_000_000, "a line of JSON that is nested a million deep"),
    Shape("unknown_ids", 200_000, "200,000 outputs of unknown problems"),
    Shape("many_questions", 100_000, "a bAbI story with 100,000 questions", "problems babi . --json"),
    Shape("long_context", 10_000, "100 outputs that each cite 1,429 of 10,000 facts"),
    Shape("many_tasks", 10_000, "a study file with 10,000 regimes", "study study.toml --out run"),
    Shape("many_problems", 1_000_000, "a million problems, 100,000 outputs", bar=(None, 2000), before="5,600 MB (issue)"),
)  # fmt: skip


def main() -> None:
    options = _options()
    chosen = [shape for shape in SHAPES if not options.shapes or shape.maker in options.shapes]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = [_row(shape, Path(folder) / str(at), options.limit) for at, shape in enumerate(chosen)]
    lines = [
        "# Odd shapes",
        "",
        f"`python benchmarks/speed/odd_shapes.py`, Python {platform.python_version()}, one core ({platform.machine()}).",
        "Each command runs in a fresh process, with the time to start (0.5 to 1 s). Time is that of the processor, peak is",
        "resident memory. Exit code 1 or 2: the command ended with the message in the last column.",
        f"Bar: {SECONDS} s and {MEGABYTES:,} MB; for a million problems, 2,000 MB.",
        "",
        "| shape | s | peak, MB | before, if measured | within the bar | exit code | last line |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
    if not options.shapes:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", help="names of functions in odd_files.py")
    parser.add_argument("--folder", type=Path, help="where the files are made (and removed)")
    parser.add_argument("--limit", type=int, default=900, help="seconds after which a command is stopped")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".md"))
    return parser.parse_args()


def _row(shape: Shape, folder: Path, limit: int) -> str:
    folder.mkdir()
    subprocess.run([sys.executable, FILES, shape.maker, folder, str(shape.size)], check=True)
    code, seconds, megabytes, said = _measured(shape.command.split(), folder, limit)
    subprocess.run(["rm", "-r", folder], check=True)
    most_seconds, most_megabytes = shape.bar
    within = megabytes <= most_megabytes and (most_seconds is None or seconds <= most_seconds)
    row = (
        f"| {shape.about} | {seconds:.1f} | {megabytes:,.0f} | {shape.before} | {'yes' if within else '**no**'} "
        f"| {code} | {said} |"
    )
    print(row, flush=True)
    return row


def _measured(command: list[str], folder: Path, limit: int) -> tuple[int, float, float, str]:
    """Exit code, processor seconds, peak megabytes, and the last line of what a failed command says."""
    log = folder / "log"
    with log.open("wb") as file:
        # The limit is on processor time, because other work shares the machine.
        limited = ["sh", "-c", f'ulimit -t {limit}; exec "$@"', "sh", sys.executable, "-m", "tracekd", *command]
        child = subprocess.Popen(limited, cwd=folder, stdout=subprocess.DEVNULL, stderr=file)
        _, status, used = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    child.returncode = code
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = lines[-1][:160].replace("|", "\\|") if lines else ""
    return code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / MEGABYTE, said


if __name__ == "__main__":
    main()

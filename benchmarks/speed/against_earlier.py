"""Whether judging has become slower than in an earlier state of the repository: `verify.py` in both, in turns.

    git worktree add ../earlier COMMIT     # and in it: make lint, which installs what it needs
    python benchmarks/speed/against_earlier.py ../earlier [--times 3] [--released FOLDER]

Processor time of each row, the best of a few runs; other work on the machine disturbs both in the same way.
"""

import argparse
import re
import subprocess
from pathlib import Path

from tracekd.files import write_text

HERE = Path(__file__).parents[2]
TABLE = Path(__file__).with_suffix(".md")
_ROW = re.compile(r"\| (?P<what>.+?) \| [\d,]+ \| (?P<each>[\d.]+) \|")


def main() -> None:
    """Measure both, and write the table of ratios."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("earlier", type=Path, help="the folder of the earlier state, with a `.venv` of its own")
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--problems", type=int, default=600)
    options.add_argument("--released", type=Path)
    chosen = options.parse_args()
    best: dict[Path, dict[str, float]] = {chosen.earlier.resolve(): {}, HERE: {}}
    for _ in range(chosen.times):
        for tree, found in best.items():
            for what, each in measured(tree, chosen.problems, chosen.released).items():
                found[what] = min(each, found.get(what, each))
    text = table(commit_of(chosen.earlier), *best.values())
    write_text(TABLE, text)
    print(text)


def commit_of(tree: Path) -> str:
    asked = ["git", "-C", str(tree), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def measured(tree: Path, problems: int, released: Path | None) -> dict[str, float]:
    """Microseconds of each row of `verify.py`."""
    command = [str(tree / ".venv/bin/python"), "benchmarks/speed/verify.py", "--problems", str(problems)]
    if released is not None:
        command += ["--released", str(released.resolve())]
    said = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout
    return {row["what"]: float(row["each"]) for row in map(_ROW.match, said.splitlines()) if row}


def table(commit: str, earlier: dict[str, float], now: dict[str, float]) -> str:
    rows = [
        f"| {what} | {earlier[what]:.1f} | {now[what]:.1f} | {now[what] / earlier[what]:.2f} |"
        for what in earlier
        if what in now
    ]  # fmt: skip
    head = [
        "# Judging, against an earlier state", "",
        f"The earlier state is {commit}. Microseconds of processor time an output, and how many times as much it is now.", "",
        "| what | earlier | now | ratio |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    main()

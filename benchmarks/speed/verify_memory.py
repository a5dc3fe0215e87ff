"""The memory and the time of `tracekd verify`, by the number of outputs.

    python benchmarks/speed/verify_memory.py [--outputs 100000 1000000 2000000] [--problems 1000] [--seed 0]
        [--folder DIR] [--out benchmarks/speed/verify_memory.md]

Stories of the bAbI world are asked; short outputs are made (right, wrong, with another answer, without a trace, cut off)
of ten regimes and ten seeds, and as many samples as it takes. Each run is a fresh process that writes its verdicts.
"""

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from tracekd.files import write_jsonl
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.babi.story_format import read_stories
from tracekd.tasks.template import render_answer
from tracekd.worlds import get_world
from tracekd.worlds.contract import draw

MEGABYTE, TEN_MILLION = 10**6, 10**7
FAMILIES = {1: "single-supporting-fact", 2: "two-supporting-facts", 15: "basic-deduction", 16: "basic-induction"}
REGIMES, SEEDS = 10, 10


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        problems = problems_of_world(options.problems, options.seed)
        write_jsonl(Path(folder) / "problems.jsonl", problems)
        rows = [_row(number, problems, Path(folder), options.seed) for number in options.outputs]
    outputs = " ".join(map(str, options.outputs))
    command = f"python benchmarks/speed/verify_memory.py --outputs {outputs} --problems {options.problems}"
    lines = [
        "# Memory and time of `tracekd verify`",
        "",
        f"`{command} --seed {options.seed}`, Python {platform.python_version()}, one core ({platform.machine()}).",
        f"Short outputs for {options.problems:,} problems of four bAbI families, {REGIMES} regimes, {SEEDS} seeds. Verdicts are",
        "written, and summarised. Peak is resident memory of the whole process, time that of the",
        "processor.",
        "",
        "| outputs | file, MB | peak, MB | bytes an output above the first row | outputs/s |",
        "|---|---|---|---|---|",
        *_table(rows),
    ]
    if max(options.outputs) < TEN_MILLION:
        on_line = _at(TEN_MILLION, rows) / MEGABYTE
        lines += ["", f"On a straight line through the first row and the last, ten million take {on_line:,.0f} MB."]
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outputs", type=int, nargs="+", default=[100_000, 1_000_000, 2_000_000])
    parser.add_argument("--problems", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where the files are made (and removed)")
    parser.add_argument("--out", type=Path, help="the Markdown file to write")
    return parser.parse_args()


def problems_of_world(count: int, seed: int) -> list[Problem]:
    """So many problems, the first question of each story, in turn of each family."""
    world = get_world("babi")
    made: list[Problem] = []
    for index in range(count):
        number = list(FAMILIES)[index % len(FAMILIES)]
        name = FAMILIES[number]
        text = draw(world, name, world.families[name].dials(), seed, index).text()
        story = next(iter(read_stories(StringIO(text), "world")))
        made.append(next(iter(story_problems(story, number, f"{name}/{index}", "world"))))
    return made


def texts_of(problem: Problem) -> list[str]:
    """What students write: right, other facts, another answer, no trace, a trace that is cut off."""
    template, answer = get_task("babi").template, render_answer(problem.answer)
    trace = template.render_trace(problem, problem.trace)
    other = f"{template.classify} {problem.label}.\n{template.retrieve} {[problem.context[0].text]!r}"
    return [
        f"<think>{trace}</think> <answer>{answer}</answer>",
        f"<think>{other}</think> <answer>{answer}</answer>",
        f"<think>{trace}</think> <answer>elsewhere</answer>",
        f"assistant\n\n{answer}",
        f"<think>{trace[:60]}",
    ]


def write_outputs(path: Path, problems: list[Problem], count: int, seed: int) -> None:
    """So many outputs, a run (regime, seed, sample) after the other."""
    rng = random.Random(seed)
    ready = [[(json.dumps(problem.id), json.dumps(text)) for text in texts_of(problem)] for problem in problems]
    with path.open("w", encoding="utf-8") as file:
        for _, (regime, run, sample, place) in zip(range(count), _order(len(problems)), strict=False):
            ident, text = ready[place][rng.randrange(len(ready[place]))]
            file.write(
                f'{{"id":{ident},"regime":"regime_{regime}","student":"made","seed":{run},"sample":{sample},"text":{text}}}\n'
            )


def _order(problems: int) -> Iterator[tuple[int, int, int, int]]:
    sample = 0
    while True:
        for regime in range(REGIMES):
            for run in range(SEEDS):
                for place in range(problems):
                    yield regime, run, sample, place
        sample += 1


def _row(count: int, problems: list[Problem], folder: Path, seed: int) -> tuple[int, int, int, float]:
    """Outputs, bytes of the file, peak bytes, seconds."""
    path = folder / "outputs.jsonl"
    write_outputs(path, problems, count, seed)
    command = [sys.executable, "-c", CHILD, str(path), str(folder / "problems.jsonl"), str(folder / "verified")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    peak, seconds = json.loads(said.splitlines()[-1])
    return count, path.stat().st_size, peak, seconds


CHILD = """
import json, resource, sys
from pathlib import Path
from tracekd.cli.requests.results import VerifyRequest
from tracekd.cli.verify import run
outputs, problems, out = sys.argv[1:]
assert run(VerifyRequest(outputs=[outputs], task="babi", problems=[problems], out=Path(out))) == 0
used = resource.getrusage(resource.RUSAGE_SELF)
print()
print(json.dumps([used.ru_maxrss * 1024, used.ru_utime + used.ru_stime]))
"""


def _at(count: int, rows: list[tuple[int, int, int, float]]) -> float:
    """The peak for so many outputs, by the first row and the last."""
    (first, _, base, _), (last, _, peak, _) = rows[0], rows[-1]
    return base + (count - first) * (peak - base) / (last - first) if last > first else base


def _table(rows: list[tuple[int, int, int, float]]) -> Iterator[str]:
    first, _, base, _ = rows[0]
    for count, size, peak, seconds in rows:
        above = f"{(peak - base) / (count - first):.1f}" if count > first else ""
        yield f"| {count:,} | {size / MEGABYTE:,.0f} | {peak / MEGABYTE:,.0f} | {above} | {count / seconds:,.0f} |"


if __name__ == "__main__":
    main()

"""How well a single number tells an incorrect trace from a correct one, without reading the trace.

    python benchmarks/validation/give_away.py [--data DIR]            # writes give_away.md beside this file

For each problem that has both, the traces of `correct` and `incorrect` are drawn (seed 0). Each number that `tracekd audit` uses
gets one threshold, fitted on one half of the problems and tested on the other, both ways. The table shows the number with the
best result. 50 in 100 is chance. The intervals hold for all numbers of a row together (95 %, Bonferroni), and are wide if there
are few problems. `--data` names a folder of published files.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

from tracekd.audit.features import FEATURES, cites_bare, features
from tracekd.audit.stump import Accuracy, held_out_accuracy
from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.regimes import Setting, Unsupported, draw_trace, likeness, wrong_steps
from tracekd.sft.example import build_examples
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.template import Template
from tracekd.verify.parse import parse
from tracekd.worlds import get_world
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

REGIMES = ("correct", "incorrect")
# Generated problems of each world, over all its families.
GENERATED = {"babi": 10_000, "cotempqa": 8_000, "msmarco": 5_000}
PUBLISHED = {
    "babi": "babi/en", "cotempqa": "cotempqa", "2wikimultihopqa": "2wikimultihopqa", "hotpotqa": "hotpotqa",
    "musique": "musique",
}  # fmt: skip
# Weights of `likeness.py` under which wrong facts are chosen, where they are not as they stand there.
NO_LIMIT = 10**9
LENGTH_ALONE = dict.fromkeys(
    ["_WORD", "_DIGIT_TOO_FEW", "_DIGIT_TOO_MANY", "_CAPITAL_TOO_FEW", "_CAPITAL_TOO_MANY", "_QUOTE"], 0
)
EITHER_WAY = {"_DIGIT_TOO_MANY": likeness._DIGIT_TOO_FEW, "_CAPITAL_TOO_FEW": likeness._CAPITAL_TOO_MANY}
WEIGHTS: Mapping[str, tuple[Mapping[str, int], int]] = {
    "as they are": ({}, likeness.MOST_UNLIKE),
    "as they are, no limit": ({}, NO_LIMIT),
    "too many weighs as much as too few, no limit": (EITHER_WAY, NO_LIMIT),
    "length alone": (LENGTH_ALONE, likeness.MOST_UNLIKE),
    "length alone, no limit": (LENGTH_ALONE, NO_LIMIT),
}


@dataclass(frozen=True)
class Told:
    """How well each number tells the two regimes apart, how many problems have both, and why others have not."""

    kept: int
    left_out: Counter[str]
    numbers: dict[str, Accuracy]

    @property
    def worst(self) -> str:
        """The number that tells most."""
        return max(self.numbers, key=lambda name: self.numbers[name].value)


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of published files, by task")
    data = parser.parse_args().data
    found = {(name, "generated"): list(generated(name, size)) for name, size in GENERATED.items()}
    if data is not None:
        found |= {(name, "published"): list(published(name, data / at)) for name, at in PUBLISHED.items()}
    said = "\n".join((__doc__ or "").splitlines()[4:])
    lines = [*by_task(found), "", *by_weights(found["cotempqa", "generated"])]
    text = "\n".join(["# What gives an incorrect trace away", "", said, "", *lines]) + "\n"
    write_text(Path(__file__).with_suffix(".md"), text)
    print(text)


def generated(name: str, size: int) -> Iterator[Problem]:
    """Problems of a world at its default dials, as many of each family."""
    families = get_world(name).families
    with TemporaryDirectory() as folder:
        dials = {family: made.dials() for family, made in families.items()}
        write_world(name, dials, Path(folder) / "world", n=size // len(families), seed=1)
        yield from load_world(Path(folder) / "world")


def published(name: str, folder: Path) -> Iterator[Problem]:
    """The problems of a folder of published files."""
    sources = [str(folder)] if name == "babi" else sorted(map(str, folder.glob("*.json*")))
    return (found for found in load(get_task(name), sources) if not isinstance(found, Skipped))


def by_task(found: Mapping[tuple[str, str], list[Problem]]) -> Iterator[str]:
    """The rows of the first table."""
    yield "| task | problems | of them with both traces | left out | number that tells most | told right, in 100 |"
    yield "|---|---:|---:|---|---|---:|"
    for (name, origin), problems in found.items():
        told = tell(problems, get_task(name))
        reasons = "; ".join(f"{reason}: {count:,}" for reason, count in told.left_out.most_common())
        yield (
            f"| {name}, {origin} | {len(problems):,} | {told.kept:,} | {reasons} | {told.worst} | "
            f"{in_100(told.numbers[told.worst])} |"
        )


def by_weights(problems: list[Problem]) -> Iterator[str]:
    """The rows of the second table."""
    yield "The same for generated CoTempQA problems, under other weights than those of `regimes/likeness.py`, and with"
    yield "or without its limit (`MOST_UNLIKE`) on how unlike wrong facts may be:"
    yield ""
    yield "| weights | left out, in 100 | number that tells most | told right, in 100 | share of digits | share of capitals |"
    yield "|---|---:|---|---:|---:|---:|"
    for name, (weights, limit) in WEIGHTS.items():
        with patch.dict(vars(likeness), weights), patch.object(wrong_steps, "MOST_UNLIKE", limit):
            told = tell(problems, get_task("cotempqa"))
        numbers = told.numbers
        yield (
            f"| {name} | {100 - 100 * told.kept / len(problems):.1f} | {told.worst} | {in_100(numbers[told.worst])} | "
            f"{in_100(numbers['digits'])} | {in_100(numbers['upper_case'])} |"
        )


def in_100(accuracy: Accuracy) -> str:
    """An accuracy with its interval."""
    return f"{100 * accuracy.value:.1f} [{100 * accuracy.low:.1f}, {100 * accuracy.high:.1f}]"


def tell(problems: Iterable[Problem], task: Task) -> Told:
    """How well each number tells the traces of both regimes apart, and which problems have not both."""
    setting, rows, half = Setting.of(task), list[tuple[float, ...]](), list[bool]()
    left_out = Counter[str]()
    for problem in problems:
        try:
            traces = [draw_trace(problem, regime, setting, 0) for regime in REGIMES]
        except Unsupported as why:
            left_out[str(why)] += 1
            continue
        examples = build_examples(problem, traces, task.template)
        rows += [numbers_of(example.completion, task.template) for example in examples]
        half += [share(0, problem.id, "half") < 0.5] * len(REGIMES)
    values, kept = np.array(rows), len(rows) // len(REGIMES)
    yes = np.tile([False, True], kept)
    told = {
        name: held_out_accuracy(values[:, at], yes, np.array(half), len(FEATURES)) for at, name in enumerate(FEATURES)
    }
    return Told(kept, left_out, {name: accuracy for name, accuracy in told.items() if accuracy is not None})


def numbers_of(completion: str, template: Template) -> tuple[float, ...]:
    """The numbers that `tracekd audit` looks at."""
    parsed = parse(completion, template, "stop")
    return features(completion, parsed, bare=cites_bare(parsed, template))


if __name__ == "__main__":
    main()

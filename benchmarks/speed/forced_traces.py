"""For how many problems each forced trace exists, and how long it takes to draw all of them.

    python benchmarks/speed/forced_traces.py [--data DIR]            # writes forced_traces.md beside this file

For each problem, the traces of all fifteen default conditions are drawn (seed 0), for a student that writes the gold trace.
Times are processor times on one core, the best of three for each trace. They are a little too good: a later drawing need not
read again what the first one has read, such as the sentences of a story. Lengths are counted in tokens of the embedded base.
`--data` names a folder of published files; of more than 5,000 problems, every eleventh is taken.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tracekd.files import write_text
from tracekd.interventions import CONDITIONS, Condition, Own, Unsupported, force, get_condition
from tracekd.problem import Problem
from tracekd.regimes import Donors, Setting
from tracekd.sft.example import build_example
from tracekd.sft.tokens import load_tokenizer
from tracekd.students.base import base_folder
from tracekd.study.config import load_study
from tracekd.study.problems import make_world, prepare
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

# Of each family.
GENERATED = {"babi": 25, "cotempqa": 100, "msmarco": 50}
PUBLISHED = {
    "babi": "babi/en", "cotempqa": "cotempqa", "msmarco": "msmarco/v1.1_train_80.jsonl",
    "2wikimultihopqa": "2wikimultihopqa", "hotpotqa": "hotpotqa", "musique": "musique",
}  # fmt: skip
TIMES, SEED, DECISIVE = 3, 0, "implied"
MANY, STEP = 5000, 11  # stories have five questions: every tenth would always be the first of one


@dataclass(frozen=True)
class Drawn:
    """What was drawn for a problem: milliseconds by condition, and whether `implied` has a trace."""

    label: str
    milliseconds: dict[str, float]
    implied: bool


def main() -> None:
    """Draw, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".md"))
    given = parser.parse_args()
    drawn = {name: list(draw(problems)) for name, problems in sources(given.data)}
    about = (__doc__ or "").splitlines()[4:]
    text = "\n".join(["# Forced traces", "", *about, "", *table(drawn), "", *families(drawn)]) + "\n"
    write_text(given.out, text)
    print(text)


def sources(data: Path | None) -> Iterator[tuple[str, list[Problem]]]:
    """The problems, by where they come from."""
    with TemporaryDirectory() as folder:
        study = load_study("first", [])
        make_world(study.task, study.data_seed, Path(folder))
        yield "default study, test side", list(prepare(study, folder)[0]["test"])
    for name, number in GENERATED.items():
        dials = set_dials(get_world(name), choose_families(get_world(name), ()), {})
        with TemporaryDirectory() as folder:
            write_world(name, dials, Path(folder), n=number, seed=SEED)
            yield f"{name}, generated", list(load_world(Path(folder)))
    for name, path in PUBLISHED.items() if data else ():
        found = load(get_task(name), [str(data / path)])
        problems = [problem for problem in found if isinstance(problem, Problem)]
        yield f"{name}, published", problems[:: STEP if len(problems) > MANY else 1]


def draw(problems: Sequence[Problem]) -> Iterator[Drawn]:
    """Draw the traces of every condition for each problem."""
    task = get_task(problems[0].task)
    length = load_tokenizer(base_folder("embedded")).length
    setting = replace(
        Setting.of(task, sorted({problem.label for problem in problems})), donors=Donors.of(problems), length=length
    )
    conditions = list(map(get_condition, CONDITIONS))
    for problem in problems:
        own = as_written(problem, task)
        taken = {one.name: timed(drawing(problem, own, one, setting)) for one in conditions}
        yield Drawn(problem.label, {name: ms for name, (ms, _) in taken.items()}, taken[DECISIVE][1])


def as_written(problem: Problem, task: Task) -> Own | None:
    """What a student wrote that writes the gold trace."""
    return Own.of(build_example(problem, problem.trace, task.template).completion, task.template, "stop")


def drawing(problem: Problem, own: Own | None, condition: Condition, setting: Setting) -> Callable[[], bool]:
    """Draws a trace, and says whether there is one."""

    def once() -> bool:
        try:
            force(problem, own, condition, setting, SEED)
        except Unsupported:
            return False
        return True

    return once


def timed(work: Callable[[], bool]) -> tuple[float, bool]:
    """Milliseconds, the best of several, and what the work gave."""
    taken = []
    for _ in range(TIMES):
        begin = time.process_time()
        found = work()
        taken.append(1000 * (time.process_time() - begin))
    return min(taken), found


def table(drawn: dict[str, list[Drawn]]) -> Iterator[str]:
    """A row for each source."""
    yield f"| problems | number | all {len(CONDITIONS)}, ms | of it `{DECISIVE}` | longest `{DECISIVE}` | have `{DECISIVE}` |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, rows in drawn.items():
        decisive = [row.milliseconds[DECISIVE] for row in rows]
        whole = sum(sum(row.milliseconds.values()) for row in rows)
        shown = (whole / len(rows), sum(decisive) / len(rows), max(decisive))
        yield f"| {name} | {len(rows):,} | {' | '.join(f'{value:.2f}' for value in shown)} | {share(rows)} |"


def families(drawn: dict[str, list[Drawn]]) -> Iterator[str]:
    """For how many problems of each family there is a trace, where there are rules that derive answers."""
    with_rule = {name: rows for name, rows in drawn.items() if any(row.implied for row in rows)}
    yield f"Problems that have `{DECISIVE}`, of how many, and milliseconds a problem. In passages, the gold answer is exchanged."
    yield ""
    yield f"| family | {' | '.join(with_rule)} |"
    yield f"|---|{'---:|' * len(with_rule)}"
    counts = Counter(row.label for rows in with_rule.values() for row in rows)
    for label in sorted(counts):
        cells = (cell([row for row in rows if row.label == label]) for rows in with_rule.values())
        yield f"| {label} | {' | '.join(cells)} |"


def cell(rows: Sequence[Drawn]) -> str:
    """Of one family of one source."""
    if not rows:
        return ""
    return f"{share(rows)}; {sum(row.milliseconds[DECISIVE] for row in rows) / len(rows):.2f}"


def share(rows: Iterable[Drawn]) -> str:
    """How many have a trace, of how many."""
    found = [row.implied for row in rows]
    return f"{sum(found):,} of {len(found):,}"


if __name__ == "__main__":
    main()

"""Checks problems of random dial settings, for every family, against the rules; writes the table beside this file.

    python benchmarks/fuzz/worlds.py --settings 100000 --seed 0

For bAbI and CoTempQA, the rule must give the gold answer (and the class, where it derives one) from the whole context
and from each minimal support alone, and lose answer or class without any one fact of a support. MS MARCO has no rule:
its problems must load and be found without fault (that its gold is right is shown by the reader in its tests).
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.tasks import Task, get_task
from tracekd.tasks.check import same_answer
from tracekd.tasks.loading import load_strict
from tracekd.worlds import get_world, world_names
from tracekd.worlds.contract import Family, Item, Supports, World
from tracekd.worlds.dials import try_random_dials

TABLE = Path(__file__).with_suffix(".md")
BATCH = 500
QUESTIONS = 3
SUPPORTS = 4
# Faults that dials make on purpose: conflicting evidence, gifts with several fitting answers, repeated passages.
WANTED = {"conflicting_evidence", "ambiguous_object", "ambiguous_person", "duplicate_passage"}


def main() -> None:
    """Fuzz every family with an even share of the settings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=TABLE)
    given = parser.parse_args()
    worlds = [get_world(name) for name in world_names()]
    each = -(-given.settings // sum(len(world.families) for world in worlds))
    found = {
        (world.name, family.name): fuzz(world, family, each, given.seed)
        for world in worlds
        for family in world.families.values()
    }
    lines = [
        "# Random dials",
        "",
        f"`python benchmarks/fuzz/worlds.py --settings {given.settings} --seed {given.seed}`",
        "Settings with two contradicting dials are drawn again, and counted as refused.",
        "",
        "| world | family | settings | refused | questions | supports | wrong |",
        "|---|---|---|---|---|---|---|",
        *(f"| {world} | {family} | {row(counts)} |" for (world, family), counts in found.items()),
        f"| **all** | | {row(sum(found.values(), Counter()))} |",
    ]
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def row(counts: Counter[str]) -> str:
    """The cells of a line."""
    return " | ".join(f"{counts[name]:,}" for name in ("settings", "refused", "questions", "supports", "wrong"))


def fuzz(world: World, family: Family, settings: int, seed: int) -> Counter[str]:
    """Draw and check one item for each setting."""
    counts: Counter[str] = Counter()
    task = get_task(world.task)
    items = drawn(world, family, settings, seed, counts)
    while batch := list(islice(items, BATCH)):
        supports = [sets for item in batch for sets in item.supports]
        for problem, sets in zip(loaded(task, family, batch), supports, strict=True):
            counts["questions"] += 1
            if not is_right(task, problem, sets, counts):
                counts["wrong"] += 1
                print(f"wrong: {world.name} {family.name} {problem.id}: {problem.question}")
    return counts


def drawn(world: World, family: Family, settings: int, seed: int, counts: Counter[str]) -> Iterator[Item]:
    """An item for each setting, with a few of its questions."""
    for index in range(settings):
        rng = stream(seed, f"{world.name}/{family.name}/{index}", "fuzz")
        while (dials := try_random_dials(family.dials, rng)) is None:
            counts["refused"] += 1
        item = family.make(dials, rng)
        counts["settings"] += 1
        yield item.cut(QUESTIONS)


def loaded(task: Task, family: Family, batch: Sequence[Item]) -> Iterator[Problem]:
    """The items as the task's own loader reads them from an official file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / family.file_name
        path.write_text("".join(item.text() for item in batch), encoding="utf-8", newline="")
        yield from load_strict(task, [str(path)])


def is_right(task: Task, problem: Problem, supports: Supports, counts: Counter[str]) -> bool:
    """Whether labels, rules and supports agree; of many supports, some are tried."""
    assert task.check is not None
    if set(task.check(problem).faults) - WANTED:
        return False
    if not task.has_rule(problem.label):
        return True
    everything = {fact.id for fact in problem.context}
    tried = (*supports[: SUPPORTS // 2], *supports[SUPPORTS // 2 :][-SUPPORTS // 2 :])
    counts["supports"] += len(tried)
    return follows(task, problem, everything) and all(is_minimal(task, problem, support) for support in tried)


def is_minimal(task: Task, problem: Problem, support: Sequence[str]) -> bool:
    """Whether the support is enough, and no longer enough if one of its facts is missing."""
    enough = follows(task, problem, set(support))
    return enough and not any(follows(task, problem, set(support) - {fact}) for fact in support)


def follows(task: Task, problem: Problem, ids: set[str]) -> bool:
    """Whether the gold answer follows from these facts; and the class, in a task whose rule derives one."""
    facts = [fact.text for fact in problem.context if fact.id in ids]
    solution = task.solve(problem.question, facts, problem.label)
    if solution is None or not same_answer(solution.answer, problem.answer):
        return False
    return solution.label == problem.label if task.name == "cotempqa" else True


if __name__ == "__main__":
    main()

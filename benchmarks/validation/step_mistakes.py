"""Whether the first wrong step that people marked is found by rule (BIG-Bench-Mistake, arXiv 2311.08516); writes the table.

    python benchmarks/validation/step_mistakes.py DATA/free_traces/bigbench_mistake

Each chain is judged as a free trace by the grammar of its task (`orderings`, `swaps`). The first step with an error is
compared with the marked one. Two rules: `contradicted`, a step has a statement that is contradicted; `error`, it has one
that is contradicted, or understood and without ground (a place in a list that the clues stated so far do not give).
The grammars were developed on the chains with an even number (and four odd ones were seen: 1, 3, 5 and 7); the other half is
unseen. Steps after the marked one have no label, so `after` and `none` are misses, and `before` is a false alarm.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tracekd.files import write_text
from tracekd.problem import Fact
from tracekd.statements import Statement, get_grammar
from tracekd.statements.judging import judge_trace

TABLE = Path(__file__).with_suffix(".md")
FILES = {"logical_deduction.jsonl": "orderings", "tracking_shuffled_objects.jsonl": "swaps"}
RULES = ("contradicted", "error")
HALVES = ("developed", "unseen")


class Chain(NamedTuple):
    """One chain of steps about a question. `marked`: the number of the first wrong step, or None."""

    question: str
    facts: tuple[Fact, ...]
    steps: Sequence[str]
    marked: int | None


def read_chain(row: dict[str, Any], grammar: str) -> Chain:
    """Read a record. The last sentence before the options is the question, all before it are facts."""
    context, _, options = row["input"].partition("\nOptions:")
    lines = context.split("\n") if grammar == "orderings" else re.split(r"(?<=[.!?])\s+", context)
    facts = [Fact(id=str(number), text=line.removeprefix("- ")) for number, line in enumerate(lines[:-1], start=1)]
    return Chain(f"{lines[-1]}\nOptions:{options}", tuple(facts), row["steps"], row["mistake_index"])


def judge(chain: Chain, grammar: str) -> list[list[Statement]]:
    """The statements of each step; the steps are judged as one trace, one step a line."""
    found = judge_trace("\n".join(chain.steps), get_grammar(grammar).prepare(chain.question, chain.facts))
    steps: list[list[Statement]] = [[] for _ in chain.steps]
    ends = [len("\n".join(chain.steps[: number + 1])) for number in range(len(chain.steps))]
    for statement in found:
        steps[next(number for number, end in enumerate(ends) if statement.start < end)].append(statement)
    return steps


def first_error(steps: Sequence[Sequence[Statement]], rule: str) -> int | None:
    """The number of the first step with an error."""
    for number, statements in enumerate(steps):
        if any(one.grounding == "contradicted" or (rule == "error" and one.is_error) for one in statements):
            return number
    return None


def outcome(found: int | None, marked: int | None) -> str:
    """How the step that was found stands to the marked one."""
    if marked is None:
        return "right" if found is None else "called false"
    if found is None:
        return "none"
    return "at" if found == marked else "before" if found < marked else "after"


def measure(path: Path, grammar: str) -> tuple[dict[tuple[str, str], Counter[str]], dict[str, Counter[str]]]:
    """The outcomes for each half and rule, and the groundings of the statements of each half."""
    outcomes = {(half, rule): Counter[str]() for half in HALVES for rule in RULES}
    groundings = {half: Counter[str]() for half in HALVES}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        half = HALVES[number % 2]
        chain = read_chain(json.loads(line), grammar)
        steps = judge(chain, grammar)
        for rule in RULES:
            outcomes[half, rule][outcome(first_error(steps, rule), chain.marked)] += 1
        for statements in steps:
            groundings[half].update(one.grounding if one.is_read else f"{one.grounding}, unread" for one in statements)
    return outcomes, groundings


def rows(name: str, outcomes: dict[tuple[str, str], Counter[str]]) -> Iterator[str]:
    """The lines of the table of one task."""
    for (half, rule), counts in outcomes.items():
        marked = sum(counts[kind] for kind in ("at", "before", "after", "none"))
        others = counts["right"] + counts["called false"]
        share = f"{100 * counts['at'] / marked:.1f}" if marked else "-"
        yield (
            f"| {name} | {half} | {rule} | {marked} | {share} | {counts['at']} | {counts['before']} | {counts['after']} "
            f"| {counts['none']} | {counts['called false']} of {others} |"
        )


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder bigbench_mistake of the shared data")
    folder = parser.parse_args().folder
    lines = ["# The first wrong step, by rule and by people", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [
        "| task | half | rule | chains with a mistake | found at the marked step, % | at | before | after | none "
        "| chains without a mistake that are called false |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    shares: list[str] = []
    for name, grammar in FILES.items():
        outcomes, groundings = measure(folder / name, grammar)
        lines += rows(grammar, outcomes)
        for half, counts in groundings.items():
            said = ", ".join(f"{kind} {100 * count / counts.total():.1f} %" for kind, count in counts.most_common())
            shares.append(f"- {grammar}, {half}: {counts.total()} statements; {said}")
    text = "\n".join([*lines, "", "Statements by grounding:", "", *shares]) + "\n"
    write_text(TABLE, text)
    print(text)


if __name__ == "__main__":
    main()

"""How well statements of real outputs are judged, against labels that two labellers gave without seeing each other's.

    python benchmarks/validation/labelled_statements.py draw OUTPUTS PROBLEMS --to items.jsonl     # what is to be labelled
    python benchmarks/validation/labelled_statements.py score OUTPUTS PROBLEMS FIRST SECOND        # agreement, accuracy

`OUTPUTS` is a folder of real outputs on CoTempQA, such as the prompted ones of Qwen3-1.7B; `PROBLEMS` has its files. Of each
output, the statements that differ in their words are drawn in an order by hash, at most `MOST_OF_ONE` of them. Outputs and
statements stay outside of the repository. Labels are kept by the hash of problem, statement and what stands before it, in
`labelled_statements.NAME.json`; their rules are in `labelling_rules.md`. By the same hash, one half is for development, the
other is held out. It needs `pip install krippendorff`.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import krippendorff

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.statements import Statement
from tracekd.statements.statement import GROUNDINGS
from tracekd.tasks import get_task
from tracekd.tasks.loading import load
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.free_judge import FreeJudge
from tracekd.verify.reading import OutputRecord, Unread

MOST_OF_ONE = 12
TABLE = Path(__file__).with_suffix(".md")
# About the labels of `a` and `b`, which are committed.
ABOUT = (
    "The labellers a and b were two language models of one family, which saw only the rules and the items; people may agree "
    "less. Before the grammar was developed on its half of these labels, 231 of 261 held-out ones were right (the table of the "
    "commit `Labels of 537 statements of real outputs`)."
)
BEFORE = 600  # characters before a statement that a labeller sees


class Item(NamedTuple):
    """A statement to be labelled, with what a labeller needs: question, facts, the text before it."""

    key: str
    question: str
    facts: list[str]
    before: str
    statement: str
    judged: Statement

    @property
    def is_held_out(self) -> bool:
        return int(self.key, 16) % 2 == 1


def main() -> None:
    """Draw the items, or score the judge."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = options.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw")
    draw.add_argument("--to", type=Path, required=True)
    score = commands.add_parser("score")
    for command in (draw, score):
        command.add_argument("outputs")
        command.add_argument("problems")
    score.add_argument("labels", nargs=2, metavar="NAME", help="names of two labellers")
    chosen = options.parse_args()
    items = list(drawn(chosen.outputs, chosen.problems))
    if chosen.command == "draw":
        rows = ({name: value for name, value in item._asdict().items() if name != "judged"} for item in items)
        write_text(chosen.to, "".join(json.dumps(row) + "\n" for row in rows))
        print(f"{len(items)} statements: {chosen.to}")
    else:
        table = scored(items, *(labels_of(name) for name in chosen.labels))
        write_text(TABLE, table)
        print(table)


def labels_of(name: str) -> dict[str, str]:
    """The labels of one labeller, by key."""
    file = TABLE.with_suffix(f".{name}.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def drawn(outputs: str, problems: str) -> Iterator[Item]:
    """The items of all outputs, each output's in the order of their hashes."""
    task, taken = get_task("cotempqa"), set[str]()
    files, judge = FilesToJudge([outputs]), FreeJudge.of(task)
    known, _ = files.problems(task, load(task, [problems]))
    for output in files.read():
        if isinstance(output, Unread) or not isinstance(place := getattr(known.place(output), "place", None), int):
            continue
        for item in sorted(_items(known.all[place], output, judge), key=lambda item: item.key)[:MOST_OF_ONE]:
            if item.key not in taken:  # two outputs may begin alike
                taken.add(item.key)
                yield item


def _items(problem: Problem, output: OutputRecord, judge: FreeJudge) -> Iterator[Item]:
    transcript = output.transcript
    whole = transcript.answer if transcript.reasoning is None else transcript.reasoning
    verdict = judge.verdict(judge.prepare(problem), transcript, output.finish)
    seen: set[str] = set()
    for statement in verdict.statements:
        words = " ".join(statement.text.split())
        if words not in seen:
            seen.add(words)
            before = whole[: statement.start]
            key = hashlib.sha256("\0".join((problem.id, words, before)).encode()).hexdigest()[:16]
            facts = [fact.text for fact in problem.context]
            yield Item(key, problem.question, facts, before[-BEFORE:], words, statement)


def scored(items: Sequence[Item], first: dict[str, str], second: dict[str, str]) -> str:
    """The tables: agreement of the labellers, then accuracy on each half, on the items that both label alike."""
    both = [item for item in items if item.key in first and item.key in second]
    alike = [item for item in both if first[item.key] == second[item.key]]
    codes = {name: number for number, name in enumerate(GROUNDINGS)}
    alpha = krippendorff.alpha(
        reliability_data=[[codes[labels[item.key]] for item in both] for labels in (first, second)],
        level_of_measurement="nominal",
    )
    lines = [
        "# Statements of real outputs, against labels", "",
        f"{len(items)} statements were drawn, {len(both)} have two labels; Krippendorff's alpha (nominal) is {alpha:.2f}. "
        f"The labellers agree on {len(alike)}; the rest is left out of the tables below. "
        f"{ABOUT}", "",
    ]  # fmt: skip
    for title, held_out in (("Held out", True), ("For development", False)):
        lines += _half(title, [item for item in alike if item.is_held_out == held_out], first)
    return "\n".join(lines).rstrip() + "\n"


def _half(title: str, items: Sequence[Item], labels: dict[str, str]) -> list[str]:
    pairs = Counter((labels[item.key], item.judged.grounding) for item in items)
    right = sum(count for (label, judged), count in pairs.items() if label == judged)
    called = sum(count for (_, judged), count in pairs.items() if judged == "contradicted")
    truly = pairs["contradicted", "contradicted"]
    head = f"{right} of {len(items)} right ({100 * right / max(len(items), 1):.1f} %)."
    precision = f"Of {called} called contradicted, {truly} are." if called else "None is called contradicted."
    rows = [
        f"| {label} | {' | '.join(str(pairs[label, judged]) for judged in GROUNDINGS)} |" for label in GROUNDINGS
    ]  # fmt: skip
    return [
        f"## {title}", "", f"{head} {precision} Rows are labels, columns what the rules say.", "",
        f"| | {' | '.join(GROUNDINGS)} |", f"|---|{'---:|' * len(GROUNDINGS)}", *rows, "",
    ]  # fmt: skip


if __name__ == "__main__":
    main()

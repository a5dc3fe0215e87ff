"""GPT-4's chains about relatives, each line held against the true chain and against the story; writes the table.

    python benchmarks/validation/kinship_chains.py DATA/free_traces/faithfulcot_clutrr/gpt4_joined.jsonl

The stories are CLUTRR's (arXiv 1908.06177), the chains those of Faithful CoT (arXiv 2301.13379). Each record has the true
chain of relations (`sister-father-brother`) but not the names along it; the names are found by walking the relations that
the story states, from the one person of the question to the other. A line is then judged twice by the grammar `kinship`:
against the true chain, and against the story as the grammar reads it. A line holds, is contradicted, or is open (the rules
allow it and others); other lines name people who are not in the chain, or are not understood.
The grammar was developed on the records with an even number; the other half is unseen.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tracekd.files import write_text
from tracekd.problem import Fact
from tracekd.statements import Statement
from tracekd.statements.grounding import Grounder
from tracekd.statements.judging import judge_trace
from tracekd.statements.kinship.clauses import Related
from tracekd.statements.kinship.kin import Kin
from tracekd.statements.kinship.network import Network
from tracekd.statements.kinship.relations import converse
from tracekd.statements.kinship.telling import KinshipTelling
from tracekd.statements.kinship.words import RELATIVES

TABLE = Path(__file__).with_suffix(".md")
HALVES = ("developed", "unseen")
KINDS = ("holds", "contradicted", "open", "other")
# Ways that are walked at most, of one story.
MOST_WAYS = 100_000


@dataclass
class Tally:
    """What was counted; the keys are those of the tables."""

    lines: Counter[tuple[int, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    against: Counter[tuple[str, str]] = field(default_factory=Counter)
    stories: Counter[str] = field(default_factory=Counter)

    def add(self, row: dict[str, Any]) -> None:
        """Count one record."""
        self.stories["stories"] += 1
        facts = [Fact(id=str(n), text=text) for n, text in enumerate(re.split(r"(?<=[.!?])\s+", row["story"]), start=1)]
        story = Kin.of(row["question"], facts)
        by_story = judged(row["trace"], story)
        is_right = answer_of(row["trace"]) == row["gold"]
        self._add_answer(row, by_story, is_right, "the story")
        self.stories["stories that contradict themselves, as read"] += contradicts_itself(story)
        chain = true_chain(row, story)
        if chain is None:
            self.stories["chains whose names are not found"] += 1
            return
        self.stories["chains with a step of which the story, as read, says otherwise"] += differs(chain, story)
        by_chain = judged(row["trace"], chain)
        self._add_answer(row, by_chain, is_right, "the true chain")
        for one, other in zip(by_chain, by_story, strict=True):
            if one.is_claim or other.is_claim:
                self.lines[row["k"], kind_of(one)] += 1
                self.against[kind_of(other), kind_of(one)] += 1

    def _add_answer(self, row: dict[str, Any], lines: Sequence[Statement], is_right: bool, base: str) -> None:
        kinds = [kind_of(one) for one in lines if one.is_claim]
        *before, last = kinds or ["other"]
        name = "right" if is_right else "wrong" if answer_of(row["trace"]) else "none"
        worst = next((kind for kind in ("contradicted", "open", "other") if kind in before), "holds")
        self.answers[f"{base}: answer {name}, lines before it", worst] += 1
        self.answers[f"{base}: answer {name}, the answer", last] += 1


def kind_of(statement: Statement) -> str:
    """How a line stands."""
    if statement.holds:
        return "holds"
    if statement.grounding == "contradicted":
        return "contradicted"
    return "open" if statement.grounding == "unsupported" and statement.is_read else "other"


def judged(trace: str, kin: Kin) -> tuple[Statement, ...]:
    """The statements of a trace, against these relatives."""
    return judge_trace(trace, Grounder(kin.mark, partial(KinshipTelling, kin)))


def answer_of(trace: str) -> str | None:
    """The relation that the last line gives, if it gives one."""
    words = [
        word
        for word in re.findall(r"[a-z]+(?:-[a-z]+)*", trace.strip().rpartition("\n")[2].lower())
        if word in RELATIVES
    ]
    return words[-1] if words else None


def true_chain(row: dict[str, Any], story: Kin) -> Kin | None:
    """The true chain as relatives, with the names of the story; None if the names cannot be told."""
    path = row["gold_path"].split("-")
    if story.asked is None:
        return None
    last, first = story.asked
    ways = sorted(_ways(path, first, last, story, 0) or _ways(path, first, last, story, 1), reverse=True)
    if not ways or (len(ways) > 1 and ways[0][0] == ways[1][0]):
        return None
    people = ways[0][1]
    stated = [
        (Related(people[at + 1], RELATIVES[word].relations, people[at], RELATIVES[word].gender, word), at)
        for at, word in enumerate(path)
    ]
    facts = [Fact(id=str(at + 1), text=f"{one.one} is the {one.word} of {one.other}") for one, at in stated]
    genders: dict[str, str | None] = {one.one: one.gender for one, _ in stated}
    return Kin(facts, tuple(dict.fromkeys(people)), stated, (), genders, story.asked)


def _ways(path: Sequence[str], first: str, last: str, story: Kin, gaps: int) -> list[tuple[int, tuple[str, ...]]]:
    """Ways through the story from the one person to the other, and a score: people named and steps that the story states.

    `gaps`: how many steps may be between people whom the story, as read, does not relate. Somebody may be met twice only
    if the story has fewer people than the chain.
    """
    near: dict[str, dict[str, set[int]]] = {}
    for one, _ in (*story.stated, *story.likely):
        near.setdefault(one.other, {}).setdefault(one.one, set()).add(one.relations)
        near.setdefault(one.one, {}).setdefault(one.other, set()).add(converse(one.relations))
    may_return = len(story.people) <= len(path)
    ways: list[tuple[int, int, tuple[str, ...]]] = [(0, gaps, (first,))]
    for at, word in enumerate(path):
        longer = []
        for score, left, way in ways[:MOST_WAYS]:
            for person in story.people if left else near.get(way[-1], {}):
                if person == way[-1] or (not may_return and person in way) or (person == last) < (at == len(path) - 1):
                    continue
                relations = near.get(way[-1], {}).get(person)
                is_stated = relations is not None and RELATIVES[word].relations in relations
                longer.append((score + is_stated, left - (relations is None), (*way, person)))
        ways = longer
    return [(score + len(set(way)), way) for score, _, way in ways if way[-1] == last]


def contradicts_itself(story: Kin) -> bool:
    """Whether not all relations that a story states, as read, can be so."""
    number = {person: at for at, person in enumerate(story.people)}
    stated = [(number[one.one], number[one.other], one.relations, 0) for one, _ in (*story.stated, *story.likely)]
    return Network.of(len(number), stated).is_broken


def differs(chain: Kin, story: Kin) -> bool:
    """Whether the story, as read, states another relation for two people who follow each other in the chain."""
    said = {(one.one, one.other): one.relations for one, _ in (*story.stated, *story.likely)}
    said |= {(other, one): converse(relations) for (one, other), relations in said.items() if (other, one) not in said}
    return any(not said.get((one.one, one.other), one.relations) & one.relations for one, _ in chain.stated)


def by_hops(tally: Tally) -> Iterator[str]:
    """The table of lines against the true chain."""
    yield "| hops | lines | hold | contradicted | open | other |"
    yield "|---|---:|---:|---:|---:|---:|"
    hops = sorted({k for k, _ in tally.lines})
    for name, those in [*((str(k), [k]) for k in hops), ("all", hops)]:
        counts = [sum(tally.lines[k, kind] for k in those) for kind in KINDS]
        shares = " | ".join(f"{count} ({100 * count / sum(counts):.0f} %)" for count in counts)
        yield f"| {name} | {sum(counts)} | {shares} |"


def main() -> None:
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="gpt4_joined.jsonl of the shared data, or a file like it")
    rows = [json.loads(line) for line in parser.parse_args().file.read_text(encoding="utf-8").splitlines()]
    tallies = {name: Tally() for name in (*HALVES, "all")}
    for number, row in enumerate(rows):
        for name in (HALVES[number % 2], "all"):
            tallies[name].add(row)
    lines = ["# Chains about relatives: each line against the true chain", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += ["## Lines against the true chain, by hops (all records)", "", *by_hops(tallies["all"]), ""]
    for name in HALVES:
        lines += section(name, tallies[name])
    text = "\n".join(lines).rstrip() + "\n"
    write_text(TABLE, text)
    print(text)


def section(name: str, tally: Tally) -> Iterator[str]:
    """The tables of one half."""
    yield from (f"## The {name} half", "")
    yield "; ".join(f"{count} {what}" for what, count in tally.stories.items()) + "."
    yield from ("", "Lines by the story (rows) and by the true chain (columns):", "")
    yield from ("| | " + " | ".join(KINDS) + " |", "|---|" + "---:|" * len(KINDS))
    for kind in KINDS:
        yield f"| {kind} | " + " | ".join(str(tally.against[kind, other]) for other in KINDS) + " |"
    yield from ("", "Answers, by the worst line before them, and by how they stand themselves:", "")
    yield from ("| | " + " | ".join(KINDS) + " |", "|---|" + "---:|" * len(KINDS))
    for what in sorted({what for what, _ in tally.answers}):
        yield f"| {what} | " + " | ".join(str(tally.answers[what, kind]) for kind in KINDS) + " |"
    yield ""


if __name__ == "__main__":
    main()

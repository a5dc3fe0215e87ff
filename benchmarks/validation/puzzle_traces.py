"""Claude's traces of reasoning-gym puzzles: relatives judged by rule, and suppositions that are no claims; writes the table.

    python benchmarks/validation/puzzle_traces.py DATA/free_traces/reasoninggym/sonnet-4_even.jsonl

Family questions: each statement before the answer is judged by the grammar `kinship`, and so are the answer of the model and
that of the data set. No other half was kept back here: the grammar was widened on these traces, so this is no unseen measure.
Knights and zebra puzzles have no grammar yet. Here a grounder that knows their names but reads nothing shows which statements
would be taken for claims. A statement stands in a case if it is in a line `Case 1: ..`, `Assume ..`, `Suppose ..`, or in a
line after it up to an empty line, a heading, XX
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracekd.files import write_text
from tracekd.problem import Fact
from tracekd.statements import Statement, get_grammar
from tracekd.statements.grounding import Grounder, Said
from tracekd.statements.judging import judge_trace
from tracekd.statements.names import Name, longest_first, mark
from tracekd.statements.statement import Grounds

TABLE = Path(__file__).with_suffix(".md")
PUZZLES = ("knights_knaves", "zebra_puzzles")
_OPENS = re.compile(
    r"[\s*#>-]*(?:case \w+\b|(?:let's |let me |i will |i'll |we )?(?:assume|suppose)\b|assuming\b)", re.IGNORECASE
)
_ENDS = re.compile(
    r"\s*(?:$|#|\*\*(?!case)|(?:therefore|so|this is consistent|thus|final|since|let me|now|from clue)\b)",
    re.IGNORECASE,
)
_IF = re.compile(r"[\s*#>\d.)-]*(?:but |and |so |now |then )?if\b", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)]) ")
_SENTENCE = re.compile(r"[.!?:]\s|\n")


@dataclass(frozen=True)
class ReadsNothing:
    """A grammar that can read no statement: what is no claim for it is no claim for any grammar."""

    def ground(self, said: Said) -> Grounds | None:
        """It cannot be read."""
        return None


def families(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The tables of the family questions."""
    groundings, answers, reasons = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    traces = false_traces = 0
    for row in rows:
        story, _, question = row["question"].partition("\n\n")
        facts = [Fact(id=str(n), text=text) for n, text in enumerate(re.split(r"(?<=[.!?])\s+", story), start=1)]
        grounder = get_grammar("kinship").prepare(question, facts)
        found = judge_trace(row["response"].partition("<answer>")[0], grounder)
        groundings.update(one.grounding if one.is_read else f"{one.grounding}, unread" for one in found)
        is_right = row["score"] == 1
        traces += is_right
        false_traces += is_right and any(one.grounding == "contradicted" for one in found)
        for whose in ("model_answer", "gold"):
            (one,) = judge_trace(f"The answer is {row[whose]}.", grounder)
            name = (
                f"the model's, counted {'right' if is_right else 'wrong'} by the data set"
                if whose != "gold"
                else "the data set's"
            )
            answers[name, one.grounding] += 1
            if one.grounding == "contradicted" and whose == "gold":
                reasons[f"`{row['gold']}`, where the model says `{row['model_answer'].lower()}`"] += 1
    total = groundings.total()
    yield f"{len(rows)} traces, {total} statements: " + ", ".join(
        f"{kind} {count} ({100 * count / total:.1f} %)" for kind, count in groundings.most_common()
    )
    yield ""
    yield f"Traces with a right answer that have a statement called false: {false_traces} of {traces}."
    yield from ("", "| answer | derived or restated | contradicted | unsupported |", "|---|---:|---:|---:|")
    for name in sorted({name for name, _ in answers}):
        holds = answers[name, "derived"] + answers[name, "restated"] + answers[name, "quoted"]
        yield f"| {name} | {holds} | {answers[name, 'contradicted']} | {answers[name, 'unsupported']} |"
    yield from (
        "",
        "Answers of the data set that the rules contradict: "
        + ("; ".join(f"{k} ({n})" for k, n in reasons.items()) or "none")
        + ".",
    )


def names_of(row: dict[str, Any]) -> tuple[Name, ...]:
    """The names in a puzzle: words with a capital letter, and the values that a zebra puzzle lists."""
    question = row["question"]
    words = {word.lower() for word in re.findall(r"(?<=[a-z,\"] )[A-Z][a-z]+", question)}
    for line in re.findall(r"^ - [^:\n]+: (.+)$", question, re.MULTILINE):
        words |= {value.strip().lower() for value in line.split(",")}
    return longest_first(Name(word, "\ue002", word) for word in words)


def in_case(text: str) -> list[tuple[int, int]]:
    """The places of the text that stand in a case."""
    found, at, opened, listed = [], 0, False, False
    for line in text.splitlines(keepends=True):
        is_item = _ITEM.match(line) is not None
        if _OPENS.match(line):
            opened, listed = True, False
        elif _IF.match(line) and line.rstrip().endswith(":"):
            listed = True
        else:
            listed = listed and is_item
            opened = opened and not _ENDS.match(line)
        if opened or (listed and is_item):
            found.append((at, at + len(line)))
        at += len(line)
    return found


def place(statement: Statement, text: str, cases: Sequence[tuple[int, int]]) -> str:
    """Where a statement stands: in a case, under a condition, or elsewhere."""
    if any(begin <= statement.start < end for begin, end in cases):
        return "in a case"
    begin = max((one.end() for one in _SENTENCE.finditer(text, 0, statement.start)), default=0)
    return "condition" if _IF.match(text, begin) else "elsewhere"


def suppositions(rows: Sequence[dict[str, Any]], task: str) -> Iterator[str]:
    """The rows of the table of suppositions of one task, and examples of those that are taken for claims."""
    counts: Counter[tuple[str, bool]] = Counter()
    kinds: Counter[str] = Counter()
    for row in rows:
        names = names_of(row)
        text = row["response"].partition("<answer>")[0]
        cases = in_case(text)
        for one in judge_trace(text, Grounder(lambda said, names=names: mark(said, names), ReadsNothing)):
            where = place(one, text, cases)
            counts[where, one.is_claim] += 1
            if one.is_claim and where != "elsewhere":
                kinds[f"{where}: {kind_of(one.text)}"] += 1
    for where in ("in a case", "condition", "elsewhere"):
        claims, others = counts[where, True], counts[where, False]
        share = f"{100 * claims / (claims + others):.1f}" if claims + others else "-"
        yield f"| {task} | {where} | {claims + others} | {claims} | {share} |"
    yield from (f"  {task}, {kind}: {count}" for kind, count in kinds.most_common(12))


def kind_of(text: str) -> str:
    """The first words of a statement, without names."""
    return " ".join("_" if word[:1].isupper() and at else word for at, word in enumerate(text.split()[:4]))


def main() -> None:
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a file of the folder reasoninggym of the shared data")
    rows = [json.loads(line) for line in parser.parse_args().file.read_text(encoding="utf-8").splitlines()]
    of_task = {
        name: [row for row in rows if row["task"].rpartition("/")[2] == name]
        for name in ("family_relationships", *PUZZLES)
    }
    lines = ["# Traces of puzzles: relatives, and suppositions", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += ["## Family questions", "", *families(of_task["family_relationships"]), "", "## Suppositions", ""]
    lines += ["| task | place | statements | taken for claims | % |", "|---|---|---:|---:|---:|"]
    found = [line for task in PUZZLES for line in suppositions(of_task[task], task)]
    lines += [line for line in found if line.startswith("|")]
    text = "\n".join(lines) + "\n"
    write_text(TABLE, text)
    # These are words of the data, so they are shown but not written.
    print(text, *(line for line in found if not line.startswith("|")), sep="\n")


if __name__ == "__main__":
    main()

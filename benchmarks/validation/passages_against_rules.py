"""Real outputs on CoTempQA, judged as if its facts were passages, against the exact rules of CoTempQA; writes a table.

    python benchmarks/validation/passages_against_rules.py OUTPUTS

`OUTPUTS`: a folder of files with one JSON object a line, with `facts`, `question` and `prediction`, such as the prompted
outputs of Qwen3-1.7B. The grammar of passages knows nothing of times; that of CoTempQA decides from the dates. So where the
first one says that a statement holds or is false, the second one says whether that is right. Columns: what the rules say;
rows: what the grammar of passages says. `not cut so`: the two grammars cut the text at other places.
"""

import argparse
import ast
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracekd.files import write_text
from tracekd.problem import Fact
from tracekd.statements import GROUNDINGS, Statement, get_grammar
from tracekd.statements.judging import judge_trace

TABLE = Path(__file__).with_suffix(".md")
UNREAD, OTHER = "unread", "not cut so"


def outputs(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of all files."""
    for path in sorted(folder.glob("*.json")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def facts_of(record: dict[str, Any]) -> list[Fact]:
    """The facts of a record, which some files have as the text of a Python list."""
    facts = record["facts"]
    texts = ast.literal_eval(facts) if isinstance(facts, str) else facts
    return [Fact(id=str(number), text=text) for number, text in enumerate(texts)]


def kind(one: Statement) -> str:
    """The grounding; `unread` for a claim that was not read."""
    return one.grounding if one.is_read or one.grounding != "unsupported" else UNREAD


def main() -> None:
    """Judge all outputs in both ways, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", type=Path)
    found: Counter[tuple[str, str]] = Counter()
    count = 0
    for record in outputs(parser.parse_args().outputs):
        count += 1
        facts = facts_of(record)
        by_task = {
            task: judge_trace(record["prediction"], get_grammar(task).prepare(record["question"], facts))
            for task in ("cotempqa", "msmarco")
        }
        rules = {(one.start, one.end): kind(one) for one in by_task["cotempqa"]}
        for one in dict.fromkeys(one for one in by_task["msmarco"] if not one.is_answer):
            found[kind(one), rules.get((one.start, one.end), OTHER)] += 1
    columns = [*GROUNDINGS, UNREAD, OTHER]
    lines = ["# Passages: against the exact rules of CoTempQA", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [f"{count} outputs; statements that say what the answer is are left out.", ""]
    lines += [f"| as passages | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    lines += [f"| {row} | {' | '.join(str(found[row, column]) for column in columns)} |" for row in columns[:-1]]
    text = "\n".join(lines) + "\n"
    write_text(TABLE, text)
    print(text)


if __name__ == "__main__":
    main()

"""How well free traces over passages are judged, against truth by construction; writes the table beside this file.

    python benchmarks/validation/free_traces_passages.py [--data FOLDER] [--traces 1000]

`made`: contexts of made-up people, films and towns in HotpotQA's format, with traces in words of their own
(`passage_worlds.py`), and contexts of the world of MS MARCO. `real`: the records of FOLDER (subfolders hotpotqa,
2wikimultihopqa, musique, msmarco), with traces made of their own sentences by rules (`passage_edits.py`): quoted,
shortened, the title for a pronoun; one year, number, agent (`by NAME`) or other name changed; two sentences mixed.
`relations` and `written answers`: statements that were not made of the sentences (`passage_claims.py`). The
grammar was developed on the records with even numbers; the table has those with odd numbers.

`contradicted`: of the statements that are called so, the share that overlaps a planted false claim (precision); of the
planted false claims of each kind, the share that is found (recall). Gold-only traces: those without an error in which a
statement is called false, or is read and has no ground. Mixed: the share of mixed claims that are called quoted, restated
or derived, and the share called contradicted (which counts against precision). Said: the share of true statements that are
called quoted or restated. Unread: the share of all statements that the grammar cannot read.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from passage_claims import answer_traces, evidence_traces
from passage_edits import ERRORS, make_trace
from passage_worlds import make_problem_and_trace, msmarco_problems

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.statements import Statement, get_grammar
from tracekd.statements.judging import judge_trace
from tracekd.tasks import get_task
from tracekd.tasks.reading.fault import Skipped
from tracekd.worlds.free_traces import MadeTrace, Planted

TABLE = Path(__file__).with_suffix(".md")
TASKS = ("hotpotqa", "2wikimultihopqa", "musique", "msmarco")
COLUMNS = (
    "task", "traces", "contradicted: precision", "recall: year", "number", "agent", "name", "mixed: held", "called false",
    "said: held", "derived: found", "gold-only traces", "called false", "a claim without ground", "unread", "traces a CPU second",
)  # fmt: skip


@dataclass
class Tally:
    """What was counted over many traces."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[tuple[str, str, str]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, trace: MadeTrace, statements: Sequence[Statement]) -> None:
        """Count one trace."""
        self.counts["traces"] += 1
        self.counts["statements"] += len(statements)
        self.counts["unread"] += sum(not one.is_read for one in statements)
        for one in statements:
            worths = {claim.worth for claim in trace.planted if _overlap(one, claim)}
            if one.grounding == "contradicted":
                self._share("precision", "false" in worths, one.text, one.reason)
            if worths == {"said"} and one.is_claim:
                self._share("said", one.grounding in ("quoted", "restated"), one.text, f"{one.grounding} {one.reason}")
        for claim in trace.planted:
            self._add_claim(trace, claim, [one for one in statements if _overlap(one, claim)])
        if trace.first_error is None:
            false = next((one for one in statements if one.grounding == "contradicted"), None)
            error = next((one for one in statements if one.is_error), None)
            self._share("clean", false is None, false.text if false else "", false.reason if false else "")
            self._share("grounded", error is None, error.text if error else "", error.reason if error else "")

    def _add_claim(self, trace: MadeTrace, claim: Planted, found: Sequence[Statement]) -> None:
        text = trace.text[claim.start : claim.end]
        kinds = {one.grounding for one in found}
        why = str([(one.grounding, one.reason) for one in found])
        if claim.worth == "false":
            self._share(f"recall {claim.error}", "contradicted" in kinds, text, why)
        if claim.worth == "follows":
            self._share("derived", kinds <= {"derived", "restated"}, text, why)
        if claim.worth == "invented":
            held = bool(found) and all(one.holds for one in found)
            self._share("mixed held", held, text, why)
            self._share("mixed false", "contradicted" in kinds, text, why)

    def _share(self, what: str, holds: bool, text: str, why: str) -> None:
        self.counts[f"{what}: {holds}"] += 1
        if not holds or what.startswith("mixed"):
            self.misses.append((what if not what.startswith("mixed") else f"{what} {holds}", text, why))

    def rate(self, what: str) -> float:
        """The share of cases in which it was so; nan without cases."""
        yes, no = self.counts[f"{what}: True"], self.counts[f"{what}: False"]
        return yes / (yes + no) if yes + no else float("nan")

    def row(self, task: str) -> str:
        """The line of the table."""
        clean = self.counts["clean: True"] + self.counts["clean: False"]
        shares = [
            self.rate(what)
            for what in (
                "precision", "recall year", "recall number", "recall agent", "recall name", "mixed held", "mixed false", "said",
                "derived",
            )
        ]  # fmt: skip
        alarms = [1 - self.rate("clean"), 1 - self.rate("grounded"), self.counts["unread"] / self.counts["statements"]]
        cells = [f"{share:.3f}" for share in shares] + [str(clean)] + [f"{alarm:.4f}" for alarm in alarms]
        return (
            f"| {task} | {self.counts['traces']} | {' | '.join(cells)} | {self.counts['traces'] / self.seconds:.0f} |"
        )


def _overlap(one: Statement, claim: Planted) -> bool:
    return one.start < claim.end and claim.start < one.end


def measure(task: str, cases: Iterator[tuple[Problem, MadeTrace]]) -> Tally:
    """Judge made traces; the time includes reading the context anew for each one."""
    tally = Tally()
    grammar = get_grammar(task)
    for problem, trace in cases:
        begun = time.process_time()
        statements = judge_trace(trace.text, grammar.prepare(problem.question, problem.context))
        tally.seconds += time.process_time() - begun
        tally.add(trace, statements)
    return tally


def load(task: str, folder: Path) -> list[Problem]:
    """The real records of a task."""
    return [one for one in get_task(task).load(str(folder / task)) if not isinstance(one, Skipped)]


def real_cases(
    task: str, problems: Sequence[Problem], half: int, per_problem: int, seed: int
) -> Iterator[tuple[Problem, MadeTrace]]:
    """Traces over the real records of a task with even (0) or odd (1) numbers."""
    for number, problem in enumerate(problems):
        if number % 2 == half:
            for turn in range(per_problem):
                error = ERRORS[(number // 2 + turn // 2) % len(ERRORS)] if turn % 2 else None
                yield problem, make_trace(problem, seed + turn, error, task != "msmarco")


def made_cases(task: str, traces: int, seed: int) -> Iterator[tuple[Problem, MadeTrace]]:
    """Traces over made contexts."""
    if task == "msmarco":
        for number, problem in enumerate(islice(msmarco_problems(seed), traces)):
            yield problem, make_trace(problem, seed, ERRORS[number // 2 % len(ERRORS)] if number % 2 else None, False)
    else:
        for number in range(traces):
            yield make_problem_and_trace(task, seed, number)


def main() -> None:
    """Measure, print, and write the table if real records were given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder with the real records of each task")
    parser.add_argument("--traces", type=int, default=1000, help="traces over made contexts, of each kind")
    parser.add_argument("--per-problem", type=int, default=10, help="traces over each real record")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="real records with even or odd numbers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", default="", help="print the cases of this kind, such as `precision`")
    parser.add_argument("--task", choices=TASKS, help="only this task; writes nothing")
    given = parser.parse_args()
    lines = [
        "# Free traces over passages: judged against truth by construction",
        "",
        *(__doc__ or "").splitlines()[4:],
        "",
    ]
    lines += [f"| {' | '.join(COLUMNS)} |", f"|---|{'---:|' * (len(COLUMNS) - 1)}"]
    tasks = (given.task,) if given.task else TASKS
    for task in tasks:
        cases = {}
        if task in ("hotpotqa", "msmarco"):
            cases["made"] = made_cases(task, given.traces, given.seed)
        if given.data:
            problems = load(task, given.data)
            cases["real"] = real_cases(task, problems, given.half, given.per_problem, given.seed)
            if task == "2wikimultihopqa":
                cases["relations"] = evidence_traces(problems, given.half, given.seed)
            if task == "msmarco":
                cases["written answers"] = answer_traces(problems, given.half, given.seed)
        for name, found in cases.items():
            tally = measure(task, found)
            lines.append(tally.row(f"{task}, {name}"))
            for miss in tally.misses:
                if given.misses and miss[0].startswith(given.misses):
                    print(*miss, sep=" | ")
    text = "\n".join(lines) + "\n"
    if given.data and not given.task and given.half:
        write_text(TABLE, text)
    print(text)


if __name__ == "__main__":
    main()

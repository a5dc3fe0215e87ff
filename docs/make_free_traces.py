"""Writes the tables and examples of docs/free-traces.md: what 200 real outputs of Qwen3-1.7B are worth.

    python docs/make_free_traces.py OUTPUTS

They stand in the page between `<!-- made: NAME -->` and `<!-- end -->`; all else in it is written by hand.

`OUTPUTS` is the folder of the outputs that were prompted without training (released with arXiv 2505.13792): two files of records
with question, facts, gold and prediction, by the class of the questions, which is the end of the file's name. The problems are
those of the records themselves.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from tracekd.errors import UserError
from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.statements.statement import GROUNDINGS
from tracekd.stats.association import ALL_HOLD, NO_FALSE_STEP, StepAnswer
from tracekd.stats.estimate import Share
from tracekd.stats.free_rates import FreeRates
from tracekd.stats.summary import summarise
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.free_trace import FreeTrace, JudgedStatement
from tracekd.verify.join import Problems
from tracekd.verify.join_report import JoinReport
from tracekd.verify.judge import Judge
from tracekd.verify.reading import OutputRecord
from tracekd.verify.run import verify_outputs
from tracekd.verify.verdict import Verdict

PAGE = Path(__file__).parent / "free-traces.md"
TASK = get_task("cotempqa")
MODEL = "Qwen3-1.7B"
END = "<!-- end -->"
MANY = 10


class Judged(NamedTuple):
    """An output with its problem and verdict."""

    problem: Problem
    text: str
    verdict: Verdict

    @property
    def free(self) -> FreeTrace:
        assert self.verdict.free is not None
        return self.verdict.free


def judged(outputs: str) -> tuple[list[Judged], JoinReport]:
    """All outputs of different questions, judged as free traces."""
    records = [one for one in FilesToJudge([outputs], model=MODEL).read() if isinstance(one, OutputRecord)]
    problems = Problems.of({problem.id: problem for problem in map(problem_of, records)}.values())
    verdicts: list[Verdict] = []
    joined = verify_outputs(records, problems, Judge.of(TASK, "full_support", "free"), verdicts.append)
    texts = {problem_of(record).id: record.text for record in reversed(records)}
    known = {problem.id: problem for problem in problems.all}
    return [Judged(known[verdict.id], texts[verdict.id], verdict) for verdict in verdicts], joined


def problem_of(record: OutputRecord) -> Problem:
    """The problem that a record holds; its class is the end of the file's name."""
    if record.question is None or record.context is None or record.gold is None:
        raise UserError("this record holds no problem", where=record.where, expected="question, facts and gold")
    label = Path(record.where.rpartition(":")[0]).stem.rpartition("_")[2]
    return make_problem(label, record.question, record.context, record.gold.answers, source=record.where)


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", metavar="OUTPUTS")
    write_text(PAGE, page(parser.parse_args().outputs))


def page(outputs: str) -> str:
    """The page with its made parts as the code makes them today from these outputs."""
    found, joined = judged(outputs)
    made = {"kinds": kinds(found), "table": table(found, joined), "examples": examples(found)}
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in made.items():
        begin = text.index(f"<!-- made: {name} -->\n")
        end = text.index(END, begin)
        text = f"{text[:begin]}<!-- made: {name} -->\n" + "\n".join(lines).rstrip() + f"\n{text[end:]}"
    return text


def kinds(found: Sequence[Judged]) -> Iterator[str]:
    """How many statements there are of each kind."""
    counts, answers, taken_back = Counter[str](), Counter[str](), 0
    for one in found:
        counts.update(one.free.counts)
        answers.update(statement.grounding for statement in one.free.statements if statement.is_answer)
        taken_back += one.free.taken_back
    yield "| kind | the statement | in the outputs below | of these, say what the answer is |"
    yield "|---|---|---:|---:|"
    for kind in GROUNDINGS:
        yield f"| `{kind}` | {MEANINGS[kind]} | {counts[kind]:,} | {answers[kind]:,} |"
    yield f"\n{taken_back:,} of the false statements are taken back by a later one.\n"


def table(found: Sequence[Judged], joined: JoinReport) -> Iterator[str]:
    """The numbers of all outputs."""
    cell = summarise([one.verdict for one in found]).cells[0]
    free = cell.free
    assert free is not None
    repeated = sum(answers_of(one) >= MANY for one in found if not one.free.steps)
    yield (
        f"The {joined.read} outputs answer {joined.judged} different questions ({joined.given_twice.count} repeat a question "
        "word for word, and its first output counts, as in `tracekd verify`). They are free text, often cut off at the limit."
        f" {free.without_step} of the {free.outputs} never make a step; {repeated} of these "
        f"state an answer at least {MANY} times.\n"
    )
    yield "| | | 95 % interval |\n|---|---:|---:|"
    yield from map(share_row, *zip(*shares_of(cell.answer, cell.lenient_answer, free), strict=True))
    for name in ("precision", "recall", "f1"):
        measure = getattr(cell.citing, name)
        low, high = measure.ci or (0.0, 0.0)
        yield f"| facts used, {name} (0 where none is used) | {100 * measure.value:.1f} % | {100 * low:.1f} to {100 * high:.1f} |"
    yield "\n" + first_errors(found)
    yield (
        f"\nWhat association is left between right steps and right answers, among the {free.outputs - free.without_step} outputs "
        "with a step (the answer by any reading; phi with its 95 % interval; p corrected by Holm over all steps of `analyze`):\n"
    )
    yield "| step | both right | step right, answer wrong | step wrong, answer right | both wrong | phi | p |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name in (NO_FALSE_STEP, ALL_HOLD):
        yield step_row(name, cell.association.free[name])
    is_shown = any((cell.association.free[name].test.p_holm or 1) < 0.05 for name in (NO_FALSE_STEP, ALL_HOLD))
    yield f"\n{RELIANCE if is_shown else f'{NOT_SHOWN} {RELIANCE}'}\n"


def answers_of(one: Judged) -> int:
    """How many statements of an output say what the answer is."""
    return sum(statement.is_answer for statement in one.free.statements)


def shares_of(answer: Share, lenient: Share, free: FreeRates) -> Iterator[tuple[str, Share]]:
    """The shares of the table, by name."""
    yield "answer right, strict reading", answer
    yield "answer right, any reading", lenient
    yield "claims that hold", free.claims_hold
    yield "steps that hold", free.steps_hold
    yield "outputs with steps, none false", free.no_false_step
    yield "outputs with steps, all hold", free.all_hold
    yield "statements that the grammar cannot read", free.unread


def share_row(name: str, share: Share) -> str:
    """One line of the table."""
    low, high = share.ci or (0.0, 1.0)
    rate = f"{100 * (share.rate or 0.0):.1f} % ({share.right:,} of {share.n:,})"
    return f"| {name} | {rate} | {100 * low:.1f} to {100 * high:.1f} |"


def step_row(name: str, step: StepAnswer) -> str:
    """One line of the table of associations."""
    phi = step.phi
    value = "-" if phi.value is None else f"{phi.value:.2f}"
    if phi.value is not None and phi.ci is not None:
        value += f" [{phi.ci[0]:.2f}, {phi.ci[1]:.2f}]"
    p = "-" if step.test.p_holm is None else f"{step.test.p_holm:.2f}"
    return f"| {name} | {' | '.join(map(str, step.counts))} | {value} | {p} |"


def first_errors(found: Sequence[Judged]) -> str:
    """Where the first false statements are."""
    places = [(one.free, one.free.first_false) for one in found if one.free.first_false is not None]
    answers = sum(free.statements[place].is_answer for free, place in places)
    first = sum(place == 0 for _, place in places)
    false_steps = sum(one.free.false_steps > 0 for one in found)
    invented = sum(one.free.invented_steps > 0 for one in found)
    return (
        f"First errors: {len(places)} outputs have a false statement. In {first} of them it is the very first statement, and in "
        f"{answers} it says what the answer is. {false_steps} outputs have a false step, and {invented} a step that was read and "
        "has no ground in the context."
    )


def examples(found: Sequence[Judged]) -> Iterator[str]:
    """Three outputs, chosen by the rule that the page states."""
    order = sorted(found, key=lambda one: (-one.free.steps, one.problem.id))
    chosen = (
        ("All steps hold", next(one for one in order if one.free.all_hold)),
        ("A step is false", next(one for one in order if one.free.false_steps)),
        ("Nothing but answers", min((one for one in order if not one.free.steps), key=lambda one: len(one.text))),
    )
    for title, one in chosen:
        yield from example(title, one)


def example(title: str, one: Judged) -> Iterator[str]:
    """One output: question, context, text, and its statements."""
    verdict, free = one.verdict, one.free
    yield f"### {title}\n\n{plain(one.problem.question)} Gold: {plain(', '.join(one.problem.answer.values))}.\n"
    yield from (f"{fact.id}. {plain(fact.text)}" for fact in one.problem.context)
    fence = "~" * 3
    while fence in one.text:
        fence += "~"
    yield f"\n{fence}text\n{one.text.strip()}\n{fence}\n"
    yield "| | statement | verdict | facts | why |\n|---:|---|---|---|---|"
    yield from statement_rows(free.statements)
    yield f"\nVerdict: {plain(verdict.reason)}.\n"


def statement_rows(statements: Sequence[JudgedStatement]) -> Iterator[str]:
    """One line for each statement; statements that repeat the one before them word for word are counted in its line."""
    at = 0
    while at < len(statements):
        one, end = statements[at], at + 1
        while end < len(statements) and statements[end].text == one.text and statements[end].reason == one.reason:
            end += 1
        number = f"{at + 1}" if end == at + 1 else f"{at + 1}-{end}"
        verdict = f"`{one.grounding}`" + ("" if one.is_read else ", not read") + (", answer" if one.is_answer else "")
        yield f"| {number} | {plain(one.text)} | {verdict} | {', '.join(map(plain, one.facts))} | {plain(one.reason)} |"
        at = end


def plain(text: str) -> str:
    """Untrusted text on one line of Markdown, without any markup."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return "".join(f"&#{ord(char)};" if char in "\\`*_{}[]#!|~$" else char for char in escape(line, quote=False))


MEANINGS = {
    "quoted": "is a sentence of the context, up to normalisation",
    "restated": "says in other words what the context says",
    "derived": "is not in the context, and follows from it by the rules of the task",
    "contradicted": "is false: the context, or what follows from it, says otherwise",
    "unsupported": "claims something about names of the context that nothing there says, or that the grammar cannot read",
    "no_claim": "claims nothing: a question, a plan, talk about the task, a supposition; or it names nothing of the context",
}

RELIANCE = (
    "An association is not [reliance](interventions.md): only an intervention shows whether answers depend on traces."
)
NOT_SHOWN = "Neither association is shown: from these outputs, nobody can say that right steps go with right answers."


if __name__ == "__main__":
    main()

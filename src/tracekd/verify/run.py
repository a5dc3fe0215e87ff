"""From outputs to verdicts or checks: each output is joined to its problem and judged, some at a time."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.tasks.contract import Task
from tracekd.transcript.transcript import Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.check import Check
from tracekd.verify.join import Miss, Problems
from tracekd.verify.join_report import JoinReport, JoinTally
from tracekd.verify.judge import Judge
from tracekd.verify.reading.output_record import OutputRecord, Unread
from tracekd.verify.trace_kind import TraceKind
from tracekd.verify.verdict import Verdict
from tracekd.verify.without_gold import Checker

__all__ = ["JoinReport", "check_outputs", "joined", "judge_outputs", "verify_outputs"]

# A prepared problem needs 5 to 50 kB, which depends on what its outputs cite.
_MOST_PREPARED = 4096
# A batch is at most this many outputs, and ends with the first one beyond this many characters.
_BATCH = 128
_LARGEST_BATCH = 2**18


def verify_outputs(
    outputs: Iterable[OutputRecord | Unread],
    problems: Problems,
    judge: Judge,
    take: Callable[[Verdict], None],
    see: Callable[[Problem, Transcript, Verdict], None] | None = None,
) -> JoinReport:
    """Call `take` with the verdict on each output of a known problem; of two for one problem in one run, the first counts.

    A run is a model, regime, seed and sample. One bit is kept for each output. `see` is called with each problem, output and
    verdict, for those who need the texts. Raises UserError if a problem lacks the kind of support that the headline uses.
    """
    tally = JoinTally(problems.all)
    prepared = lru_cache(_MOST_PREPARED)(lambda place: judge.prepare(problems.all[place]))
    for batch in _batches(joined(outputs, problems, tally)):
        joints = [(prepared(place), output, output.transcript) for output, place in batch]
        verdicts = [
            judge.verdict(ready, output.of_problem(ready.problem.id), transcript)
            for ready, output, transcript in joints
        ]
        for (ready, _, transcript), verdict in zip(joints, verdicts, strict=True):
            tally.divided(transcript)
            tally.as_free += verdict.free is not None
            take(verdict)
            if see is not None:
                see(ready.problem, transcript, verdict)
    return tally.report()


def check_outputs(
    outputs: Iterable[OutputRecord | Unread],
    problems: Problems,
    task: Task,
    take: Callable[[OutputRecord, Problem, Check, bool], None],
    trace: TraceKind = "template",
) -> JoinReport:
    """Call `take` with each output of a known problem, the problem, the check without gold, and whether the answer is right.

    The answer of a free trace is read leniently, all others strictly. If one run has two outputs for one problem, the first
    counts (see `verify_outputs`). Raises UserError for free traces of a task that has no grammar for them.
    """
    tally = JoinTally(problems.all)
    prepared = lru_cache(_MOST_PREPARED)(lambda place: _checker(task, problems.all[place], trace))
    for batch in _batches(joined(outputs, problems, tally)):
        for output, place in batch:
            checker, gold = prepared(place)
            transcript = output.transcript
            tally.divided(transcript)
            found, is_right = checker.compare(transcript, gold, finish=output.finish)
            tally.as_free += found.free is not None
            take(output, problems.all[place], found, is_right)
    return tally.report()


def _checker(task: Task, problem: Problem, trace: TraceKind) -> tuple[Checker, Comparison]:
    """The checker of a problem's outputs, and the comparison of their answers with gold."""
    context = [fact.text for fact in problem.context]
    return Checker.of(task, context, problem.question, trace), Comparison.of(problem.answer)


def joined(
    outputs: Iterable[OutputRecord | Unread], problems: Problems, tally: JoinTally
) -> Iterator[tuple[OutputRecord, int]]:
    """Yield each output that counts, with the index of its problem; the tally counts all others."""
    for output in outputs:
        if isinstance(output, Unread):
            tally.unread(output)
            continue
        found = problems.place(output)
        if isinstance(found, Miss):
            tally.missed(output, found)
        elif (counted := tally.take(output, found)) is not None:
            yield counted, found.place


def _batches(found: Iterable[tuple[OutputRecord, int]]) -> Iterator[list[tuple[OutputRecord, int]]]:
    """Some joined outputs at a time.

    Reading, judging and writing one output after the other takes a quarter longer, because the code and the data of each
    step push those of the others out of the processor's caches (`benchmarks/speed/against_earlier.md`).
    """
    batch: list[tuple[OutputRecord, int]] = []
    size = 0
    for each in found:
        batch.append(each)
        size += _size(each[0])
        if len(batch) == _BATCH or size > _LARGEST_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(output: OutputRecord) -> int:
    """Characters of the longest parts of a record."""
    return (
        len(output.text) + len(output.reasoning or "") + len(output.prompt or "") + sum(map(len, output.context or ()))
    )


def judge_outputs(outputs: Iterable[Output], problems: Problems, judge: Judge) -> list[Verdict]:
    """The verdicts on outputs of our own student, in their order; `tracekd verify` gives the same ones.

    Raises UserError for an output that belongs to none of the problems, and for a second output for a problem.
    """
    verdicts: list[Verdict] = []
    report = verify_outputs(map(_record, outputs), problems, judge, verdicts.append)
    left_out = (*report.unknown.first, *report.given_twice.first)
    if left_out:
        raise UserError(
            f"an output cannot be judged: {left_out[0]}", expected="one output for each problem of this study"
        )
    return verdicts


def _record(output: Output) -> OutputRecord:
    return OutputRecord(
        output.text, f"the output for {output.id!r}", output.id, model=output.student, regime=output.regime,
        seed=output.seed, sample=output.sample, finish=output.finish,
    )  # fmt: skip

"""Outputs in, verdicts out: each is joined to its problem and judged, one at a time."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from tracekd.errors import UserError
from tracekd.students.output import Output
from tracekd.verify.join import Miss, Problems
from tracekd.verify.join_report import JoinReport, JoinTally
from tracekd.verify.judge import Judge
from tracekd.verify.reading.written import Unread, Written
from tracekd.verify.verdict import Verdict

__all__ = ["JoinReport", "joined", "judge_outputs", "verify_outputs"]

# A prepared problem takes 5 to 50 kB, by what its outputs cite.
_MOST_PREPARED = 4096


def verify_outputs(
    outputs: Iterable[Written | Unread], problems: Problems, judge: Judge, take: Callable[[Verdict], None]
) -> JoinReport:
    """Hand `take` the verdict on each output of a known problem; of two for one problem in one run, on the first.

    A run is a model, regime, seed and sample. Nothing is kept of an output but a bit. Raises UserError where a problem
    has not the kind of support that is judged by.
    """
    tally = JoinTally(problems.all)
    prepared = lru_cache(_MOST_PREPARED)(lambda place: judge.prepare(problems.all[place]))
    for output, place in joined(outputs, problems, tally):
        ready = prepared(place)
        take(judge.verdict(ready, _Joined.of(output, ready.problem.id)))
    return tally.report()


def joined(outputs: Iterable[Written | Unread], problems: Problems, tally: JoinTally) -> Iterator[tuple[Written, int]]:
    """Yield each output that counts with the place of its problem; of all others, the tally takes note."""
    for output in outputs:
        if isinstance(output, Unread):
            tally.unread(output)
            continue
        place = problems.place(output)
        if isinstance(place, Miss):
            tally.missed(output, place)
        elif tally.take(output, place):
            yield output, place


def judge_outputs(outputs: Iterable[Output], problems: Problems, judge: Judge) -> list[Verdict]:
    """The verdicts on outputs that a student of ours wrote, in their order, as `tracekd verify` has them.

    Raises UserError where one is for none of the problems, or is the second one for a problem.
    """
    verdicts: list[Verdict] = []
    report = verify_outputs(map(_written, outputs), problems, judge, verdicts.append)
    left_out = (*report.unknown.first, *report.given_twice.first)
    if left_out:
        raise UserError(
            f"an output cannot be judged: {left_out[0]}", expected="one output for each problem of this study"
        )
    return verdicts


def _written(output: Output) -> Written:
    return Written(
        output.text, f"the output for {output.id!r}", output.id, model=output.student, regime=output.regime,
        seed=output.seed, sample=output.sample, finish=output.finish,
    )  # fmt: skip


class _Joined(NamedTuple):
    """An output, joined to the problem with this id."""

    id: str
    regime: str
    student: str
    seed: int
    sample: int
    text: str
    finish: Literal["stop", "length"]

    @classmethod
    def of(cls, output: Written, ident: str) -> "_Joined":
        return cls(ident, output.regime, output.model, output.seed, output.sample, output.text, output.finish)

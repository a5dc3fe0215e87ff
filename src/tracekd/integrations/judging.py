"""Scores for programs that count numbers: one for each step of an output."""

from math import nan

from tracekd.transcript.message import Said
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.check import Check
from tracekd.verify.judge import Judge, Prepared
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.verdict import Verdict
from tracekd.verify.without_gold import Checker

STEPS = ("class_step", "retrieval_step", "trace", "answer", "consistent")
_WORTH = {"passes": 1.0, "fails": 0.0, "unknown": nan}


def judge_said(judge: Judge, prepared: Prepared, said: Said, finish: Finish) -> Verdict:
    """The verdict on what a message says, as `tracekd verify` would give it."""
    output = OutputRecord(
        said.text or "", prepared.problem.id, reasoning=said.reasoning, is_hidden=said.is_hidden, finish=finish
    )
    return judge.verdict(prepared, output.of_problem(prepared.problem.id), output.transcript)


def check_said(checker: Checker, said: Said, finish: Finish) -> Check:
    """The check, without gold, of what a message says."""
    transcript = Transcript.of(said.text or "", reasoning=said.reasoning, is_hidden=said.is_hidden, finish=finish)
    return checker.check_transcript(transcript, finish=finish)


def scores_of(verdict: Verdict) -> dict[str, float]:
    """1 for right and 0 for wrong or unparsed; `consistent` is NaN if the task has no rule for the question."""
    consistent = nan if verdict.consistent is None else float(verdict.consistent)
    return {
        "class_step": float(verdict.class_step == "right"), "retrieval_step": float(verdict.retrieval_step == "right"),
        "trace": float(verdict.trace), "answer": float(verdict.answer), "consistent": consistent,
    }  # fmt: skip


def scores_of_check(check: Check) -> dict[str, float]:
    """`passes`, and each part: 1 if it passes, 0 if it fails, NaN if no rule decides."""
    return {"passes": float(check.passes), **{name: _WORTH[part.state] for name, part in check.parts.items()}}

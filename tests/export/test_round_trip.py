"""Whatever a model writes, the verdict on it is the same after an export: no output is lost, and none changes."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.cli.export import _FILES
from tracekd.export.judged_run import JudgedOutput, JudgedRun
from tracekd.verify.join import Problems
from tracekd.verify.join_report import JoinTally
from tracekd.verify.judge import Judge
from tracekd.verify.reading import read_outputs
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.run import joined, verify_outputs
from tracekd.verify.verdict import Verdict

from ..made_problems import TASK, trace_of
from .conftest import PROBLEMS

KNOWN = Problems.of(PROBLEMS, TASK.template)
PIECES = (
    trace_of(PROBLEMS[0]),
    "<think>",
    "</think>",
    "<answer>",
    "office",
    "</answer>",
    "\n",
    "<|channel|>analysis<|message|>",
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
OUTPUTS = st.builds(
    OutputRecord, text=TEXTS, where=st.just("here"), id=st.sampled_from([each.id for each in PROBLEMS]),
    model=st.sampled_from(["m", "org/m", "m:1"]), regime=st.sampled_from(["correct", "odd one"]), seed=st.integers(0, 2),
    sample=st.integers(0, 3), finish=st.sampled_from(["stop", "length"]), reasoning=st.none() | TEXTS,
    is_hidden=st.booleans(), prompt=st.none(), question=st.none(), context=st.none(), label=st.none(), score=st.none(),
    tokens=st.none(), gold=st.none(),
)  # fmt: skip


def judged(outputs: list[OutputRecord]) -> tuple[JudgedOutput, ...]:
    judge = Judge(TASK)
    found = []
    for output, place in joined(outputs, KNOWN, JoinTally(KNOWN.all)):
        problem = KNOWN.all[place]
        verdict = judge.verdict(judge.prepare(problem), output.of_problem(problem.id), output.transcript)
        found.append(JudgedOutput(problem, output, verdict))
    return tuple(found)


@pytest.mark.parametrize("target", _FILES)
@settings(max_examples=100, deadline=None)
@given(
    outputs=st.lists(
        OUTPUTS,
        min_size=1,
        max_size=6,
        unique_by=lambda each: (each.id, each.model, each.regime, each.seed, each.sample),
    )
)
def test_verdicts_are_the_same(target: str, outputs: list[OutputRecord]) -> None:
    run = JudgedRun("run", TASK, datetime(2026, 1, 2, tzinfo=UTC), judged(outputs))
    again: list[Verdict] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, write in _FILES[target](run):
            if not name.endswith(".md") and "results_" not in name:
                write(Path(folder) / name)
        report = verify_outputs(read_outputs([folder], None, {}), KNOWN, Judge(TASK), again.append)
    assert report.judged == report.read == len(outputs) and report.unread.count == 0
    assert sorted(again, key=repr) == sorted((each.verdict for each in run.outputs), key=repr)

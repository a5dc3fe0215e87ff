"""All that a report shows. Whoever fills this in need not know how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracekd.interventions.measures import RelianceSummary
from tracekd.problem import Problem
from tracekd.stats.summary import Summary
from tracekd.students.output import Output
from tracekd.verify.verdict import Verdict


@dataclass(frozen=True)
class Shown:
    """One example: a problem, what a student wrote, and the verdict on it."""

    problem: Problem
    output: Output
    verdict: Verdict


@dataclass(frozen=True)
class Interventions:
    """What students answered once another trace stood in the place of their own.

    `conditions`: those that were asked for, and each in words; none, if empty. `reliance`: None if none could be tried.
    `own_again`: how many answers after a student's own trace, forced again, are those that it gave by itself, of
    `own_traces`. `failures`: name of a cell whose student could not be intervened on, and the message.
    """

    conditions: Mapping[str, str]
    reliance: RelianceSummary | None
    own_again: int
    own_traces: int
    failures: Mapping[str, str]


@dataclass(frozen=True)
class CellTimes:
    """How one cell was made. `seconds` are wall-clock; `peak_memory` is in bytes; `too_long` counts examples left out."""

    cell: str
    steps: int
    trained_on: int
    too_long: int
    train_seconds: float
    generate_seconds: float
    intervene_seconds: float
    out_of_time: bool
    peak_memory: int


@dataclass(frozen=True)
class ReportContent:
    """What was run, what came out, and how to do it again.

    `regimes` gives order and a one-line summary of each. `left_out`: by reason, then by class. `sides`: problems by side
    (train, validation, test), then by class. `failures`: name of a failed cell, and its message. `hashes` and `versions`
    map names to strings. `declared` says when the analysis was declared.
    """

    title: str
    command: str
    study_toml: str
    source: str
    regimes: Mapping[str, str]
    labels: tuple[str, ...]
    left_out: Mapping[str, Mapping[str, int]]
    sides: Mapping[str, Mapping[str, int]]
    groups: Mapping[str, int]
    summary: Summary
    declared: str
    interventions: Interventions
    examples: tuple[Shown, ...]
    times: tuple[CellTimes, ...]
    failures: Mapping[str, str]
    versions: Mapping[str, str]
    hashes: Mapping[str, str]

"""The content of a report, independent of its layout."""

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
    """What students answered after a forced trace. `conditions`: the requested ones, each with its description. `reliance`:
    None if no condition could be tried.
    `own_traces`: how many traces of students were forced on them again; `own_again`: how often the student then gave the
    same answer as in its own output. `failures`: name of a cell whose interventions failed, and the message.
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
    """What was run, the results, and how to repeat it. `regimes` gives the order, and a one-line summary of each.
    `left_out`: by reason, then by class. `sides`: problems by side
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

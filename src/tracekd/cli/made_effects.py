"""The effects that `tracekd intervene` made, for its report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracekd.problem import Problem
from tracekd.regimes import Setting

# Starts to show progress, given a name and a total.
ShowProgress = Callable[[str, int], Callable[[int], None]]


@dataclass
class MadeEffects:
    """The files of effects that a command worked on, each with the file of the student's own outputs.

    They hold effects on these `problems` under these `conditions` (names), made in this `setting`. `left_out`: the cells of a
    study without interventions, with the reason; `failures`: the cells whose interventions failed.
    """

    setting: Setting
    problems: Sequence[Problem]
    conditions: Sequence[str]
    files: dict[Path, Path] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

"""The effects that `tracekd intervene` made, for its report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracekd.tasks.template import Template

# Starts to show progress, given a name and a total.
ShowProgress = Callable[[str, int], Callable[[int], None]]


@dataclass
class MadeEffects:
    """The files of effects that a command worked on, each with the file of the student's own outputs.

    They hold effects on these `problems` (ids) under these `conditions` (names). `left_out`: the cells of a study
    without interventions, with the reason; `failures`: the cells whose interventions failed.
    """

    template: Template
    problems: Sequence[str]
    conditions: Sequence[str]
    files: dict[Path, Path] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

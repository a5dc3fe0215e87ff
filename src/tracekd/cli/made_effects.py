"""The effects that `tracekd intervene` made, for its report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracekd.tasks.template import Template

# Begins to show the progress of something: its name, and how much of it there is.
ShowProgress = Callable[[str, int], Callable[[int], None]]


@dataclass
class MadeEffects:
    """The files of effects that a command worked on, each with the file of the student's own outputs.

    They hold effects on these `problems` (ids) under these `conditions` (names). `left_out`: why a cell of a study was
    not intervened on; `failures`: why the interventions on one failed.
    """

    template: Template
    problems: Sequence[str]
    conditions: Sequence[str]
    files: dict[Path, Path] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

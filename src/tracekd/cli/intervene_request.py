"""What `tracekd intervene` was asked for, and the effects that it made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracekd.interventions import CONDITIONS, Condition, get_condition, read_conditions
from tracekd.interventions.effect import OWN
from tracekd.tasks.template import Template

# Begins to show the progress of something: its name, and how much of it there is.
ShowProgress = Callable[[str, int], Callable[[int], None]]


@dataclass(frozen=True)
class InterveneRequest:
    """The options of `tracekd intervene`."""

    target: str
    task: str | None = None
    problems: Sequence[str] = ()
    conditions: str | None = None
    out: Path | None = None
    n: int | None = None
    seed: int | None = None
    regime: str | None = None
    subset: str | None = None
    support: str | None = None
    max_new_tokens: int | None = None
    batch: int = 64
    chat: bool | None = None
    precision: str | None = None
    engine: str = "transformers"
    json: bool = False

    def read_conditions(self, usual: Sequence[str] = ()) -> tuple[Condition, ...]:
        """The conditions, `own` first: the others are compared with it. Raises UserError for an unknown one.

        Where the command names none, they are the `usual` ones, or else all.
        """
        named = tuple(read_conditions(self.conditions or ",".join(usual or CONDITIONS)))
        return (get_condition(OWN), *(condition for condition in named if condition.name != OWN))


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

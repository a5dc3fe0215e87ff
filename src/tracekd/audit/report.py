"""What an audit comes to, as `--json` prints it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.audit.findings import Finding
from tracekd.audit.give_away import GiveAway

Verdict = Literal["ok", "FAULT", "reported", "not checked"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FaultReport(_Frozen):
    """One fault. `share` is `rows` of the `checked` ones; for give_away, it is the highest accuracy that was met."""

    name: str
    about: str
    rows: int
    checked: int
    share: float | None
    threshold: float | None
    verdict: Verdict
    by_part: dict[str, int]
    examples: tuple[Finding, ...]


class PartReport(_Frozen):
    """Rows of one regime and split. `regime_from` says what tells the regime."""

    regime: str
    regime_from: str
    split: str | None
    side: str
    files: tuple[str, ...]
    rows: int
    classes: dict[str, int]


class LostTargets(_Frozen):
    """At a token limit: how many rows lose a part of their completion, and how many all of it."""

    max_tokens: int
    part: int
    all: int


class AuditReport(_Frozen):
    """The whole. `against` says what --against was taken for, and why."""

    task: str
    rows: int
    parts: tuple[PartReport, ...]
    against: str | None
    faults: tuple[FaultReport, ...]
    give_away: tuple[GiveAway, ...]
    lost_targets: LostTargets | None

    @property
    def is_faulty(self) -> bool:
        """Whether any fault is above its threshold."""
        return any(fault.verdict == "FAULT" for fault in self.faults)

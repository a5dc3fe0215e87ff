"""What becomes of a claim: three verdicts, and how those of its parts make one."""

from collections.abc import Sequence
from typing import Literal

from tracekd.stats.intervals import Frozen

Ruling = Literal["stands", "does not stand", "cannot be told from these files"]
STANDS: Ruling = "stands"
FALLS: Ruling = "does not stand"
OPEN: Ruling = "cannot be told from these files"


class Finding(Frozen):
    """A claim, the rule that decides it, the ruling, and the figures, a sentence each.

    `official`: what the claim rests on or would rest on, by the official logic or in the published counts.
    """

    key: str
    claim: str
    rule: str
    ruling: Ruling
    figures: tuple[str, ...]
    official: tuple[str, ...] = ()


def of_all(parts: Sequence[Ruling]) -> Ruling:
    """The ruling on a claim that says something of every part: one that falls is enough to fell it."""
    if FALLS in parts:
        return FALLS
    return OPEN if OPEN in parts or not parts else STANDS


def of_any(parts: Sequence[Ruling]) -> Ruling:
    """The ruling on a claim that something holds somewhere: one part is enough, and all are needed to deny it."""
    if STANDS in parts:
        return STANDS
    return OPEN if OPEN in parts or not parts else FALLS

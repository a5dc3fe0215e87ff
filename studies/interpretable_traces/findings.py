"""What becomes of a claim: three verdicts, and how those of its parts make one."""

from collections.abc import Iterable, Sequence
from typing import Literal

from tracekd.stats.estimate import Frozen, Scope

Ruling = Literal["stands", "does not stand", "cannot be told from these files"]
STANDS: Ruling = "stands"
FALLS: Ruling = "does not stand"
OPEN: Ruling = "cannot be told from these files"


class Finding(Frozen):
    """A claim, the rule that decides it, the ruling, and the figures, a sentence each.

    `official`: what the claim rests on or would rest on, by the official logic or in the published counts. `scope`: whom
    the figures are about. From one seed of each regime they are of these students only, and say nothing of the regimes;
    None where there is no figure.
    """

    key: str
    claim: str
    rule: str
    ruling: Ruling
    figures: tuple[str, ...]
    official: tuple[str, ...] = ()
    scope: Scope | None = None

    @property
    def of_whom(self) -> str:
        """A remark behind a ruling that rests on figures of single students."""
        return "of these students only" if self.scope == "student" and self.ruling != OPEN else ""


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


def narrowest(scopes: Iterable[Scope | None]) -> Scope | None:
    """Whom figures are about that are taken together: of single students where one of them is."""
    known = {scope for scope in scopes if scope is not None}
    return "student" if "student" in known else "regime" if known else None

"""The ruling on a claim: three possible rulings, and how the rulings on its parts are combined."""

from collections.abc import Iterable, Sequence
from typing import Literal

from tracekd.stats.estimate import Frozen, Scope

Ruling = Literal["stands", "does not stand", "cannot be told from these files"]
STANDS: Ruling = "stands"
FALLS: Ruling = "does not stand"
OPEN: Ruling = "cannot be told from these files"


class Finding(Frozen):
    """A claim, the rule that decides it, the ruling, and the figures (one sentence each). `official`: the same figures
    by the official logic or from the published counts. `scope`: whether the figures are about regimes or only about
    students. With one seed of each regime, they are only about these students. None without figures.
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
        """A remark after a ruling that depends on figures of single students."""
        return "of these students only" if self.scope == "student" and self.ruling != OPEN else ""


def of_all(parts: Sequence[Ruling]) -> Ruling:
    """The ruling on a claim about every part: it falls if one part falls."""
    if FALLS in parts:
        return FALLS
    return OPEN if OPEN in parts or not parts else STANDS


def of_any(parts: Sequence[Ruling]) -> Ruling:
    """The ruling on a claim about at least one part: it stands if one part stands, and falls only if all parts fall."""
    if STANDS in parts:
        return STANDS
    return OPEN if OPEN in parts or not parts else FALLS


def narrowest(scopes: Iterable[Scope | None]) -> Scope | None:
    """The scope of several figures together: single students, if one of them is about single students."""
    known = {scope for scope in scopes if scope is not None}
    return "student" if "student" in known else "regime" if known else None

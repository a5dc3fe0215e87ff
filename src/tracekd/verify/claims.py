"""Whether all claims of a free trace hold; if not, the claim that matters most, and why it does not hold."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from tracekd.errors import unknown_name
from tracekd.statements.statement import Statement

# What a trace must have to be kept: a right answer, claims that all hold, or both.
Keep = Literal["answer", "claims", "both"]
KEEPS: tuple[Keep, ...] = get_args(Keep)

FALSE = "a statement is false"
GROUNDLESS = "a claim has no ground in the context"
UNREAD = "a claim cannot be read"
NO_CLAIM = "it claims nothing except an answer"


class FailedClaim(NamedTuple):
    """Why not all claims of a trace hold. `at` is the index of the statement; None if the trace claims nothing except an
    answer.
    """

    reason: str
    at: int | None


def failed_claim(statements: Sequence[Statement]) -> FailedClaim | None:
    """The first false statement; without one, the first claim without ground, then the first one that cannot be read.

    None if the trace claims something besides the answer, and every claim holds, that of the answer included. A false
    statement that is taken back later counts as well.
    """
    found: dict[str, int] = {}
    steps = 0
    for at, one in enumerate(statements):
        steps += one.is_claim and not one.is_answer
        if one.is_claim and not one.holds:
            found.setdefault(_reason(one), at)
    for reason in (FALSE, GROUNDLESS, UNREAD):
        if reason in found:
            return FailedClaim(reason, found[reason])
    return None if steps else FailedClaim(NO_CLAIM, None)


def read_keep(written: str) -> Keep:
    """What --keep names. Raises UserError with the nearest valid name for anything else."""
    for keep in KEEPS:
        if written == keep:
            return keep
    raise unknown_name("choice of what to keep (--keep)", written, KEEPS)


def _reason(one: Statement) -> str:
    if one.grounding == "contradicted":
        return FALSE
    return GROUNDLESS if one.is_read else UNREAD

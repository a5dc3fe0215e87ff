"""Numbers inside sentences."""

from evidence import Compared

from tracekd.report.numbers import MINUS, number, p_value
from tracekd.stats.estimate import Ends, Measure, Share


def percent(value: float) -> str:
    """A share as a percentage without decimals."""
    return f"{100 * value:.0f}\u00a0%"


def share(value: float) -> str:
    """A share as a percentage with one decimal."""
    return number(value, "percent")


def counted_share(right: int, n: int) -> str:
    """A count with its share."""
    return f"{right:,} of {n:,} ({share(right / n)})" if n else "0 of 0"


def interval(found: Share) -> str:
    """A share with its interval."""
    if found.rate is None:
        return f"none ({found.reason})"
    return f"{share(found.rate)} ({_ends(found.ci, 100, 1)})"


def correlation(found: Measure) -> str:
    """A phi with its interval."""
    return "none" if found.value is None else f"{number(found.value, 'number')} ({_ends(found.ci, 1, 2)})"


def _ends(ends: Ends | None, scale: float, decimals: int) -> str:
    if ends is None:
        return "no interval"
    return " to ".join(f"{scale * end:.{decimals}f}".replace("-", MINUS) for end in ends)


def points(found: Compared) -> str:
    """A difference in percentage points with its interval, and its p value, or the remark that it is about two students."""
    low, high = (number(end, "points") for end in (found.low, found.high))
    p = "" if found.p is None else f", p {p_value(found.p)}"
    of_whom = ", of these two students only" if found.scope == "student" else ""
    return f"{number(found.value, 'points')} points ({low} to {high}{p}){of_whom}"

"""Numbers inside sentences."""

from evidence import Compared

from tracekd.report.numbers import number, p_value
from tracekd.stats.association import Proportion


def percent(value: float) -> str:
    """A share as a percentage without decimals."""
    return f"{100 * value:.0f}\u00a0%"


def share(value: float) -> str:
    """A share as a percentage with one decimal."""
    return number(value, "percent")


def counted_share(right: int, n: int) -> str:
    """A count with its share."""
    return f"{right:,} of {n:,} ({share(right / n)})" if n else "0 of 0"


def interval(found: Proportion) -> str:
    """A proportion with its interval."""
    if found.value is None or found.interval is None:
        return "none (there are no such outputs)"
    return f"{share(found.value)} ({100 * found.interval.low:.1f} to {100 * found.interval.high:.1f})"


def points(found: Compared) -> str:
    """A difference in percentage points with its interval, and the p of no difference."""
    low, high = (number(end, "points") for end in (found.low, found.high))
    p = "" if found.p is None else f", p {p_value(found.p)}"
    return f"{number(found.value, 'points')} points ({low} to {high}{p})"

"""Numbers as the report prints them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tracekd.stats.estimate import Ends, Measure, Share

Unit = Literal["percent", "points", "number"]

MINUS = "\u2212"
_GAP = "\u00a0"  # keeps a number and its unit on one line


@dataclass(frozen=True)
class Number:
    """A number ready to print. Empty fields are not printed.

    `interval` is like `55.0 to 69.9`, in the unit of `text`; `seeds` holds the value of each seed; `note` is a remark, such
    as the reason why something is undefined.
    """

    text: str
    interval: str = ""
    seeds: str = ""
    note: str = ""


def percent(share: float) -> str:
    """A share in [0, 1] as a percentage with one decimal."""
    return f"{_fixed(100 * share, 1)}{_GAP}%"


def points(difference: float) -> str:
    """A difference of two shares, in [-1, 1], as percentage points with its sign."""
    shown = _fixed(100 * difference, 1)
    return f"{'' if shown.startswith(MINUS) or shown == '0.0' else '+'}{shown}"


def p_value(p: float | None) -> str:
    """Three digits, or "< 0.001"; a dash if there is no test."""
    if p is None:
        return "\u2013"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def number(value: float, unit: Unit) -> str:
    """A value in its unit: a share as a percentage, a difference in points, or a plain number of two decimals."""
    if unit == "number":
        return _fixed(value, 2)
    return percent(value) if unit == "percent" else points(value)


def span(ci: Ends, unit: Unit) -> str:
    """Both ends of an interval, without the unit, which is printed with the value."""
    return " to ".join(_fixed(v, 2) if unit == "number" else _fixed(100 * v, 1) for v in ci)


def of(found: Share | Measure | None, unit: Unit = "percent", note: str = "") -> Number:
    """A number with its interval and its value in each seed; if it is undefined, a dash and the reason."""
    if found is None:
        return Number("\u2013", note=note)
    notes = "; ".join(filter(None, (note, found.reason)))
    if found.value is None:
        return Number("\u2013", note=notes)
    shown = "" if found.ci is None else span(found.ci, unit)
    return Number(number(found.value, unit), shown, _seeds(found.per_seed, unit), notes)


def count(right: int, n: int) -> Number:
    """A number of outputs, and its share of all outputs."""
    return Number(f"{right:,}", note=percent(right / n))


def duration(seconds: float) -> str:
    """Seconds of wall-clock time, with minutes and hours if needed."""
    whole = round(seconds)
    if seconds < 60 and whole < 60:
        return f"{seconds:.1f}{_GAP}s"
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}{_GAP}h {minutes}{_GAP}min" if hours else f"{minutes}{_GAP}min {rest}{_GAP}s"


def memory(size: int) -> str:
    """Bytes as GiB or MiB."""
    return f"{size / 2**30:.1f}{_GAP}GiB" if size >= 2**30 else f"{size / 2**20:.0f}{_GAP}MiB"


def _seeds(per_seed: Iterable[float | None], unit: Unit) -> str:
    """The values of the seeds; empty for a single seed, whose value is the number itself."""
    shown = ["\u2013" if v is None else number(v, unit).removesuffix(f"{_GAP}%") for v in per_seed]
    return ", ".join(shown) if len(shown) > 1 else ""


def _fixed(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        return text.removeprefix("-")
    return text.replace("-", MINUS)

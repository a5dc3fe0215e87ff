"""Numbers as the report prints them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tracekd.interventions.measures import Measured
from tracekd.stats.association import Proportion
from tracekd.stats.intervals import Estimate, Interval, Method, Rate

Unit = Literal["percent", "points", "number"]

MINUS = "\u2212"
_GAP = "\u00a0"  # keeps a number and its unit on one line

# What stands behind an interval that was not made by the usual method, and how each method works.
MARKS: dict[Method, str] = {
    "crossed_bootstrap": "",
    "group_bootstrap_one_seed": "s",
    "wilson_groups": "w",
    "newcombe_groups": "n",
    "wilson_problems": "p",
}
METHODS: dict[Method, str] = {
    "crossed_bootstrap": (
        "Crossed bootstrap: groups and seeds are drawn anew with replacement, many times, and the interval holds the "
        "middle 95\u00a0% of the values (arXiv:1106.2125)."
    ),
    "group_bootstrap_one_seed": (
        "Bootstrap over groups of a single seed. It says nothing about how much students of other seeds would differ."
    ),
    "wilson_groups": (
        "Wilson's interval with n = number of groups. It stands in where every resample gives the same value, as with "
        "0\u00a0% or 100\u00a0%."
    ),
    "newcombe_groups": (
        "Newcombe's interval for a difference, with n = number of groups on each side. It stands in where every "
        "resample gives the same difference; it leaves the pairing out, which makes it wider."
    ),
    "wilson_problems": (
        "Wilson's interval within one seed. It takes problems as independent, so it is too narrow where the questions "
        "of one group go together."
    ),
}


@dataclass(frozen=True)
class Number:
    """A number ready to print. Whatever is empty is left out.

    `interval` is like `55.0 to 69.9`, in the unit of `text`; `mark` names its method; `seeds` holds the value of each
    seed; `note` is a remark, such as the reason why something is undefined.
    """

    text: str
    interval: str = ""
    mark: str = ""
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
    """Three digits, or that it is smaller; a dash where there is no test."""
    if p is None:
        return "\u2013"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def number(value: float, unit: Unit) -> str:
    """A value in its unit: a share as a percentage, a difference in points, or a plain number of two decimals."""
    if unit == "number":
        return _fixed(value, 2)
    return percent(value) if unit == "percent" else points(value)


def span(interval: Interval, unit: Unit) -> str:
    """Both ends of an interval, without the unit: what they belong to has it."""
    return " to ".join(_fixed(v, 2) if unit == "number" else _fixed(100 * v, 1) for v in (interval.low, interval.high))


def of_rate(rate: Rate, note: str = "") -> Number:
    """A rate with its interval and seeds."""
    return _with_interval(rate.value, rate.interval, rate.per_seed, "percent", note)


def of_estimate(estimate: Estimate, unit: Unit, note: str = "") -> Number:
    """An estimate; where it is undefined, a dash and the reason."""
    notes = "; ".join(filter(None, (note, estimate.reason)))
    if estimate.value is None:
        return Number("\u2013", seeds=_seeds(estimate.per_seed, unit), note=notes)
    return _with_interval(estimate.value, estimate.interval, estimate.per_seed, unit, notes)


def of_measured(measured: Measured, unit: Unit, note: str = "") -> Number:
    """What was measured under an intervention; where it is undefined, a dash and the reason."""
    notes = "; ".join(filter(None, (note, measured.reason)))
    if measured.value is None:
        return Number("\u2013", seeds=_seeds(measured.per_seed, unit), note=notes)
    return _with_interval(measured.value, measured.interval, measured.per_seed, unit, notes)


def of_difference(value: float, interval: Interval, per_seed: Sequence[float]) -> Number:
    """A difference of two rates, in percentage points."""
    return _with_interval(value, interval, per_seed, "points", "")


def of_proportion(found: Proportion) -> Number:
    """A share within one seed, with its counts."""
    if found.value is None or found.interval is None:
        return Number("\u2013", note="nothing to condition on")
    counts = f"{found.right} of {found.n}"
    return Number(percent(found.value), span(found.interval, "percent"), MARKS[found.interval.method], note=counts)


def duration(seconds: float) -> str:
    """Seconds of wall-clock time, as minutes and seconds where there are minutes."""
    whole = round(seconds)
    if seconds < 60 and whole < 60:
        return f"{seconds:.1f}{_GAP}s"
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}{_GAP}h {minutes}{_GAP}min" if hours else f"{minutes}{_GAP}min {rest}{_GAP}s"


def memory(size: int) -> str:
    """Bytes as GiB or MiB."""
    return f"{size / 2**30:.1f}{_GAP}GiB" if size >= 2**30 else f"{size / 2**20:.0f}{_GAP}MiB"


def _with_interval(
    value: float, interval: Interval | None, per_seed: Sequence[float | None], unit: Unit, note: str
) -> Number:
    seeds = _seeds(per_seed, unit)
    if interval is None:
        return Number(number(value, unit), seeds=seeds, note=note)
    return Number(number(value, unit), span(interval, unit), MARKS[interval.method], seeds, note)


def _seeds(per_seed: Iterable[float | None], unit: Unit) -> str:
    """The values of the seeds; nothing where there is one seed, whose value is the number itself."""
    shown = ["\u2013" if v is None else number(v, unit).removesuffix(f"{_GAP}%") for v in per_seed]
    return ", ".join(shown) if len(shown) > 1 else ""


def _fixed(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        return text.removeprefix("-")
    return text.replace("-", MINUS)

"""When events happen, and the relation of two events in time (arXiv 2406.09072, section 2.2).

The data set has dates of three grains (year, month, day). Two events of different grains can be compared in two ways,
which give different classes for about 3 % of its problems: `tuple_order`, its own way, and `whole_years`.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

# (year, month, day), with 0 for an unknown part.
Date = tuple[int, int, int]
TimeRelation = Literal["equal", "during", "overlap"]

LABELS = ("equal", "during", "overlap", "mix")

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# `2019`, `March, 2015` or `January 23, 2017`.
DATE = rf"(?:(?:{'|'.join(_MONTHS)})(?: (?:3[01]|[12][0-9]|0?[1-9]))?, )?[0-9]{{1,4}}"


class Interval(NamedTuple):
    """From `start` to `end`, both included; they are equal for a point in time."""

    start: Date
    end: Date

    @property
    def is_point(self) -> bool:
        """Whether it is one date."""
        return self.start == self.end


Compare = Callable[[Interval, Interval], TimeRelation | None]


@lru_cache(maxsize=2**14)
def read_interval(start: str, end: str) -> Interval:
    """The interval between two dates; `DATE` must match both."""
    return Interval(_read_date(start), _read_date(end))


def tuple_order(first: Interval, second: Interval) -> TimeRelation | None:
    """The relation by the data set's own reading: dates are triples that compare number by number, 0 if unknown.

    So 1986 comes before January 1986, and two points are equal only if they are written the same. A point on the border
    of an interval is inside it; two intervals that only touch have no time in common. None: no time in common.
    """
    if first.end < second.start or second.end < first.start:
        return None
    if first.start > first.end or second.start > second.end:
        return None
    if first == second:
        return "equal"
    if _holds(first, second) or _holds(second, first):
        return "during"
    if first.is_point or second.is_point:
        return None
    return "overlap" if first.start < second.end and second.start < first.end else None


def whole_years(first: Interval, second: Interval) -> TimeRelation | None:
    """The relation if a year means the whole year and a month the whole month.

    Two intervals that share a day have time in common. None: no time in common.
    """
    a, b = _widen(first), _widen(second)
    if a.start > a.end or b.start > b.end:
        return None
    if a == b:
        return "equal"
    if _holds(a, b) or _holds(b, a):
        return "during"
    return "overlap" if a.start <= b.end and b.start <= a.end else None


def class_of(anchor: Interval, others: Iterable[Interval], compare: Compare) -> str | None:
    """The class of a question: the relation of all others to the anchor if it is the same for all, else `mix`.

    None if there are no others, or if one of them has no time in common with the anchor.
    """
    relations = {compare(anchor, other) for other in others}
    if not relations or None in relations:
        return None
    return relations.pop() if len(relations) == 1 else "mix"


def _holds(outer: Interval, inner: Interval) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _widen(interval: Interval) -> Interval:
    (first_year, first_month, first_day), (last_year, last_month, last_day) = interval
    return Interval((first_year, first_month or 1, first_day or 1), (last_year, last_month or 12, last_day or 31))


@lru_cache(maxsize=2**14)
def _read_date(text: str) -> Date:
    day, _, year = text.rpartition(", ")
    if not day:
        return int(year), 0, 0
    month, _, number = day.partition(" ")
    return int(year), _MONTHS.index(month) + 1, int(number or 0)

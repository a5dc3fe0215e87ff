"""Dates of three grains (year, month, day), numbered within each grain: so a date before, after or between others can be drawn.

Dates are (year, month, day), with 0 for an unknown part, and compare number by number, as in the data set. A date is
*clear* of another one if it comes before or after it also when a year means the whole year and a month the whole month.
"""

from collections.abc import Callable

Date = tuple[int, int, int]
# The grains: a date that is known to the year, the month or the day.
YEAR, MONTH, DAY = 0, 1, 2
# Years have 365 days: the 29th of February is never drawn.
PER_YEAR = (1, 12, 365)

_MONTHS = (
    "", "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS = tuple((month, day) for month, length in enumerate(_LENGTHS) for day in range(1, length + 1))
# How many days of a year come before each month; the last entry is the whole year.
_BEFORE = tuple(sum(_LENGTHS[:month]) for month in range(14))


def grain_of(date: Date) -> int:
    """The grain of the date: how exactly it is known."""
    return DAY if date[2] else MONTH if date[1] else YEAR


def date_at(grain: int, number: int) -> Date:
    """The date with this number among those of the grain, counted from year 0."""
    if grain == DAY:
        year, day_of_year = divmod(number, 365)
        return (year, *_DAYS[day_of_year])
    if grain == MONTH:
        year, month = divmod(number, 12)
        return year, month + 1, 0
    return number, 0, 0


def after(date: Date, grain: int, clear: bool) -> int:
    """The number of the first date of this grain after the given date; with `clear`, the date is also clear of it."""
    year, month, day = date
    if grain == YEAR:
        return year + 1
    if grain == MONTH:
        return 12 * year + month if month or not clear else 12 * year + 12
    if day:
        return 365 * year + _BEFORE[month] + day
    if month:
        return 365 * year + _BEFORE[month + 1 if clear else month]
    return 365 * (year + clear)


def before(date: Date, grain: int, clear: bool) -> int:
    """The number of the last date of this grain before the given date; with `clear`, the date is also clear of it."""
    year, month, day = date
    if grain == YEAR:
        return year if month and not clear else year - 1
    if grain == MONTH:
        return 12 * year + month - (1 if day and not clear else 2) if month else 12 * year - 1
    return 365 * year + _BEFORE[month] + day - 2 if day else 365 * year + _BEFORE[month] - 1


def any_between(draw: Callable[[], float], first: int, last: int) -> int:
    """A random number from first to last, both included; all are equally likely."""
    return first + int(draw() * (last - first + 1))


def write_date(date: Date) -> str:
    """The date as the data set writes it: `2019`, `March, 2015` or `January 23, 2017`."""
    year, month, day = date
    if day:
        return f"{_MONTHS[month]} {day}, {year}"
    return f"{_MONTHS[month]}, {year}" if month else str(year)

"""Random times of events that have a given relation to another time.

Each draw ends after a fixed number of steps, because an event keeps some years free on both sides of it (`MARGIN`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from tracekd.worlds.cotempqa.dates import PER_YEAR, Date, after, any_between, before, date_at, grain_of

Draw = Callable[[], float]
# Start and end, both included; they are equal for a point in time.
Time = tuple[Date, Date]

# An event keeps three years free before it and three after it, and has room to last at least two years.
MARGIN = 3
FEWEST_YEARS = 2 * MARGIN + 2
# The share of intervals inside or around another one that start with it, and the share that end with it.
_SHARED = 0.15
# For each grain, the two other grains.
_OTHERS = ((1, 2), (0, 2), (0, 1))
# Distances have a long tail that ends at about 20 times their median.
_TAIL = 0.95
_MEDIAN = (1 - _TAIL / 2) / (_TAIL / 2)


@dataclass(frozen=True, slots=True)
class Grains:
    """The shares of the three grains, cumulative: `year` for years, `month` for years and months together."""

    year: float
    month: float

    def draw(self, draw: Draw) -> int:
        """A grain."""
        found = draw()
        return 0 if found < self.year else 1 if found < self.month else 2

    def draw_other(self, draw: Draw, own: int) -> int | None:
        """A grain different from `own`; None if no other grain has a share."""
        shares = (self.year, self.month - self.year, 1 - self.month)
        first, second = _OTHERS[own]
        both = shares[first] + shares[second]
        if not both:
            return None
        return first if draw() * both < shares[first] else second

    def draw_pair(self, draw: Draw, mixed: float) -> tuple[int, int]:
        """The grains of the two ends of an interval. They differ with chance `mixed`, if there is another grain."""
        start = self.draw(draw)
        other = self.draw_other(draw, start) if mixed and draw() < mixed else None
        return start, start if other is None else other


@dataclass(frozen=True, slots=True)
class Times:
    """Draws times between two years, both included. `apart` and `duration` are medians, in years."""

    first: int
    last: int
    apart: float
    duration: float

    def event(self, draw: Draw, grains: tuple[int, int], fewest: int) -> Time:
        """An interval that lasts at least `fewest` (1 or 2) of its own units, or two years if its grains differ."""
        start_grain, end_grain = grains
        year = self._year(draw)
        start = year * PER_YEAR[start_grain] + int(draw() * PER_YEAR[start_grain])
        soonest = start + fewest if start_grain == end_grain else (year + 2) * PER_YEAR[end_grain]
        end = self._later(draw, soonest, end_grain, self.duration, self.last - MARGIN)
        return date_at(start_grain, start), date_at(end_grain, end)

    def point(self, draw: Draw, grain: int) -> Time:
        """A point in time."""
        number = self._year(draw) * PER_YEAR[grain] + int(draw() * PER_YEAR[grain])
        date = date_at(grain, number)
        return date, date

    def elsewhere(self, draw: Draw, event: Time, grains: tuple[int, int] | int) -> Time:
        """A time that is clear of the event; a point if only one grain is given."""
        start_grain, end_grain = (grains, grains) if isinstance(grains, int) else grains
        point = isinstance(grains, int)
        if draw() < 0.5:
            soonest = after(event[1], start_grain, True)
            start = date_at(start_grain, self._later(draw, soonest, start_grain, self.apart, self.last - 1))
            return (start, start) if point else (start, self._end(draw, start, end_grain))
        latest = before(event[0], end_grain, True)
        end = date_at(end_grain, self._sooner(draw, latest, end_grain, self.apart, self.first + 1))
        return (end, end) if point else (self._start(draw, end, start_grain), end)

    def around(self, draw: Draw, event: Time, grains: tuple[int, int], clear: bool) -> Time:
        """An interval that contains the event; it may start with it or end with it, not both."""
        start, end = event
        start_grain, end_grain = grains
        shared = draw()
        if shared >= _SHARED or grain_of(start) != start_grain:
            latest = before(start, start_grain, clear)
            start = date_at(start_grain, self._sooner(draw, latest, start_grain, self.duration, self.first))
        if not _SHARED <= shared < 2 * _SHARED or grain_of(end) != end_grain:
            soonest = after(end, end_grain, clear)
            end = date_at(end_grain, self._later(draw, soonest, end_grain, self.duration, self.last))
        return start, end

    def inside(self, draw: Draw, event: Time, grains: tuple[int, int] | int, clear: bool) -> Time:
        """A time inside an interval; a point if only one grain is given.

        If the interval has no room for these grains, the time has the event's own grains, or is a point at its border.
        """
        if isinstance(grains, int):
            point = _between(draw, event, grains, clear) if draw() >= _SHARED else None
            point = point or event[int(draw() * 2)]
            return point, point
        (start, end), own, shared = event, (grain_of(event[0]), grain_of(event[1])), draw()
        if shared >= _SHARED or grains[0] != own[0]:
            between = _between(draw, event, grains[0], clear)
            if not between and grains[0] != own[0]:
                return self.inside(draw, event, own, clear)
            start = between or start
        if not _SHARED <= shared < 2 * _SHARED or grains[1] != own[1]:
            between = _between(draw, (start, end), grains[1], clear)
            if not between and grains[1] != own[1]:
                return self.inside(draw, event, own, clear)
            end = between or end
        return (start, start) if (start, end) == event else (start, end)

    def overlapping(self, draw: Draw, event: Time, grains: tuple[int, int], clear: bool) -> Time:
        """An interval that starts before the interval `event` and ends in it, or starts in it and ends after it.

        If the event has no room for a date of this grain, the date has the event's own grain.
        """
        starts_sooner = draw() < 0.5
        inner = _between(draw, event, grains[1] if starts_sooner else grains[0], clear)
        if inner is None:
            # An event that others overlap lasts at least two of its own units, or two years: see `event`.
            own = grain_of(event[0])
            grains = own, own
            inner = date_at(own, any_between(draw, *_numbers_between(event, own, True)))
        if starts_sooner:
            latest = before(event[0], grains[0], clear)
            return date_at(grains[0], self._sooner(draw, latest, grains[0], self.duration, self.first)), inner
        soonest = after(event[1], grains[1], clear)
        return inner, date_at(grains[1], self._later(draw, soonest, grains[1], self.duration, self.last))

    def regrained(self, draw: Draw, event: Time, grains: Grains) -> Time | None:
        """The interval's own dates at another granularity: by the data set's own order, the two intervals overlap.

        If a year means the whole year, and a month the whole month, one contains the other. None if there is no other
        granularity, or if the new interval would be a point.
        """
        (start, end), own = event, grain_of(event[0])
        grain = grains.draw_other(draw, own) if grain_of(end) == own else None
        if grain is None:
            return None
        if grain > own:
            return _any_in(draw, start, grain), _any_in(draw, end, grain)
        coarse = _coarsen(start, grain), _coarsen(end, grain)
        return coarse if coarse[0] != coarse[1] else None

    def _year(self, draw: Draw) -> int:
        # Later years are more likely, as in the data set.
        return self.first + MARGIN + int(max(draw(), draw()) * (self.last - self.first - 2 * MARGIN - 1))

    def _start(self, draw: Draw, end: Date, grain: int) -> Date:
        return date_at(grain, self._sooner(draw, before(end, grain, True), grain, self.duration, self.first))

    def _end(self, draw: Draw, start: Date, grain: int) -> Date:
        return date_at(grain, self._later(draw, after(start, grain, True), grain, self.duration, self.last))

    def _later(self, draw: Draw, soonest: int, grain: int, years: float, last_year: int) -> int:
        number = soonest + _distance(draw, grain, years)
        last = (last_year + 1) * PER_YEAR[grain] - 1
        return number if number <= last else any_between(draw, soonest, last)

    def _sooner(self, draw: Draw, latest: int, grain: int, years: float, first_year: int) -> int:
        number = latest - _distance(draw, grain, years)
        first = first_year * PER_YEAR[grain]
        return number if number >= first else any_between(draw, first, latest)


def _distance(draw: Draw, grain: int, years: float) -> int:
    share = _TAIL * draw()
    return int(years * _MEDIAN * PER_YEAR[grain] * share / (1 - share))


def _between(draw: Draw, event: Time, grain: int, clear: bool) -> Date | None:
    """A date between the ends of an interval; None if there is none."""
    first, last = _numbers_between(event, grain, clear)
    return date_at(grain, any_between(draw, first, last)) if first <= last else None


def _numbers_between(event: Time, grain: int, clear: bool) -> tuple[int, int]:
    return after(event[0], grain, clear), before(event[1], grain, clear)


def _any_in(draw: Draw, date: Date, grain: int) -> Date:
    return date_at(grain, any_between(draw, after(date, grain, False), after(date, grain, True) - 1))


def _coarsen(date: Date, grain: int) -> Date:
    return (date[0], date[1] if grain else 0, 0)

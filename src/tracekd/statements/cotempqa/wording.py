"""Writes a fact with another time."""

import re

from tracekd.tasks.cotempqa.intervals import DATE, Date, Interval

_TIME = re.compile(rf" (?:in {DATE}|from {DATE} to {DATE})\.?$")
_MONTHS = "January February March April May June July August September October November December".split()


def say_dated(fact: str, kind: str, when: Interval) -> str | None:
    """The fact with this time instead of its own; None if only one end of the time is known."""
    time = _TIME.search(fact)
    if time is None or kind in ("from", "until"):
        return None
    said = f"in {_say(when.start)}" if when.is_point else f"from {_say(when.start)} to {_say(when.end)}"
    return f"{fact[: time.start()]} {said}."


def _say(date: Date) -> str:
    year, month, day = date
    if not month or month > 12:
        return str(year)
    return f"{_MONTHS[month - 1]} {day}, {year}" if day else f"{_MONTHS[month - 1]}, {year}"

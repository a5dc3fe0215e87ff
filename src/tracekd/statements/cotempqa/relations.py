"""Whether a stated relation of two times holds. In doubt it is neither true nor false (None)."""

from collections.abc import Callable

from tracekd.tasks.cotempqa.intervals import Compare, Date, Interval, tuple_order, whole_years

Truth = bool | None
WORDS = {
    "V": "overlaps",
    "L": "is at the same time as",
    "U": "is during",
    "W": "lies within",
    "H": "contains",
    "E": "has the same time as",
    "I": "has exactly the same time as",
    "B": "is before",
    "A": "is after",
}
LABELS = {"V": "overlap", "W": "during", "H": "during", "U": "during", "E": "equal", "I": "equal", "M": "mix"}


def holds(relation: str, first: Interval, second: Interval, negated: bool = False) -> Truth:
    """Whether the first time has this relation (a symbol of `words`) to the second one, by either reading of dates.

    Of a denied relation, one reading that denies it is enough.
    """
    test = _TESTS[relation]
    truth = test(first, second, tuple_order)
    if truth is not negated and truth is not None:
        return True  # the second reading need not be asked
    truths = (truth, test(_wide(first), _wide(second), whole_years))
    return True if (not negated) in truths else None if None in truths else False


def _share(a: Interval, b: Interval, compare: Compare) -> Truth:
    return compare(a, b) is not None


def _within(a: Interval, b: Interval, compare: Compare) -> Truth:
    return _holds(b, a)


def _contains(a: Interval, b: Interval, compare: Compare) -> Truth:
    return _holds(a, b)


def _identical(a: Interval, b: Interval, compare: Compare) -> Truth:
    return a == b


def _same(a: Interval, b: Interval, compare: Compare) -> Truth:
    # People also say `the same time` of times that only share a part.
    return True if a == b else None if compare(a, b) is not None else False


def _before(a: Interval, b: Interval, compare: Compare) -> Truth:
    # If the first one begins earlier and reaches into the second one, people may mean its beginning.
    return True if a.end < b.start else None if a.start < b.start else False


def _after(a: Interval, b: Interval, compare: Compare) -> Truth:
    return True if b.end < a.start else None if b.end < a.end else False


def _holds(outer: Interval, inner: Interval) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _wide(interval: Interval) -> Interval:
    (y1, m1, d1), (y2, m2, d2) = interval
    return Interval((y1, m1 or 1, d1 or 1), (y2, m2 or 12, d2 or 31))


_TESTS: dict[str, Callable[[Interval, Interval, Compare], Truth]] = {
    "V": _share,
    "L": _share,
    "U": _share,
    "W": _within,
    "H": _contains,
    "E": _same,
    "I": _identical,
    "B": _before,
    "A": _after,
}


def is_stated(stated: Date, real: Date) -> bool:
    """Whether a stated date is the real one, perhaps with fewer parts: `2019` for January 23, 2019."""
    year, month, day = stated
    return (not year or year == real[0]) and (not month or month == real[1]) and (not day or day == real[2])


def restates(kind: str, stated: Interval, real: Interval, of_several: bool = False) -> Truth:
    """Whether a stated time is that of an event. `kind` is that of `shapes.When`. None: it is true, but not the time.

    `of_several`: it is stated of several events, so it may be what their times have in common.
    """
    if stated == real:
        return True
    if kind == "from":
        return is_stated(stated.start, real.start)
    if kind == "until":
        return is_stated(stated.end, real.end)
    if is_stated(stated.start, real.start) and is_stated(stated.end, real.end):
        return True
    if of_several and _is_part(stated, real):
        return None
    if kind == "point" and (tuple_order(stated, real) or _holds(_wide(real), _wide(stated))):
        return None
    return False


def _is_part(stated: Interval, real: Interval) -> bool:
    """Whether a stated time lies within a real one, as exactly as it is stated: 1996 to 1999 within March 1996 to 2004."""
    start = [part if said else 0 for part, said in zip(real.start, stated.start, strict=True)]
    end = [part if said else 0 for part, said in zip(_wide(real).end, stated.end, strict=True)]
    return start <= list(stated.start) and list(stated.end) <= end

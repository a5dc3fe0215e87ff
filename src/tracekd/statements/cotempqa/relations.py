"""Whether a stated relation of two times holds. In doubt it is neither true nor false (None)."""

from collections.abc import Callable

from tracekd.tasks.cotempqa.intervals import Compare, Date, Interval, tuple_order, whole_years

Truth = bool | None
_READINGS: tuple[Compare, ...] = (tuple_order, whole_years)
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
    """Whether the first time has this relation (a symbol of `words`) to the second one, by either reading of dates."""
    if negated and relation == "E":
        relation = "I"
    truth = _TESTS[relation](first, second)
    return truth if truth is None or not negated else not truth


def _share(a: Interval, b: Interval) -> Truth:
    return any(compare(a, b) is not None for compare in _READINGS)


def _within(a: Interval, b: Interval) -> Truth:
    if _holds(b, a) or _holds(_wide(b), _wide(a)):
        return True
    # `During` is also said of times that only share a part.
    return False


def _contains(a: Interval, b: Interval) -> Truth:
    return _within(b, a)


def _identical(a: Interval, b: Interval) -> Truth:
    return a == b or _wide(a) == _wide(b)


def _same(a: Interval, b: Interval) -> Truth:
    if _identical(a, b):
        return True
    return None if _share(a, b) else False


def _before(a: Interval, b: Interval) -> Truth:
    if a.end < b.start or _wide(a).end < _wide(b).start:
        return True
    # The first one begins earlier and reaches into the second one: people may mean its beginning.
    return None if a.start < b.start or _wide(a).start < _wide(b).start else False


def _after(a: Interval, b: Interval) -> Truth:
    if b.end < a.start or _wide(b).end < _wide(a).start:
        return True
    return None if b.end < a.end or _wide(b).end < _wide(a).end else False


def _holds(outer: Interval, inner: Interval) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _wide(interval: Interval) -> Interval:
    (y1, m1, d1), (y2, m2, d2) = interval
    return Interval((y1, m1 or 1, d1 or 1), (y2, m2 or 12, d2 or 31))


_TESTS: dict[str, Callable[[Interval, Interval], Truth]] = {
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
    return all(said in (0, part) for said, part in zip(stated, real, strict=True))


def restates(kind: str, stated: Interval, real: Interval) -> Truth:
    """Whether a stated time is that of an event. `kind` is that of `shapes.When`. None: it is true, but not the time."""
    if kind == "from":
        return is_stated(stated.start, real.start)
    if kind == "until":
        return is_stated(stated.end, real.end)
    if is_stated(stated.start, real.start) and is_stated(stated.end, real.end):
        return True
    if kind == "point" and (_holds(_wide(real), stated) or _share(stated, real)):
        return None
    return False

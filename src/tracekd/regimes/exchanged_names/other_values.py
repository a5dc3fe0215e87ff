"""Chooses another date, year or number, from the context if it has one that fits."""

from collections.abc import Collection, Sequence
from random import Random

from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.values import Value, year_of

Key = tuple[float, ...]
# A made-up year is at most this far from the one that it replaces.
_REACH = 12
_NEAREST = 15
_TRIES = 50
_FACTORS = (0.6, 0.7, 0.75, 0.8, 1.2, 1.25, 1.3, 1.4, 1.5)
_MOST_TIMES = 3
_LAST_YEAR = 2025


def other_dates(old: Sequence[Value], pool: Sequence[Value], taken: Sequence[Value], rng: Random) -> dict[Key, Key]:
    """Another key for each date, year, season or decade, between the same years of the `taken` values as the old one.

    So nobody dies before their birth. The values of the pool come first; if none fits, one is made up.
    """
    found: dict[Key, Key] = {}
    years = {year for value in taken if (year := year_of(value)) is not None} | {
        int(value.key[0]) for value in pool if value.kind == "year" and value in taken
    }
    for value in {one.key: one for one in old}.values():
        own = int(value.key[0])
        others = (years - {own}) | {int(key[0]) for key in found.values()}
        low = max([year for year in others if year < own], default=own - 2 * _REACH)
        high = min([year for year in others if year > own], default=min(own + 2 * _REACH, max(own, _LAST_YEAR) + 1))
        found[value.key] = _other_date(value, pool, _fitting(low, own, high), rng)
    return found


def _fitting(low: int, own: int, high: int) -> range:
    """The years that stand between two others as the old one does: not right beside them if the old one is not.

    So a king is not born three years before his death. They are at most twice the reach away.
    """
    first = max(low + min(_NEAREST, (own - low + 1) // 2), own - 2 * _REACH)
    last = min(high - min(_NEAREST, (high - own + 1) // 2), own + 2 * _REACH)
    return range(first, last + 1)


def _other_date(value: Value, pool: Sequence[Value], fitting: range, rng: Random) -> Key:
    own = int(value.key[0])
    size = len(value.key)
    # The same precision; `decade` and `season` keep their shape.
    keys = {
        one.key
        for one in pool
        if len(one.key) == size and year_of(one) in fitting and year_of(one) != own and one.kind == value.kind
    }
    if value.kind == "decade":
        return (rng.choice([year for year in (own - 20, own - 10, own + 10) if year <= _LAST_YEAR]),)
    if keys:
        return rng.choice(sorted(keys))
    years = sorted({year for year in fitting if year != own and abs(year - own) <= _REACH})
    if size == 1:
        if not years:
            raise Unsupported("no other year fits between those of the facts")
        return (rng.choice(years),)
    year = rng.choice(years) if years else own
    month = rng.choice([one for one in range(1, 13) if one != int(value.key[1])])
    return (year, month) if size == 2 else (year, month, rng.randint(1, 28))


def other_numbers(old: Sequence[Value], pool: Sequence[Value], taken: Collection[Key], rng: Random) -> dict[Key, Key]:
    """Another key for each number: of one number, a number of the pool with the same unit; else all are multiplied alike."""
    distinct = list({one.key: one for one in old}.values())
    if len(distinct) == 1 and (keys := _with_same_unit(distinct[0], pool, taken)):
        return {distinct[0].key: rng.choice(keys)}
    if any(value.kind == "time" for value in distinct):
        times = [value for value in distinct if value.kind == "time"]
        return {value.key: (value.key[0] % 12 + 1, value.key[1]) for value in times}
    for _ in range(_TRIES):
        factor = rng.choice(_FACTORS)
        found = {value.key: _multiplied(value, factor, rng) for value in distinct}
        if _is_new(found, taken):
            return found
    raise Unsupported("no other number is found")


def _with_same_unit(value: Value, pool: Sequence[Value], taken: Collection[Key]) -> list[Key]:
    return sorted(
        {
            one.key
            for one in pool
            if one.kind == value.kind
            and one.unit == value.unit
            and _sign(one) == _sign(value)
            and one.key not in taken
            and ("." in one.text) == ("." in value.text)
            and one.key[0] > 1
            and value.key[0] / _MOST_TIMES <= one.key[0] <= value.key[0] * _MOST_TIMES
        }
    )


def _sign(value: Value) -> str:
    """The sign of a currency before a number."""
    return value.text[0] if not value.text[0].isalnum() else ""


def _multiplied(value: Value, factor: float, rng: Random) -> Key:
    number = value.key[0]
    if value.kind == "phone":
        digits = len(str(int(number)))
        return (float(rng.randrange(10 ** (digits - 1), 10**digits)),)
    if value.kind == "word":
        largest = 12 if number <= 12 else 20
        if number > 20:
            return (10 * rng.randint(3, 9),)
        return (min(max(2, round(number * factor)), largest),)
    decimals = len(value.text.partition(".")[2])
    if decimals:
        return (round(number * factor, decimals),)
    text = str(int(number))
    zeros = len(text) - len(text.rstrip("0"))
    step = 10 ** max(zeros - 1, 0)
    return (float(max(1, round(number * factor / step)) * step),)


def _is_new(found: dict[Key, Key], taken: Collection[Key]) -> bool:
    """Whether all keys are new, and in the same order as the old ones."""
    new = list(found.values())
    order = sorted(found)
    return (
        not any(key in taken or key in found for key in new)
        and len(set(new)) == len(new)
        and [found[key] for key in order] == sorted(new)
    )

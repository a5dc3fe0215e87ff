"""Finds dates in free text, in the forms in which people write them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tracekd.statements.names import Mention
from tracekd.tasks.cotempqa.intervals import Date

DATE_MARK = "\ue0d0"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?"
# Most texts have few years, so a year is looked for first, and then what stands before and after it.
_YEAR = re.compile(r"[12][0-9]{3}(?![0-9a-z_])")
_BEFORE = re.compile(
    rf"(?<![\w.])(?:(?P<m1>{_MONTH}) (?P<d1>{_DAY})(?:,? (?:of )?|, )|(?P<m2>{_MONTH}),? (?:of )?|"
    rf"(?P<d3>{_DAY}) (?:of )?(?P<m3>{_MONTH}),? |(?<!/)(?P<n5>0[1-9]|1[0-2])/)\Z"
)
_AFTER = re.compile(
    rf"-(?P<n4>0[1-9]|1[0-2])(?:-(?P<d4>[0-3][0-9]))?(?![0-9-])| (?P<m4>{_MONTH})(?! [12][0-9]{{3}})(?!\w)"
)
# `1994-05` is a month; `2004-05` may also be two years, if the text has no clear month in this form.
_YEAR_MONTH = re.compile(
    r"(?<![0-9-])[12][0-9]([0-9]{2})-(0[1-9]|1[0-2])(?![0-9-])( (?:to|until|till|through|up to) [12][0-9]{3}-[01][0-9](?![0-9]))?"
)
_LONGEST_BEFORE = 22
_FIRST_LETTERS = frozenset(_MONTHS)
_OPENING = "([{\"'“‘–—-/*_~"
# What stands before most years: the ends of `in`, `to`, `from` and `since`, not of a month or a day.
_NO_MONTH = frozenset(("in ", "to ", "om ", "ce "))
_GOING_ON = (" ", "-")
# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


def find_dates(small: str) -> Iterator[Mention]:
    """The dates in a text in lower case. `value` is (year, month, day), with 0 for what is not said."""
    last = 0
    has_months: bool | None = None
    for year in _YEAR.finditer(small):
        start, end = year.span()
        before = after = None
        if small[start - 3 : start] not in _NO_MONTH:
            words = small[max(last, start - _LONGEST_BEFORE) : start].rstrip(", ").rpartition(" ")[2].lstrip(_OPENING)
            may_be_date = words[:3] in _FIRST_LETTERS or words[:1].isdigit() or words == "of"
            before = _BEFORE.search(small, max(last, start - _LONGEST_BEFORE), start) if may_be_date else None
            if before is None and start and (small[start - 1].isalnum() or small[start - 1] in "_."):
                continue
        # Most years end a sentence or a part of it.
        if before is None and small[end : end + 1] in _GOING_ON and _may_go_on(small, end):
            after = _AFTER.match(small, end)
        if after and after["n4"] and not after["d4"] and int(after["n4"]) > int(small[end - 2 : end]):
            has_months = _has_months(small) if has_months is None else has_months
            after = after if has_months else None
        start, end = before.start() if before else start, after.end() if after else end
        last = end
        yield _new(Mention, (start, end, DATE_MARK, _read(small[start:end])))


def _may_go_on(small: str, end: int) -> bool:
    """Whether a month may follow a year."""
    sign = small[end : end + 1]
    return (sign == " " and small[end + 1 : end + 4] in _FIRST_LETTERS) or sign == "-"


def _has_months(small: str) -> bool:
    """Whether a text has a month such as `1994-05`, which can be nothing else, or two of them: `2004-05 to 2006-07`."""
    return any(found[3] or int(found[2]) <= int(found[1]) for found in _YEAR_MONTH.finditer(small))


@lru_cache(maxsize=2**14)
def _read(text: str) -> Date:
    year = _YEAR.search(text)
    assert year is not None, "it was found by its year"
    before = _BEFORE.search(text, 0, year.start())
    after = _AFTER.match(text, year.end())
    part = (before.groupdict() if before else {}) | (after.groupdict() if after else {})
    month = part.get("m1") or part.get("m2") or part.get("m3") or part.get("m4")
    day = part.get("d1") or part.get("d3") or part.get("d4")
    number = _MONTHS.index(month[:3]) + 1 if month else int(part.get("n4") or part.get("n5") or 0)
    return int(year[0]), number, int(day.rstrip("stndrh")) if day else 0

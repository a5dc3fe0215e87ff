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
_YEAR = r"[12][0-9]{3}(?![0-9])"
_FORM = re.compile(
    rf"(?<![\w.])(?:(?P<m1>{_MONTH}) (?P<d1>{_DAY})(?:,? (?:of )?|, )(?P<y1>{_YEAR})|"
    rf"(?P<m2>{_MONTH}),? (?:of )?(?P<y2>{_YEAR})|"
    rf"(?P<d3>{_DAY}) (?:of )?(?P<m3>{_MONTH}),? (?P<y3>{_YEAR})|"
    rf"(?P<y4>{_YEAR})(?:-(?P<n4>0[1-9]|1[0-2])-(?P<d4>[0-3][0-9])(?![0-9])| (?P<m4>{_MONTH})(?! "
    rf"[12][0-9]{{3}}))?)(?![\w])"
)


def find_dates(small: str) -> Iterator[Mention]:
    """The dates in a text in lower case. `value` is (year, month, day), with 0 for what is not said."""
    for found in _FORM.finditer(small):
        yield Mention(found.start(), found.end(), DATE_MARK, _read(found[0]))


@lru_cache(maxsize=2**14)
def _read(text: str) -> Date:
    found = _FORM.match(text)
    assert found is not None, "it was found by the same pattern"
    part = found.groupdict()
    year = part["y1"] or part["y2"] or part["y3"] or part["y4"]
    month = part["m1"] or part["m2"] or part["m3"] or part["m4"]
    day = part["d1"] or part["d3"] or part["d4"]
    number = _MONTHS.index(month[:3]) + 1 if month else int(part["n4"] or 0)
    return int(year), number, int(day.rstrip("stndrh")) if day else 0

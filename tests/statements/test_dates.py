"""Dates are found in the forms in which people write them."""

import pytest

from tracekd.statements.cotempqa.dates import find_dates


@pytest.mark.parametrize(("text", "dates"), [
    ("in 1999", [(1999, 0, 0)]),
    ("from January 23, 2017 to may 2 2018", [(2017, 1, 23), (2018, 5, 2)]),
    ("23 January 2017, the 2nd of May, 2018", [(2017, 1, 23), (2018, 5, 2)]),
    ("March, 2015; Mar. 2016; Sept 2017", [(2015, 3, 0), (2016, 3, 0), (2017, 9, 0)]),
    ("2019 May, 2020-07-09", [(2019, 5, 0), (2020, 7, 9)]),
    ("1997-2003", [(1997, 0, 0), (2003, 0, 0)]),
    ("Jan 2019 to Dec 2019", [(2019, 1, 0), (2019, 12, 0)]),
    ("from 1994-05 to 1998-12", [(1994, 5, 0), (1998, 12, 0)]),
    ("2004-05 to 2006-11", [(2004, 5, 0), (2006, 11, 0)]),
    ("in 2004-05, then in 1994-05", [(2004, 5, 0), (1994, 5, 0)]),
    ("2004-05", [(2004, 0, 0)]),  # a month, or two years
    ("1998-99", [(1998, 0, 0)]),
    ("in 07/1999", [(1999, 7, 0)]),
    ("12345, 3.1999, x1999, 1999x, 199", []),
])  # fmt: skip
def test_dates(text, dates):
    assert [mention.value for mention in find_dates(text.lower())] == dates

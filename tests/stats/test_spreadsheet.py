import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.stats.table_files import formula_free

STARTS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207a\u207b\u2212"
BLANKS = " \t\r\n\v\f\u00a0\u3000\u2028\ufeff\u200b"


@pytest.mark.parametrize("start", STARTS)
def test_what_begins_a_formula_is_quoted(start: str) -> None:
    for text in (f"{start}1+1", start, *(f"{blank}{start}1" for blank in BLANKS)):
        assert formula_free(text).startswith("'")


@pytest.mark.parametrize("text", ["correct", "", "a=b", "1-2", "few_shot(5,trace)", "\u00c9amon", "  two", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert formula_free(text) == text


@given(st.text(max_size=30) | st.text(STARTS + BLANKS + "a'", max_size=8))
def test_nothing_that_comes_out_begins_a_formula_or_a_line(text: str) -> None:
    found = formula_free(text)
    assert found.isprintable()
    assert unicodedata.normalize("NFKC", found.strip())[:1] not in {"=", "+", "-", "@", "\u2212"}
    assert len(found) - len(text) in (0, 1)

"""Rows as rectangular arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.students.batch import IGNORED, Row, pad_batch

ROWS = st.lists(
    st.lists(st.tuples(st.integers(0, 2**31), st.booleans()), min_size=1, max_size=9).map(
        lambda tokens: Row([t for t, _ in tokens], [t if seen else IGNORED for t, seen in tokens])
    ),
    min_size=1,
    max_size=6,
)


@given(ROWS, st.integers(0, 9))
def test_rows_are_padded_on_the_right(rows: list[Row], pad: int) -> None:
    ids, labels = pad_batch(rows, pad)
    longest = max(len(row.ids) for row in rows)
    assert ids.shape == labels.shape == (len(rows), longest)
    assert ids.dtype == labels.dtype == np.int64
    for i, row in enumerate(rows):
        rest = longest - len(row.ids)
        assert ids[i].tolist() == [*row.ids, *[pad] * rest]
        assert labels[i].tolist() == [*row.labels, *[IGNORED] * rest]


def test_no_row_is_no_batch() -> None:
    with pytest.raises(ValueError, match="empty"):
        pad_batch([], 0)

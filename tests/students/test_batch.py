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


def test_the_order_goes_through_all_rows_before_any_comes_again() -> None:
    from random import Random

    from tracekd.students.batch import batch_order

    lengths = [(7 * i) % 40 for i in range(64)]
    order = batch_order(lengths, batch=4, steps=32, rng=Random(3))
    assert len(order) == 128
    # Two pools of eight batches make one round through the 64 rows.
    assert sorted(order[:64]) == sorted(order[64:]) == list(range(64))
    assert order == batch_order(lengths, batch=4, steps=32, rng=Random(3))
    assert order != batch_order(lengths, batch=4, steps=32, rng=Random(4))


def test_rows_of_like_length_go_together_and_batches_do_not_come_sorted() -> None:
    from random import Random

    from tracekd.students.batch import batch_order

    lengths = list(range(64))
    order = batch_order(lengths, batch=8, steps=8, rng=Random(0))
    batches = [order[i : i + 8] for i in range(0, 64, 8)]
    assert all(max(batch) - min(batch) == 7 for batch in batches)
    firsts = [min(batch) for batch in batches]
    assert firsts not in (sorted(firsts), sorted(firsts, reverse=True))

"""Rows as rectangular arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import pad_batch

ROWS = st.lists(
    st.lists(st.tuples(st.integers(0, 2**31), st.booleans()), min_size=1, max_size=9).map(
        lambda tokens: TokenizedExample([t for t, _ in tokens], [t if seen else IGNORED for t, seen in tokens])
    ),
    min_size=1,
    max_size=6,
)


@given(ROWS, st.integers(0, 9))
def test_rows_are_padded_on_the_right(rows: list[TokenizedExample], pad: int) -> None:
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


@pytest.mark.parametrize("rows", [1, 3, 4, 5, 9, 20])
def test_of_few_rows_no_batch_has_one_twice_if_it_can_be_helped(rows: int) -> None:
    from random import Random

    from tracekd.students.batch import batch_order

    order = batch_order([7] * rows, batch=4, steps=10, rng=Random(1))
    assert len(order) == 40 and set(order) == set(range(rows))
    counts = [order.count(row) for row in range(rows)]
    assert max(counts) - min(counts) <= 1 or rows > 4
    first_round = order[: rows - rows % 4]
    assert len(set(first_round)) == len(first_round)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(1, 40), st.integers(1, 2000), st.booleans())
def test_the_parts_of_a_batch_are_within_both_limits(
    lengths: list[int], most: int, tokens: int, is_padded: bool
) -> None:
    from tracekd.students.batch import parts_of

    def needed(part: range) -> int:
        inside = [lengths[at] for at in part]
        return max(inside) * len(inside) if is_padded else sum(inside)

    parts = list(parts_of(lengths, most, tokens, is_padded=is_padded))
    assert [at for part in parts for at in part] == list(range(len(lengths)))
    for part in parts:
        assert 1 <= len(part) <= most
        assert len(part) == 1 or needed(part) <= tokens
    for part in parts[:-1]:  # none could take one row more
        longer = range(part.start, part.stop + 1)
        assert len(longer) > most or needed(longer) > tokens


def test_weights_are_padded_with_nothing() -> None:
    from tracekd.students.batch import pad_weights

    plain, weighted = TokenizedExample([1, 2, 3], [1, 2, 3]), TokenizedExample([1, 2], [1, 2], [0.0, 2.5])
    assert pad_weights([plain, plain]) is None
    made = pad_weights([plain, weighted])
    assert made is not None and made.tolist() == [[1, 1, 1], [0, 2.5, 0]]
